"""The list of families: search by any name, filters, pages by key; its cost does not follow the territory's size."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from copa.kernel import clock
from copa.kernel.look import Thread
from pathways.enums import PathwayState
from pathways.models import Birth, CoParent, FamilyWord, Mother, Pathway
from pathways.perms import SEE_FAMILY
from pathways.rules import day_of, is_in_mourning, name_words
from territories.models import Member
from visits.models import Visit
from visits.reads.households import Household, households
from visits.reads.thread import mini_thread
from visits.rules import kinds_to_make

PAGE = 25
# Beyond this the exact number helps nobody, and counting it would follow the size of the territory.
COUNTED = 1000
# The longest words typed say enough; each one more is another search.
WORDS = 6
NO_PATHWAY = "sans-parcours"
STATES = (*PathwayState.values, NO_PATHWAY)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks; "" and None keep everything. `after` and `before` are keys of neighbouring pages.

    `phone` is what `words` says as a number (+E.164), "" when it is none. `is_hers`: only those given to this member.
    """

    words: str = ""
    phone: str = ""
    state: str = ""
    ap: UUID | None = None
    is_hers: bool = False
    maternity: UUID | None = None
    sector: UUID | None = None
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One family. `day` and `thread` are None without a birth, or in mourning (A38)."""

    household: Household
    reference: str
    maternity: str
    born_at: datetime | None
    day: int | None
    thread: Thread | None
    ap: str
    state: str
    state_label: str


@dataclass(frozen=True)
class FamilyPage:
    """One page of the list. `total` is None beyond COUNTED; the keys are None at an end."""

    rows: list[FamilyRow]
    total: int | None
    after: int | None
    before: int | None


def family_page(member: Member, filters: Filters, *, at: datetime, zone: str) -> FamilyPage:
    """The families this member may open, the newest first; the same number of queries for any page."""
    today = clock.local_date(at, zone)
    families = _filtered(SEE_FAMILY.rows(member), filters)
    if filters.is_hers:
        families = families.filter(Exists(Pathway.objects.filter(family=OuterRef("pk"), ap=member)))
    found, has_newer, has_older = _cut(families, filters)
    counted = families.order_by()[: COUNTED + 1].count()
    return FamilyPage(
        rows=_rows(found, today, zone),
        total=counted if counted <= COUNTED else None,
        after=found[-1].pk if found and has_older else None,
        before=found[0].pk if found and has_newer else None,
    )


# ---- Search and filters ----------------------------------------------------------------------------------
def _filtered(families: QuerySet[Any], filters: Filters) -> QuerySet[Any]:
    pathways = Pathway.objects.filter(family=OuterRef("pk"))
    if filters.ap:
        families = families.filter(Exists(pathways.filter(ap__public_id=filters.ap)))
    if filters.state == NO_PATHWAY:
        families = families.filter(~Exists(pathways))
    elif filters.state:
        families = families.filter(Exists(pathways.filter(state=filters.state)))
    if filters.maternity:
        families = families.filter(maternity__public_id=filters.maternity)
    if filters.sector:
        families = families.filter(commune__sector__public_id=filters.sector)
    return _searched(families, filters) if filters.words else families


def _searched(families: QuerySet[Any], filters: Filters) -> QuerySet[Any]:
    """By phone when the words are a number, else by names. Signs alone name nobody."""
    if filters.phone:
        return families.filter(pk__in=_reached_by(filters.phone))
    words = name_words(filters.words)
    # Asked once, as keys: the count and the page would each search again.
    return families.filter(pk__in=_named(families, words)) if words else families.none()


def _reached_by(phone: str) -> set[int]:
    """Keys of the families whose mother or co-parent has this number."""
    rows = (people.objects.filter(phone=phone).values_list("family_id", flat=True) for people in (Mother, CoParent))
    return set(chain.from_iterable(rows))


def _named(families: QuerySet[Any], words: frozenset[str]) -> list[int]:
    """Keys of the families that all these words name, in any order, the newest first, COUNTED and one at most.

    Each word begins a word of a name of the mother, a co-parent or a child; the index of `FamilyWord` answers.
    """
    for word in sorted(words, key=len)[-WORDS:]:
        families = families.filter(pk__in=FamilyWord.objects.beginning(word))
    return list(families.order_by("-pk").values_list("pk", flat=True)[: COUNTED + 1])


# ---- Pages -----------------------------------------------------------------------------------------------
def _cut(families: QuerySet[Any], filters: Filters) -> tuple[list[Any], bool, bool]:
    """PAGE families beside a key, newest first, and whether there are newer and older ones."""
    shown = families.select_related("maternity")
    if filters.before is not None:
        newer = list(shown.filter(pk__gt=filters.before).order_by("pk")[: PAGE + 1])
        return newer[:PAGE][::-1], len(newer) > PAGE, True
    if filters.after is not None:
        shown = shown.filter(pk__lt=filters.after)
    found = list(shown.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], filters.after is not None, len(found) > PAGE


def _rows(families: list[Any], today: date, zone: str) -> list[FamilyRow]:
    keys = [family.pk for family in families]
    homes = households(keys)
    births = {birth.family_id: birth for birth in Birth.objects.filter(family__in=keys).order_by("at", "pk")}
    pathways = Pathway.objects.filter(family__in=keys).select_related("ap__user", "rules").order_by("included_at", "pk")
    last = {pathway.family_id: pathway for pathway in pathways}
    visits: dict[int, list[Visit]] = {}
    for visit in Visit.objects.running().filter(pathway__in=[row.pk for row in last.values()]).order_by("planned_at"):
        visits.setdefault(visit.family_id, []).append(visit)
    return [
        _row(
            family, homes[family.pk], births.get(family.pk), last.get(family.pk), visits.get(family.pk, []), today, zone
        )
        for family in families
        if family.pk in homes
    ]


def _row(
    family: Any,
    home: Household,
    birth: Birth | None,
    pathway: Pathway | None,
    visits: list[Visit],
    today: date,
    zone: str,
) -> FamilyRow:
    is_silent = birth is not None and birth.is_silent
    is_mourning = is_in_mourning(is_silent=is_silent, state=pathway.state if pathway else "")
    is_quiet = birth is None or is_mourning
    is_active = pathway is not None and pathway.state == PathwayState.ACTIVE
    thread = None
    if birth is not None and pathway is not None and not is_quiet:
        promised = kinds_to_make(
            pathway.rules.planned_visits, pathway.kinds_elsewhere, is_third_decided=pathway.is_third_decided
        )
        thread = mini_thread(
            birth_day=birth.day,
            visits=visits,
            today=today,
            zone=zone,
            is_active=is_active,
            promised=promised,
            elsewhere=pathway.elsewhere,
        )
    return FamilyRow(
        household=replace(home, children=(), has_changed=False) if is_mourning else home,
        reference=family.reference,
        maternity=family.maternity.name,
        born_at=birth.at if birth and not is_quiet else None,
        day=day_of(birth.day, today) if birth and not is_quiet else None,
        thread=thread,
        ap=pathway.ap.user.get_full_name() if pathway and pathway.ap else "",
        state=pathway.state if pathway else NO_PATHWAY,
        state_label=str(PathwayState(pathway.state).label) if pathway else "Pas encore incluse",
    )
