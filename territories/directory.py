"""What the pages of the directory show: the list, one entry, the map of what a territory offers."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from copa.kernel.french import listed, normalised, plural
from territories import perms
from territories.catalogue import CRIP, NEEDS, TYPES, Audience, DirectoryType, EntryClass, EntryMode
from territories.directory_facts import Fact, capacity_words, choice_words, facts, is_capacity_old
from territories.enums import Capacity, Known
from territories.models import REVIEW_EVERY, CapacityCheck, Commune, DirectoryEntry, Member
from territories.rules import Point

PAGE = 40


class EntryShelf(StrEnum):
    """Which entries a page shows; the value stands in the address."""

    CURRENT = "en-service"
    TO_REVIEW = "a-verifier"
    ENDED = "archives"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """One resource. `where` is where it comes or receives, `valid_to` None while it goes on.

    `may_be_given`: anybody who meets the family may give its number (R004). `facts` are what else is known, in words;
    `choice_words` what decides between two services. `capacity_words` is "" while nobody knows about its places.
    """

    public_id: UUID
    name: str
    type: str
    type_label: str
    mode_label: str
    may_be_given: bool
    address: str
    where: str
    phone: str
    short_number: str
    email: str
    web: str
    hours: str
    delay_days: int | None
    cost_label: str
    at_home: bool
    languages: str
    capacity: str
    capacity_words: str
    capacity_on: date | None
    is_capacity_old: bool
    valid_from: date
    valid_to: date | None
    is_ended: bool
    needs_review: bool
    reviewed_on: date
    reviewed_by: str
    is_public: bool
    notes_pro: str
    needs: tuple[str, ...]
    mssante: str
    facts: tuple[Fact, ...]
    choice_words: str


# What the list may be asked about the way in and the places: value in the address, its words, the entries it keeps.
ACCESS: dict[str, tuple[str, Q]] = {
    "fauteuil": ("Accessible en fauteuil", Q(wheelchair=Known.YES)),
    "calme": ("Pièce calme", Q(quiet_room=Known.YES)),
    "materiel": ("Matériel adapté", Q(adapted_equipment=Known.YES)),
    "stationnement": ("Stationnement adapté", Q(parking_disabled=Known.YES)),
    "signes": ("Langue des signes", Q(sign_language=Known.YES)),
    "interprete": ("Interprète", Q(interpreter=Known.YES)),
    "falc": ("Documents faciles à lire", Q(falc_docs=Known.YES)),
    "domicile": ("Vient à domicile", Q(at_home=True)),
    "video": ("En vidéo", Q(video=True)),
    "sans-couverture": ("Sans couverture santé", Q(accepts_without_cover=Known.YES)),
    "mineures": ("Mineure seule", Q(minors_alone=Known.YES)),
}
PLACES: dict[str, tuple[str, Q]] = {
    "libres": ("Prend de nouvelles familles", Q(capacity_now=Capacity.OPEN)),
    "attente": ("Places ou liste d’attente", Q(capacity_now__in=[Capacity.OPEN, Capacity.WAITING])),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; "" for anything. `commune` is a code, `audience` a letter, the last two keys of the tables
    above."""

    words: str = ""
    type: str = ""
    need: str = ""
    commune: str = ""
    audience: str = ""
    access: str = ""
    places: str = ""


def entries(member: Member, wanted: Wanted, shelf: EntryShelf, today: date, *, page: str) -> "Page[EntryLine]":
    """A page of the directory by type and name; two queries and the communes, however many there are."""
    rows = _matching(perms.SEE_DIRECTORY.rows(member), wanted)
    rows = _shelf(rows, shelf, today).select_related("reviewed_by__user")
    found = Paginator(rows.order_by("search", "pk"), PAGE).get_page(page)
    found.object_list = _lines(list(found), today)
    return found


def shelf_counts(member: Member, wanted: Wanted, today: date) -> dict[str, int]:
    """How many entries of what is looked for stand on each shelf, one query; keys are the values of EntryShelf."""
    rows = _matching(perms.SEE_DIRECTORY.rows(member), wanted)
    is_on = Q(valid_from__lte=today) & (Q(valid_to=None) | Q(valid_to__gte=today))
    counted = rows.aggregate(
        current=Count("pk", filter=is_on),
        review=Count("pk", filter=is_on & Q(reviewed_on__lt=today - REVIEW_EVERY)),
        ended=Count("pk", filter=Q(valid_to__lt=today)),
    )
    return {
        EntryShelf.CURRENT.value: counted["current"],
        EntryShelf.TO_REVIEW.value: counted["review"],
        EntryShelf.ENDED.value: counted["ended"],
    }


