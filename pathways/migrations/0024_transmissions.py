"""What reaches the PMI after a refusal, and the information préoccupante: both sealed in history."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0023_care_circle"),
        ("territories", "0004_duty_and_sms"),
    ]

    operations = [
        migrations.CreateModel(
            name="Concern",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("noticed_on", models.DateField(verbose_name="constaté le")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("SEEN", "Vu par l’équipe"),
                            ("SAID_BY_MOTHER", "Dit par la mère"),
                            ("SAID_BY_RELATIVE", "Dit par un proche"),
                            ("PROFESSIONAL", "Rapporté par un professionnel"),
                        ],
                        max_length=16,
                        verbose_name="source",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("DANGER", "En danger"), ("RISK", "En risque de danger")],
                        max_length=6,
                        verbose_name="danger ou risque",
                    ),
                ),
                ("facts", models.TextField(verbose_name="faits")),
                ("are_parents_told", models.BooleanField(verbose_name="parents informés")),
                ("not_told_reason", models.TextField(blank=True, verbose_name="pourquoi pas")),
                ("sent_to", models.CharField(max_length=120, verbose_name="transmise à")),
                ("sent_on", models.DateField(verbose_name="transmise le")),
                ("written_at", models.DateTimeField(verbose_name="écrite le")),
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
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="écrite par",
                    ),
                ),
            ],
            options={
                "verbose_name": "information préoccupante",
                "verbose_name_plural": "informations préoccupantes",
            },
        ),
        migrations.CreateModel(
            name="PmiTransmission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("MOTHER_AGREES", "La mère est d’accord"),
                            ("CARE_TEAM", "La PMI fait partie de l’équipe de soins"),
                            ("CONCERN", "Information préoccupante"),
                        ],
                        max_length=14,
                        verbose_name="fondement",
                    ),
                ),
                ("facts", models.TextField(blank=True, verbose_name="faits")),
                ("are_parents_told", models.BooleanField(verbose_name="parents informés")),
                ("not_told_reason", models.TextField(blank=True, verbose_name="pourquoi pas")),
                ("sent_at", models.DateTimeField(verbose_name="transmise le")),
                ("taken_at", models.DateTimeField(null=True, verbose_name="prise le")),
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
                    "concern",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="pathways.concern"
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
                    "sent_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="transmise par",
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.structure",
                        verbose_name="PMI",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="prise par",
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
                "verbose_name": "transmission à la PMI",
                "verbose_name_plural": "transmissions à la PMI",
            },
        ),
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(fields=["territory", "birth"], name="concern_of_birth"),
        ),
        migrations.AddConstraint(
            model_name="concern",
            constraint=models.CheckConstraint(
                condition=models.Q(("facts", ""), _negated=True),
                name="concern_has_facts",
                violation_error_message="Écrivez les faits.",
            ),
        ),
        migrations.AddConstraint(
            model_name="concern",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("are_parents_told", True), ("not_told_reason", "")),
                    models.Q(("are_parents_told", False), models.Q(("not_told_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="concern_parents_told",
                violation_error_message="Dites si les parents sont informés, et sinon pourquoi.",
            ),
        ),
        migrations.AddIndex(
            model_name="pmitransmission",
            index=models.Index(fields=["territory", "birth"], name="transmission_of_birth"),
        ),
        migrations.AddIndex(
            model_name="pmitransmission",
            index=models.Index(fields=["territory", "structure", "-sent_at"], name="transmission_of_pmi"),
        ),
        migrations.AddConstraint(
            model_name="pmitransmission",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis__in", ["MOTHER_AGREES", "CARE_TEAM", "CONCERN"])),
                name="transmission_has_a_basis",
                violation_error_message="Sans fondement, rien n’est transmis à la PMI.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pmitransmission",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis", "MOTHER_AGREES"), models.Q(("facts", ""), _negated=True), _connector="OR"),
                name="transmission_has_facts",
                violation_error_message="Écrivez les faits qui fondent cette transmission.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pmitransmission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("are_parents_told", True), ("not_told_reason", "")),
                    models.Q(("are_parents_told", False), models.Q(("not_told_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="transmission_parents_told",
                violation_error_message="Dites si les parents sont informés, et sinon pourquoi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pmitransmission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("basis", "CONCERN"), ("concern__isnull", False)),
                    models.Q(models.Q(("basis", "CONCERN"), _negated=True), ("concern", None)),
                    _connector="OR",
                ),
                name="transmission_concern_written",
                violation_error_message="Écrivez d’abord l’information préoccupante.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pmitransmission",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("taken_at", None), ("taken_by", None)),
                    models.Q(("taken_at__isnull", False), ("taken_by__isnull", False)),
                    _connector="OR",
                ),
                name="transmission_taken_by_somebody",
            ),
        ),
        walls.wall("pathways_concern"),
        walls.wall("pathways_pmitransmission"),
        walls.pointable("pathways_concern"),
        walls.same_territory("pathways_concern", "family_id", "pathways_family"),
        walls.same_territory("pathways_concern", "birth_id", "pathways_birth"),
        walls.same_territory("pathways_concern", "child_id", "pathways_child"),
        walls.same_territory("pathways_concern", "written_by_id", "territories_member"),
        walls.history("pathways_concern", hidden=("facts", "not_told_reason")),
        walls.same_territory("pathways_pmitransmission", "family_id", "pathways_family"),
        walls.same_territory("pathways_pmitransmission", "birth_id", "pathways_birth"),
        walls.same_territory("pathways_pmitransmission", "structure_id", "territories_structure"),
        walls.same_territory("pathways_pmitransmission", "concern_id", "pathways_concern"),
        walls.same_territory("pathways_pmitransmission", "sent_by_id", "territories_member"),
        walls.same_territory("pathways_pmitransmission", "taken_by_id", "territories_member"),
        walls.history("pathways_pmitransmission", hidden=("facts", "not_told_reason")),
    ]
