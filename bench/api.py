"""API lists of fifty rows against the same SQL with psycopg and json."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from bench.measure import compared, in_turn
from bench.people import FULL, Person
from copa.kernel import scope

ROUNDS = 60
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
    # The statements of the list itself: what is left without the session, the member and the scope.
    own = [query["sql"] for query in found.captured_queries if _is_of_the_list(query["sql"])]
    opened = FULL.scope()
    raw_url = f"/api/v1/t/{FULL.slug}/bench/"

    with scope.opened(opened):
        raw = connection.connection

        def floor() -> None:
            for text in own:
                with psycopg.ClientCursor(raw) as cursor:
                    json.dumps(cursor.execute(text).fetchall(), default=str)

        (base,) = in_turn(floor, rounds=ROUNDS)
    figure, empty = in_turn(lambda: person.get(url), lambda: person.get(raw_url), rounds=ROUNDS)
    rows = body["results"] if isinstance(body, dict) else body
    facts: dict[str, Any] = {"rows": len(rows), "queries": count, "own_queries": len(own)}
    facts["empty_answer_ms"] = empty.as_dict()
    above = {"p50": round((figure.p50 - empty.p50) / base.p50, 2), "p95": round((figure.p95 - empty.p95) / base.p95, 2)}
    return compared(figure, base, "≤ 2×", **facts, ratio_above_the_empty_answer=above)


def _rows(person: Person, url: str) -> dict[str, Any]:
    """What forty-nine more rows cost."""
    full, one = f"{url}?limit=50", f"{url}?limit=1"
    figure, floor = in_turn(lambda: person.get(full), lambda: person.get(one), rounds=ROUNDS)
    facts = {"queries": person.queries(full), "floor_queries": person.queries(one)}
    return compared(figure, floor, "the same number of queries", **facts)


def _is_of_the_list(text: str) -> bool:
    others = ("SAVEPOINT", "select set_config", "django_session", "INSERT INTO")
    tables = ("pathways_", "visits_")
    return any(table in text for table in tables) and not any(other in text for other in others)
