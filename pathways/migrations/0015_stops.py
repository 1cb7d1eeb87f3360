"""Stays in hospital, withdrawals, attempts to reach a family, what a person does after a death."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

STAY, WITHDRAWAL, CONTACT, AFTERCARE = (
    "pathways_hospitalstay",
    "pathways_withdrawal",
    "pathways_contactattempt",
    "pathways_aftercaredone",
)
FAMILY, BIRTH, PATHWAY, MEMBER = "pathways_family", "pathways_birth", "pathways_pathway", "territories_member"
LINKS = [
    (STAY, "family_id", FAMILY),
    (STAY, "birth_id", BIRTH),
    (STAY, "child_id", "pathways_child"),
    (STAY, "noted_by_id", MEMBER),
    (STAY, "ended_by_id", MEMBER),
    (WITHDRAWAL, "family_id", FAMILY),
    (WITHDRAWAL, "pathway_id", PATHWAY),
    (WITHDRAWAL, "noted_by_id", MEMBER),
    (CONTACT, "family_id", FAMILY),
    (CONTACT, "pathway_id", PATHWAY),
    (CONTACT, "by_id", MEMBER),
    (AFTERCARE, "family_id", FAMILY),
    (AFTERCARE, "death_id", "pathways_death"),
    (AFTERCARE, "done_by_id", MEMBER),
]


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0014_imports"),
        ("territories", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="AftercareDone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("CALL_FAMILY", "Appeler la famille"),
                            ("CALL_AP", "Appeler l’auxiliaire le jour même"),
                            ("OTHER_SERVICES", "Faire annuler ce que d’autres services enverraient"),
                            ("SUPPORT", "Proposer un accompagnement du deuil"),
                        ],
                        max_length=16,
                        verbose_name="étape",
                    ),
                ),
                ("done_at", models.DateTimeField(verbose_name="fait le")),
                (
                    "death",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.death",
                        verbose_name="décès",
                    ),
                ),
                (
                    "done_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="fait par",
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
            options={
                "verbose_name": "suivi après un décès",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("death", "step"),
                        name="aftercare_step_once",
                        violation_error_message="C’est déjà noté comme fait.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("at", models.DateTimeField(verbose_name="le")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("CALL", "Appel"),
                            ("SMS", "SMS"),
                            ("DOOR", "Passage chez elle"),
                            ("LETTER", "Courrier"),
                        ],
                        max_length=8,
                        verbose_name="moyen",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("REACHED", "Elle a répondu"),
                            ("NO_ANSWER", "Pas de réponse"),
                            ("MESSAGE_LEFT", "Message laissé"),
                            ("WRONG_NUMBER", "Le numéro ne répond plus"),
                        ],
                        max_length=12,
                        verbose_name="résultat",
                    ),
                ),
                ("noted_at", models.DateTimeField(verbose_name="noté le")),
                (
                    "by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.family",
                        verbose_name="famille",
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
            ],
            options={
                "verbose_name": "tentative de contact",
                "ordering": ["at"],
                "indexes": [models.Index(fields=["territory", "pathway", "at"], name="contact_of_pathway")],
            },
        ),
        migrations.CreateModel(
            name="HospitalStay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "person",
                    models.CharField(
                        choices=[("mother", "La mère"), ("child", "Un enfant")], max_length=6, verbose_name="personne"
                    ),
                ),
                (
                    "ward",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("MATERNITY", "Maternité"),
                            ("NEONATAL", "Néonatologie"),
                            ("PAEDIATRIC", "Pédiatrie"),
                            ("OTHER", "Autre service"),
                        ],
                        max_length=10,
                        verbose_name="service",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="établissement")),
                ("starts_on", models.DateField(verbose_name="depuis le")),
                ("ends_on", models.DateField(null=True, verbose_name="jusqu’au")),
                ("is_pausing", models.BooleanField(default=False, verbose_name="visites suspendues")),
                ("noted_at", models.DateTimeField(verbose_name="noté le")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="fin notée le")),
                (
                    "birth",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.birth",
                        verbose_name="naissance",
                    ),
                ),
                (
                    "child",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.child",
                        verbose_name="enfant",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="fin notée par",
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
                    "noted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="noté par",
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
                "verbose_name": "hospitalisation",
                "indexes": [
                    models.Index(fields=["territory", "birth"], name="stay_of_birth"),
                    models.Index(
                        condition=models.Q(("ends_on", None)), fields=["territory", "starts_on"], name="stay_running"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None)),
                        fields=("child",),
                        name="stay_of_child_once",
                        violation_error_message="Une hospitalisation de cet enfant est déjà en cours.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_on", None), ("person", "mother")),
                        fields=("birth",),
                        name="stay_of_mother_once",
                        violation_error_message="Une hospitalisation de la mère est déjà en cours.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("child", None), ("person", "mother")),
                            models.Q(("child__isnull", False), ("person", "child")),
                            _connector="OR",
                        ),
                        name="stay_names_its_child",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on", None), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="stay_ends_after_start",
                        violation_error_message="Le retour précède l’entrée à l’hôpital.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ends_on", None)),
                            models.Q(("ended_at__isnull", False), ("ends_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="stay_end_is_dated",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("noted_at", models.DateTimeField(verbose_name="noté le")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="annulé le")),
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
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="noté par",
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
            ],
            options={
                "verbose_name": "arrêt demandé",
                "indexes": [models.Index(fields=["territory", "family"], name="withdrawal_of_family")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at", None)), fields=("pathway",), name="withdrawal_once"
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="pathway",
            name="pathway_once_per_birth",
        ),
        migrations.AlterField(
            model_name="pathway",
            name="state",
            field=models.CharField(
                choices=[
                    ("active", "En cours"),
                    ("suspended", "Suspendu (hospitalisation)"),
                    ("no_news", "Sans nouvelles"),
                    ("closed", "Clos"),
                    ("withdrawn", "Arrêté par la famille"),
                    ("moved", "Déménagement"),
                    ("bereaved", "Arrêté, deuil"),
                ],
                default="active",
                max_length=10,
                verbose_name="état",
            ),
        ),
        migrations.AddConstraint(
            model_name="pathway",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["active", "suspended", "no_news", "closed"])),
                fields=("birth",),
                name="pathway_once_per_birth",
                violation_error_message="Un parcours existe déjà pour cette naissance.",
            ),
        ),
        walls.pointable("pathways_death"),
        *(walls.wall(table) for table in (STAY, WITHDRAWAL, CONTACT, AFTERCARE)),
        *(walls.same_territory(*link) for link in LINKS),
        *(walls.history(table) for table in (STAY, WITHDRAWAL, CONTACT, AFTERCARE)),
    ]
