"""The words of a family's names, one row each, to search all of them by their beginning."""

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

WORD = "pathways_familyword"


class Migration(migrations.Migration):
    dependencies = [("pathways", "0004_alert_recent"), ("territories", "0002_walls")]

    operations = [
        migrations.CreateModel(
            name="FamilyWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "territory",
                    models.ForeignKey(
                        db_index=False,
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.family",
                    ),
                ),
                ("word", models.CharField(editable=False, max_length=80)),
            ],
            options={
                "verbose_name": "mot d’un nom",
                "indexes": [
                    models.Index(
                        fields=["territory", "word", "family"],
                        name="family_word_search",
                        opclasses=["uuid_ops", "text_pattern_ops", "int8_ops"],
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=["family", "word"], name="family_word_once")],
            },
        ),
        walls.wall(WORD),
        walls.same_territory(WORD, "family_id", "pathways_family"),
    ]
