"""A need may name one of several children."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

from copa.kernel import walls

RUNNING = ["FOLLOWED", "OPEN", "ORIENTED", "WATCH"]


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0029_signs_said_again"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="need", name="need_running_once"),
        migrations.AddField(
            model_name="need",
            name="child",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="pathways.child",
                verbose_name="enfant",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.UniqueConstraint(
                condition=Q(state__in=RUNNING),
                fields=("pathway", "code", "about", "child"),
                name="need_running_once",
                nulls_distinct=False,
                violation_error_message="Ce besoin est déjà noté pour cette personne.",
            ),
        ),
        migrations.AddConstraint(
            model_name="need",
            constraint=models.CheckConstraint(
                condition=Q(child=None) | Q(about="CHILD"),
                name="need_of_its_child",
                violation_error_message="Un enfant n’est nommé que pour son propre besoin.",
            ),
        ),
        walls.same_territory("pathways_need", "child_id", "pathways_child"),
    ]
