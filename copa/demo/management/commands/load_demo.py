"""`manage.py load_demo`: a synthetic population with the rates of domain.md 8; the same seed gives the same people."""

import hashlib
import os
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from datetime import date
from functools import partial
from multiprocessing import get_context
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections, transaction

from copa.demo import fingerprint, loader
from copa.demo.committees import write_committees
from copa.demo.community import write_community
from copa.demo.ladders import write_ladders
from copa.demo.loader import DEFAULT_BIRTHS, DEFAULT_SEED, DEFAULT_TERRITORIES, Plan
from copa.demo.moves import write_moves
from copa.demo.rates import NATIONAL_FIRST_CHILD, Rates
from copa.kernel import clock, scope
from territories.models import Territory

# Above this many births territories are written by several processes.
BIG = 5000


class Command(BaseCommand):
    """Adds territories of the demonstration to a database that has none of them; never changes nor removes a row."""

    help = "Loads a deterministic synthetic population (demonstration settings only)"

    def add_arguments(self, parser: CommandParser | ArgumentParser) -> None:
        parser.add_argument("--births", type=int, default=DEFAULT_BIRTHS)
        parser.add_argument("--territories", type=int, default=DEFAULT_TERRITORIES)
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
        parser.add_argument("--today", type=date.fromisoformat, help="the day it stands at (default: this very hour)")
        parser.add_argument("--national-parity", action="store_true", help="42 %% of first children instead of 53.8 %%")
        parser.add_argument("--jobs", type=int, help="processes (default: one, or one a processor above 5 000 births)")

    def handle(self, *args: Any, births: int, territories: int, seed: int, **options: Any) -> None:
        if not settings.COPA_DEMO:
            raise CommandError("Demonstration data are for demonstration settings only (COPA_DEMO).")
        if births < territories or territories < 1:
            raise CommandError("At least one territory, and one birth for each.")
        rates = Rates(first_child=NATIONAL_FIRST_CHILD) if options["national_parity"] else Rates()
        at = loader.instant(options["today"], clock.now())
        plan = Plan(at=at, births=births, territories=territories, seed=seed, rates=rates)
        started = time.monotonic()
        call_command("load_reference", verbosity=0)
        jobs = options["jobs"] or (os.cpu_count() or 1 if births > BIG else 1)
        # Alone, all or nothing: a demonstration stopped half-way is not there at the next start.
        with transaction.atomic() if jobs == 1 else nullcontext():
            rows = self._load(plan, jobs)
            found = export_hash(plan)
            moved = write_moves(plan)
            said = write_community(plan)
            write_committees(plan)
            write_ladders(plan)
        self._report(plan, rows, time.monotonic() - started)
        self.stdout.write(f"{moved} families between territories, {said} messages between teams")
        self.stdout.write(f"export hash {found}")

    def _load(self, plan: Plan, jobs: int) -> int:
        """Write every territory, the largest first; the number of rows written."""
        try:
            loader.prepare(plan)
        except loader.AlreadyLoaded as error:
            raise CommandError(f"Nothing loaded: this database already has {error}.") from error
        slugs = [place.slug for place, count in sorted(plan.shares(), key=lambda share: -share[1])]
        total = 0
        results = map(partial(_one, plan), slugs) if jobs == 1 else _spread(plan, slugs, jobs)
        for slug, count in results:
            self.stdout.write(f"  {slug}: {count} rows")
            total += count
        if plan.births > BIG:
            # The planner would guess from empty tables until the next automatic analysis.
            with connections["owner"].cursor() as cursor:
                cursor.execute("analyze")
        return total

    def _report(self, plan: Plan, rows: int, seconds: float) -> None:
        self.stdout.write(
            f"{plan.births} births in {plan.territories} territories, {rows} rows in {seconds:.1f} s "
            f"(seed {plan.seed}, as of {plan.at:%Y-%m-%d %H:%M} UTC)"
        )


def _one(plan: Plan, slug: str) -> tuple[str, int]:
    return slug, sum(loader.load_territory(plan, slug).values())


def _spread(plan: Plan, slugs: list[str], jobs: int) -> Iterator[tuple[str, int]]:
    # A child must not use its parent's connections.
    connections.close_all()
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as pool:
        yield from pool.map(partial(_one, plan), slugs)


def export_hash(plan: Plan) -> str:
    """One hash over all territories of a plan."""
    parts = []
    for place, _ in plan.shares():
        territory = Territory.objects.get(slug=place.slug)
        with scope.opened(scope.Scope(actor="command:load_demo", territory_id=territory.pk, slug=place.slug)):
            parts.append(f"{place.slug} {fingerprint.of_territory()}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
