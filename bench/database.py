"""A database of its own for each run: made as the owner, filled by `load_demo`, dropped at the end."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

PATIENCE = 20


def owner() -> psycopg.Connection[Any]:
    """The owner, on the maintenance side of the server."""
    entry: dict[str, Any] = settings.DATABASES["owner"]
    return psycopg.connect(
        host=entry["HOST"] or None,
        port=entry["PORT"] or None,
        user=entry["USER"] or None,
        password=entry["PASSWORD"] or None,
        dbname=entry["NAME"],
        autocommit=True,
    )


def _drop(server: psycopg.Connection[Any], name: str) -> None:
    # Without force: the owner may not end an automatic vacuum, which leaves by itself after a moment.
    for _ in range(PATIENCE):
        try:
            server.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))
            return
        except psycopg.errors.ObjectInUse:
            time.sleep(1)
    print(f"{name} is still in use: it stays until the next run", file=sys.stderr)


def _use(name: str) -> None:
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


@contextmanager
def filled(name: str, *options: str, say: Any) -> Iterator[None]:
    """The block runs on a fresh database of this name, with the population of these options of `load_demo`."""
    with owner() as server:
        _drop(server, name)
        server.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        try:
            _use(name)
            call_command("migrate", verbosity=0)
            call_command("load_demo", *options, stdout=say)
            with connections["owner"].cursor() as cursor:
                cursor.execute("vacuum analyze")
            yield
        finally:
            connections.close_all()
            _drop(server, name)


@contextmanager
def existing(name: str) -> Iterator[None]:
    """The block runs on a database that is already there, for instance a large one."""
    _use(name)
    try:
        yield
    finally:
        connections.close_all()
