"""The quarterly export against COPY of the same rows to a file, and the memory it takes."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from bench.measure import compared, in_turn
from bench.memory import Span, holding
from bench.people import FULL
from copa.kernel import clock, scope
from copa.kernel.quarters import Quarter
from reporting import actions, exports, runs
from reporting.models import ExportRun

ROUNDS = 5
# Ten times the rows must not take more memory. Only a large database has so many in one territory.
SIZES = (15_000, 150_000)
FLOOR = """
copy (
  select v.kind, v.state, v.planned_at, v.started_at, v.ended_at, v.report_due_at, v.report_delivered_at,
         p.window_from, p.window_to, b.day, b.parity, f.is_isolated
  from visits_visit v
  join pathways_pathway p on p.id = v.pathway_id
  join pathways_birth b on b.id = p.birth_id
  join pathways_family f on f.id = v.family_id
  where v.territory_id = '{territory}' and (
    (v.ended_at >= '{start}' and v.ended_at < '{end}')
    or (v.ended_at is null and v.planned_at >= '{start}' and v.planned_at < '{end}'))
) to stdout with (format csv, delimiter ';')
"""


def export() -> Iterator[tuple[str, dict[str, Any]]]:
    """The quarter before this one; the rows alone, then the whole run with its spreadsheet."""
    opened = FULL.scope()
    quarter = Quarter.of(clock.now().date() - timedelta(days=91))
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder)
        settings.MEDIA_ROOT = target
        figure, floor = in_turn(
            lambda: _csv(opened, quarter, target), lambda: _copy(opened, quarter, target), rounds=ROUNDS, warm_up=1
        )
        rows, seconds = _run(opened, quarter)
    yield "quarterly export: CSV rows", compared(figure, floor, "≤ 2×", rows=rows, quarter=quarter.code)
    yield (
        "quarterly export: whole run, CSV and XLSX",
        {"figure_ms": {"once": round(seconds * 1000, 1)}, "floor_ms": floor.as_dict(), "rows": rows},
    )
    for size in SIZES:
        with scope.opened(opened):
            span = holding(size)
        if span is not None:
            yield f"quarterly export: CSV of {size} rows", _long(opened, span)
            yield f"quarterly export: memory for {size} rows", _memory(size)


def _long(opened: scope.Scope, span: Span) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder)
        figure, floor = in_turn(
            lambda: _csv(opened, span, target), lambda: _copy(opened, span, target), rounds=ROUNDS, warm_up=1
        )
    return compared(figure, floor, "≤ 2×")


def _memory(size: int) -> dict[str, Any]:
    """In a process of its own: the peak of this one is that of all that ran before."""
    command = [sys.executable, "-m", "bench.memory", str(connection.settings_dict["NAME"]), str(size)]
    facts = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {"figure_ms": {"peak_mib": facts["peak_mib"]}, "aim": "± 20 MiB from 15 000 to 150 000 rows", **facts}


def _source(opened: scope.Scope, quarter: Quarter | Span) -> exports.Source:
    return exports.Source(
        quarter=quarter,  # type: ignore[arg-type]
        slug=opened.slug,
        zone="Europe/Paris",
        at=clock.now(),
    )


def _csv(opened: scope.Scope, quarter: Quarter | Span, folder: Path) -> None:
    with scope.opened(opened), (folder / "product.csv").open("wb") as file:
        source = _source(opened, quarter)
        batches = max(1, -(-exports.count_rows(source) // exports.BATCH_ROWS))
        exports.write_head(file)
        for number in range(batches):
            exports.copy_batch(source, number, batches, file)


def _copy(opened: scope.Scope, quarter: Quarter | Span, folder: Path) -> None:
    start, end = quarter.bounds("Europe/Paris")
    text = FLOOR.format(territory=opened.territory_id, start=start.isoformat(), end=end.isoformat())
    with (
        scope.opened(opened),
        (folder / "floor.csv").open("wb") as file,
        connection.cursor() as cursor,
        cursor.copy(text) as copy,
    ):
        for block in copy:
            file.write(block)


def _run(opened: scope.Scope, quarter: Quarter) -> tuple[int, float]:
    with scope.opened(opened):
        run = actions.request_export(quarter=quarter, requested_by=None, at=clock.now())

    def step() -> AbstractContextManager[Any]:
        return scope.opened(opened)

    start = time.perf_counter()
    runs.carry_out(run.pk, step)
    seconds = time.perf_counter() - start
    with scope.opened(opened):
        return ExportRun.objects.get(pk=run.pk).rows_done, seconds
