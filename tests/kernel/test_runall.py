"""The whole product as `make run` starts it: whatever is killed, it answers again with its data; Ctrl-C ends it."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.cache.backends.redis import RedisCache

from copa.kernel import clock, health, processes, services
from copa.kernel.management.commands.runall import owner_of
from copa.kernel.supervisor import MARK
from tests import killing
from tests.killing import until

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("web", "worker", "beat")
# Nothing of the settings of the tests, nor of servers given to them: the product runs on its own.
FOREIGN = ("DATABASE_URL", "MIGRATE_DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")

pytestmark = pytest.mark.kill


class Product:
    """An installation in a directory of its own, and what a stranger sees of it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.run: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """As `make run` does; returns at once. An earlier run has ended."""
        if self.run:
            self.run.wait(killing.PATIENCE)
        kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        with (self.var / "runall.log").open("ab") as log:
            self.run = subprocess.Popen(
                [sys.executable, "manage.py", "runall"],
                cwd=ROOT,
                env={**kept, "COPA_VAR": str(self.var), "PORT": str(self.port), "COPA_DEMO": "no"},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self) -> str:
        return processes.tail(self.var / "runall.log", lines=30)

    def health(self) -> dict[str, Any]:
        """What /healthz answers; {} when nobody does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return dict(json.loads(connection.getresponse().read()))
        except (OSError, http.client.HTTPException, ValueError):
            return {}
        finally:
            connection.close()

    def below(self, program: str) -> list[int]:
        """The processes of a program: the one the supervisor started and what that one started."""
        return processes.marked(f"{MARK}={owner_of(self.var)}:{program}")

    def main(self, program: str) -> int | None:
        """The process of the program that the supervisor started."""
        assert self.run
        return next((pid for pid in self.below(program) if killing.parent(pid) == self.run.pid), None)

    def everything(self) -> list[int]:
        assert self.run
        children = [pid for program in PROGRAMS for pid in self.below(program)]
        return [self.run.pid, *children, *killing.inside(self.var / "pg"), *killing.inside(self.var / "redis")]

    def cache(self) -> RedisCache:
        return RedisCache(services.ensure(self.var).redis_url, {})

    def remember(self) -> None:
        """A row and a key."""
        with psycopg.connect(services.ensure(self.var).superuser_database_url) as connection:
            connection.execute("insert into territories_region (code, name) values ('99', 'Région gardée')")
        self.cache().set("kept", "a key", timeout=None)

    def remembers(self) -> bool:
        with psycopg.connect(services.ensure(self.var).superuser_database_url) as connection:
            row = connection.execute("select name from territories_region where code = '99'").fetchone()
        return row == ("Région gardée",) and self.cache().get("kept") == "a key"

    def answers_again(self, since: datetime, *signs: str) -> bool:
        """Whether all is well, by signs of life given after this moment."""
        if self.health().get("status") != "ok" or not all(self.main(program) for program in PROGRAMS):
            return False
        heard = self.cache().get_many(signs)
        return len(heard) == len(signs) and all(datetime.fromisoformat(at) > since for at in heard.values())


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """The product, well, with something to remember."""
    var = Path(tempfile.mkdtemp(prefix="copa-run-"))
    var.chmod(0o755)
    product = Product(var)
    try:
        product.start()
        # The first start makes the whole database, on a machine that tests beside it.
        _wait(product, clock.now(), patience=5 * killing.PATIENCE)
        product.remember()
        yield product
    finally:
        killing.kill(*product.everything())
        if product.run:
            product.run.wait()
        services.stop(var)
        shutil.rmtree(var)


def _wait(product: Product, since: datetime, *signs: str, patience: float = killing.PATIENCE) -> None:
    until(
        lambda: product.answers_again(since, *signs),
        lambda: f"a healthy product: {product.health()}\n{product.log()}",
        patience=patience,
    )


KILLED: dict[str, tuple[Callable[[Product], int | None], tuple[str, ...]]] = {
    "web": (lambda product: product.main("web"), ()),
    "worker": (lambda product: product.main("worker"), (health.WORKER_KEY, health.QUEUE_KEY)),
    "beat": (lambda product: product.main("beat"), (health.BEAT_KEY,)),
    "database": (lambda product: killing.postmaster(product.var), ()),
    "redis": (lambda product: killing.redis_server(product.var), (health.WORKER_KEY,)),
}


@pytest.mark.parametrize("name", KILLED)
def test_product_answers_again_after_the_kill_of(product: Product, name: str) -> None:
    process, signs = KILLED[name]
    killed = process(product)

    killing.kill(killed)
    since = clock.now()

    until(lambda: process(product) not in {None, killed}, f"another {name}")
    _wait(product, since, *signs)
    assert product.remembers()


def test_product_started_again_answers_after_the_kill_of_its_supervisor(product: Product) -> None:
    assert product.run
    old = {product.main(program) for program in PROGRAMS}

    killing.kill(product.run.pid)
    product.start()

    since = clock.now()
    until(lambda: all(product.main(program) for program in PROGRAMS), "three new processes")
    _wait(product, since, health.WORKER_KEY, health.BEAT_KEY)
    assert product.remembers()
    assert not any(processes.is_alive(pid) for pid in old if pid)


def test_product_started_again_answers_after_the_kill_of_everything(product: Product) -> None:
    killing.kill(*product.everything())
    since = clock.now()
    product.start()

    _wait(product, since, health.WORKER_KEY, health.BEAT_KEY)
    assert product.remembers()


def test_ctrl_c_leaves_no_process_and_the_next_start_keeps_the_data(product: Product) -> None:
    assert product.run
    running = product.everything()

    product.run.send_signal(signal.SIGINT)

    assert product.run.wait(killing.PATIENCE) == 0
    assert "Stopped." in product.log()
    assert not any(processes.is_alive(pid) for pid in running)
    product.start()
    _wait(product, clock.now())
    assert product.remembers()
