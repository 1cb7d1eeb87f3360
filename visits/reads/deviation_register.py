"""The territory's deviations: how many of each kind, why, and the rows behind the numbers."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q

from copa.kernel.paging import counted_page
from copa.kernel.tabular import Column, safe
from pathways.reads.facts.words import words
from pathways.rules import add_months
from territories.enums import StructureKind
from territories.models import Member
from visits import perms
from visits.enums import CodingSource, DeviationKind
from visits.models import DeviationQuerySet
from visits.reads.deviations import kind_title, outside_reason, rows_of
from visits.reads.thread import short_kind
from visits.rules import DEVIATION_REASONS, MISSED_KINDS

PAGE = 25
MONTHS = 12


class Shelf(StrEnum):
    """Which ones; the value stands in the address."""

    TO_CODE = "a-coder"
    CODED = "codes"
    ALL = "tous"
    LIFTED = "sans-objet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks; None and "" keep everything. `month` is the first day of a month."""

    shelf: Shelf = Shelf.TO_CODE
    kind: str = ""
    ap: UUID | None = None
    month: date | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """How often one reason explains one kind; `share` of those of its kind that are explained."""

    label: str
    number: int
    share: float


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind: how many, how many explained, and by what, the most frequent first."""

    kind: str
    label: str
    total: int
    coded: int
    reasons: tuple[ReasonLine, ...]

    @property
    def coded_rate(self) -> float | None:
        return self.coded / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class Register:
    """The whole page. `counts` of the shelves and lines follow the other filters, not the shelf."""

    page: "Page[Any]"
    counts: dict[Shelf, int]
    lines: tuple[KindLine, ...]
    total: int
    coded: int

    @property
    def to_code(self) -> int:
        return self.counts[Shelf.TO_CODE]

    @property
    def coded_rate(self) -> float | None:
        return self.coded / self.total if self.total else None


def register(member: Member, asked: Asked, page: str) -> Register:
    """The rows asked for and the figures around them; the same number of queries for one row and for fifty."""
    shelves = {shelf: _rows(member, replace(asked, shelf=shelf)) for shelf in Shelf}
    counts = {shelf: rows.count() for shelf, rows in shelves.items()}
    keys = shelves[asked.shelf].order_by("-on", "-pk").values_list("pk", flat=True)
    found = counted_page(keys, per_page=PAGE, total=counts[asked.shelf], asked=page)
    found.object_list = rows_of(list(found.object_list), member)
    lines = kind_lines(_rows(member, replace(asked, shelf=Shelf.ALL)))
    return Register(found, counts, lines, sum(line.total for line in lines), sum(line.coded for line in lines))


def _rows(member: Member, asked: Asked) -> DeviationQuerySet:
    rows: Any = perms.LIST_DEVIATIONS.rows(member)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.ap:
        rows = rows.filter(Q(visit__ap__public_id=asked.ap) | Q(visit=None, pathway__ap__public_id=asked.ap))
    if asked.month:
        rows = rows.filter(on__gte=asked.month, on__lt=add_months(asked.month, 1))
    if asked.place:
        rows = rows.filter(pathway__carrier__kind=asked.place)
    if asked.shelf == Shelf.LIFTED:
        rows = rows.filter(lifted_at__isnull=False)
    elif asked.shelf == Shelf.TO_CODE:
        rows = rows.to_code()
    else:
        rows = rows.standing()
    return rows.exclude(reason="") if asked.shelf == Shelf.CODED else rows  # type: ignore[no-any-return]


def months(today: date) -> list[date]:
    """The first days of the last MONTHS months, the latest first."""
    return [add_months(today.replace(day=1), -back) for back in range(MONTHS)]


# ---- Figures ----------------------------------------------------------------------------------------------------
# Null where no duration is told.
_IS_SHORT = ExpressionWrapper(Q(minutes__lt=F("least")), output_field=BooleanField())


def kind_lines(rows: DeviationQuerySet) -> tuple[KindLine, ...]:
    """How many of each kind, and why; one query, no name in it."""
    groups = rows.annotate(is_short=_IS_SHORT).values("kind", "is_short", "reason").annotate(n=Count("pk")).order_by()
    counts: dict[tuple[int, str, str], Counter[str]] = {}
    places = list(DeviationKind.values)
    for group in groups:
        label = kind_title(group["kind"], is_short=bool(group["is_short"]))
        line = counts.setdefault((places.index(group["kind"]), group["kind"], label), Counter())
        line[group["reason"]] += group["n"]
    return tuple(_line(kind, label, reasons) for (_, kind, label), reasons in sorted(counts.items()))


def _line(kind: str, label: str, reasons: Counter[str]) -> KindLine:
    total = reasons.total()
    coded = total - reasons[""]
    told = sorted(((code, n) for code, n in reasons.items() if code), key=lambda one: (-one[1], one[0]))
    return KindLine(
        kind,
        label,
        total,
        coded,
        tuple(ReasonLine(words(DEVIATION_REASONS[kind], code), n, n / coded) for code, n in told),
    )


# ---- The file ---------------------------------------------------------------------------------------------------
# documents.md 7, row 7: what leaves the structure says the family of the deviation; the two others are the report's.
_FAMILIES: dict[str, str] = {
    DeviationKind.DURATION: "durée",
    DeviationKind.LATE: "horaire",
    DeviationKind.WINDOW: "date",
    **dict.fromkeys(MISSED_KINDS.values(), "date"),
    DeviationKind.EPDS: "questionnaire",
    DeviationKind.JOINT: "visite commune",
}
COLUMNS: tuple[Column, ...] = (
    ("mois", lambda row: f"{row.on:%Y-%m}"),
    ("structure", lambda row: words(StructureKind, row.place)),
    ("visite", lambda row: short_kind(row.visit__kind) if row.visit__kind else ""),
    ("famille", lambda row: _FAMILIES[row.kind]),
    ("ecart", lambda row: kind_title(row.kind, is_short=bool(row.is_short))),
    ("minutes", lambda row: row.minutes),
    ("code", lambda row: row.reason != ""),
    ("motif", lambda row: outside_reason(row.kind, row.reason)),
    ("origine", lambda row: words(CodingSource, row.source)),
)


def file_of(member: Member, asked: Asked) -> str:
    """The rows asked for as a CSV: no name, no reference, no day, no health reason (documents.md 7)."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(name for name, _ in COLUMNS)
    writer.writerows(_cells(_file_rows(member, asked)))
    return f"\ufeff{text.getvalue()}"


def _file_rows(member: Member, asked: Asked) -> Iterable[Any]:
    rows = _rows(member, asked).annotate(place=F("pathway__carrier__kind"), is_short=_IS_SHORT)
    names = ("on", "place", "visit__kind", "kind", "minutes", "is_short", "reason", "source")
    # By what is written, never by key: the order tells no date either.
    order = ("-on__year", "-on__month", "kind", "reason", "minutes", "pk")
    found: Iterable[Any] = rows.order_by(*order).values_list(*names, named=True).iterator(2000)
    return found


def _cells(rows: Iterable[Any]) -> Iterator[list[str]]:
    for row in rows:
        yield [safe(cell(row)) for _, cell in COLUMNS]
