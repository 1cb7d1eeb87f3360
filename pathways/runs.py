"""Writing a confirmed list birth by birth: each in its own transaction, so that a killed worker loses nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from copa.kernel import clock
from pathways.actions import imports as actions
from pathways.actions.imports import Written
from pathways.models import ImportRun
from pathways.reads.import_choices import outside_key
from pathways.reads.imports import kept_table, listed
from pathways.rules.import_lines import Listed

Step = Callable[[], AbstractContextManager[Any]]
# The claim is renewed every so many births, well within IMPORT_LEASE.
_BEAT = 25


def carry_out(run_id: int, step: Step) -> None:
    """Claim the run, write its births, tell the end. A run of somebody else is left alone.

    A worker that is killed leaves it claimed; when the lease has run out it is read again from its first line, and
    what was already written is found to be known.
    """
    with step():
        since = clock.now()
        run = actions.claim_import(run_id=run_id, at=since)
        found = _listed(run, since) if run else None
    if run is None or found is None:
        return
    written: list[Written] = []
    for number, birth in enumerate(found.births, start=1):
        with step():
            choice = run.choices.get(str(birth.line), "")
            said = run.choices.get(outside_key(birth.line), "")
            written.append(actions.write_listed(run=run, birth=birth, choice=choice, at=since, about_commune=said))
        if number % _BEAT == 0:
            with step():
                now = clock.now()
                if not actions.keep_claim(run_id=run_id, since=since, at=now):
                    return
                since = now
    with step():
        actions.finish_import(run_id=run_id, since=since, written=written, refused=found.refused, at=clock.now())


def _listed(run: ImportRun, at: datetime) -> Listed | None:
    table = kept_table(run)
    return None if table is None else listed(table, run.columns, run.structure, at, run.choices)
