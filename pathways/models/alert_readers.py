"""The doctors of the referring teams, by name: they read sealed alerts (alerts.md 1, a list per territory)."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from copa.kernel.scope import ScopedManager
from territories.models import Member, Structure, TerritoryRow


class AlertReaderQuerySet(models.QuerySet["AlertReader"]):
    """Reads of the list."""

    def visible_to(self, member: Member) -> "AlertReaderQuerySet":
        """Who reads what is sealed is no secret in the territory."""
        return self.all()

    def named(self) -> "AlertReaderQuerySet":
        """Those who stand on the list now."""
        return self.filter(ended_at=None)

    def current(self, day: date) -> "AlertReaderQuerySet":
        """Those of them whose rights run on this local day."""
        return self.named().filter(member__in=Member.objects.current(day).values("pk"))


class AlertReader(TerritoryRow):
    """Somebody is the doctor of a referring team, named by the binôme, until it takes the name off the list."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="médecin de l’équipe")
    named_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="nommé par")
    named_at = models.DateTimeField("nommé le")
    ended_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="ôté par")
    ended_at = models.DateTimeField("ôté le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(AlertReaderQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(AlertReaderQuerySet)()

    class Meta:
        verbose_name = "médecin de l’équipe de référence"
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "member"],
                condition=Q(ended_at=None),
                name="alert_reader_once",
                violation_error_message="Cette personne est déjà nommée pour cette équipe.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="alert_reader_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} for {self.structure_id}"
