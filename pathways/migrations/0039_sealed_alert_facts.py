"""What a sealed alert is about, for its named readers."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

FACTS = "pathways_sealedalertfacts"


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0038_minutes_handed_out"),
    ]

    operations = [
        migrations.CreateModel(
            name="SealedAlertFacts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("words", models.CharField(max_length=400, verbose_name="faits")),
                (
                    "alert",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.alert",
                        verbose_name="alerte",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.family",
                        verbose_name="famille",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        default=copa.kernel.scope.current_territory_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                    ),
                ),
            ],
            options={"verbose_name": "faits d’une alerte protégée"},
        ),
        walls.wall(FACTS),
        walls.same_territory(FACTS, "alert_id", "pathways_alert"),
        walls.same_territory(FACTS, "family_id", "pathways_family"),
        walls.history(FACTS, hidden=["words"]),
    ]