def _matching(rows: Any, wanted: Wanted) -> Any:
    if wanted.type:
        rows = rows.filter(type=wanted.type)
    if wanted.need:
        rows = rows.filter(type__in=[one.code for one in TYPES.values() if wanted.need in one.needs])
    if wanted.commune:
        rows = rows.covering(wanted.commune)
    if wanted.audience:
        rows = rows.receiving(wanted.audience)
    for table, key in ((ACCESS, wanted.access), (PLACES, wanted.places)):
        rows = rows.filter(table[key][1]) if key else rows
    for word in normalised(wanted.words).split():
        rows = rows.filter(search__contains=word)
    return rows


def _shelf(rows: Any, shelf: EntryShelf, today: date) -> Any:
    if shelf == EntryShelf.ENDED:
        return rows.ended_on(today)
    rows = rows.valid_on(today)
    return rows.to_review_on(today) if shelf == EntryShelf.TO_REVIEW else rows


def entry_line(entry: DirectoryEntry, today: date) -> EntryLine:
    """One entry, whole."""
    rows = DirectoryEntry.objects.filter(pk=entry.pk).select_related("reviewed_by__user")
    return _lines(list(rows.order_by("pk")), today)[0]


def open_question(entry: DirectoryEntry, today: date) -> datetime | None:
    """When this service was asked about its places this month, None once it has answered or when nobody asked."""
    asked = CapacityCheck.objects.filter(entry=entry, month=today.replace(day=1), used_at=None)
    found: datetime | None = asked.values_list("asked_at", flat=True).first()
    return found


def choices_for(member: Member, need: str, commune: str, today: date, also: str = "") -> list[EntryLine]:
    """Entries of today that serve a need and come to this commune ("" for any), of the types that take families.

    `also` is a type that was asked for although it serves other needs, "" for none (R109: any service, at any time).
    Those that say they are full come last: they are still chosen when nobody else is there.
    """
    serving = [one.code for one in TYPES.values() if (need in one.needs or one.code == also) and one.takes_families]
    rows = perms.SEE_DIRECTORY.rows(member).filter(type__in=serving).valid_on(today).select_related("reviewed_by__user")
    rows = rows.covering(commune) if commune else rows
    found = _lines(list(rows.order_by("search", "pk")), today)
    return sorted(found, key=lambda line: line.capacity == Capacity.FULL)


def cells(member: Member, today: date) -> list[DirectoryEntry]:
    """The CRIP open today: where an information préoccupante goes."""
    return list(perms.SEE_DIRECTORY.rows(member).filter(type=CRIP).valid_on(today).order_by("search", "pk"))


@dataclass(frozen=True, slots=True)
class MapLine:
    """One type of the offer map: whom it is for, how one enters, who it is here."""

    label: str
    audiences: str
    mode: str
    entries: tuple[EntryLine, ...]


def offer_map(member: Member, today: date) -> tuple[MapLine, ...]:
    """What the territory offers today, by type in the order of the table (R026): one page to print.

    Secret places are never on it, whoever prints: a sheet of paper is left on a table.
    """
    rows = perms.SEE_DIRECTORY.rows(member).open_places().valid_on(today)
    lines = _lines(list(rows.select_related("reviewed_by__user").order_by("search", "pk")), today)
    return tuple(
        MapLine(
            kind.label,
            listed([str(one.label) for one in Audience if one in kind.audiences]),
            str(kind.entry_mode.label),
            found,
        )
        for kind in TYPES.values()
        if (found := tuple(line for line in lines if line.type == kind.code))
    )


def parenting_devices(day: date) -> int:
    """How many services support parents on this local day, secret places too: a number names nobody (N5, R143).

    Those whose type is social or of health, and serves the need of feeling a parent or of being alone.
    """
    classes = {EntryClass.SOCIAL, EntryClass.HEALTH}
    types = [one.code for one in TYPES.values() if one.entry_class in classes and one.needs & _PARENTING]
    return int(DirectoryEntry.objects.valid_on(day).filter(type__in=types).count())


