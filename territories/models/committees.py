"""The register of follow-up committees, national and of a region (R091, R092): no territory, no family.

Whoever works in a territory of a region reads its committees and the national ones; a mandate those of its region.
"""

import uuid

from django.db import models
from django.db.models import Q

from territories.enums import CommitteeKind
from territories.models.base import Mandate, Member, Region, User

EVERY_REGION = "*"


def region_read_by(holder: Member | Mandate) -> str:
    """Code of the region whose committees she reads; EVERY_REGION for a mandate that has no region of its own."""
    return str(holder.region_scope if isinstance(holder, Mandate) else holder.territory.region_id)


class CommitteeQuerySet(models.QuerySet["Committee"]):
    """Reads of the register."""

    def visible_to(self, holder: Member | Mandate) -> "CommitteeQuerySet":
        """The national ones, and those of her region: every region for a national mandate."""
        region = region_read_by(holder)
        return self.all() if region == EVERY_REGION else self.filter(Q(region=None) | Q(region=region))

    def held(self) -> "CommitteeQuerySet":
        """Those that took place: not the ones noted by mistake."""
        return self.filter(cancelled_at=None)


class Committee(models.Model):
    """One meeting of a committee; `region` None for the national one.

    `cancelled_at` once somebody said that it was noted by mistake: it then counts for nothing.
    """

    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    kind = models.CharField("comité", max_length=12, choices=CommitteeKind.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="région")
    held_on = models.DateField("le")
    participants = models.CharField("qui était là", max_length=1000)
    minutes = models.TextField("compte rendu", max_length=8000)
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="noté par")
    noted_at = models.DateTimeField("noté le")
    cancelled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="annulé par"
    )
    cancelled_at = models.DateTimeField("annulé le", null=True)

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = "comité de suivi"
        verbose_name_plural = "comités de suivi"
        indexes = [models.Index(fields=["region", "-held_on"], name="committee_recent")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=CommitteeKind.NATIONAL, region=None)
                | Q(kind=CommitteeKind.TERRITORIAL, region__isnull=False),
                name="committee_region_of_kind",
                violation_error_message="Un comité territorial a une région, le comité national n’en a pas.",
            ),
            models.UniqueConstraint(
                fields=["kind", "region", "held_on"],
                condition=Q(cancelled_at=None),
                nulls_distinct=False,
                name="committee_once_a_day",
                violation_error_message="Le comité de ce jour est déjà noté.",
            ),
            models.CheckConstraint(
                condition=~Q(participants="") & ~Q(minutes=""),
                name="committee_is_told",
                violation_error_message="Écrivez qui était là et ce qui s’est dit.",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="committee_cancelled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} committee of {self.held_on}"
