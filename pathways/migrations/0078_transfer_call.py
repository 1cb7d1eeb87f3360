"""The team that followed a family asks to be called by the territory that follows her now, across the wall."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

CALL = "pathways_transfercall"
HERE = "nullif(current_setting('copa.territory', true), '')::uuid"


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0077_calls_through_team"),
        ("territories", "0017_community"),
    ]

    operations = [
        migrations.CreateModel(
            name="TransferCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("transfer", models.UUIDField(verbose_name="transfert")),
                ("team", models.CharField(max_length=120, verbose_name="équipe")),
                ("team_phone", models.CharField(blank=True, max_length=20, verbose_name="téléphone")),
                ("called_at", models.DateTimeField(verbose_name="le")),
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
                (
                    "to_territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                        verbose_name="vers",
                    ),
                ),
            ],
            options={
                "verbose_name": "appel à l’autre territoire",
                "verbose_name_plural": "appels à l’autre territoire",
                "indexes": [
                    models.Index(fields=["to_territory", "called_at"], name="transfer_call_incoming"),
                    models.Index(fields=["territory", "transfer"], name="transfer_call_of_transfer"),
                ],
            },
        ),
        walls.wall(CALL, also_readable=f"to_territory_id = {HERE}"),
        walls.history(CALL),
    ]
