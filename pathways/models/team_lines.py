"""When the line of a referring team answers, and whose line answers when it is closed (alerts.md 1, rule A0; R074)."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from copa.kernel.scope import ScopedManager
from pathways.enums import LineDay
from territories.models import Member, Structure, TerritoryRow


class TeamLineQuerySet(models.QuerySet["TeamLine"]):
    """Reads of the hours of the lines."""

    def visible_to(self, member: Member) -> "TeamLineQuerySet":
        """Where a team is called is no secret in the territory."""
        return self.all()


class TeamLine(TerritoryRow):
    """The hours at which the line of a structure answers, from an instant on; a structure without a row has the usual.

    `days` are LineDay; `closes` of midnight is the end of the day. `relay` answers whenever this line is closed: a
    CPP or a PMI names the maternity (« partenariat »).
    """

    append_only = True

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    days = ArrayField(models.PositiveSmallIntegerField(choices=LineDay.choices), verbose_name="jours")
    opens = models.TimeField("de")
    closes = models.TimeField("à")
    relay = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="ligne qui répond à sa place"
    )
    valid_from = models.DateTimeField("depuis le")
    set_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="réglé par")

    objects: ClassVar[Any] = ScopedManager.from_queryset(TeamLineQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(TeamLineQuerySet)()

    class Meta:
        verbose_name = "ligne d’une équipe"
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "valid_from"],
                name="team_line_once",
                violation_error_message="Cette ligne vient d’être réglée : rechargez la page.",
            ),
            models.CheckConstraint(
                condition=Q(closes="00:00") | Q(closes__gt=F("opens")),
                name="team_line_closes_after_it_opens",
                violation_error_message="La ligne ferme après avoir ouvert ; 0 h veut dire minuit.",
            ),
            models.CheckConstraint(
                condition=Q(relay=None) | ~Q(relay=F("structure")),
                name="team_line_relay_is_another",
                violation_error_message="Choisissez une autre équipe.",
            ),
        ]

    def __str__(self) -> str:
        return f"line of {self.structure_id}"
