"""The daily list of a maternity: how it reads, one sending of it, the births that came by it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

PROFILE = "pathways_importprofile"
RUN = "pathways_importrun"
FILE = "pathways_importfile"
IMPORTED = "pathways_importedbirth"
MEMBER = "territories_member"
STRUCTURE = "territories_structure"
LINKS = [
    (PROFILE, "structure_id", STRUCTURE),
    (PROFILE, "saved_by_id", MEMBER),
    (RUN, "structure_id", STRUCTURE),
    (RUN, "requested_by_id", MEMBER),
    (FILE, "run_id", RUN),
    (IMPORTED, "family_id", "pathways_family"),
    (IMPORTED, "run_id", RUN),
    (IMPORTED, "birth_id", "pathways_birth"),
]
TABLES = [PROFILE, RUN, FILE, IMPORTED]


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0013_presentations"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("file_name", models.CharField(max_length=120, verbose_name="fichier")),
                ("requested_at", models.DateTimeField(verbose_name="envoyé le")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "À vérifier"),
                            ("confirmed", "Inscription en cours"),
                            ("done", "Terminé"),
                            ("abandoned", "Abandonné"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("columns", models.JSONField(default=list, verbose_name="colonnes")),
                ("choices", models.JSONField(default=dict, verbose_name="choix")),
                ("total", models.PositiveIntegerField(default=0, verbose_name="naissances à inscrire")),
                ("claimed_at", models.DateTimeField(null=True)),
                ("settled_at", models.DateTimeField(null=True, verbose_name="terminé le")),
                ("summary", models.JSONField(default=dict, verbose_name="bilan")),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="envoyé par",
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.structure",
                        verbose_name="maternité",
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
                "verbose_name": "import de naissances",
                "indexes": [models.Index(fields=["territory", "-requested_at"], name="import_recent")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("state__in", ["pending", "confirmed"])),
                            models.Q(("settled_at__isnull", False), ("state__in", ["done", "abandoned"])),
                            _connector="OR",
                        ),
                        name="import_settled_is_dated",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("content", models.BinaryField(verbose_name="contenu")),
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
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.importrun",
                        verbose_name="import",
                    ),
                ),
            ],
            options={
                "verbose_name": "fichier reçu",
                "constraints": [models.UniqueConstraint(fields=("run",), name="import_file_once_per_run")],
            },
        ),
        migrations.CreateModel(
            name="ImportedBirth",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("line", models.PositiveIntegerField(verbose_name="ligne")),
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
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.importrun",
                        verbose_name="import",
                    ),
                ),
            ],
            options={
                "verbose_name": "naissance importée",
                "indexes": [models.Index(fields=["territory", "run"], name="imported_of_run")],
                "constraints": [models.UniqueConstraint(fields=("birth",), name="imported_once_per_birth")],
            },
        ),
        migrations.CreateModel(
            name="ImportProfile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("columns", models.JSONField(default=dict, verbose_name="colonnes")),
                ("saved_at", models.DateTimeField(verbose_name="enregistré le")),
                (
                    "saved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="par",
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.structure",
                        verbose_name="maternité",
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
                "verbose_name": "lecture d’une liste",
                "constraints": [
                    models.UniqueConstraint(fields=("structure",), name="import_profile_once_per_structure")
                ],
            },
        ),
        *(walls.wall(table) for table in TABLES),
        walls.pointable(RUN),
        *(walls.same_territory(*link) for link in LINKS),
        # Not the file: names of people who are not in the platform yet would stay in the history of its deletion.
        *(walls.history(table) for table in (PROFILE, RUN, IMPORTED)),
    ]
