"""A site of its own for a tool: a fresh demonstration database and a web server on a free port."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from bench import database

PATIENCE = 60


@contextmanager
def demonstration(name: str, *options: str) -> Iterator[str]:
    """The address of a site over a fresh database of this name; both end with the block."""
    with database.filled(name, *options, say=sys.stderr):
        port = _free_port()
        web = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1"]
            + ["--port", str(port), "--workers", "1", "--blocking-threads", "1", "copa.wsgi:application"],
            env={**os.environ, **_addresses(name)},
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            web.terminate()
            web.wait(20)


def _addresses(name: str) -> dict[str, str]:
    """The servers of this process, with another database."""
    return {
        "DATABASE_URL": _renamed(settings.DATABASE_URL, name),
        "MIGRATE_DATABASE_URL": _renamed(settings.MIGRATE_DATABASE_URL, name),
        "REDIS_URL": settings.REDIS_URL,
    }


def _renamed(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}")) if url else ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/accounts/login/")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"no site answers on port {port}")
