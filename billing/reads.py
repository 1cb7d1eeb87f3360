"""Lines and closed pathways without one, for the page and for the job."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate

from billing import rules
from billing.enums import LineKind
from billing.models import ChargeableLine, Tariff
from copa.kernel import clock, scope
from copa.kernel.quarters import Quarter
from pathways.models import Pathway
from pathways.perms import SEE_FAMILY
from territories.models import Member, Territory
from visits.enums import COUNTED_KINDS, VisitState
from visits.models import Visit

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of the list; the family is its reference, never a name. `family_id` is None for who may not open it."""

    reference: str
    family_id: UUID | None
    kind: str
    visits_done: int
    amount: Decimal
    closed_on: date


@dataclass(frozen=True, slots=True)
class UnpricedRow:
    """A closed pathway without a line and why, in a French sentence. `family_id` is None for who may not open it."""

    reference: str
    family_id: UUID | None
    visits_done: int
    closed_on: date
    why: str


@dataclass(frozen=True, slots=True)
class KindTotal:
    """How many lines of a kind and how much they are worth (€)."""

    kind: str
    label: str
    count: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """Lines of a period by kind, all together, and the closed pathways that have none."""

    kinds: tuple[KindTotal, ...]
    unpriced: int

    @property
    def count(self) -> int:
        return sum(kind.count for kind in self.kinds)

    @property
    def amount(self) -> Decimal:
        return sum((kind.amount for kind in self.kinds), Decimal("0.00"))


def visits_done(pathway_id: int) -> int:
    """How many counted visits (V1, V2, V3) of the pathway were done."""
    return int(Visit.objects.filter(pathway=pathway_id, **_COUNTED).count())


def due_pathway_ids(limit: int = 500) -> list[int]:
    """Closed pathways that have a price and no line yet, oldest closing first.

    Those without a price are left out here: they stay without a line for ever and must not fill the batch.
    """
    due = _without_line(Pathway.objects.closed()).annotate(done=_done(), day=_closing_day()).annotate(kind=_kind())
    valid = Tariff.objects.filter(Q(valid_to=None) | Q(valid_to__gte=OuterRef("day")))
    valid = valid.filter(kind=OuterRef("kind"), valid_from__lte=OuterRef("day"))
    # `rules.tariff_on`: the amount was set under the version of the pathway.
    until = Coalesce(OuterRef("rules__valid_to"), Value(date.max))
    valid = valid.filter(valid_from__gte=OuterRef("rules__valid_from"), valid_from__lte=until)
    keys = due.filter(Exists(valid)).order_by("closed_at", "pk").values_list("pk", flat=True)
    return list(keys[:limit])


def totals(quarter: Quarter | None) -> Totals:
    """Lines by kind and pathways without one, of a quarter or of all time."""
    counted = _lines(quarter).order_by("kind").values_list("kind").annotate(Count("pk"), Sum("amount"))
    found: dict[str, tuple[int, Decimal]] = {kind: (count, amount) for kind, count, amount in counted}
    kinds = tuple(KindTotal(kind, kind.label, *found.get(kind, (0, Decimal("0.00")))) for kind in LineKind)
    return Totals(kinds, _unpriced(quarter).count())


def lines(quarter: Quarter | None, kind: str, page: str | None, member: Member) -> "Page[LineRow]":
    """A page of lines, last closing first; `kind` "" for all."""
    rows = _lines(quarter).filter(kind=kind) if kind else _lines(quarter)
    found = Paginator(rows.select_related("family").order_by("-closed_on", "-pk"), PAGE_SIZE).get_page(page)
    openable = _openable(found.object_list, member)
    return _shown(found, [_line_row(line, openable) for line in found.object_list])


