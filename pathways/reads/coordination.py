"""What was said between professionals about one family, and the families nobody took time for (R099)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef

from copa.kernel.french import NBSP, day, full_day
from pathways import perms
from pathways.enums import PathwayState
from pathways.models import CoordinationEntry, Family, MeetingItem, Pathway
from pathways.reads.facts.names import Directory, name_columns, name_of
from pathways.reads.meetings import ItemRow, item_rows
from pathways.reads.names import mothers_of
from pathways.reads.told import Told
from territories.models import Member

PAGE = 25


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One time of coordination."""

    on: date
    minutes: int
    participants: str
    note: str
    noted_by: str


@dataclass(frozen=True, slots=True)
class CoordinationPage:
    """The coordination about one family: `hidden` and `hidden_entries` count what is not this member's to read."""

    entries: tuple[EntryRow, ...]
    minutes: int
    items: tuple[tuple[datetime, ItemRow], ...]
    hidden: int
    hidden_entries: int


@dataclass(frozen=True, slots=True)
class UncoordinatedRow:
    """A closed pathway without any time of coordination."""

    family_id: UUID
    family: str
    reference: str
    carrier: str
    closed_at: datetime


def coordination_page(family: Family, member: Member, today: date) -> CoordinationPage:
    """Entries and minutes this member reads, the latest first; a fixed number of queries."""
    directory = Directory()
    entries = list(perms.READ_COORDINATION.rows(member).filter(family=family).order_by("-on", "-pk"))
    directory.expect(people=(entry.noted_by_id for entry in entries))
    validated = MeetingItem.objects.filter(family=family).validated()
    readable = validated.filter(pk__in=perms.READ_MINUTES.rows(member).filter(family=family).values("pk"))
    read = readable.select_related("family", "meeting").order_by("-meeting__planned_at", "-pk")
    rows = item_rows(read, member, today, directory)
    moments = dict(readable.order_by().values_list("public_id", "meeting__planned_at"))
    return CoordinationPage(
        entries=tuple(_entry(entry, directory) for entry in entries),
        minutes=sum(entry.minutes for entry in entries),
        items=tuple((moments[row.public_id], row) for row in rows),
        hidden=validated.count() - len(rows),
        hidden_entries=CoordinationEntry.objects.filter(family=family).count() - len(entries),
    )


def _entry(entry: CoordinationEntry, directory: Directory) -> EntryRow:
    return EntryRow(entry.on, entry.minutes, entry.participants, entry.note, directory.name(entry.noted_by_id))


def uncoordinated(member: Member, page: str) -> "Page[UncoordinatedRow]":
    """Families whose pathway closed without an entry, nor a meeting about her; the latest first (R099)."""
    rows = without_coordination(member).order_by("-closed_at", "-pk")
    found: Page[Any] = Paginator(rows.values_list("pk", flat=True), PAGE).get_page(page)
    found.object_list = _uncoordinated_rows(list(found))
    return found


def without_coordination(member: Member) -> Any:
    """Closed pathways nobody took time for; none of a family in mourning (A38)."""
    closed = perms.SEE_UNCOORDINATED.rows(member).filter(state=PathwayState.CLOSED)
    entries = CoordinationEntry.objects.filter(pathway=OuterRef("pk"))
    items = MeetingItem.objects.filter(pathway=OuterRef("pk"), meeting__closed_at__isnull=False)
    return closed.filter(~Exists(entries), ~Exists(items), birth__is_silent=False)


def _uncoordinated_rows(keys: list[int]) -> list[UncoordinatedRow]:
    pathways = {row.pk: row for row in Pathway.objects.filter(pk__in=keys).select_related("family", "carrier")}
    mothers = mothers_of(row.family_id for row in pathways.values())
    return [
        UncoordinatedRow(
            family_id=row.family.public_id,
            family=mothers[row.family_id].name,
            reference=row.family.reference,
            carrier=row.carrier.name,
            closed_at=row.closed_at,
        )
        for row in (pathways[key] for key in keys)
        if row.closed_at is not None
    ]


def told(family: Family, member: Member) -> Iterator[Told]:
    """Entries and meetings she reads, and when somebody told the parents what was decided there; two queries."""
    if perms.SEE_COORDINATION.is_held_by(member):
        yield from _entries_told(family, member)
    read = perms.READ_MINUTES.rows(member).filter(family=family).order_by("pk")
    columns = ("public_id", "meeting__planned_at", "meeting__structure__name", "parents_told_at")
    for row in read.values_list(*columns, *name_columns("parents_told_by"), named=True):
        yield from _told(row)


def _entries_told(family: Family, member: Member) -> Iterator[Told]:
    entries = perms.READ_COORDINATION.rows(member).filter(family=family).order_by("pk")
    for entry in entries.values_list("on", "minutes", "participants", "noted_at", named=True):
        text = f"Le {full_day(entry.on)}, {entry.minutes}{NBSP}min, avec {entry.participants}."
        leads_to: dict[str, Any] = {"page": "pathways:coordination", "public_id": family.public_id}
        yield Told(at=entry.noted_at, icon="message", title="Temps de coordination", text=text, **leads_to)


def _told(row: Any) -> Iterator[Told]:
    leads_to: dict[str, Any] = {"page": "pathways:minutes", "public_id": row.public_id}
    text = f"{row.meeting__structure__name}. Les décisions sont dans le compte rendu."
    yield Told(at=row.meeting__planned_at, icon="list", title="Réunion pluridisciplinaire", text=text, **leads_to)
    if row.parents_told_at:
        said = f"Réunion du {day(row.meeting__planned_at)}. Par {name_of(row, 'parents_told_by')}."
        title = "Ce que l’équipe propose, dit aux parents"
        yield Told(at=row.parents_told_at, icon="message", title=title, text=said, **leads_to)
