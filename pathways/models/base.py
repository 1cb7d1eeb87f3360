"""Rows of a family, and which of them a member may know of."""

from typing import Any

from django.db import models

from territories.enums import BINOME, PILOTS, Role
from territories.models import Member, TerritoryRow


def knows_every_family(member: Member) -> bool:
    """Pilots and the administrator know of every family of the territory; knowing is not opening."""
    return member.role in PILOTS | {Role.ADMINISTRATOR}


def keeps_records(member: Member) -> bool:
    """Whether she also opens the closed record of a family that another territory follows: the binôme alone (A38)."""
    return member.role in BINOME


def of_visible_families(rows: Any, member: Member) -> Any:
    """Rows of the families this member may know of; without a join for the binôme, who knows all of them."""
    if keeps_records(member):
        return rows
    if knows_every_family(member):
        return rows.filter(family__moved_at=None)
    # Families need pathways, relays and grants to answer: their class cannot be imported where rows begin.
    families = rows.model._meta.get_field("family").related_model
    return rows.filter(family__in=families.objects.visible_to(member))


class OfFamiliesQuerySet(models.QuerySet[Any]):
    """Reads of rows of a family."""

    def visible_to(self, member: Member) -> "OfFamiliesQuerySet":
        """Rows of the families she may know of."""
        return of_visible_families(self, member)  # type: ignore[no-any-return]


class FamilyRow(TerritoryRow):
    """A row that belongs to one family; reading it is reading her file."""

    family = models.ForeignKey("pathways.Family", on_delete=models.PROTECT, related_name="+", verbose_name="famille")

    class Meta:
        abstract = True

    @property
    def traced_family_id(self) -> int:
        """Whose file is read when this row is."""
        return int(self.family_id)
