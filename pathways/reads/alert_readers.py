"""The list of a territory: who reads what is sealed in an alert (alerts.md 1)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pathways.models import AlertReader
from territories.enums import Role
from territories.models import Member

# Whom the binôme may name as the doctor of a team, in her own structure.
DOCTORS = frozenset({Role.REFERRING_TEAM, Role.PMI_DOCTOR})


@dataclass(frozen=True, slots=True)
class ReaderLine:
    """A doctor of a team; `ended_at` None while she stands on the list."""

    public_id: UUID
    name: str
    structure: str
    named_by: str
    named_at: datetime
    ended_by: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReadersPage:
    """Those on the list, by team, and those who were."""

    lines: tuple[ReaderLine, ...]
    former: tuple[ReaderLine, ...]


def readers_page() -> ReadersPage:
    """The doctors of the territory in scope; one query."""
    about = ("member__user", "structure", "named_by__user", "ended_by__user")
    rows = AlertReader.objects.select_related(*about).order_by("structure__name", "named_at", "pk")
    lines = [_line(row) for row in rows]
    return ReadersPage(
        lines=tuple(one for one in lines if one.ended_at is None),
        former=tuple(one for one in lines if one.ended_at is not None),
    )


def possible_readers(day: date) -> list[tuple[str, str]]:
    """Whom she may name, by team: (public id, team and name); those whose rights run on this local day."""
    people = Member.objects.current(day).with_role(*DOCTORS).exclude(structure=None)
    found = people.select_related("user", "structure")
    rows = found.order_by("structure__name", "user__last_name", "user__first_name", "pk")
    return [(str(one.public_id), f"{one.structure.name} · {one.user.get_full_name()}") for one in rows]


def _line(row: AlertReader) -> ReaderLine:
    return ReaderLine(
        public_id=row.public_id,
        name=row.member.user.get_full_name(),
        structure=row.structure.name,
        named_by=row.named_by.user.get_full_name(),
        named_at=row.named_at,
        ended_by=row.ended_by.user.get_full_name() if row.ended_by else "",
        ended_at=row.ended_at,
    )
