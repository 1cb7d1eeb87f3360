"""A worker killed in the middle of an export: what it had said is visible, and the next one ends the run well."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from copa.kernel import clock, scope
from copa.kernel.outbox import LEASE
from copa.kernel.quarters import Quarter
from reporting import actions, tasks
from reporting.models import ExportRun
from territories.models import Member
from tests import factories
from tests.cast import VALLEES, inside

pytestmark = pytest.mark.kill

# A worker whose first batch is written and whose second one never ends.
WORKER = """
import sys, time
import django
django.setup()
from django.conf import settings
from django.db import connections
connections["default"].settings_dict["NAME"] = sys.argv[1]
settings.MEDIA_ROOT = sys.argv[2]
from reporting import exports, tasks
exports.BATCH_ROWS = 2
original = exports.copy_batch

def copy_batch(source, number, batches, file):
    if number == 1:
        file.flush()
        time.sleep(60)
    return original(source, number, batches, file)

exports.copy_batch = copy_batch
tasks.run_export(sys.argv[3], int(sys.argv[4]))
"""


def wait_until_it_says_so(run: ExportRun, worker: subprocess.Popen[bytes]) -> ExportRun:
    """The run once its worker has noted the end of the first batch; another process sees it at once."""
    for _ in range(300):
        with scope.opened(inside(VALLEES)):
            seen = ExportRun.objects.get(pk=run.pk)
        if seen.rows_total and seen.state == "running":
            return seen
        assert worker.poll() is None, "the worker ended by itself"
        time.sleep(0.1)
    raise AssertionError("no progress was seen")


def test_export_survives_the_kill_of_its_worker(committed, worker_database: str, settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    with scope.opened(inside(VALLEES)):
        ap = Member.objects.with_role("ap").order_by("pk").first()
        for _ in range(4):
            at = clock.now() - timedelta(hours=1)
            factories.make_visit(factories.make_pathway(ap=ap), "V1", "ended", ended_at=at)
        quarter = Quarter.of(clock.local_date(at, "Europe/Paris"))
        run = actions.request_export(quarter=quarter, requested_by=None, at=clock.now())
    arguments = [sys.executable, "-c", WORKER, worker_database, str(tmp_path), str(run.territory_id), str(run.pk)]
    worker = subprocess.Popen(arguments, env={**os.environ, "DJANGO_SETTINGS_MODULE": "copa.settings.test"})
    try:
        seen = wait_until_it_says_so(run, worker)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert (seen.rows_total, seen.attempts) == (4, 1)
    assert [path.suffix for path in (tmp_path / "exports/vallees").iterdir()] == [".1"]

    tasks.run_export(str(run.territory_id), run.pk)
    with scope.opened(inside(VALLEES)):
        assert ExportRun.objects.get(pk=run.pk).attempts == 1, "its lease still runs"
    with time_machine.travel(clock.now() + LEASE):
        tasks.resume_exports(str(run.territory_id))

    with scope.opened(inside(VALLEES)):
        [done] = ExportRun.objects.order_by("pk")
    assert (done.state, done.attempts, done.rows_done) == ("done", 2, 4)
    content = (tmp_path / done.csv_file).read_bytes()
    assert content.count(b"\n") == 5
    assert done.csv_sha256 == hashlib.sha256(content).hexdigest()
    assert done.xlsx_sha256 == hashlib.sha256((tmp_path / done.xlsx_file).read_bytes()).hexdigest()
    assert len(list((tmp_path / "exports/vallees").iterdir())) == 2
