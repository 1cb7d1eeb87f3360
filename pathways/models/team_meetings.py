"""The register of the meetings of a team with its auxiliaries, and how often they are held here (R049)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from copa.kernel.scope import ScopedManager
from pathways.models.base import knows_every_family
from pathways.rules.team_meetings import FEWEST_DAYS, MOST_DAYS
from territories.models import Member, Structure, TerritoryRow


class TeamMeetingQuerySet(models.QuerySet["TeamMeeting"]):
    """Reads of the register."""

    def visible_to(self, member: Member) -> "TeamMeetingQuerySet":
        """Those of her own team; all of them for the pilots."""
        return self if knows_every_family(member) else self.filter(structure=member.structure_id)

    def held(self) -> "TeamMeetingQuerySet":
        """Those that took place: not the ones noted by mistake."""
        return self.filter(cancelled_at=None)


class TeamMeeting(TerritoryRow):
    """A meeting of the medical team of a structure with its auxiliaries; nothing about a family.

    `cancelled_at` once somebody said that it was noted by mistake: it then counts for nothing.
    """

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="équipe")
    held_on = models.DateField("le")
    topics = models.CharField("points abordés", max_length=400)
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="notée par")
    noted_at = models.DateTimeField("notée le")
    cancelled_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="annulée par"
    )
    cancelled_at = models.DateTimeField("annulée le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(TeamMeetingQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(TeamMeetingQuerySet)()

    class Meta:
        verbose_name = "réunion d’équipe"
        verbose_name_plural = "réunions d’équipe"
        indexes = [models.Index(fields=["territory", "structure", "-held_on"], name="team_meeting_recent")]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "structure", "held_on"],
                condition=Q(cancelled_at=None),
                name="team_meeting_once_a_day",
                violation_error_message="La réunion de ce jour est déjà notée pour cette équipe.",
            ),
            models.CheckConstraint(
                condition=~Q(topics=""),
                name="team_meeting_has_topics",
                violation_error_message="Écrivez de quoi vous avez parlé.",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="team_meeting_cancelled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"team meeting of {self.held_on}"


class TeamMeetingAttendee(TerritoryRow):
    """Somebody who was at a meeting of her team."""

    meeting = models.ForeignKey(TeamMeeting, on_delete=models.PROTECT, related_name="+", verbose_name="réunion")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="présente")

    class Meta:
        verbose_name = "présente à une réunion d’équipe"
        verbose_name_plural = "présentes à une réunion d’équipe"
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="team_meeting_attendee_once")]

    def __str__(self) -> str:
        return f"member {self.member_id} at team meeting {self.meeting_id}"


class TeamMeetingPace(TerritoryRow):
    """How many days a territory lets pass between two meetings, from an instant; the last one counts."""

    append_only = True

    every_days = models.PositiveSmallIntegerField("au plus tous les (jours)")
    valid_from = models.DateTimeField("depuis le")
    set_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="réglé par")

    class Meta:
        verbose_name = "rythme des réunions d’équipe"
        verbose_name_plural = "rythmes des réunions d’équipe"
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "valid_from"],
                name="team_meeting_pace_once",
                violation_error_message="Ce rythme vient d’être réglé\u00a0: rechargez la page.",
            ),
            models.CheckConstraint(
                condition=Q(every_days__gte=FEWEST_DAYS, every_days__lte=MOST_DAYS),
                name="team_meeting_pace_possible",
                violation_error_message=f"Entre {FEWEST_DAYS} et {MOST_DAYS} jours.",
            ),
        ]

    def __str__(self) -> str:
        return f"every {self.every_days} days"
