"""Her answer about the evaluation may change after her adhesion: when, to whom, how (N8)."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0046_midwife_untold"),
    ]

    operations = [
        migrations.AddField(
            model_name="consent",
            name="evaluation_at",
            field=models.DateTimeField(null=True, verbose_name="évaluation, dit le"),
        ),
        migrations.AddField(
            model_name="consent",
            name="evaluation_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territories.member",
                verbose_name="évaluation, noté par",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="evaluation_mode",
            field=models.CharField(
                blank=True,
                choices=[("SCREEN", "Sur la tablette"), ("PAPER", "Sur papier"), ("ORAL", "À l’oral, tracé")],
                db_default="",
                max_length=8,
                verbose_name="évaluation, forme",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=Q(evaluation_at=None, evaluation_by=None, evaluation_mode="")
                | (Q(evaluation_at__isnull=False, evaluation_by__isnull=False) & ~Q(evaluation_mode="")),
                name="consent_evaluation_said_by_somebody",
            ),
        ),
        walls.same_territory("pathways_consent", "evaluation_by_id", "territories_member"),
    ]
