"""The multidisciplinary meeting, its decisions, the time of coordination: tables, walls and history."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

FAMILY = "pathways_family"
MEMBER = "territories_member"
PATHWAY = "pathways_pathway"
MEETING = "pathways_staffmeeting"
PARTICIPANT = "pathways_meetingparticipant"
ITEM = "pathways_meetingitem"
ANNEX = "pathways_meetingannex"
DECISION = "pathways_decision"
COORDINATION = "pathways_coordinationentry"
LINKS = [
    (MEETING, "structure_id", "territories_structure"),
    (MEETING, "convened_by_id", MEMBER),
    (MEETING, "closed_by_id", MEMBER),
    (PARTICIPANT, "meeting_id", MEETING),
    (PARTICIPANT, "member_id", MEMBER),
    (ITEM, "family_id", FAMILY),
    (ITEM, "meeting_id", MEETING),
    (ITEM, "pathway_id", PATHWAY),
    (ITEM, "told_by_id", MEMBER),
    (ITEM, "added_by_id", MEMBER),
    (ANNEX, "family_id", FAMILY),
    (ANNEX, "item_id", ITEM),
    (ANNEX, "written_by_id", MEMBER),
    (DECISION, "family_id", FAMILY),
    (DECISION, "item_id", ITEM),
    (DECISION, "owner_id", MEMBER),
    (DECISION, "told_by_id", MEMBER),
    (DECISION, "settled_by_id", MEMBER),
    (COORDINATION, "family_id", FAMILY),
    (COORDINATION, "pathway_id", PATHWAY),
    (COORDINATION, "noted_by_id", MEMBER),
]
TABLES = (MEETING, PARTICIPANT, ITEM, ANNEX, DECISION, COORDINATION)
# What is sealed is recorded as changed, never copied (design.md 3.12).
SEALED = {ANNEX: ("text",)}


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0018_alerts_taken_before"),
        ("territories", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="StaffMeeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("planned_at", models.DateTimeField(verbose_name="prévue le")),
                ("place", models.CharField(blank=True, max_length=120, verbose_name="lieu ou lien")),
                ("convened_at", models.DateTimeField(verbose_name="préparée le")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="validée le")),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="validée par",
                    ),
                ),
                (
                    "convened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="préparée par",
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
                "verbose_name": "réunion pluridisciplinaire",
            },
        ),
        migrations.CreateModel(
            name="MeetingParticipant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "presence",
                    models.CharField(
                        choices=[("INVITED", "Invitée"), ("PRESENT", "Présente"), ("EXCUSED", "Excusée")],
                        default="INVITED",
                        max_length=8,
                        verbose_name="présence",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="participante",
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.staffmeeting",
                        verbose_name="réunion",
                    ),
                ),
            ],
            options={
                "verbose_name": "participante à une réunion",
            },
        ),
        migrations.CreateModel(
            name="MeetingItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("ALERT", "Une alerte"),
                            ("GRID", "Le repérage"),
                            ("EPDS", "Le questionnaire sur le moral"),
                            ("PARENTS_REQUEST", "La demande des parents"),
                            ("RELAY", "Le relais PMI"),
                            ("TEAM", "L’équipe"),
                        ],
                        max_length=16,
                        verbose_name="ce qui ouvre la discussion",
                    ),
                ),
                ("family_words", models.TextField(blank=True, max_length=1000, verbose_name="la parole de la famille")),
                ("tell_on", models.DateField(null=True, verbose_name="au plus tard le")),
                ("facts", models.TextField(blank=True, max_length=1500, verbose_name="faits utiles")),
                ("left_by", models.JSONField(default=list, verbose_name="sorties du point")),
                ("added_at", models.DateTimeField(verbose_name="ajoutée le")),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="ajoutée par",
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
                        null=True,
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
                    "told_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="sera informée par",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.staffmeeting",
                        verbose_name="réunion",
                    ),
                ),
            ],
            options={
                "verbose_name": "point de réunion",
            },
        ),
        migrations.CreateModel(
            name="CoordinationEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("on", models.DateField(verbose_name="le")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes")),
                ("participants", models.CharField(max_length=200, verbose_name="avec")),
                ("note", models.CharField(blank=True, max_length=400, verbose_name="en bref")),
                ("noted_at", models.DateTimeField(verbose_name="noté le")),
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
                "verbose_name": "temps de coordination",
                "ordering": ["on", "pk"],
                "indexes": [
                    models.Index(fields=["territory", "family"], name="coordination_of_family"),
                    models.Index(fields=["territory", "pathway"], name="coordination_of_pathway"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 1), ("minutes__lte", 480)),
                        name="coordination_minutes_plausible",
                        violation_error_message="De 1 à 480 minutes.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingAnnex",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("text", models.TextField(max_length=3000, verbose_name="partie protégée")),
                ("written_at", models.DateTimeField(verbose_name="écrite le")),
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
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.meetingitem",
                        verbose_name="point",
                    ),
                ),
            ],
            options={
                "verbose_name": "annexe protégée",
                "constraints": [models.UniqueConstraint(fields=("item",), name="meeting_annex_once")],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("THIRD_VISIT", "Une troisième visite"),
                            ("NO_THIRD_VISIT", "Pas de troisième visite"),
                            ("ORIENTATION", "Une orientation"),
                            ("CALL", "Un appel à la famille"),
                            ("PMI", "Un lien avec la PMI"),
                            ("OTHER", "Autre chose"),
                            ("NOTHING", "Rien de plus pour l’instant"),
                        ],
                        max_length=16,
                        verbose_name="décision",
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="en clair")),
                ("due_on", models.DateField(null=True, verbose_name="pour le")),
                (
                    "state",
                    models.CharField(
                        choices=[("OPEN", "À faire"), ("DONE", "Fait"), ("NOT_DONE", "Pas fait")],
                        default="OPEN",
                        max_length=8,
                        verbose_name="état",
                    ),
                ),
                ("settled_at", models.DateTimeField(null=True, verbose_name="le")),
                ("settled_words", models.CharField(blank=True, max_length=300, verbose_name="ce qui s’est passé")),
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
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="qui s’en charge",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True,
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
                (
                    "told_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="dit à la famille par",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.meetingitem",
                        verbose_name="point",
                    ),
                ),
            ],
            options={
                "verbose_name": "décision",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "OPEN")),
                        fields=["territory", "owner", "due_on"],
                        name="decision_to_do",
                    ),
                    models.Index(
                        condition=models.Q(("state", "OPEN")), fields=["territory", "due_on"], name="decision_due"
                    ),
                    models.Index(fields=["territory", "item"], name="decision_of_item"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "OPEN"), _negated=True),
                            models.Q(("due_on__isnull", False), ("owner__isnull", False)),
                            _connector="OR",
                        ),
                        name="decision_has_owner_and_date",
                        violation_error_message="Dites qui s’en charge, et pour quand.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at", None), ("settled_by", None), ("state", "OPEN")),
                            models.Q(
                                models.Q(("state", "OPEN"), _negated=True),
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="decision_settled_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "NOT_DONE"), _negated=True),
                            models.Q(("settled_words", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="decision_not_done_says_why",
                        violation_error_message="Dites pourquoi cela n’a pas été fait.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="staffmeeting",
            index=models.Index(fields=["territory", "-planned_at"], name="meeting_recent"),
        ),
        migrations.AddIndex(
            model_name="staffmeeting",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["territory", "planned_at"], name="meeting_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="staffmeeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at", None), ("closed_by", None)),
                    models.Q(("closed_at__isnull", False), ("closed_by__isnull", False)),
                    _connector="OR",
                ),
                name="meeting_closed_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="meetingparticipant",
            index=models.Index(fields=["territory", "member"], name="participant_member"),
        ),
        migrations.AddConstraint(
            model_name="meetingparticipant",
            constraint=models.UniqueConstraint(fields=("meeting", "member"), name="participant_once_per_meeting"),
        ),
        migrations.AddIndex(
            model_name="meetingitem",
            index=models.Index(fields=["territory", "family", "-added_at"], name="meeting_item_of_family"),
        ),
        migrations.AddConstraint(
            model_name="meetingitem",
            constraint=models.UniqueConstraint(
                fields=("meeting", "family"),
                name="meeting_item_once",
                violation_error_message="Cette famille est déjà à l’ordre du jour de cette réunion.",
            ),
        ),
        *(walls.wall(table) for table in TABLES),
        *(walls.pointable(table) for table in (MEETING, ITEM)),
        *(walls.same_territory(*link) for link in LINKS),
        *(walls.history(table, hidden=SEALED.get(table, ())) for table in TABLES),
    ]
