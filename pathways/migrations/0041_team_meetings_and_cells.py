"""The register of team meetings, the cell an information préoccupante goes to, what a liberal midwife notes."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0040_received_files"),
        ("territories", "0006_entry_facts_and_supervision"),
    ]

    operations = [
        migrations.AddField(
            model_name="concern",
            name="entry",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territories.directoryentry",
                verbose_name="dans l’annuaire",
            ),
        ),
        migrations.AddField(
            model_name="observation",
            name="midwife_topic",
            field=models.CharField(
                blank=True,
                choices=[
                    ("POSTPARTUM", "Suites de couches de la mère"),
                    ("NEWBORN", "Bébé, trois premières semaines"),
                    ("BREASTFEEDING", "Allaitement"),
                    ("WELL_BEING", "Bien-être"),
                ],
                max_length=16,
                verbose_name="sujet de la sage-femme",
            ),
        ),
        migrations.CreateModel(
            name="TeamMeeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("held_on", models.DateField(verbose_name="le")),
                ("topics", models.CharField(max_length=400, verbose_name="points abordés")),
                ("noted_at", models.DateTimeField(verbose_name="notée le")),
                ("cancelled_at", models.DateTimeField(null=True, verbose_name="annulée le")),
                (
                    "cancelled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="annulée par",
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="notée par",
                    ),
                ),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.structure",
                        verbose_name="équipe",
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
                "verbose_name": "réunion d’équipe",
                "verbose_name_plural": "réunions d’équipe",
            },
        ),
        migrations.CreateModel(
            name="TeamMeetingAttendee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.teammeeting",
                        verbose_name="réunion",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="présente",
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
                "verbose_name": "présente à une réunion d’équipe",
                "verbose_name_plural": "présentes à une réunion d’équipe",
            },
        ),
        migrations.CreateModel(
            name="TeamMeetingPace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("every_days", models.PositiveSmallIntegerField(verbose_name="au plus tous les (jours)")),
                ("valid_from", models.DateTimeField(verbose_name="depuis le")),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="réglé par",
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
                "verbose_name": "rythme des réunions d’équipe",
                "verbose_name_plural": "rythmes des réunions d’équipe",
            },
        ),
        migrations.AddIndex(
            model_name="teammeeting",
            index=models.Index(fields=["territory", "structure", "-held_on"], name="team_meeting_recent"),
        ),
        migrations.AddConstraint(
            model_name="teammeeting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cancelled_at", None)),
                fields=("territory", "structure", "held_on"),
                name="team_meeting_once_a_day",
                violation_error_message="La réunion de ce jour est déjà notée pour cette équipe.",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(("topics", ""), _negated=True),
                name="team_meeting_has_topics",
                violation_error_message="Écrivez de quoi vous avez parlé.",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancelled_at", None), ("cancelled_by", None)),
                    models.Q(("cancelled_at__isnull", False), ("cancelled_by__isnull", False)),
                    _connector="OR",
                ),
                name="team_meeting_cancelled_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammeetingattendee",
            constraint=models.UniqueConstraint(fields=("meeting", "member"), name="team_meeting_attendee_once"),
        ),
        migrations.AddConstraint(
            model_name="teammeetingpace",
            constraint=models.UniqueConstraint(
                fields=("territory", "valid_from"),
                name="team_meeting_pace_once",
                violation_error_message="Ce rythme vient d’être réglé\u00a0: rechargez la page.",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammeetingpace",
            constraint=models.CheckConstraint(
                condition=models.Q(("every_days__gte", 7), ("every_days__lte", 180)),
                name="team_meeting_pace_possible",
                violation_error_message="Entre 7 et 180 jours.",
            ),
        ),
        walls.same_territory("pathways_concern", "entry_id", "territories_directoryentry"),
        walls.wall("pathways_teammeeting"),
        walls.wall("pathways_teammeetingattendee"),
        walls.wall("pathways_teammeetingpace"),
        walls.pointable("pathways_teammeeting"),
        walls.same_territory("pathways_teammeeting", "structure_id", "territories_structure"),
        walls.same_territory("pathways_teammeeting", "noted_by_id", "territories_member"),
        walls.same_territory("pathways_teammeeting", "cancelled_by_id", "territories_member"),
        walls.same_territory("pathways_teammeetingattendee", "meeting_id", "pathways_teammeeting"),
        walls.same_territory("pathways_teammeetingattendee", "member_id", "territories_member"),
        walls.same_territory("pathways_teammeetingpace", "set_by_id", "territories_member"),
        walls.history("pathways_teammeeting"),
        walls.history("pathways_teammeetingattendee"),
        walls.history("pathways_teammeetingpace"),
    ]