_PARENTING = frozenset({"PARENTING", "ISOLATION"})


def communes() -> list[tuple[str, str]]:
    """The communes of the territory: (code, name), by name."""
    rows = Commune.objects.filter(is_outside=False).order_by("name", "code").values_list("code", "name")
    return list(rows)


def centres() -> dict[str, Point]:
    """Where the communes of the territory are, by code, as far as that has been loaded."""
    rows = (
        Commune.objects.filter(is_outside=False, latitude__isnull=False)
        .order_by("code")
        .values_list("code", "latitude", "longitude")
    )
    return {code: (latitude, longitude) for code, latitude, longitude in rows}


def type_choices(*, with_secret: bool) -> list[tuple[str, str]]:
    """The types as a list of choices, by label."""
    return sorted(
        ((one.code, one.label) for one in TYPES.values() if with_secret or not one.is_secret), key=lambda pair: pair[1]
    )


def audience_choices() -> list[tuple[str, str]]:
    """Whom a service may receive, as a list of choices."""
    return [(one.value, str(one.label).capitalize()) for one in Audience if one != Audience.PROFESSIONALS]


def table_choices(table: dict[str, tuple[str, Q]]) -> list[tuple[str, str]]:
    """ACCESS or PLACES as a list of choices."""
    return [(key, words) for key, (words, _) in table.items()]


def need_choices() -> list[tuple[str, str]]:
    """The needs that are not sealed, by label."""
    return sorted(((one.code, one.label) for one in NEEDS.values() if not one.is_sealed), key=lambda pair: pair[1])


def _lines(found: list[DirectoryEntry], today: date) -> list[EntryLine]:
    is_asked = any(entry.communes or entry.radius_km for entry in found)
    rows: Any = Commune.objects.filter(is_outside=False).order_by("name", "code") if is_asked else ()
    return [_line(entry, list(rows), today) for entry in found]


def _where(entry: Any, places: list[Commune]) -> str:
    """Its communes in words; of a radius, what it reaches."""
    names = {one.code: one.name for one in places}
    named = listed([names.get(code, code) for code in entry.communes])
    if entry.radius_km is None:
        return named or "Tout le territoire"
    around = f"À {plural(entry.radius_km, 'km,km')} à la ronde"
    return f"{around}\u00a0: {named}" if named else f"{around}, aucune commune du territoire"


def _beyond(entry: Any, places: list[Commune]) -> tuple[Fact, ...]:
    """The communes that a radius cannot reach because nobody has said where they are."""
    unplaced = [one.name for one in places if one.latitude is None] if entry.radius_km else []
    return (("Hors du rayon, faute de coordonnées", listed(unplaced)),) if unplaced else ()


def _line(entry: Any, places: list[Commune], today: date) -> EntryLine:
    kind: DirectoryType = entry.kind
    needs_review = entry.reviewed_on < today - REVIEW_EVERY
    return EntryLine(
        public_id=entry.public_id,
        name=entry.name,
        type=entry.type,
        type_label=kind.label,
        mode_label=str(kind.entry_mode.label),
        may_be_given=kind.entry_mode == EntryMode.SELF,
        address=entry.address,
        where=_where(entry, places),
        phone=entry.phone,
        short_number=entry.short_number,
        email=entry.email,
        web=entry.web,
        hours=entry.hours,
        delay_days=entry.delay_days,
        cost_label=entry.get_cost_display(),
        at_home=entry.at_home,
        languages=entry.languages,
        capacity=entry.capacity_now,
        capacity_words=capacity_words(entry, today),
        capacity_on=entry.capacity_on,
        is_capacity_old=is_capacity_old(entry, today),
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        is_ended=entry.valid_to is not None and entry.valid_to < today,
        needs_review=needs_review,
        reviewed_on=entry.reviewed_on,
        reviewed_by=entry.reviewed_by.user.get_full_name(),
        is_public=entry.visibility == "PUB",
        notes_pro=entry.notes_pro,
        needs=tuple(NEEDS[code].label for code in sorted(kind.needs) if not NEEDS[code].is_sealed),
        mssante=entry.mssante,
        facts=(*_beyond(entry, places), *facts(entry)),
        choice_words=choice_words(entry, today, needs_review=needs_review),
    )
