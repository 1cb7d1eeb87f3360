"""CoPa presented during a pregnancy, births without a proposal, births without a file."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

PRESENTATION = "pathways_presentation"
NOT_PROPOSED = "pathways_notproposed"
UNNAMED = "pathways_unnamedbirths"
MEMBER = "territories_member"
STRUCTURE = "territories_structure"
LINKS = [
    (PRESENTATION, "maternity_id", STRUCTURE),
    (PRESENTATION, "presented_by_id", MEMBER),
    (PRESENTATION, "birth_id", "pathways_birth"),
    (PRESENTATION, "closed_by_id", MEMBER),
    (NOT_PROPOSED, "family_id", "pathways_family"),
    (NOT_PROPOSED, "birth_id", "pathways_birth"),
    (NOT_PROPOSED, "noted_by_id", MEMBER),
    (UNNAMED, "maternity_id", STRUCTURE),
    (UNNAMED, "noted_by_id", MEMBER),
]
TABLES = [PRESENTATION, NOT_PROPOSED, UNNAMED]


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0012_screening"),
        ("territories", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="NotProposed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("LEFT", "Sortie avant"),
                            ("TRANSFER", "Transférée"),
                            ("OUT_OF_AREA", "Habite hors du territoire"),
                            ("LANGUAGE", "Pas d’interprète"),
                            ("ORGANISATION", "Manque de temps"),
                            ("OTHER", "Autre"),
                        ],
                        max_length=12,
                        verbose_name="pourquoi",
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
                "verbose_name": "naissance sans proposition",
                "constraints": [models.UniqueConstraint(fields=("birth",), name="not_proposed_once_per_birth")],
            },
        ),
        migrations.CreateModel(
            name="Presentation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("birth_name", models.CharField(max_length=80, verbose_name="nom de naissance")),
                ("used_name", models.CharField(blank=True, max_length=80, verbose_name="nom utilisé")),
                ("first_names", models.CharField(max_length=80, verbose_name="prénoms")),
                ("birth_on", models.DateField(verbose_name="née le")),
                ("phone", models.CharField(blank=True, max_length=20, verbose_name="téléphone")),
                ("expected_on", models.DateField(verbose_name="terme prévu le")),
                (
                    "context",
                    models.CharField(
                        choices=[
                            ("EPP", "Entretien prénatal précoce"),
                            ("CONSULTATION", "Consultation"),
                            ("BIRTH_PREP", "Préparation à la naissance"),
                            ("STAY", "Séjour à la maternité"),
                        ],
                        max_length=14,
                        verbose_name="occasion",
                    ),
                ),
                ("presented_on", models.DateField(verbose_name="présenté le")),
                ("covered", models.JSONField(default=list, verbose_name="points expliqués")),
                (
                    "support",
                    models.CharField(
                        choices=[
                            ("LEAFLET", "Dépliant"),
                            ("FALC", "Version facile à lire"),
                            ("TRANSLATED", "Version traduite"),
                            ("ORAL", "À l’oral seulement"),
                        ],
                        max_length=12,
                        verbose_name="document remis",
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[("PENDING", "Veut réfléchir"), ("YES", "Oui"), ("NO", "Non")],
                        max_length=8,
                        verbose_name="réponse",
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True, verbose_name="répondu le")),
                ("ask_again_on", models.DateField(null=True, verbose_name="en reparler le")),
                (
                    "refusal_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ENOUGH", "Déjà bien entourée"),
                            ("MIDWIFE_ENOUGH", "La sage-femme suffit"),
                            ("EXPERIENCE", "Connaît déjà, autres enfants"),
                            ("NO_HOME_VISIT", "Pas de visite chez elle"),
                            ("FAMILY_SAYS_NO", "Quelqu’un de la famille ne veut pas"),
                            ("TIME", "Pas le moment"),
                            ("DATA", "Inquiète pour ses données"),
                            ("PMI_FEAR", "Crainte de la PMI"),
                            ("ELSEWHERE", "Part ailleurs"),
                            ("OTHER_HELP", "Autre programme"),
                            ("NOT_SAID", "Pas dit"),
                        ],
                        max_length=16,
                        verbose_name="raison",
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True, verbose_name="close le")),
                (
                    "closing_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("ELSEWHERE", "A accouché ailleurs"),
                            ("MOVED", "A quitté le territoire"),
                            ("STOP", "Ne plus la solliciter"),
                            ("TWICE", "Notée deux fois"),
                            ("MISTAKE", "Notée par erreur"),
                        ],
                        max_length=10,
                        verbose_name="pourquoi",
                    ),
                ),
                (
                    "birth",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.birth",
                        verbose_name="naissance",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="par",
                    ),
                ),
                (
                    "maternity",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.structure",
                        verbose_name="maternité",
                    ),
                ),
                (
                    "presented_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="par",
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
                "verbose_name": "présentation avant la naissance",
                "indexes": [
                    models.Index(fields=["territory", "birth_on"], name="presentation_birth_on"),
                    models.Index(
                        condition=models.Q(("birth", None), ("closed_at", None)),
                        fields=["territory", "expected_on"],
                        name="presentation_waiting",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "PENDING"), ("answered_at", None)),
                            models.Q(models.Q(("answer", "PENDING"), _negated=True), ("answered_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="presentation_answer_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None), ("closing_reason", "")),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                                models.Q(("closing_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="presentation_closed_with_a_reason",
                        violation_error_message="Dites pourquoi cette présentation n’attend plus de naissance.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnnamedBirths",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("day", models.DateField(verbose_name="jour")),
                (
                    "reason",
                    models.CharField(
                        choices=[("SECRET_BIRTH", "Accouchement secret"), ("LOSS", "Deuil")],
                        max_length=12,
                        verbose_name="pourquoi",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="naissances")),
                ("noted_at", models.DateTimeField(verbose_name="noté le")),
                (
                    "maternity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.structure",
                        verbose_name="maternité",
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
                "verbose_name": "naissances sans dossier",
                "constraints": [
                    models.UniqueConstraint(fields=("maternity", "day", "reason"), name="unnamed_births_once_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(("number__lte", 50)),
                        name="unnamed_births_plausible",
                        violation_error_message="Ce nombre est trop grand pour un seul jour.",
                    ),
                ],
            },
        ),
        *(walls.wall(table) for table in TABLES),
        *(walls.same_territory(*link) for link in LINKS),
        *(walls.history(table) for table in TABLES),
    ]
