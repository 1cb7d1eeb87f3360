"""Included families by the strata of every figure (R037), and those whose answers are missing."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Subquery

from copa.kernel import clock
from copa.kernel.french import inner
from pathways import perms
from pathways.enums import FeedingWish, Parity, PathwayState, YesNoUnknown
from pathways.models import InclusionAnswers, Pathway
from pathways.reads.facts.words import words
from pathways.reads.names import mothers_of
from territories.models import Member

PAGE = 25
WISHES = tuple(f"Allaiter : {inner(str(one.label))}" for one in FeedingWish)


@dataclass(frozen=True, slots=True)
class CrossRow:
    """One parity and one answer about vulnerability; `counts` by FeedingWish, in its order."""

    parity: str
    vulnerability: str
    counts: tuple[int, ...]

    @property
    def cells(self) -> tuple[tuple[str, int], ...]:
        """Each count with the head of its column."""
        return tuple(zip(WISHES, self.counts, strict=True))

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class CrossTab:
    """Every combination, also those nobody is in. `missing` counts the families without their answers."""

    rows: tuple[CrossRow, ...]
    missing: int

    @property
    def sums(self) -> tuple[tuple[str, int], ...]:
        """Head and foot of each column."""
        return tuple((wish, sum(row.counts[place] for row in self.rows)) for place, wish in enumerate(WISHES))

    @property
    def known(self) -> int:
        """Families counted in a row."""
        return sum(row.total for row in self.rows)


@dataclass(frozen=True, slots=True)
class MissingRow:
    """An included family whose answers nobody wrote; `may_complete` False for whoever only counts."""

    pathway: UUID
    family_id: UUID
    family: str
    reference: str
    carrier: str
    included_at: datetime
    may_complete: bool


def cross_tab(member: Member, first: date, last: date) -> CrossTab:
    """Over the families included between two local days, both inclusive; one query.

    Nothing is asked of a family in mourning (A38): it stands in no stratum and misses nothing.
    """
    since, _ = clock.day_bounds(first, member.territory.time_zone)
    _, until = clock.day_bounds(last, member.territory.time_zone)
    rows = _counted(member).filter(included_at__gte=since, included_at__lt=until)
    answers = InclusionAnswers.objects.filter(pathway=OuterRef("pk"))
    grouped = (
        rows.annotate(
            parity=F("birth__parity"),
            vulnerability=Subquery(answers.values("vulnerability")[:1]),
            wish=Subquery(answers.values("wish")[:1]),
        )
        .order_by()
        .values_list("parity", "vulnerability", "wish")
        .annotate(number=Count("pk"))
    )
    counted = Counter({(parity, vulnerability, wish): number for parity, vulnerability, wish, number in grouped})
    lines = tuple(
        CrossRow(
            parity=words(Parity, parity),
            vulnerability=words(YesNoUnknown, vulnerability),
            counts=tuple(counted[(parity, vulnerability, wish)] for wish in FeedingWish),
        )
        for parity in Parity
        for vulnerability in YesNoUnknown
    )
    return CrossTab(rows=lines, missing=counted.total() - sum(line.total for line in lines))


def missing_rows(member: Member, page: str) -> "Page[MissingRow]":
    """Families without their answers, the latest included first."""
    answers = InclusionAnswers.objects.filter(pathway=OuterRef("pk"))
    rows = _counted(member).filter(~Exists(answers)).select_related("family", "carrier")
    completed = perms.COMPLETE_STRATA.rows(member).filter(pk=OuterRef("pk"))
    found: Page[Any] = Paginator(
        rows.annotate(may_complete=Exists(completed)).order_by("-included_at", "-pk"), PAGE
    ).get_page(page)
    names = mothers_of(row.family_id for row in found.object_list)
    found.object_list = [
        MissingRow(
            pathway=row.public_id,
            family_id=row.family.public_id,
            family=names[row.family_id].name,
            reference=row.family.reference,
            carrier=row.carrier.name,
            included_at=row.included_at,
            may_complete=row.may_complete,
        )
        for row in found.object_list
    ]
    return found


def is_answered(pathway: Pathway) -> bool:
    """Whether the answers of this inclusion are written."""
    return bool(InclusionAnswers.objects.filter(pathway=pathway).exists())


def _counted(member: Member) -> Any:
    rows = perms.SEE_STRATA.rows(member).filter(birth__is_silent=False)
    return rows.exclude(state=PathwayState.BEREAVED)
