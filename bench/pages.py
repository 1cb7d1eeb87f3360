"""Pages against an empty page of the same frame, and lists with one row against lists with a full page of rows."""

import re
from collections.abc import Iterator
from typing import Any

from bench.measure import compared, in_turn
from bench.people import FULL, Person
from copa.kernel import scope
from pathways.models import Family, ImportRun, Mother, Pathway
from visits.models import Report

ROUNDS = 60
LIST, PAGE = "p95 ≤ 5× the floor", "p95 ≤ 3× the floor"
# Pages of the coordination by their address: parts of the file of a family, and lists of a territory.
PARTS = ("screening", "observations", "coordination", "needs", "calendar", "recipients", "circle", "reads")
LISTS = ("orientations", "meetings", "decisions", "todo", "funnel", "directory", "community")


def _found() -> dict[str, str]:
    """Public ids of a family with much to show, of its report, and a name that only one family begins with."""
    with scope.opened(FULL.scope()):
        report = Report.objects.signed().filter(visit__kind="V3").order_by("-pk").first()
        report = report or Report.objects.signed().order_by("-pk").first()
        family = Family.objects.get(pk=report.family_id)
        names = Mother.objects.filter(family=family).values_list("birth_name", "used_name", "first_names").get()
    return {
        "family": str(family.public_id),
        "report": str(report.public_id),
        "name": f"{names[1] or names[0]} {names[2]}",
    }


def _lists_to_confirm() -> list[str]:
    """Public id of the last list of births that came, none in a database without any."""
    with scope.opened(FULL.scope()):
        return [str(key) for key in ImportRun.objects.order_by("-pk").values_list("public_id", flat=True)[:1]]


def _pages() -> list[tuple[str, str, str, str, str]]:
    """(workload, mailbox, address, frame of its floor, aim)."""
    found = _found()
    file = f"families/{found['family']}/"
    return [
        ("page: worklist", "coordination", "", "office", LIST),
        ("page: families", "coordination", "families/", "office", LIST),
        ("page: family file", "coordination", file, "office", PAGE),
        *[(f"page: {part} of a family", "coordination", f"{file}{part}/", "office", PAGE) for part in PARTS],
        ("page: births", "coordination", "births/", "office", LIST),
        *[("page: import", "equipe", f"births/import/{key}/", "office", PAGE) for key in _lists_to_confirm()],
        ("page: planning", "coordination", "planning/", "office", LIST),
        ("page: alerts", "coordination", "alerts/", "office", LIST),
        *[(f"page: {name}", "coordination", f"{name}/", "office", LIST) for name in LISTS],
        ("page: reports inbox", "equipe", "reports/", "office", LIST),
        ("page: one report", "coordination", f"reports/{found['report']}/", "office", PAGE),
        ("page: relays", "pmi", "relays/", "office", LIST),
        ("page: day of an AP", "ap", "day/", "tablet", PAGE),
        ("page: chargeable lines", "coordination", "billing/", "office", LIST),
        ("page: figures of a quarter", "coordination", "figures/", "office", PAGE),
    ]


def addresses() -> list[tuple[str, str, str]]:
    """(workload, mailbox, whole address) of every page of the territory in the database in use."""
    return [(name, mailbox, f"/t/{FULL.slug}/{address}") for name, mailbox, address, _, _ in _pages()]


def pages() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every page of a territory, then the dashboard of the ARS."""
    people: dict[str, Person] = {}
    for name, mailbox, address, frame, aim in _pages():
        person = people.setdefault(mailbox, FULL.person(mailbox))
        yield name, _page(person, f"/t/{FULL.slug}/{address}", f"/t/{FULL.slug}/bench/{frame}/", aim)
    officer = Person("ars@grandest.copa.example")
    yield "page: dashboard of the ARS", _page(officer, "/ars/", "/ars/bench/office/", PAGE)


def _page(person: Person, url: str, floor_url: str, aim: str) -> dict[str, Any]:
    figure, floor = in_turn(lambda: person.get(url), lambda: person.get(floor_url), rounds=ROUNDS)
    body = person.get(url).content
    facts = {"queries": person.queries(url), "floor_queries": person.queries(floor_url), "rows": _rows(body)}
    return compared(figure, floor, aim, **facts, bytes=len(body))


def _rows(body: bytes) -> int:
    """Rows of the tables of a page, without their heads."""
    return len(re.findall(rb"<tr[ >]", body)) - len(re.findall(rb"<thead[ >]", body))


def lists() -> Iterator[tuple[str, dict[str, Any]]]:
    """The list of families with one row and with a full page: what a row costs, and that it costs no query."""
    person = FULL.person("coordination")
    one, full = f"/t/{FULL.slug}/families/?q={_found()['name']}", f"/t/{FULL.slug}/families/"
    figure, floor = in_turn(lambda: person.get(full), lambda: person.get(one), rounds=ROUNDS)
    facts = {
        "rows": _rows(person.get(full).content),
        "floor_rows": _rows(person.get(one).content),
        "queries": person.queries(full),
        "floor_queries": person.queries(one),
    }
    with scope.opened(FULL.scope()):
        facts |= {"families": Family.objects.count(), "active_pathways": Pathway.objects.active().count()}
    yield (
        "list: a full page of families against one row",
        compared(figure, floor, "the same number of queries", **facts),
    )
