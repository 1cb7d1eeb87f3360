"""The quarter of one territory, for those who work in it: every count as it is, and its exports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from copa.kernel.access import Holder
from copa.kernel.charts import BarChart, LineChart
from copa.kernel.links import here
from copa.kernel.look import RunProgress
from copa.kernel.quarters import Quarter, back_from
from reporting import perms
from reporting.models import ExportRun, Figure
from reporting.reads.cards import (
    HISTORY,
    NOTHING,
    FigureCard,
    QuarterLinks,
    adhesions,
    cards,
    chosen,
    links,
    rate,
    report_curve,
)
from reporting.rules.indicators import FURTHER, INDICATORS, MAIN, REPORT_IN_TIME, IndicatorDefinition
from reporting.rules.masking import Shown

RUNS = 5


@dataclass(frozen=True, slots=True)
class PastFigure:
    """One indicator of an earlier quarter."""

    label: str
    rate: Decimal | None
    numerator: int
    denominator: int
    missing: int


@dataclass(frozen=True, slots=True)
class PastQuarter:
    """A line of the table of quarters: the indicators in the order of MAIN, then in that of FURTHER."""

    quarter: Quarter
    cells: tuple[PastFigure, ...]
    further: tuple[PastFigure, ...]


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file that may be taken, with its size and its SHA-256."""

    label: str
    url: str
    size: int | None
    sha256: str


@dataclass(frozen=True, slots=True)
class ShownRun:
    """An export on the page. `files` are empty until it is done, and for somebody who may not take them."""

    public_id: UUID
    progress: RunProgress
    requested_at: datetime
    requested_by: str
    finished_at: datetime | None
    rows: int
    files: tuple[ExportFile, ...]


@dataclass(frozen=True, slots=True)
class QuarterPage:
    """All that the page of a territory shows."""

    links: QuarterLinks
    is_computed: bool
    computed_at: datetime | None
    rate: Decimal | None
    cards: tuple[FigureCard, ...]
    further: tuple[FigureCard, ...]
    past: tuple[PastQuarter, ...]
    curve: LineChart
    bars: BarChart
    definitions: tuple[IndicatorDefinition, ...]
    main: tuple[IndicatorDefinition, ...]
    others: tuple[IndicatorDefinition, ...]
    runs: tuple[ShownRun, ...]

    @property
    def last_state(self) -> str:
        """Where the latest export of the quarter stands; "" without one."""
        return self.runs[0].progress.state if self.runs else ""


def quarter_page(asked: Quarter | None, member: Holder, at: datetime) -> QuarterPage:
    """The page of a quarter; without one, of the last that ended."""
    today = timezone.localdate(at)
    newest = max(asked or Quarter.of(today), Quarter.of(today))
    figures = _figures(back_from(asked or newest, HISTORY + 1)[0], newest)
    history = {quarter: dict(found) for quarter, (found, _) in figures.items()}
    quarter = chosen(asked, sorted(figures), today)
    quarters = back_from(quarter, HISTORY)
    return QuarterPage(
        links=links(quarter, sorted(figures), today),
        is_computed=quarter in figures,
        computed_at=figures[quarter][1] if quarter in figures else None,
        rate=rate(history.get(quarter, {}).get(REPORT_IN_TIME.code)),
        cards=cards(quarter, history),
        further=cards(quarter, history, FURTHER),
        past=tuple(_past(one, history[one]) for one in reversed(quarters) if one in history),
        curve=report_curve(quarters, history),
        bars=adhesions(quarters, history),
        definitions=INDICATORS,
        main=MAIN,
        others=FURTHER,
        runs=_runs(quarter, member),
    )


def shown_run(run: ExportRun, member: Holder) -> ShownRun:
    """One export as the page shows it; its address of progress is asked again until it ends."""
    quarter = Quarter.of(run.quarter_on)
    may_take = perms.DOWNLOAD_EXPORT.is_held_by(member) and run.state == "done"
    progress = RunProgress(
        state=run.state,
        label=f"Export du {quarter.label}",
        done=run.rows_done,
        total=run.rows_total or None,
        poll_url=here("reporting:export_status", run.public_id),
        problem=run.failure,
    )
    return ShownRun(
        public_id=run.public_id,
        progress=progress,
        requested_at=run.requested_at,
        requested_by=run.requested_by.user.get_full_name() if run.requested_by else "la plateforme",
        finished_at=run.finished_at,
        rows=run.rows_done,
        files=tuple(_file(run, kind) for kind in ("csv", "xlsx")) if may_take else (),
    )


def file_of(run: ExportRun, kind: str) -> Path | None:
    """Where a file of a done run lies; None when there is none, or when it is no longer on the disk."""
    name = {"csv": run.csv_file, "xlsx": run.xlsx_file}.get(kind, "")
    path = Path(settings.MEDIA_ROOT) / name
    return path if name and path.is_file() else None


def _file(run: ExportRun, kind: str) -> ExportFile:
    path = file_of(run, kind)
    return ExportFile(
        label=kind.upper(),
        url=here("reporting:export_file", run.public_id, kind),
        size=path.stat().st_size if path else None,
        sha256={"csv": run.csv_sha256, "xlsx": run.xlsx_sha256}[kind],
    )


def _runs(quarter: Quarter, member: Holder) -> tuple[ShownRun, ...]:
    rows = ExportRun.objects.filter(quarter_on=quarter.first).select_related("requested_by__user")
    return tuple(shown_run(run, member) for run in rows.order_by("-requested_at", "-pk")[:RUNS])


def _figures(first: Quarter, last: Quarter) -> Mapping[Quarter, tuple[dict[str, Shown], datetime]]:
    rows = Figure.objects.current().filter(quarter_on__gte=first.first, quarter_on__lte=last.first)
    found: dict[Quarter, tuple[dict[str, Shown], datetime]] = {}
    for row in rows.order_by("quarter_on", "indicator"):
        figures, computed_at = found.get(Quarter.of(row.quarter_on), ({}, row.computed_at))
        figures[row.indicator] = Shown(row.numerator, row.denominator, row.missing)
        found[Quarter.of(row.quarter_on)] = (figures, max(computed_at, row.computed_at))
    return found


def _past(quarter: Quarter, figures: Mapping[str, Shown]) -> PastQuarter:
    return PastQuarter(quarter, _past_figures(MAIN, figures), _past_figures(FURTHER, figures))


def _past_figures(definitions: Sequence[IndicatorDefinition], figures: Mapping[str, Shown]) -> tuple[PastFigure, ...]:
    found = [(definition.short, figures.get(definition.code, NOTHING)) for definition in definitions]
    return tuple(
        PastFigure(label, rate(one), one.numerator or 0, one.denominator or 0, one.missing or 0) for label, one in found
    )
