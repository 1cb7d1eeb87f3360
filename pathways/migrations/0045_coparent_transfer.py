"""What each co-parent answered when his family was offered to another territory (A36)."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

ANSWER, TRANSFER = "pathways_coparenttransfer", "pathways_familytransfer"
LINKS = [
    ("family_id", "pathways_family"),
    ("transfer_id", TRANSFER),
    ("coparent_id", "pathways_coparent"),
    ("noted_by_id", "territories_member"),
]


def link(to: str, name: str) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, verbose_name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0044_moved_at_acceptance"),
        ("territories", "0004_duty_and_sms"),
    ]

    operations = [
        migrations.CreateModel(
            name="CoParentTransfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("YES", "Oui, ses données partent aussi"),
                            ("NO", "Non, ses données restent ici"),
                            ("NOT_ASKED", "Pas demandé"),
                        ],
                        max_length=9,
                        verbose_name="réponse",
                    ),
                ),
                ("noted_at", models.DateTimeField(verbose_name="notée le")),
                ("coparent", link("pathways.coparent", "co-parent")),
                ("family", link("pathways.family", "famille")),
                ("noted_by", link("territories.member", "notée par")),
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
                ("transfer", link("pathways.familytransfer", "transfert")),
            ],
            options={
                "verbose_name": "réponse d’un co-parent à un transfert",
                "verbose_name_plural": "réponses des co-parents à un transfert",
                "constraints": [
                    models.UniqueConstraint(fields=("transfer", "coparent"), name="transfer_coparent_once")
                ],
            },
        ),
        walls.pointable(TRANSFER),
        walls.wall(ANSWER),
        *(walls.same_territory(ANSWER, column, target) for column, target in LINKS),
        walls.history(ANSWER),
    ]
