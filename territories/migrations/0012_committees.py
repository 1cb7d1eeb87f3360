"""The register of follow-up committees, above territories."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("territories", "0011_protocols"),
    ]

    operations = [
        migrations.CreateModel(
            name="Committee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("national", "Comité national"), ("territorial", "Comité territorial")],
                        max_length=12,
                        verbose_name="comité",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="le")),
                ("participants", models.CharField(max_length=1000, verbose_name="qui était là")),
                ("minutes", models.TextField(max_length=8000, verbose_name="compte rendu")),
                ("noted_at", models.DateTimeField(verbose_name="noté le")),
                ("cancelled_at", models.DateTimeField(null=True, verbose_name="annulé le")),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="annulé par",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="noté par",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.region",
                        verbose_name="région",
                    ),
                ),
            ],
            options={
                "verbose_name": "comité de suivi",
                "verbose_name_plural": "comités de suivi",
                "indexes": [models.Index(fields=["region", "-held_on"], name="committee_recent")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "national"), ("region", None)),
                            models.Q(("kind", "territorial"), ("region__isnull", False)),
                            _connector="OR",
                        ),
                        name="committee_region_of_kind",
                        violation_error_message="Un comité territorial a une région, le comité national n’en a pas.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("cancelled_at", None)),
                        fields=("kind", "region", "held_on"),
                        name="committee_once_a_day",
                        nulls_distinct=False,
                        violation_error_message="Le comité de ce jour est déjà noté.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("participants", ""), _negated=True), models.Q(("minutes", ""), _negated=True)
                        ),
                        name="committee_is_told",
                        violation_error_message="Écrivez qui était là et ce qui s’est dit.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_at", None), ("cancelled_by", None)),
                            models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="committee_cancelled_by_somebody",
                    ),
                ],
            },
        ),
    ]
