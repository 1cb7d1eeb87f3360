"""What the pages show of groups and workshops (R226): the list, one of them, the sheet to print, those of a service."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator

from copa.kernel.french import NBSP, listed, moment, plural
from territories import perms
from territories.catalogue import NEEDS, Audience, Visibility
from territories.enums import EventKind, Known, Registration
from territories.models import Commune, DirectoryEntry, GroupEvent, GroupEventDate, Member

PAGE = 40
# How many dates a line of the list tells; the others are on the page of the event.
SHOWN_DATES = 3
# A sheet of paper is given for the weeks to come, not for the year.
PRINTED = timedelta(days=92)


@dataclass(frozen=True, slots=True, kw_only=True)
class DateLine:
    """One date; `reason` says why it is cancelled, "" while it is not."""

    public_id: UUID
    starts_at: datetime
    ends_at: datetime
    is_cancelled: bool
    reason: str
    may_cancel: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One group or workshop in words. `dates` are those to come, the next ones first; `more` how many others come.

    `organiser` and `commune` are "" for none, `age` for any age, `theme` for no theme. `is_stopped` says that nobody
    may register any more.
    """

    public_id: UUID
    name: str
    kind: str
    organiser: str
    organiser_id: UUID | None
    commune: str
    address: str
    access_text: str
    audience: str
    age: str
    theme: str
    registration: str
    is_stopped: bool
    is_free: bool
    phone: str
    link: str
    wheelchair: str
    is_public: bool
    words: str
    is_cancelled: bool
    reason: str
    dates: tuple[DateLine, ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """One event with all its dates; `past` are over, the latest first."""

    line: EventLine
    past: tuple[DateLine, ...]
    written_by: str
    written_at: datetime
    may_keep: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the list is asked for; "" for anything. `commune` is a code, `age` in months, None for any."""

    kind: str = ""
    theme: str = ""
    commune: str = ""
    age: int | None = None
    audience: str = ""


def coming(member: Member, asked: Asked, at: datetime, page: str) -> "Page[EventLine]":
    """Events with a date to come, by their next date; three queries, however many there are."""
    return _page(_matching(member, asked).coming(at).by_next_date(at), at, page)


def past(member: Member, asked: Asked, at: datetime, page: str) -> "Page[EventLine]":
    """Events that are over, the latest first; three queries."""
    return _page(_matching(member, asked).past(at).by_last_date(), at, page)


def counts(member: Member, asked: Asked, at: datetime) -> tuple[int, int]:
    """How many events of what is asked are to come, and over."""
    rows = _matching(member, asked)
    coming_number = rows.coming(at).count()
    return coming_number, rows.count() - coming_number


def to_print(member: Member, asked: Asked, at: datetime) -> list[EventLine]:
    """What may be given to a family, with its dates of the next three months, by the first of them; two queries.

    What is for professionals is not on it, whoever prints: a sheet of paper is left on a table.
    """
    rows = _matching(member, asked).filter(visibility=Visibility.PUBLIC).coming(at).by_next_date(at)
    lines = _lines(list(rows.select_related("entry", "commune")), at, until=at + PRINTED)
    return [line for line in lines if line.dates]


def of_entry(member: Member, entry: DirectoryEntry, at: datetime) -> list[EventLine]:
    """What a service of the directory organises and is still to come; two queries."""
    rows = perms.SEE_EVENTS.rows(member).filter(entry=entry).coming(at).by_next_date(at)
    return _lines(list(rows.select_related("entry", "commune")), at)


def event_page(event: GroupEvent, member: Member, at: datetime) -> EventPage:
    """One event, whole."""
    row = GroupEvent.objects.select_related("entry", "commune", "written_by__user").get(pk=event.pk)
    may_keep = perms.KEEP_EVENTS.is_held_by(member)
    dates = list(GroupEventDate.objects.filter(event=row).order_by("starts_at", "pk"))
    over = [one for one in dates if one.ends_at <= at]
    ahead = [one for one in dates if one.ends_at > at]
    return EventPage(
        line=_line(row, ahead, at, may_keep=may_keep, shown=None),
        past=tuple(_date(one, row, at, may_keep=False) for one in reversed(over)),
        written_by=row.written_by.user.get_full_name(),
        written_at=row.written_at,
        may_keep=may_keep and row.cancelled_at is None,
    )


def organisers(member: Member, today: date, event: GroupEvent | None) -> list[DirectoryEntry]:
    """The services that may organise something, by name: of today, none of them a secret place.

    And the one of this event, if any, which may have ended since: correcting a word does not take it away.
    """
    rows = perms.SEE_DIRECTORY.rows(member).open_places()
    kept = DirectoryEntry.objects.filter(pk=event.entry_id if event else None)
    return list((rows.valid_on(today) | rows & kept).order_by("search", "pk"))


def communes() -> list[Commune]:
    """The communes of the territory, by name."""
    return list(Commune.objects.filter(is_outside=False).order_by("name", "code"))


def date_words(one: GroupEventDate) -> str:
    """As "Café des parents, mar. 3 nov. à 14 h 05"."""
    return f"{one.event.name}, {moment(one.starts_at)}"


def _matching(member: Member, asked: Asked) -> Any:
    rows = perms.SEE_EVENTS.rows(member).of_open_places()
    for column, value in (("kind", asked.kind), ("theme", asked.theme)):
        rows = rows.filter(**{column: value}) if value else rows
    if asked.audience:
        rows = rows.filter(audiences__contains=[asked.audience])
    if asked.commune:
        rows = rows.near(asked.commune)
    return rows if asked.age is None else rows.for_age(asked.age)


def _page(rows: Any, at: datetime, page: str) -> "Page[EventLine]":
    found: Page[Any] = Paginator(rows.select_related("entry", "commune"), PAGE).get_page(page)
    found.object_list = _lines(list(found), at)
    return found


def _lines(rows: list[Any], at: datetime, until: datetime | None = None) -> list[EventLine]:
    """The rows in words: with their next dates, or with every one before `until`."""
    ahead: dict[int, list[Any]] = {}
    dates = GroupEventDate.objects.filter(event__in=[row.pk for row in rows], ends_at__gt=at)
    dates = dates.filter(starts_at__lt=until) if until else dates
    for one in dates.order_by("starts_at", "pk"):
        ahead.setdefault(one.event_id, []).append(one)
    shown = None if until else SHOWN_DATES
    return [_line(row, ahead.get(row.pk, []), at, may_keep=False, shown=shown) for row in rows]


def _date(one: Any, event: Any, at: datetime, *, may_keep: bool) -> DateLine:
    # What had been held when the whole was cancelled stays held.
    with_event = event.cancelled_at is not None and one.ends_at > event.cancelled_at
    is_cancelled = one.cancelled_at is not None or with_event
    return DateLine(
        public_id=one.public_id,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        is_cancelled=is_cancelled,
        reason=one.cancel_reason or (event.cancel_reason if with_event else ""),
        may_cancel=may_keep and not is_cancelled and one.ends_at > at,
    )


def _line(row: Any, ahead: list[Any], at: datetime, *, may_keep: bool, shown: int | None = SHOWN_DATES) -> EventLine:
    told = ahead[:shown]
    entry = row.entry
    return EventLine(
        public_id=row.public_id,
        name=row.name,
        kind=EventKind(row.kind).label,
        organiser=entry.name if entry else "",
        organiser_id=entry.public_id if entry else None,
        commune=row.commune.name if row.commune else "",
        address=row.address or (entry.address if entry and row.commune is None else ""),
        access_text=row.access_text,
        audience=listed([str(one.label) for one in Audience if one.value in row.audiences]),
        age=age_words(row.child_age_from, row.child_age_to),
        theme=NEEDS[row.theme].label if row.theme in NEEDS else "",
        registration=Registration(row.registration).label,
        is_stopped=row.registration in {Registration.CLOSED, Registration.FULL},
        is_free=row.registration == Registration.FREE,
        phone=row.phone or (entry.phone if entry and row.registration == Registration.REQUIRED else ""),
        link=row.link,
        wheelchair=_ACCESS[Known(row.wheelchair)],
        is_public=row.visibility == Visibility.PUBLIC,
        words=row.words,
        is_cancelled=row.cancelled_at is not None,
        reason=row.cancel_reason,
        dates=tuple(_date(one, row, at, may_keep=may_keep) for one in told),
        more=len(ahead) - len(told),
    )


_ACCESS = {Known.YES: "accessible", Known.NO: "pas accessible", Known.UNKNOWN: "accès à demander"}


def age_words(first: int | None, last: int | None) -> str:
    """As "enfant de 3 à 12 mois", "enfant jusqu’à 6 ans", "enfant dès 3 mois"; "" for any age."""
    if first is None and last is None:
        return ""
    if last is None:
        return f"enfant dès {months_words(first or 0)}"
    if not first:
        return f"enfant jusqu’à {months_words(last)}"
    return f"enfant de {months_words(first)} à{NBSP}{months_words(last)}"


def months_words(months: int) -> str:
    """An age as one says it: "18 mois", "2 ans"."""
    years, rest = divmod(months, 12)
    return plural(years, "an") if years > 1 and not rest else plural(months, "mois,mois")


# The ages a list may be asked for, in months.
AGES = (*range(13), 18, 24, 36, 48, 72)


def age_choices() -> list[tuple[int, str]]:
    """The ages of a child as a list of choices."""
    return [(months, months_words(months) if months else "Moins d’un mois") for months in AGES]
