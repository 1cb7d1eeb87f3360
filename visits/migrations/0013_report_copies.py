"""What each recipient outside the team received of a report, and whether it was read."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

COPY = "visits_reportcopy"
LINKS = [
    (COPY, "family_id", "pathways_family"),
    (COPY, "report_id", "visits_report"),
    (COPY, "addendum_id", "visits_addendum"),
    (COPY, "structure_id", "territories_structure"),
    (COPY, "opened_by_id", "territories_member"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0033_deaths_told_again"),
        ("territories", "0005_consent_doors"),
        ("visits", "0012_consent_doors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReportCopy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "recipient",
                    models.CharField(
                        choices=[
                            ("LIBERAL_MIDWIFE", "Ma sage-femme libérale"),
                            ("GENERAL_PRACTITIONER", "Mon médecin traitant"),
                            ("PAEDIATRICIAN", "Le médecin de mon enfant"),
                            ("PMI", "La PMI de mon quartier ou de ma commune"),
                            ("PSYCHOLOGIST", "La ou le psychologue qui me suit"),
                            ("OTHER", "Une autre personne"),
                        ],
                        max_length=24,
                        verbose_name="destinataire",
                    ),
                ),
                ("to", models.CharField(max_length=160, verbose_name="à qui")),
                ("address", models.EmailField(max_length=254, verbose_name="adresse")),
                ("message", models.UUIDField(null=True, verbose_name="message")),
                ("fingerprint", models.CharField(max_length=64, verbose_name="empreinte")),
                ("sent_at", models.DateTimeField(verbose_name="remis le")),
                ("opened_at", models.DateTimeField(null=True, verbose_name="ouvert le")),
                (
                    "addendum",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="visits.addendum",
                        verbose_name="complément",
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
                    "opened_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="ouvert par",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="visits.report",
                        verbose_name="compte rendu",
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.structure",
                        verbose_name="service de PMI",
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
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="lectrice",
                    ),
                ),
            ],
            options={
                "verbose_name": "copie d’un compte rendu",
                "verbose_name_plural": "copies de comptes rendus",
                "indexes": [
                    models.Index(fields=["territory", "report"], name="copy_of_report"),
                    models.Index(
                        condition=models.Q(("user__isnull", False)),
                        fields=["territory", "user", "-sent_at"],
                        name="copy_inbox",
                    ),
                    models.Index(
                        condition=models.Q(("structure__isnull", False)),
                        fields=["territory", "structure", "-sent_at"],
                        name="copy_inbox_of_pmi",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "addendum", "address"),
                        name="copy_once",
                        nulls_distinct=False,
                        violation_error_message="Cette personne a déjà reçu ce compte rendu.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("user", None), ("structure", None), _connector="OR"),
                        name="copy_of_one_reader",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("opened_by", None), ("opened_at__isnull", False), _connector="OR"),
                        name="copy_opened_is_dated",
                    ),
                ],
            },
        ),
        walls.wall(COPY),
        *(walls.same_territory(*link) for link in LINKS),
        walls.history(COPY),
    ]
