"""An adhesion signed on paper keeps its scan (inclusion.md, cons_mode)."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

SCAN = "pathways_adhesionscan"


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0063_third_visits_decided_before"),
        ("territories", "0017_community"),
    ]

    operations = [
        migrations.CreateModel(
            name="AdhesionScan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("content", models.BinaryField(verbose_name="contenu")),
                ("is_photo", models.BooleanField(verbose_name="photo")),
                ("size", models.PositiveIntegerField(verbose_name="taille")),
                ("digest", models.CharField(max_length=64, verbose_name="empreinte")),
                ("stored_at", models.DateTimeField(verbose_name="déposé le")),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.consent",
                        verbose_name="adhésion",
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
                    "stored_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="déposé par",
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
            options={
                "verbose_name": "adhésion signée",
                "verbose_name_plural": "adhésions signées",
                "indexes": [models.Index(fields=["territory", "family"], name="adhesionscan_of_family")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("consent", "digest"),
                        name="adhesion_scan_once",
                        violation_error_message="Ce fichier est déjà gardé avec cette adhésion.",
                    )
                ],
            },
        ),
        walls.wall(SCAN),
        walls.same_territory(SCAN, "family_id", "pathways_family"),
        walls.same_territory(SCAN, "consent_id", "pathways_consent"),
        walls.same_territory(SCAN, "stored_by_id", "territories_member"),
        walls.history(SCAN, hidden=["content"]),
    ]
