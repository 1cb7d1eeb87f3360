"""`python -m bench.memory DATABASE ROWS`: one export of about so many rows in a process of its own, and its peak.

The window is as long as it takes to hold the rows: no territory visits 150 000 families in a real quarter.
"""

import json
import os
import re
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import django

MEBIBYTE = 1024  # in kibibytes, as the kernel counts them


@dataclass(frozen=True)
class Span:
    """What an export asks of a quarter."""

    start: datetime
    end: datetime
    code: str = "bench"

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        return self.start, self.end


def holding(rows: int) -> Span | None:
    """The time it took to gather so many visits in the territory in scope; None when it never did."""
    from visits.models import Visit  # noqa: PLC0415 - after django.setup()

    ends = Visit.objects.filter(ended_at__isnull=False).order_by("ended_at").values_list("ended_at", flat=True)
    first, last = ends.first(), ends[rows - 1 : rows].first()
    return Span(first, last) if last else None


def written(source: Any, folder: Path) -> dict[str, float]:
    """Both files, as `reporting.runs` writes them: seconds of the CSV and of the spreadsheet with the hashes."""
    from reporting import exports  # noqa: PLC0415 - after django.setup()

    csv, xlsx = folder / "rows.csv", folder / "rows.xlsx"
    started = time.perf_counter()
    batches = max(1, -(-exports.count_rows(source) // exports.BATCH_ROWS))
    with csv.open("wb") as file:
        exports.write_head(file)
        rows = sum(exports.copy_batch(source, number, batches, file) for number in range(batches))
    middle = time.perf_counter()
    exports.write_xlsx(csv, xlsx, lambda number: None)
    exports.digest(csv)
    exports.digest(xlsx)
    ended = time.perf_counter()
    return {"rows": rows, "csv_s": round(middle - started, 2), "xlsx_s": round(ended - middle, 2)}


def main(name: str, rows: int) -> None:
    """Print rows, seconds, and mebibytes: before the export, and at the highest since."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copa.settings.dev")
    django.setup()
    # After the settings: these need the apps.
    from bench import database  # noqa: PLC0415
    from bench.people import FULL  # noqa: PLC0415
    from copa.kernel import clock, scope  # noqa: PLC0415
    from reporting.exports import Source  # noqa: PLC0415

    with database.existing(name), tempfile.TemporaryDirectory() as folder, scope.opened(FULL.scope()):
        span = holding(rows)
        if span is None:
            print(json.dumps(None))
            return
        before = peak()
        source = Source(quarter=span, slug=FULL.slug, zone="Europe/Paris", at=clock.now())  # type: ignore[arg-type]
        facts = written(source, Path(folder))
        print(json.dumps({**facts, "before_mib": before, "peak_mib": peak()}))


def peak() -> float:
    """The most memory this process has held since it began; `getrusage` would count that of the one that started it."""
    found = re.search(r"^VmHWM:\s+([0-9]+) kB$", Path("/proc/self/status").read_text(), re.M)
    assert found, "no peak in /proc"
    return round(int(found[1]) / MEBIBYTE, 1)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
