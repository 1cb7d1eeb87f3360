"""Filling rows that already stand, in a migration: a range of primary keys and a transaction at a time.

A whole table rewritten at once keeps its rows locked to the end; here whoever works meanwhile waits for one batch at
most. The migration says `atomic = False`, and its statement changes nothing when it runs twice.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

from django.db import migrations, transaction

BATCH = 2000


def fill(table: str, statement: str, *, actor: str, size: int = BATCH) -> migrations.RunPython:
    """Run this SQL over `table`, territory by territory: the policies hold for the owner too, history wants an actor.

    It takes `%(first)s` and `%(last)s`, both inclusive, and may take `%(zone)s`, the time zone of the territory. Where
    it writes a percent sign, it writes two.
    """
    run = partial(_run, table=table, statement=statement, actor=actor, size=size)
    return migrations.RunPython(run, migrations.RunPython.noop)


def _run(_: Any, schema_editor: Any, *, table: str, statement: str, actor: str, size: int) -> None:
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute("select id, time_zone from territories_territory order by id")
        territories = cursor.fetchall()
    for territory, zone in territories:
        for first, last in _ranges(connection, table, territory, size):
            with transaction.atomic(connection.alias), connection.cursor() as cursor:
                _enter(cursor, territory, actor)
                cursor.execute(statement, {"first": first, "last": last, "zone": zone})


def _ranges(connection: Any, table: str, territory: UUID, size: int) -> Iterator[tuple[int, int]]:
    """Those that hold rows of this territory: its keys are found one batch after the other, gaps cost nothing."""
    last = 0
    while True:
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            _enter(cursor, territory, "")
            keys = f"select id from {table} where id > %s order by id limit %s"  # noqa: S608 - a name of ours
            cursor.execute(f"select min(id), max(id) from ({keys}) batch", [last, size])  # noqa: S608
            first, last = cursor.fetchone()
        if first is None:
            return
        yield first, last


def _enter(cursor: Any, territory: UUID, actor: str) -> None:
    """Until the end of the transaction."""
    cursor.execute(
        "select set_config('copa.territory', %s, true), set_config('copa.actor', %s, true)", [str(territory), actor]
    )
