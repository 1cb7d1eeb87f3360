"""The register of committees, and the years in which too few were held (R091, R092)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef

from territories import perms
from territories.models import Mandate, Member, Region, Territory
from territories.models.committees import EVERY_REGION, region_read_by
from territories.rules import committee_years, too_few_committees

PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitteeLine:
    """One committee. `place` is its region or "national"; `cancel_url` "" when the reader may not take it back."""

    place: str
    held_on: date
    participants: str
    minutes: str
    noted_by: str
    cancelled_by: str
    cancel_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCount:
    """How many committees a year saw; `alert` in words, "" when enough. `is_over` once the year is."""

    place: str
    year: int
    count: int
    alert: str
    is_over: bool


def register(holder: Member | Mandate, page: str, cancel: Callable[[UUID], str]) -> "Page[CommitteeLine]":
    """The committees she may read, the latest first; two queries, however many lines. `cancel` gives an address."""
    may_cancel = perms.CANCEL_COMMITTEE.rows(holder).filter(pk=OuterRef("pk"))
    rows: Any = perms.SEE_COMMITTEES.rows(holder)
    shown = rows.select_related("region", "noted_by", "cancelled_by").annotate(may_cancel=Exists(may_cancel))
    found: Page[Any] = Paginator(shown.order_by("-held_on", "-pk"), PAGE).get_page(page)
    found.object_list = [_line(one, cancel) for one in found.object_list]
    return found


def _line(row: Any, cancel: Callable[[UUID], str]) -> CommitteeLine:
    is_standing = row.cancelled_at is None
    return CommitteeLine(
        place=row.region.name if row.region else "national",
        held_on=row.held_on,
        participants=row.participants,
        minutes=row.minutes,
        noted_by=row.noted_by.get_full_name(),
        cancelled_by="" if is_standing else row.cancelled_by.get_full_name(),
        cancel_url=cancel(row.public_id) if row.may_cancel and is_standing else "",
    )


def year_counts(holder: Member | Mandate, today: date) -> list[YearCount]:
    """This civil year and the last, the national committee first, then each region she reads; two queries."""
    rows: Any = perms.SEE_COMMITTEES.rows(holder)
    years = committee_years(today)
    found = rows.held().filter(held_on__year__in=years).order_by().values("region", "held_on__year")
    counts = {(row["region"], row["held_on__year"]): row["number"] for row in found.annotate(number=Count("pk"))}
    places: list[tuple[str | None, str]] = [(None, "national"), *_regions(holder)]
    return [
        YearCount(
            place=name,
            year=year,
            count=counts.get((code, year), 0),
            alert=too_few_committees(counts.get((code, year), 0), year),
            is_over=year < today.year,
        )
        for code, name in places
        for year in years
    ]


def _regions(holder: Member | Mandate) -> list[tuple[str, str]]:
    """The regions of the programme that she reads, by name."""
    region = region_read_by(holder)
    rows = Region.objects.filter(Exists(Territory.objects.active().filter(region=OuterRef("pk"))))
    return list((rows if region == EVERY_REGION else rows.filter(pk=region)).order_by("name").values_list("pk", "name"))
