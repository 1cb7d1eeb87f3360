"""Test databases: migrated once as the owner into a template, cloned per worker, used as the runtime role.

The tests therefore never pass through row-level security: no superuser, no owner, no BYPASSRLS.
"""

import hashlib
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from tests import cast

ROOT = Path(__file__).resolve().parent.parent


def owner_connection() -> psycopg.Connection[Any]:
    """A connection of the owner to the maintenance side of the server (creates and drops databases)."""
    return _connection("owner")


def _connection(alias: str) -> psycopg.Connection[Any]:
    entry = settings.DATABASES[alias]
    return psycopg.connect(
        host=entry["HOST"] or None,
        port=entry["PORT"] or None,
        user=entry["USER"] or None,
        password=entry["PASSWORD"] or None,
        dbname=_base_name(),
        autocommit=True,
    )


_BASE: dict[str, str] = {}


def _base_name() -> str:
    return _BASE.setdefault("name", settings.DATABASES["owner"]["NAME"])


def _template_name() -> str:
    """Named after everything that shapes it, so that a changed migration makes a new one."""
    digest = hashlib.sha256()
    for pattern in (
        "*/migrations/*.py",
        # The privileges of the runtime role come from marks on the models.
        "*/models.py",
        "*/models/*.py",
        "copa/kernel/deployment.py",
        "copa/kernel/walls.py",
        "tests/cast.py",
        "tests/database.py",
        "*/reference.py",
        "*/reference_*.py",
    ):
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    for path in sorted(ROOT.glob("visits/questionnaires/*.json")):
        digest.update(path.read_bytes())
    return f"copa_template_{digest.hexdigest()[:12]}"


def use(name: str) -> None:
    """Point both connections at this database."""
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name


def ensure_template() -> str:
    """The template database: migrated, with the reference data and the cast; made by the first worker that comes."""
    name = _template_name()
    with owner_connection() as server:
        server.execute("select pg_advisory_lock(hashtext('copa_test_template'))")
        if not server.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            _drop_old_templates(server)
            building = f"{name}_new"
            drop(server, building)
            server.execute(sql.SQL("create database {}").format(sql.Identifier(building)))
            use(building)
            call_command("migrate", verbosity=0)
            call_command("load_reference", verbosity=0)
            cast.build()
            connections.close_all()
            server.execute(
                sql.SQL("alter database {} rename to {}").format(sql.Identifier(building), sql.Identifier(name))
            )
    return name


def _drop_old_templates(server: psycopg.Connection[Any]) -> None:
    rows = server.execute("select datname from pg_database where datname like 'copa\\_template\\_%'").fetchall()
    for (name,) in rows:
        drop(server, name)


def drop(server: psycopg.Connection[Any], name: str) -> None:
    """Drop a database whoever is connected: each of the two roles ends its own sessions, neither may end the other's.

    Without FORCE, which an autovacuum worker refuses to whoever is not a superuser: a plain DROP sends it away itself.
    """
    mine = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and usename = session_user"
    with _connection("default") as runtime:
        runtime.execute(mine, [name])
    server.execute(mine, [name])
    server.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(name)))


def clone(template: str, name: str) -> None:
    """A fresh copy of the template (about 100 ms), used from now on."""
    connections.close_all()
    with owner_connection() as server:
        drop(server, name)
        server.execute("select pg_advisory_lock(hashtext('copa_test_template'))")
        server.execute(sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template)))
        # What a test writes has no statistics: the planner expects one row, nests loops over hundreds, and a page of
        # 150 families took four minutes. Plans are measured by `make bench`, on tables that were analysed.
        server.execute(sql.SQL("alter database {} set enable_nestloop = off").format(sql.Identifier(name)))
    use(name)
