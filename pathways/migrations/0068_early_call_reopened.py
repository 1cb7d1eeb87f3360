"""A confirmed early visit falls with the discharge: the call says which one, whose, and why."""

import django.db.models.deletion
from django.db import migrations, models

from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0067_relay_spoken"),
        ("territories", "0017_community"),
    ]

    operations = [
        migrations.AddField(
            model_name="earlycall",
            name="fallen_at",
            field=models.DateTimeField(null=True, verbose_name="visite tombée, prévue le"),
        ),
        migrations.AddField(
            model_name="earlycall",
            name="fallen_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territories.member",
                verbose_name="confirmée alors par",
            ),
        ),
        migrations.AddField(
            model_name="earlycall",
            name="reopened_at",
            field=models.DateTimeField(null=True, verbose_name="rouverte le"),
        ),
        migrations.AddField(
            model_name="earlycall",
            name="reopened_why",
            field=models.CharField(
                blank=True,
                choices=[("DISCHARGE", "La sortie a changé"), ("CANCELLED", "La visite a été annulée")],
                db_default="",
                max_length=9,
                verbose_name="pourquoi rouverte",
            ),
        ),
        migrations.AddConstraint(
            model_name="earlycall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("fallen_at", None), ("fallen_by", None), ("reopened_at", None), ("reopened_why", "")),
                    models.Q(
                        ("fallen_at__isnull", False),
                        ("fallen_by__isnull", False),
                        ("reopened_at__isnull", False),
                        models.Q(("reopened_why", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="early_call_reopened_says_why",
            ),
        ),
        walls.same_territory("pathways_earlycall", "fallen_by_id", "territories_member"),
    ]