def unpriced(quarter: Quarter | None, page: str | None, member: Member) -> "Page[UnpricedRow]":
    """A page of closed pathways without a line, last closing first, each with its reason."""
    rows = _unpriced(quarter).select_related("family", "rules").annotate(done=_done()).order_by("-closed_at", "-pk")
    found = Paginator(rows, PAGE_SIZE).get_page(page)
    tariffs, zone = list(Tariff.objects.order_by("pk")), _zone()
    openable = _openable(found.object_list, member)
    return _shown(found, [_unpriced_row(pathway, openable, tariffs, zone) for pathway in found.object_list])


def quarters() -> list[Quarter]:
    """Quarters in which a pathway closed, last first."""
    bounds = Pathway.objects.closed().order_by("closed_at").values_list("closed_at", flat=True)
    first, last = bounds.first(), bounds.last()
    if first is None or last is None:
        return []
    zone = _zone()
    oldest, found = Quarter.of(clock.local_date(first, zone)), [Quarter.of(clock.local_date(last, zone))]
    while found[-1] > oldest:
        found.append(found[-1].previous)
    return found


_COUNTED: dict[str, Any] = {"state": VisitState.ENDED, "kind__in": COUNTED_KINDS}


def _zone() -> str:
    return Territory.objects.values_list("time_zone", flat=True).get(pk=scope.current_territory_id())


def _closing_day() -> TruncDate:
    return TruncDate("closed_at", tzinfo=ZoneInfo(_zone()))


def _done() -> Coalesce:
    """How many counted visits of a pathway were done, as a column."""
    counted = Visit.objects.filter(pathway=OuterRef("pk"), **_COUNTED).order_by().values("pathway")
    return Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def _kind() -> Case:
    """`rules.line_kind` as a column over `done`; "" without a price."""
    cases = [When(done=number, then=Value(kind.value)) for number, kind in rules.LINE_KINDS.items()]
    return Case(*cases, default=Value(""), output_field=CharField())


def _without_line(pathways: QuerySet[Pathway]) -> QuerySet[Pathway]:
    return pathways.filter(~Exists(ChargeableLine.objects.filter(pathway=OuterRef("pk"))))


def _lines(quarter: Quarter | None) -> QuerySet[ChargeableLine]:
    rows: QuerySet[ChargeableLine] = ChargeableLine.objects.all()
    return rows.filter(closed_on__gte=quarter.first, closed_on__lte=quarter.last) if quarter else rows


def _unpriced(quarter: Quarter | None) -> QuerySet[Pathway]:
    rows = _without_line(Pathway.objects.closed())
    if quarter is None:
        return rows
    start, end = quarter.bounds(_zone())
    return rows.filter(closed_at__gte=start, closed_at__lt=end)


def _openable(rows: Iterable[Any], member: Member) -> dict[int, UUID]:
    """The families of these rows whose file this member may open: their public id by their key."""
    families = SEE_FAMILY.rows(member).filter(pk__in=[row.family_id for row in rows])
    return dict(families.order_by("pk").values_list("pk", "public_id"))


def _line_row(line: ChargeableLine, openable: Mapping[int, UUID]) -> LineRow:
    family_id = openable.get(line.family_id)
    kind = line.get_kind_display()
    return LineRow(line.family.reference, family_id, kind, line.visits_done, line.amount, line.closed_on)


def _unpriced_row(pathway: Any, openable: Mapping[int, UUID], tariffs: list[Tariff], zone: str) -> UnpricedRow:
    closed_on = clock.local_date(pathway.closed_at, zone)
    kind = rules.line_kind(pathway.done)
    has_tariff = kind is not None and rules.tariff_on(tariffs, kind, closed_on, pathway.rules) is not None
    why = rules.why_no_line(pathway.done, closed_on, has_tariff=has_tariff, version=pathway.rules.label)
    return UnpricedRow(pathway.family.reference, openable.get(pathway.family_id), pathway.done, closed_on, why)


def _shown(page: "Page[Any]", rows: list[Any]) -> "Page[Any]":
    """The page with its rows as dataclasses: no query can start while it is rendered."""
    page.object_list = rows
    return page
