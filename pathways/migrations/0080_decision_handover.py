"""A decision of a meeting goes to somebody else: who had it, who has it, and why."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import copa.kernel.scope
from copa.kernel import walls

HANDOVER = "pathways_decisionhandover"


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0079_calendar_windows"),
        ("territories", "0017_community"),
    ]

    operations = [
        migrations.CreateModel(
            name="DecisionHandover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reason", models.CharField(max_length=300, verbose_name="pourquoi")),
                ("at", models.DateTimeField(verbose_name="le")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="par",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="pathways.decision",
                        verbose_name="décision",
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
                    "from_member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="confiée avant à",
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
                    "to_member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.member",
                        verbose_name="confiée à",
                    ),
                ),
            ],
            options={
                "verbose_name": "décision confiée de nouveau",
                "verbose_name_plural": "décisions confiées de nouveau",
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["territory", "decision"], name="handover_of_decision")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="decision_handover_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_member", models.F("to_member")), _negated=True),
                        name="decision_handover_to_another",
                    ),
                ],
            },
        ),
        walls.pointable("pathways_decision"),
        walls.wall(HANDOVER),
        walls.same_territory(HANDOVER, "family_id", "pathways_family"),
        walls.same_territory(HANDOVER, "decision_id", "pathways_decision"),
        walls.same_territory(HANDOVER, "from_member_id", "territories_member"),
        walls.same_territory(HANDOVER, "to_member_id", "territories_member"),
        walls.same_territory(HANDOVER, "by_id", "territories_member"),
        walls.history(HANDOVER),
    ]
