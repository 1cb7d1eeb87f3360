"""A family that another territory takes over: the offer in the origin, the answer in the destination."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

TRANSFER, ANSWER = "pathways_familytransfer", "pathways_transferanswer"
FAMILY, MEMBER = "pathways_family", "territories_member"
LINKS = [
    (TRANSFER, "family_id", FAMILY),
    (TRANSFER, "pathway_id", "pathways_pathway"),
    (TRANSFER, "offered_by_id", MEMBER),
    (ANSWER, "family_id", FAMILY),
    (ANSWER, "answered_by_id", MEMBER),
]
HERE = "nullif(current_setting('copa.territory', true), '')::uuid"
# The only two readings across the wall: the destination reads an offer while it waits, the origin reads the answer.
TO_HERE = f"(to_territory_id = {HERE} and state = 'waiting')"
FROM_HERE = f"from_territory_id = {HERE}"


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0020_needs_orientations"),
        ("territories", "0004_duty_and_sms"),
    ]

    operations = [
        migrations.AddField(
            model_name="family",
            name="moved_at",
            field=models.DateTimeField(null=True, verbose_name="suivie ailleurs depuis"),
        ),
        migrations.CreateModel(
            name="FamilyTransfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("covers", models.JSONField(default=list, verbose_name="ce qui part")),
                ("agreed_on", models.DateField(verbose_name="accord du")),
                (
                    "agreement_mode",
                    models.CharField(
                        choices=[("SCREEN", "Sur la tablette"), ("PAPER", "Sur papier"), ("ORAL", "À l’oral, tracé")],
                        max_length=8,
                        verbose_name="forme de l’accord",
                    ),
                ),
                ("payload", models.JSONField(default=dict, verbose_name="dossier transmis")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "En attente de l’autre territoire"),
                            ("accepted", "Accepté"),
                            ("declined", "Décliné"),
                            ("cancelled", "Annulé"),
                            ("expired", "Resté sans réponse"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("offered_at", models.DateTimeField(verbose_name="proposé le")),
                ("expires_at", models.DateTimeField(verbose_name="jusqu’au")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="terminé le")),
                ("decline_reason", models.CharField(blank=True, max_length=200, verbose_name="pourquoi décliné")),
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
                    "offered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="proposé par",
                    ),
                ),
                (
                    "pathway",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.pathway",
                        verbose_name="parcours",
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
                "verbose_name": "transfert vers un autre territoire",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["territory", "expires_at"],
                        name="transfer_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["to_territory", "offered_at"],
                        name="transfer_incoming",
                    ),
                    models.Index(fields=["territory", "family"], name="transfer_of_family"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("pathway",),
                        name="transfer_waiting_once",
                        violation_error_message="Un transfert attend déjà la réponse de l’autre territoire.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("state", "waiting")),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True),
                                ("payload", {}),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_settled_is_emptied",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("transfer", models.UUIDField(unique=True, verbose_name="transfert")),
                ("is_accepted", models.BooleanField(verbose_name="accepté")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="pourquoi décliné")),
                ("summary", models.JSONField(default=dict, verbose_name="repris du dossier")),
                ("answered_at", models.DateTimeField(verbose_name="le")),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="par",
                    ),
                ),
                (
                    "family",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.family",
                        verbose_name="famille",
                    ),
                ),
                (
                    "from_territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.territory",
                        verbose_name="depuis",
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
                "verbose_name": "réponse à un transfert",
                "indexes": [models.Index(fields=["from_territory", "answered_at"], name="transfer_answer_from")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("family__isnull", False), ("is_accepted", True), ("reason", "")),
                            models.Q(
                                ("family", None),
                                ("is_accepted", False),
                                ("summary", {}),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_answer_whole",
                        violation_error_message="Dites pourquoi ce transfert est décliné.",
                    )
                ],
            },
        ),
        walls.wall(TRANSFER, also_readable=TO_HERE),
        walls.wall(ANSWER, also_readable=FROM_HERE),
        *(walls.same_territory(*link) for link in LINKS),
        walls.history(TRANSFER, hidden=["payload"]),
        walls.history(ANSWER, hidden=["summary"]),
    ]
