"""A real Celery worker over the database of the test, in its own corner of Redis; it may be killed at any moment."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
import redis
import time_machine
from django.conf import settings
from django.db import connections

from copa.celery import app
from copa.kernel import env
from tests import travelled_worker

ROOT = Path(__file__).resolve().parent.parent


def database_url(alias: str) -> str:
    """Where this database of the test is."""
    entry = connections[alias].settings_dict
    login = quote(entry["USER"]) + (f":{quote(entry['PASSWORD'])}" if entry["PASSWORD"] else "")
    port = f"&port={entry['PORT']}" if entry["PORT"] else ""
    return f"postgresql://{login}@/{quote(entry['NAME'])}?host={quote(entry['HOST'])}{port}"


def _surroundings(queues: str) -> dict[str, str]:
    given = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "copa.settings.test",
        "COPA_TEST_EAGER": "no",
        "COPA_TEST_QUEUES": queues,
        "DATABASE_URL": database_url("default"),
        "REDIS_URL": settings.REDIS_URL,
    }
    is_one_login = "options" in connections["default"].settings_dict["OPTIONS"]
    return given if is_one_login else {**given, "MIGRATE_DATABASE_URL": database_url("owner")}


@contextmanager
def real_queue() -> Iterator[str]:
    """Tasks of this process go through Redis, into queues of their own; yields their prefix."""
    prefix = f"test-{uuid4().hex[:12]}-"
    eager, options = app.conf.task_always_eager, app.conf.broker_transport_options
    app.conf.task_always_eager = False
    app.conf.broker_transport_options = {**options, "global_keyprefix": prefix}
    _forget_connections()
    try:
        yield prefix
    finally:
        _sweep(prefix)
        app.conf.task_always_eager, app.conf.broker_transport_options = eager, options
        _forget_connections()


def _sweep(prefix: str) -> None:
    """Queues, and what a killed worker never acknowledged."""
    is_socket = settings.CELERY_BROKER_URL.startswith("redis+socket")
    url = env.redis_database(settings.REDIS_URL, 1) if is_socket else settings.CELERY_BROKER_URL
    with redis.from_url(url) as client:
        for key in client.scan_iter(f"{prefix}*"):
            client.delete(key)


def _forget_connections() -> None:
    """The producer keeps a connection with the options of its first message."""
    app.amqp._producer_pool = None
    app._pool = None


class Moment:
    """The instant at which this process stands, and every worker that is given it, until they are moved."""

    def __init__(self, traveller: time_machine.Traveller, file: Path) -> None:
        self._traveller, self.file = traveller, file

    def move_to(self, at: datetime) -> None:
        """From now on it is this instant; a worker learns it before its next task."""
        self._traveller.move_to(at)
        following = self.file.with_suffix(".new")
        following.write_text(at.isoformat())
        following.rename(self.file)


@contextmanager
def standing_at(at: datetime, folder: Path) -> Iterator[Moment]:
    """This process lives at this instant, and so do the workers that are given what is yielded."""
    with time_machine.travel(at, tick=False) as traveller:
        moment = Moment(traveller, folder / "instant")
        moment.move_to(at)
        yield moment


@contextmanager
def worker(queues: str, moment: Moment | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """One worker process with one child, in a group of its own so that a kill takes both.

    With a `moment` both live at that instant; else at the one it is.
    """
    program = "celery" if moment is None else travelled_worker.__name__
    command = f"-W ignore -m {program} --quiet -A copa.celery worker --concurrency 1 --loglevel WARNING"
    options = "--without-gossip --without-mingle --without-heartbeat"
    its_clock = {} if moment is None else {travelled_worker.FILE_VARIABLE: str(moment.file)}
    process = subprocess.Popen(
        [sys.executable, *command.split(), *options.split()],
        cwd=ROOT,
        env={**_surroundings(queues), **its_clock},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen[Any]) -> None:
    """SIGKILL to the worker and its child: nothing is said goodbye to."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def held(table: str, pk: int, territory_id: Any) -> Iterator[psycopg.Connection[Any]]:
    """Somebody else holds this row: whoever wants it waits until the block ends."""
    with psycopg.connect(database_url("default")) as other:
        other.execute("select set_config('copa.territory', %s, true)", [str(territory_id)])
        found = other.execute(f"select id from {table} where id = %s for update", [pk]).fetchone()
        assert found, "the row to hold was not found"
        yield other
        other.rollback()


def somebody_waits(connection: psycopg.Connection[Any]) -> bool:
    """Whether another session of this database waits for a lock."""
    # Inside a transaction the sessions are read once: a worker that connects later would never be seen to wait.
    connection.execute("select pg_stat_clear_snapshot()")
    waiting = connection.execute(
        "select 1 from pg_locks l join pg_stat_activity a on a.pid = l.pid "
        "where not l.granted and a.datname = current_database()"
    )
    return waiting.fetchone() is not None
