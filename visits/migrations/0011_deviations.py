"""Deviations from the protocol: found by themselves, explained in one tap, never deleted."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

DEVIATION = "visits_deviation"
LINKS = [
    (DEVIATION, "family_id", "pathways_family"),
    (DEVIATION, "pathway_id", "pathways_pathway"),
    (DEVIATION, "visit_id", "visits_visit"),
    (DEVIATION, "coded_by_id", "territories_member"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0026_calendar"),
        ("territories", "0004_duty_and_sms"),
        ("visits", "0010_decided_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deviation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("DURATION", "Durée de la visite"),
                            ("WINDOW", "Date de la visite"),
                            ("EPDS", "Questionnaire EPDS non rempli"),
                            ("JOINT", "Visite commune faite sans la PMI"),
                            ("LATE", "Compte rendu après 24 h"),
                            ("FIRST_VISIT", "Visite 1 pas faite"),
                            ("SECOND_VISIT", "Visite 2 pas faite"),
                            ("EARLY_VISIT", "Visite de sortie ultra-précoce pas faite"),
                        ],
                        max_length=12,
                        verbose_name="écart",
                    ),
                ),
                ("on", models.DateField(verbose_name="jour")),
                ("first_day", models.DateField(null=True, verbose_name="du")),
                ("last_day", models.DateField(null=True, verbose_name="au")),
                ("minutes", models.PositiveSmallIntegerField(null=True, verbose_name="minutes")),
                ("least", models.PositiveSmallIntegerField(null=True, verbose_name="au moins (min)")),
                ("most", models.PositiveSmallIntegerField(null=True, verbose_name="au plus (min)")),
                ("detected_at", models.DateTimeField(verbose_name="relevé le")),
                ("reason", models.CharField(blank=True, max_length=15, verbose_name="motif")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("plan", "Dit au planning"),
                            ("report", "Dit dans le compte rendu"),
                            ("tap", "Coché ici"),
                        ],
                        max_length=6,
                        verbose_name="origine du motif",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=160, verbose_name="précision")),
                ("coded_at", models.DateTimeField(null=True, verbose_name="motif noté le")),
                ("lifted_at", models.DateTimeField(null=True, verbose_name="sans objet depuis")),
                (
                    "lifted_why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("facts", "Les faits ont été corrigés"),
                            ("planned", "La visite est prévue ou faite"),
                            ("stop", "L’accompagnement était arrêté"),
                        ],
                        max_length=7,
                        verbose_name="pourquoi sans objet",
                    ),
                ),
                (
                    "coded_by",
                    models.ForeignKey(
                        null=True,
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
                (
                    "visit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="visits.visit",
                        verbose_name="visite",
                    ),
                ),
            ],
            options={
                "verbose_name": "écart au protocole",
                "verbose_name_plural": "écarts au protocole",
                "indexes": [
                    models.Index(fields=["territory", "-on"], name="deviation_recent"),
                    models.Index(fields=["territory", "family"], name="deviation_of_family"),
                    models.Index(
                        condition=models.Q(("lifted_at", None), ("reason", "")),
                        fields=["territory", "-on"],
                        name="deviation_to_code",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("visit", "kind"),
                        name="deviation_once_per_visit",
                        violation_error_message="Cet écart est déjà relevé pour cette visite.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("visit", None)),
                        fields=("pathway", "kind"),
                        name="deviation_once_per_pathway",
                        violation_error_message="Cet écart est déjà relevé pour ce parcours.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["FIRST_VISIT", "SECOND_VISIT", "EARLY_VISIT", "EPDS"]), ("visit", None)
                            ),
                            models.Q(
                                ("kind__in", ["DURATION", "WINDOW", "EPDS", "JOINT", "LATE"]), ("visit__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="deviation_of_a_visit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "DURATION"), _negated=True),
                            models.Q(("least__isnull", False), ("minutes__isnull", False), ("most__isnull", False)),
                            _connector="OR",
                        ),
                        name="deviation_duration_has_minutes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind__in", ["WINDOW", "FIRST_VISIT", "SECOND_VISIT", "EARLY_VISIT"]), _negated=True
                            ),
                            models.Q(("first_day__isnull", False), ("last_day__gte", models.F("first_day"))),
                            _connector="OR",
                        ),
                        name="deviation_has_its_window",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reason", ""),
                            models.Q(
                                ("kind", "DURATION"),
                                (
                                    "reason__in",
                                    [
                                        "BABY_CARE",
                                        "FAMILY_WISH",
                                        "MUCH_TO_SAY",
                                        "ALERT",
                                        "INTERPRETER",
                                        "ROAD",
                                        "OTHER",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("kind", "WINDOW"),
                                (
                                    "reason__in",
                                    [
                                        "MOTHER_HOSPITAL",
                                        "CHILD_HOSPITAL",
                                        "PRETERM",
                                        "FAMILY_DATE",
                                        "NO_AP",
                                        "LATE_INCLUSION",
                                        "OTHER",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("kind", "EPDS"),
                                (
                                    "reason__in",
                                    [
                                        "REFUSED",
                                        "NOT_ALONE",
                                        "LANGUAGE",
                                        "TOO_EARLY",
                                        "STATE",
                                        "ALREADY",
                                        "MOTHER_AWAY",
                                        "FORGOTTEN",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("kind", "JOINT"),
                                ("reason__in", ["PMI_ABSENT", "FAMILY_ALONE", "AP_FROM_PMI", "OTHER"]),
                            ),
                            models.Q(
                                ("kind", "LATE"),
                                ("reason__in", ["NO_NETWORK", "ABSENT", "ALERT", "TOO_MANY", "DEVICE", "OTHER"]),
                            ),
                            models.Q(
                                ("kind", "FIRST_VISIT"),
                                (
                                    "reason__in",
                                    [
                                        "MOTHER_HOSPITAL",
                                        "CHILD_HOSPITAL",
                                        "REFUSED_DOOR",
                                        "FAMILY_DATE",
                                        "ABSENT",
                                        "NO_AP",
                                        "LATE_INCLUSION",
                                        "ACCESS",
                                        "OTHER",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("kind", "SECOND_VISIT"),
                                (
                                    "reason__in",
                                    [
                                        "MOTHER_HOSPITAL",
                                        "CHILD_HOSPITAL",
                                        "REFUSED_DOOR",
                                        "FAMILY_DATE",
                                        "ABSENT",
                                        "NO_AP",
                                        "LATE_INCLUSION",
                                        "ACCESS",
                                        "OTHER",
                                    ],
                                ),
                            ),
                            models.Q(
                                ("kind", "EARLY_VISIT"),
                                (
                                    "reason__in",
                                    [
                                        "MOTHER_HOSPITAL",
                                        "CHILD_HOSPITAL",
                                        "REFUSED_DOOR",
                                        "FAMILY_DATE",
                                        "ABSENT",
                                        "NO_AP",
                                        "LATE_INCLUSION",
                                        "ACCESS",
                                        "OTHER",
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="deviation_reason_of_its_kind",
                        violation_error_message="Ce motif n’explique pas cet écart : choisissez-en un de la liste.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("coded_at", None), ("coded_by", None), ("note", ""), ("reason", ""), ("source", "")
                            ),
                            models.Q(
                                models.Q(("reason", ""), _negated=True),
                                models.Q(("source", ""), _negated=True),
                                ("coded_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="deviation_coded_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at", None), ("lifted_why", "")),
                            models.Q(("lifted_at__isnull", False), models.Q(("lifted_why", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="deviation_lifted_has_why",
                    ),
                ],
            },
        ),
        walls.wall(DEVIATION),
        *(walls.same_territory(*link) for link in LINKS),
        walls.history(DEVIATION),
    ]
