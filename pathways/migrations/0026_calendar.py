"""The calendar of mother and child: its rules, what is known of each line, and when the midwife is expected."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

ITEM, VISIT = "pathways_calendaritem", "pathways_midwifevisit"
MEMBER = "territories_member"
LINKS = [
    (ITEM, "family_id", "pathways_family"),
    (ITEM, "birth_id", "pathways_birth"),
    (ITEM, "child_id", "pathways_child"),
    (ITEM, "noted_by_id", MEMBER),
    (VISIT, "family_id", "pathways_family"),
    (VISIT, "birth_id", "pathways_birth"),
    (VISIT, "noted_by_id", MEMBER),
]


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0025_rules_of_the_plan"),
        ("territories", "0002_walls"),
    ]

    operations = [
        migrations.AddField(
            model_name="birth",
            name="is_prado",
            field=models.BooleanField(null=True, verbose_name="retour avec Prado"),
        ),
        migrations.CreateModel(
            name="CalendarRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=8, verbose_name="code")),
                ("position", models.PositiveSmallIntegerField(verbose_name="rang")),
                (
                    "subject",
                    models.CharField(
                        choices=[("mother", "La mère"), ("child", "L’enfant"), ("family", "La famille")],
                        max_length=6,
                        verbose_name="pour",
                    ),
                ),
                ("label", models.CharField(max_length=80, verbose_name="nom")),
                (
                    "anchor",
                    models.CharField(
                        choices=[("birth", "Naissance"), ("discharge", "Sortie de maternité"), ("none", "Sans date")],
                        max_length=10,
                        verbose_name="compté depuis",
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[("days", "jours"), ("months", "mois"), ("hours", "heures")],
                        max_length=6,
                        verbose_name="unité",
                    ),
                ),
                ("start", models.PositiveSmallIntegerField(null=True, verbose_name="du")),
                ("end", models.PositiveSmallIntegerField(null=True, verbose_name="au")),
                ("accepted_start", models.PositiveSmallIntegerField(null=True, verbose_name="compté à partir du")),
                ("tolerance_days", models.PositiveSmallIntegerField(null=True, verbose_name="tolérance (jours)")),
                ("words", models.CharField(blank=True, max_length=80, verbose_name="quand")),
                (
                    "duty",
                    models.CharField(
                        choices=[
                            ("mandatory", "Obligatoire"),
                            ("recommended", "Recommandé"),
                            ("optional", "Possible"),
                            ("information", "À savoir"),
                            ("programme", "Parcours CoPa"),
                        ],
                        max_length=12,
                        verbose_name="caractère",
                    ),
                ),
                (
                    "condition",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Toutes les familles"),
                            ("prado", "Retour à la maison avec Prado"),
                            ("ultra_early", "Sortie ultra-précoce"),
                        ],
                        max_length=12,
                        verbose_name="condition",
                    ),
                ),
                ("who", models.CharField(max_length=80, verbose_name="par qui")),
                ("legal_basis", models.CharField(max_length=160, verbose_name="source")),
                ("certificate", models.CharField(blank=True, max_length=4, verbose_name="certificat de santé")),
                ("is_noted", models.BooleanField(default=False, verbose_name="se note")),
                ("births_from", models.DateField(null=True, verbose_name="naissances à partir du")),
                ("births_to", models.DateField(null=True, verbose_name="naissances jusqu’au")),
            ],
            options={
                "verbose_name": "règle du calendrier",
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "births_from"), name="calendar_rule_once_per_period", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end", None), ("start", None)),
                            models.Q(("end__gte", models.F("start")), ("start__isnull", False)),
                            _connector="OR",
                        ),
                        name="calendar_rule_window_ordered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CalendarItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("code", models.CharField(max_length=8, verbose_name="code")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("done", "Fait"),
                            ("planned", "Prévu"),
                            ("refused", "Refusé"),
                            ("unknown", "On ne sait pas"),
                        ],
                        max_length=8,
                        verbose_name="état",
                    ),
                ),
                ("on", models.DateField(null=True, verbose_name="le")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("booklet", "Vu dans le carnet de santé"),
                            ("parents", "Dit par les parents"),
                            ("professional", "Dit par un professionnel"),
                            ("report", "Compte rendu"),
                        ],
                        max_length=12,
                        verbose_name="dit par",
                    ),
                ),
                (
                    "certificate",
                    models.CharField(
                        blank=True,
                        choices=[("filled", "Rempli"), ("not_filled", "Pas rempli"), ("unknown", "On ne sait pas")],
                        max_length=10,
                        verbose_name="certificat",
                    ),
                ),
                ("certificate_on", models.DateField(null=True, verbose_name="certificat rempli le")),
                ("professional", models.CharField(blank=True, max_length=120, verbose_name="professionnel")),
                ("is_transmitted", models.BooleanField(null=True, verbose_name="transmis")),
                ("noted_at", models.DateTimeField(verbose_name="noté le")),
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
                "verbose_name": "ligne du calendrier",
                "indexes": [models.Index(fields=["territory", "family"], name="calendar_item_of_family")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("child__isnull", False)),
                        fields=("child", "code"),
                        name="calendar_item_of_child_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("child", None)),
                        fields=("birth", "code"),
                        name="calendar_item_of_mother_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("on", None), ("status__in", ["done", "planned"]), _connector="OR"),
                        name="calendar_item_dated_when_known",
                        violation_error_message="Seul ce qui est fait ou prévu a une date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("certificate_on", None), ("certificate", "filled"), _connector="OR"),
                        name="calendar_item_certificate_dated_when_filled",
                        violation_error_message="Seul un certificat rempli a une date.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MidwifeVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("on", models.DateField(verbose_name="le")),
                (
                    "half",
                    models.CharField(
                        choices=[("morning", "Le matin"), ("afternoon", "L’après-midi")],
                        max_length=9,
                        verbose_name="moment",
                    ),
                ),
                ("noted_at", models.DateTimeField(verbose_name="noté le")),
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
                "verbose_name": "visite de la sage-femme",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("birth", "on", "half"),
                        name="midwife_visit_once",
                        violation_error_message="Cette visite de la sage-femme est déjà notée.",
                    )
                ],
            },
        ),
        walls.wall(ITEM),
        walls.wall(VISIT),
        *(walls.same_territory(*link) for link in LINKS),
        walls.history(ITEM),
        walls.history(VISIT),
    ]
