"""The inclusion as the form has it: wishes of contact, adhesion before the birth, strata, partial birth dates."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

EARLY, ANSWERS = "pathways_antenatalconsent", "pathways_inclusionanswers"
LINKS = [
    (EARLY, "presentation_id", "pathways_presentation"),
    (EARLY, "collected_by_id", "territories_member"),
    (ANSWERS, "family_id", "pathways_family"),
    (ANSWERS, "pathway_id", "pathways_pathway"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0031_called_off"),
        ("territories", "0005_consent_doors"),
    ]

    operations = [
        migrations.CreateModel(
            name="AntenatalConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "collector",
                    models.CharField(
                        choices=[("MIDWIFE", "Sage-femme"), ("AP", "Auxiliaire de puériculture CoPa")],
                        max_length=8,
                        verbose_name="recueilli par",
                    ),
                ),
                ("collector_name", models.CharField(blank=True, max_length=120, verbose_name="son nom")),
                ("at", models.DateTimeField(verbose_name="le")),
                (
                    "mode",
                    models.CharField(
                        choices=[("SCREEN", "Sur la tablette"), ("PAPER", "Sur papier"), ("ORAL", "À l’oral, tracé")],
                        max_length=8,
                        verbose_name="forme",
                    ),
                ),
                ("text_version", models.CharField(max_length=40, verbose_name="version du texte")),
                ("notice_version", models.CharField(max_length=40, verbose_name="information remise")),
                (
                    "notice_form",
                    models.CharField(
                        choices=[
                            ("READ", "Lue ensemble"),
                            ("GIVEN", "Remise"),
                            ("TRANSLATED", "Traduite"),
                            ("INTERPRETED", "Avec interprète"),
                        ],
                        max_length=12,
                        verbose_name="forme de l’information",
                    ),
                ),
                (
                    "minor_beside",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ALONE", "Seule, c’est son choix"),
                            ("ADULT_CHOSEN", "Un adulte qu’elle a choisi"),
                            ("PARENT", "Un parent"),
                            ("SERVICE", "Un professionnel"),
                        ],
                        max_length=12,
                        verbose_name="à ses côtés si elle est mineure",
                    ),
                ),
                (
                    "collected_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="recueilli par",
                    ),
                ),
                (
                    "presentation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.presentation",
                        verbose_name="présentation",
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
                "verbose_name": "adhésion avant la naissance",
            },
        ),
        migrations.CreateModel(
            name="InclusionAnswers",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "vulnerability",
                    models.CharField(
                        choices=[("YES", "Oui"), ("NO", "Non"), ("UNKNOWN", "Ne sait pas")],
                        max_length=8,
                        verbose_name="vulnérabilité connue",
                    ),
                ),
                (
                    "wish",
                    models.CharField(
                        choices=[("YES", "Oui"), ("NO", "Non"), ("UNDECIDED", "Ne sait pas encore")],
                        max_length=10,
                        verbose_name="souhaite allaiter",
                    ),
                ),
                (
                    "goal_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("INITIATION", "Donner du lait maternel au début"),
                            ("DURATION", "Jusqu’à un âge choisi"),
                            ("NO_TERM", "Au jour le jour"),
                        ],
                        max_length=10,
                        verbose_name="son objectif",
                    ),
                ),
                ("goal_weeks", models.PositiveSmallIntegerField(null=True, verbose_name="jusqu’à, en semaines")),
                ("goal_is_exclusive", models.BooleanField(null=True, verbose_name="avec seulement du lait maternel")),
                (
                    "fed_once",
                    models.CharField(
                        blank=True,
                        choices=[("YES", "Oui"), ("NO", "Non"), ("UNKNOWN", "Ne sait pas")],
                        max_length=8,
                        verbose_name="a déjà reçu du lait maternel",
                    ),
                ),
                (
                    "knows_pmi",
                    models.CharField(
                        choices=[("YES", "Oui"), ("NO", "Non"), ("UNKNOWN", "Ne sait pas")],
                        max_length=8,
                        verbose_name="sait où est la PMI",
                    ),
                ),
                ("pmi_named", models.CharField(blank=True, max_length=120, verbose_name="PMI qu’elle nomme")),
                (
                    "professionals_presented_at",
                    models.DateTimeField(null=True, verbose_name="professionnels présentés le"),
                ),
                (
                    "other_programme",
                    models.CharField(blank=True, max_length=120, verbose_name="autre programme à domicile"),
                ),
                ("other_programme_from", models.DateField(null=True, verbose_name="depuis le")),
                ("other_programme_to", models.DateField(null=True, verbose_name="jusqu’au")),
                ("feelings", models.JSONField(default=dict, verbose_name="avant de rentrer à la maison")),
                ("answered_at", models.DateTimeField(verbose_name="répondu le")),
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
                "verbose_name": "réponses à l’inclusion",
                "verbose_name_plural": "réponses à l’inclusion",
            },
        ),
        migrations.AddField(
            model_name="birth",
            name="place",
            field=models.CharField(
                blank=True,
                choices=[
                    ("STRUCTURE", "Maternité"),
                    ("HOME_PLANNED", "Domicile prévu"),
                    ("OUTSIDE_UNPLANNED", "Hors maternité, imprévu"),
                ],
                db_default="",
                max_length=20,
                verbose_name="lieu",
            ),
        ),
        migrations.AddField(
            model_name="child",
            name="situation",
            field=models.CharField(
                blank=True,
                choices=[("", "Avec sa mère"), ("PLACED", "Confié"), ("ADOPTED", "Adopté")],
                db_default="",
                default="",
                max_length=8,
                verbose_name="situation",
            ),
        ),
        migrations.AddField(
            model_name="child",
            name="situation_at",
            field=models.DateTimeField(null=True, verbose_name="situation notée le"),
        ),
        migrations.AddField(
            model_name="consent",
            name="collector",
            field=models.CharField(
                blank=True,
                choices=[("MIDWIFE", "Sage-femme"), ("AP", "Auxiliaire de puériculture CoPa")],
                db_default="",
                max_length=8,
                verbose_name="recueilli par",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="collector_name",
            field=models.CharField(blank=True, db_default="", max_length=120, verbose_name="son nom"),
        ),
        migrations.AddField(
            model_name="family",
            name="is_contact_refused",
            field=models.BooleanField(db_default=False, default=False, verbose_name="aucun contact entre les visites"),
        ),
        migrations.AddField(
            model_name="family",
            name="isolated_method",
            field=models.CharField(
                blank=True,
                choices=[("COMMUNE", "Liste des communes du territoire")],
                db_default="",
                max_length=8,
                verbose_name="zone isolée décidée par",
            ),
        ),
        migrations.AddField(
            model_name="family",
            name="isolated_on",
            field=models.DateField(null=True, verbose_name="zone isolée décidée le"),
        ),
        migrations.AddField(
            model_name="family",
            name="may_call",
            field=models.BooleanField(null=True, verbose_name="appels acceptés"),
        ),
        migrations.AddField(
            model_name="family",
            name="may_space",
            field=models.BooleanField(db_default=False, default=False, verbose_name="espace parents accepté"),
        ),
        migrations.AddField(
            model_name="mother",
            name="access_needs",
            field=models.JSONField(db_default=[], default=list, verbose_name="ce qui l’aide"),
        ),
        migrations.AddField(
            model_name="mother",
            name="birth_precision",
            field=models.CharField(
                choices=[("DAY", "Jour"), ("MONTH", "Mois"), ("YEAR", "Année")],
                db_default="DAY",
                default="DAY",
                max_length=5,
                verbose_name="précision",
            ),
        ),
        migrations.AddField(
            model_name="mother",
            name="language",
            field=models.CharField(blank=True, db_default="", max_length=8, verbose_name="langue"),
        ),
        migrations.AddField(
            model_name="presentation",
            name="birth_precision",
            field=models.CharField(
                choices=[("DAY", "Jour"), ("MONTH", "Mois"), ("YEAR", "Année")],
                db_default="DAY",
                default="DAY",
                max_length=5,
                verbose_name="précision",
            ),
        ),
        migrations.SeparateDatabaseAndState(
            # One answer becomes a list of one.
            database_operations=[
                migrations.RunSQL(
                    [
                        "alter table pathways_family alter contact_hours type jsonb "
                        "using jsonb_build_array(contact_hours)",
                        "alter table pathways_family alter contact_hours set default '[]'::jsonb",
                    ],
                    [
                        "alter table pathways_family alter contact_hours drop default",
                        "alter table pathways_family alter contact_hours type varchar(10) "
                        "using coalesce(contact_hours ->> 0, 'ANY')",
                    ],
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="family",
                    name="contact_hours",
                    field=models.JSONField(db_default=[], default=list, verbose_name="heures d’appel"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="child",
            constraint=models.CheckConstraint(
                condition=models.Q(("situation", ""), ("situation_at__isnull", False), _connector="OR"),
                name="child_situation_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="family",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_contact_refused", False),
                    models.Q(("may_call", False), ("may_email", False), ("may_sms", False), ("may_space", False)),
                    _connector="OR",
                ),
                name="family_refused_contact_is_whole",
                violation_error_message="Ne pas la contacter ne va avec aucun autre choix.",
            ),
        ),
        migrations.AddConstraint(
            model_name="antenatalconsent",
            constraint=models.UniqueConstraint(
                fields=("presentation",),
                name="antenatal_consent_once",
                violation_error_message="Son adhésion est déjà notée.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inclusionanswers",
            constraint=models.UniqueConstraint(fields=("pathway",), name="inclusion_answers_once"),
        ),
        migrations.AddConstraint(
            model_name="inclusionanswers",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("goal_weeks", None), models.Q(("goal_weeks__gte", 1), ("goal_weeks__lte", 104)), _connector="OR"
                ),
                name="inclusion_goal_plausible",
                violation_error_message="L’âge va de 1 à 104 semaines.",
            ),
        ),
        migrations.AddConstraint(
            model_name="inclusionanswers",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("wish", "YES"),
                    models.Q(("goal_is_exclusive", None), ("goal_kind", ""), ("goal_weeks", None)),
                    _connector="OR",
                ),
                name="inclusion_goal_wished",
            ),
        ),
        migrations.AddConstraint(
            model_name="inclusionanswers",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("other_programme_to", None),
                    ("other_programme_from", None),
                    ("other_programme_to__gte", models.F("other_programme_from")),
                    _connector="OR",
                ),
                name="inclusion_other_programme_in_order",
                violation_error_message="La fin précède le début.",
            ),
        ),
        walls.pointable("pathways_presentation"),
        walls.wall(EARLY),
        walls.wall(ANSWERS),
        *(walls.same_territory(*link) for link in LINKS),
        walls.history(EARLY),
        # What she feels is for the evaluation alone, the vulnerability a stratum: neither is copied.
        walls.history(ANSWERS, hidden=["vulnerability", "feelings"]),
    ]
