"""The relay of two keys: what is decided about it, contacts after it, what is asked of the PMI, the overlap of teams."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

RELAY = "pathways_pmirelay"
STEP = "pathways_relaystep"
CONTACT = "pathways_relaycontact"
TASK = "pathways_relaytask"
MEMBER = "territories_member"
SECTOR = "territories_pmisector"
LINKS = [
    (RELAY, "outcome_by_id", MEMBER),
    (STEP, "family_id", "pathways_family"),
    (STEP, "relay_id", RELAY),
    (STEP, "from_sector_id", SECTOR),
    (STEP, "to_sector_id", SECTOR),
    (STEP, "by_id", MEMBER),
    (CONTACT, "family_id", "pathways_family"),
    (CONTACT, "relay_id", RELAY),
    (CONTACT, "by_id", MEMBER),
    (TASK, "family_id", "pathways_family"),
    (TASK, "relay_id", RELAY),
]
TABLES = [STEP, CONTACT, TASK]


def _key(to: str, verbose_name: str, *, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        null=null, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=to, verbose_name=verbose_name
    )


def _territory() -> models.ForeignKey:
    return models.ForeignKey(
        default=copa.kernel.scope.current_territory_id,
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="territories.territory",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0015_stops"),
        ("territories", "0002_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name="RelayContact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("on", models.DateField(verbose_name="le")),
                (
                    "kind",
                    models.CharField(
                        choices=[("visit", "Visite à domicile"), ("clinic", "Consultation"), ("call", "Appel")],
                        max_length=8,
                        verbose_name="contact",
                    ),
                ),
                ("has_met", models.BooleanField(verbose_name="la famille était là")),
                ("next_contact_on", models.DateField(null=True, verbose_name="prochain contact")),
                ("at", models.DateTimeField(verbose_name="noté le")),
                ("relay", _key("pathways.pmirelay", "relais")),
                ("by", _key("territories.member", "noté par")),
                ("family", _key("pathways.family", "famille")),
                ("territory", _territory()),
            ],
            options={
                "verbose_name": "contact de la PMI",
                "ordering": ["on", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RelayStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("started", "Relais demandé plus tôt"),
                            ("reassigned", "Relais confié à un autre secteur"),
                            ("declined", "Relais décliné par la PMI"),
                            ("sent_again", "Relais présenté de nouveau"),
                            ("not_needed", "Relais fermé, pas nécessaire"),
                            ("handed_over", "Relais remis en main propre"),
                        ],
                        max_length=12,
                        verbose_name="étape",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=400, verbose_name="motif")),
                ("at", models.DateTimeField(verbose_name="le")),
                ("relay", _key("pathways.pmirelay", "relais")),
                ("from_sector", _key("territories.pmisector", "du secteur", null=True)),
                ("to_sector", _key("territories.pmisector", "au secteur", null=True)),
                ("by", _key("territories.member", "par", null=True)),
                ("family", _key("pathways.family", "famille")),
                ("territory", _territory()),
            ],
            options={
                "verbose_name": "étape du relais PMI",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="RelayTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("rank", models.PositiveSmallIntegerField(verbose_name="rang")),
                ("text", models.CharField(max_length=160, verbose_name="à faire")),
                ("due_on", models.DateField(verbose_name="pour le")),
                ("relay", _key("pathways.pmirelay", "relais")),
                ("family", _key("pathways.family", "famille")),
                ("territory", _territory()),
            ],
            options={
                "verbose_name": "demande à la PMI",
                "ordering": ["rank"],
            },
        ),
        migrations.AddField(
            model_name="pathway",
            name="team_ends_at",
            field=models.DateTimeField(null=True, verbose_name="accès de l’équipe jusqu’au"),
        ),
        migrations.AddField(
            model_name="pmirelay",
            name="handed_at",
            field=models.DateTimeField(null=True, verbose_name="remis en main propre le"),
        ),
        migrations.AddField(
            model_name="pmirelay",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("followed", "La PMI suit l’enfant"),
                    ("ended", "Le suivi est terminé"),
                    ("declines", "La famille ne souhaite pas de suite"),
                    ("moved", "La famille a déménagé"),
                ],
                db_default="",
                max_length=8,
                verbose_name="issue",
            ),
        ),
        migrations.AddField(
            model_name="pmirelay",
            name="outcome_at",
            field=models.DateTimeField(null=True, verbose_name="issue notée le"),
        ),
        migrations.AddField(
            model_name="pmirelay",
            name="outcome_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="territories.member",
                verbose_name="issue notée par",
            ),
        ),
        migrations.AddField(
            model_name="pmirelay",
            name="started_at",
            field=models.DateTimeField(null=True, verbose_name="demandé plus tôt le"),
        ),
        migrations.AddField(
            model_name="programmerules",
            name="relay_overlap_days",
            field=models.PositiveSmallIntegerField(db_default=30, verbose_name="jours de recouvrement après le relais"),
        ),
        migrations.AlterField(
            model_name="pmirelay",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "En attente de la PMI"),
                    ("questioned", "Question de la PMI"),
                    ("accepted", "Accepté"),
                    ("declined", "Décliné par la PMI"),
                    ("not_needed", "Sans suite"),
                ],
                default="waiting",
                max_length=12,
                verbose_name="état",
            ),
        ),
        migrations.AddConstraint(
            model_name="pathway",
            constraint=models.CheckConstraint(
                condition=models.Q(("team_ends_at", None), ("state", "closed"), _connector="OR"),
                name="pathway_team_ends_once_closed",
            ),
        ),
        migrations.AddConstraint(
            model_name="pmirelay",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), ("outcome_at", None), ("outcome_by", None)),
                    models.Q(
                        ("outcome_at__isnull", False),
                        ("outcome_by__isnull", False),
                        ("state", "accepted"),
                        models.Q(("outcome", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="relay_outcome_of_accepted",
                violation_error_message="L’issue se note une fois le relais accepté.",
            ),
        ),
        migrations.AddIndex(
            model_name="relaycontact",
            index=models.Index(fields=["territory", "relay"], name="relay_contact_of_relay"),
        ),
        migrations.AddIndex(
            model_name="relaystep",
            index=models.Index(fields=["territory", "relay"], name="relay_step_of_relay"),
        ),
        migrations.AddConstraint(
            model_name="relaystep",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "handed_over"), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="relay_step_has_reason",
                violation_error_message="Dites pourquoi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="relaytask",
            constraint=models.UniqueConstraint(fields=("relay", "rank"), name="relay_task_once_per_rank"),
        ),
        migrations.AddConstraint(
            model_name="relaytask",
            constraint=models.CheckConstraint(
                condition=models.Q(("rank__gte", 1), ("rank__lte", 3)),
                name="relay_task_three_at_most",
                violation_error_message="Trois demandes à la PMI au plus.",
            ),
        ),
        walls.pointable(RELAY),
        *(walls.wall(table) for table in TABLES),
        *(walls.same_territory(*link) for link in LINKS),
        *(walls.history(table) for table in TABLES),
    ]
