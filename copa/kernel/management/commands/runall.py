"""`manage.py runall`: the whole product on this machine, embedded servers included, until Ctrl-C."""

import contextlib
import fcntl
import hashlib
import http.client
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from copa.kernel import env, services
from copa.kernel.supervisor import STOP_SIGNALS, Program, Supervisor

# An earlier run may still be ending: it gets this long.
LOCK_PATIENCE = 12.0
ANSWER_PATIENCE = 60.0
# All load the same code at once: the pages get the processor first.
WEB_FIRST = 3.0
COLOURS = {"web": "36", "worker": "32", "beat": "35", "services": "33"}


class Command(BaseCommand):
    """Prepares the database, then supervises web, worker and beat."""

    help = "Runs web, worker and beat, with embedded servers when DATABASE_URL or REDIS_URL is unset"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--with-parent", action="store_true", help="stop when the calling process ends")

    def handle(self, *args: Any, with_parent: bool, **options: Any) -> None:
        host, port = env.text("HOST", "127.0.0.1"), env.integer("PORT", 8000)
        parent = os.getppid()
        supervisor = Supervisor(programs(host, port), owner=owner_of(settings.VAR_DIR), write=self.log)
        with _only_run(settings.VAR_DIR), _embedded_services(settings.VAR_DIR, self.log):
            supervisor.end_leftovers()
            _refuse_taken_port(host, port)
            self.prepare()
            threading.Thread(target=self.announce, args=(host, port), daemon=True).start()
            supervisor.run(lambda: not with_parent or os.getppid() == parent)
        self.stdout.write("Stopped.")

    def prepare(self) -> None:
        """Bring the database up to date, and fill an empty one where a demonstration is wanted."""
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        # A load that was killed leaves half a population, which would pass for a whole one ever after.
        unfinished = settings.VAR_DIR / "demo.unfinished"
        if unfinished.exists() and _is_embedded():
            self.stdout.write("The demonstration was interrupted while loading: starting it afresh.")
            services.empty(settings.VAR_DIR)
        self.stdout.write("Preparing the database.")
        call_command("migrate", interactive=False, verbosity=0)
        if settings.COPA_DEMO and not get_user_model()._base_manager.exists():
            self.stdout.write("The database is empty: loading the demonstration.")
            unfinished.touch()
            call_command("load_demo")
        unfinished.unlink(missing_ok=True)
        connections.close_all()

    def announce(self, host: str, port: int) -> None:
        """Once the site answers, print its address and how to sign in. Runs in its own thread."""
        deadline = time.monotonic() + ANSWER_PATIENCE
        while not _answers(host, port) and time.monotonic() < deadline:
            time.sleep(0.2)
        shown = "localhost" if host in {"127.0.0.1", "0.0.0.0"} else host  # noqa: S104 - shown, not bound
        self.stdout.write(f"\n  CoPa answers at http://{shown}:{port}/   (Ctrl-C stops everything)\n")
        if settings.COPA_DEMO:
            call_command("demo_logins", stdout=self.stdout)
            connections.close_all()

    def log(self, name: str, line: str) -> None:
        """One line of a process, after its name."""
        prefix = f"{time.strftime('%H:%M:%S')} {name:<8} | "
        if self.stdout.isatty():
            prefix = f"\x1b[{COLOURS.get(name, '37')}m{prefix}\x1b[0m"
        self.stdout.write(prefix + line)
        self.stdout.flush()


def programs(host: str, port: int) -> list[Program]:
    """The three processes of the product."""
    python, level = sys.executable, env.text("LOG_LEVEL", "WARNING")
    workers = min(os.cpu_count() or 1, 4)
    schedule = settings.VAR_DIR / "beat"
    schedule.mkdir(parents=True, exist_ok=True)
    # One blocking thread a worker: with more, idle threads are recycled and database connections pile up.
    web = f"-m granian --interface wsgi --no-ws --host {host} --port {port} --workers {workers} --blocking-threads 1"
    web += " --respawn-failed-workers --respawn-interval 0.5 --workers-kill-timeout 4 copa.wsgi:application"
    # As root Celery warns about pickle, which is not accepted here; its banners say nothing either.
    celery = "-W ignore::UserWarning:celery.platforms -m celery --quiet --no-color -A copa.celery"
    worker = f"{celery} worker --concurrency 2 --loglevel {level} --without-gossip --without-mingle"
    beat = f"{celery} beat --loglevel {level} --pidfile="
    return [
        Program("web", [python, *web.split()]),
        Program("worker", [python, *worker.split()], delay=WEB_FIRST),
        Program("beat", [python, *beat.split(), "--schedule", str(schedule / "schedule")], delay=WEB_FIRST),
    ]


def _is_embedded() -> bool:
    return not env.text("DATABASE_URL")


def owner_of(var: Path) -> str:
    """What tells the processes of the installation in this directory from another's."""
    return hashlib.sha256(os.fsencode(var.resolve())).hexdigest()[:12]


@contextlib.contextmanager
def _only_run(var: Path) -> Iterator[None]:
    """Hold the lock of this installation; the kernel frees it however this process ends."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / "runall.lock").open("a+", encoding="utf-8") as lock:
        _take(lock)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def _take(lock: TextIO) -> None:
    deadline = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                lock.seek(0)
                raise CommandError(f"already running here (process {lock.read().strip()})") from None
            time.sleep(0.2)


@contextlib.contextmanager
def _embedded_services(var: Path, log: Any) -> Iterator[None]:
    """Our own servers, started again if they die, stopped at the end; nothing when servers are given."""
    if env.text("DATABASE_URL") and env.text("REDIS_URL"):  # both are given: ours were never started
        yield
        return
    for number in STOP_SIGNALS:
        signal.signal(number, _leave)
    services.ensure(var)  # an earlier run may have stopped them since the settings were read
    is_over = threading.Event()
    keeper = threading.Thread(target=_keep_up, args=(var, is_over, log), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        is_over.set()
        keeper.join()
        services.stop(var)


def _keep_up(var: Path, is_over: threading.Event, log: Any) -> None:
    while not is_over.wait(1):
        try:
            if not services.is_up(var.resolve()):
                log("services", "a server is down, starting it again")
                services.ensure(var)
        except services.ServicesError as error:
            log("services", str(error))
            is_over.wait(5)


def _leave(number: int, frame: FrameType | None) -> None:
    """Stop while still preparing; a second signal does not disturb the stopping."""
    for other in STOP_SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            hint = f"choose another: PORT={port + 1} make run"
            raise CommandError(f"{host}:{port} cannot be used ({error.strerror}); {hint}") from None


def _answers(host: str, port: int) -> bool:
    """Whether pages are served. Not asked of /healthz: it is unwell, and logs it, until worker and beat are up."""
    reachable = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - asked, not bound
    connection = http.client.HTTPConnection(reachable, port, timeout=5)
    try:
        connection.request("GET", "/")
        return bool(connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
