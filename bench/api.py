"""API lists of fifty rows against the same SQL with psycopg and json.

Two floors in the same run. The first repeats every statement of the request: who asks, the walls, the list. The second
repeats the list alone, against what the list adds to an empty answer of the same stack.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from bench.measure import compared, in_turn
from bench.people import FULL, Person

ROUNDS = 100
RESOURCES = ("family", "pathway", "visit", "report")


def api() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each list of the API that exists."""
    person = FULL.person("coordination")
    for name in RESOURCES:
        try:
            url = reverse(f"api:{name}-list", args=[FULL.slug])
        except NoReverseMatch:
            continue
        yield f"API: 50 rows of {name}", _list(person, f"{url}?limit=50")
        yield f"list: 50 rows of {name} in the API against one", _rows(person, url)


def _list(person: Person, url: str) -> dict[str, Any]:
    person.get(url)
    with CaptureQueriesContext(connection) as found:
        body = person.get(url).json()
    count = len(found)
    statements = [query["sql"] for query in found.captured_queries if _is_asked(query["sql"])]
    walls = [text for text in statements if "set_config" in text]
    own = [text for text in statements if _is_of_the_list(text)]
    figure, empty, whole, around, alone = in_turn(
        lambda: person.get(url),
        lambda: person.get(f"/api/v1/t/{FULL.slug}/bench/"),
        _floor(statements),
        _floor(walls),
        _floor([*walls, *own]),
        rounds=ROUNDS,
    )
    rows = body["results"] if isinstance(body, dict) else body
    facts: dict[str, Any] = {"rows": len(rows), "queries": count, "own_queries": len(own)}
    above, below = {}, {}
    for name in ("p50", "p95", "cpu"):
        above[name] = round(getattr(figure, name) - getattr(empty, name), 3)
        below[name] = round(getattr(alone, name) - getattr(around, name), 3)
    facts |= {"empty_answer_ms": empty.as_dict(), "list_alone_ms": above, "list_alone_floor_ms": below}
    facts["list_alone_ratio"] = {name: round(above[name] / max(below[name], 0.001), 2) for name in ("p50", "cpu")}
    return compared(figure, whole, "≤ 2×", **facts)


def _floor(statements: list[str]) -> Callable[[], None]:
    """One transaction of psycopg with these statements; the rows of the last one become JSON."""
    raw: psycopg.Connection[Any] = connection.connection

    def floor() -> None:
        rows: list[Any] = []
        with raw.transaction(), psycopg.ClientCursor(raw) as cursor:
            for text in statements:
                rows = cursor.execute(text).fetchall()
        json.dumps(rows, default=str)

    return floor


def _rows(person: Person, url: str) -> dict[str, Any]:
    """What forty-nine more rows cost."""
    full, one = f"{url}?limit=50", f"{url}?limit=1"
    figure, floor = in_turn(lambda: person.get(full), lambda: person.get(one), rounds=ROUNDS)
    facts = {"queries": person.queries(full), "floor_queries": person.queries(one)}
    return compared(figure, floor, "the same number of queries", **facts)


def _is_asked(text: str) -> bool:
    return text.lower().startswith(("select", "with"))


def _is_of_the_list(text: str) -> bool:
    tables = ("pathways_", "visits_")
    return any(table in text for table in tables) and "set_config" not in text
