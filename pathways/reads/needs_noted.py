"""Needs already noted, as the report of a visit asks about them again (visit-report.md, need.prev)."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from copa.kernel.french import inner
from pathways.models import Need, Orientation
from pathways.models.needs import readable_needs
from pathways.rules.orientations import AWAITS_CONTACT
from territories.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedNeed:
    """A need still in hand. `target` is the kind of help the family was oriented to, "" when nothing is awaited."""

    public_id: UUID
    label: str
    who: str
    about: str
    target: str


def noted_needs(pathway_id: int, reader: Member) -> tuple[NotedNeed, ...]:
    """Those of a pathway that this reader may know of, never a sealed one nor one of a child who died; two queries."""
    rows = readable_needs(Need.objects.running().filter(pathway=pathway_id), reader)
    needs = list(rows.select_related("child").order_by("spotted_at", "pk"))
    awaited = awaited_orientations([need.pk for need in needs]) if needs else {}
    return tuple(
        NotedNeed(
            public_id=need.public_id,
            label=need.kind.label,
            who=need.who if need.child else inner(need.who),
            about=need.about,
            target=awaited[need.pk].target.label if need.pk in awaited else "",
        )
        for need in needs
    )


def awaited_orientations(needs: Collection[int]) -> dict[int, Orientation]:
    """By key of need, the orientation whose first contact is asked about: the last one that left or was given."""
    rows = Orientation.objects.filter(need__in=needs, state__in=AWAITS_CONTACT)
    return {row.need_id: row for row in rows.order_by("proposed_at", "pk")}
