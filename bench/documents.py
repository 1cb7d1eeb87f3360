"""Seconds of the two PDF documents."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from bench.measure import in_turn
from bench.people import FULL, Person
from copa.kernel import scope
from visits.models import Report

ROUNDS = 8


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """A visit report, and the activity report of a region."""
    with scope.opened(FULL.scope()):
        report = Report.objects.signed().order_by("-pk").first()
    team, officer = FULL.person("coordination"), Person("ars@grandest.copa.example")
    wanted = (
        ("PDF: visit report", team, f"/t/{FULL.slug}/reports/{report.public_id}/pdf/", "under 1 s"),
        ("PDF: activity report of the ARS", officer, "/ars/report.pdf", "under 5 s"),
    )
    for name, person, url, aim in wanted:
        (timing,) = in_turn(partial(person.get, url), rounds=ROUNDS, warm_up=1)
        yield name, {"figure_ms": timing.as_dict(), "aim": aim, "bytes": len(person.get(url).content)}
