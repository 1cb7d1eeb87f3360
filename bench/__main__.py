"""`make bench`, or `python -m bench --births 2000`: JSON on standard output, what it is doing on standard error."""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Iterator
from typing import Any

import django
from django.conf import settings

SMALL_BIRTHS = 2000


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--births", type=int, default=SMALL_BIRTHS, help="births in the two territories")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", help="a database that is already there, instead of a fresh one")
    parser.add_argument("--against", help="a smaller database: what the number of families does to every page")
    parser.add_argument("--only", help="workloads whose name contains this")
    return parser.parse_args()


def main() -> None:
    """Fill a database, run what exists, print."""
    options = arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "copa.settings.dev")
    django.setup()
    settings.ROOT_URLCONF = "bench.urls"
    # A bench asks more in a minute than any person may.
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_CLASSES": []}
    # After the settings: these need the apps.
    from bench import database  # noqa: PLC0415

    say = sys.stderr
    wanted = ["--births", str(options.births), "--territories", "2", "--seed", str(options.seed)]
    place = database.existing(options.database) if options.database else database.filled("copa_bench", *wanted, say=say)
    with place:
        found = {}
        for name, entry in workloads(options):
            print(f"{name}: {entry.get('ratio', entry.get('figure_ms'))}", file=say, flush=True)
            found[name] = entry
    print(
        json.dumps({"machine": machine(), "options": vars(options), "workloads": found}, ensure_ascii=False, indent=1)
    )


def workloads(options: argparse.Namespace) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every workload that the product has today; with a second database, what grows from it to the first."""
    from bench import api, documents, export, growth, pages, scan  # noqa: PLC0415

    if options.against:
        yield from growth.growth(options.against, options.database)
        return
    families = {
        "page": pages.pages,
        "list": pages.lists,
        "API": api.api,
        "deadline scan": scan.scans,
        "quarterly export": export.export,
        "PDF": documents.documents,
    }
    for name, family in families.items():
        if options.only is None or options.only in name:
            yield from family()


def machine() -> dict[str, Any]:
    """Where the figures were taken; only their ratios travel."""
    return {
        "at": time.strftime("%Y-%m-%d %H:%M:%S"),
        "python": platform.python_version(),
        "processors": os.cpu_count(),
        "load": os.getloadavg()[0],
    }


if __name__ == "__main__":
    main()
