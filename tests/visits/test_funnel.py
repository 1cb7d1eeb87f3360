"""From the birth to the first visit: every number is the length of its list, and costs the same for one and fifty."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from copa.kernel import clock
from pathways.actions.unproposed import count_unnamed, note_not_proposed
from pathways.enums import PathwayState
from pathways.models import Birth, CalendarItem, Pathway
from tests import factories
from tests.cast import VALLEES
from tests.queries import count
from visits.reads.funnel import Asked, By, Stage, funnel, funnel_births
from visits.reads.interviews import interviews

pytestmark = pytest.mark.usefixtures("vallees")
URL = reverse("visits:funnel", args=[VALLEES])


def asked(days: int = 90, **changes: Any) -> Asked:
    today = timezone.localdate()
    return Asked(first=today - timedelta(days=days - 1), last=today, **changes)


def population() -> None:
    """At Saint-Rémi: one not proposed, one no, one thinking, two yes, one of them visited; elsewhere one."""
    elise = factories.who("elise")
    late = factories.make_birth(days_ago=2)
    note_not_proposed(birth=late, reason="LEFT", by=elise, at=clock.now())
    factories.make_proposal(factories.make_birth(days_ago=3), answer="NO")
    factories.make_proposal(factories.make_birth(days_ago=4), answer="PENDING")
    factories.make_proposal(factories.make_birth(days_ago=5))
    visited = factories.make_pathway(factories.make_birth(days_ago=12, parity="ALREADY"), ap=factories.who("amal"))
    factories.make_visit(visited, "V1", "ended")
    factories.make_visit(visited, "V2")
    elsewhere = factories.make_family(maternity=factories.structure("Maternité Montreval"))
    factories.make_pathway(factories.make_birth(elsewhere, days_ago=20))
    factories.make_birth(days_ago=200)
    today = timezone.localdate()
    for reason in ("SECRET_BIRTH", "LOSS"):
        count_unnamed(maternity=factories.structure(), day=today, reason=reason, number=1, by=elise, at=clock.now())


def test_steps_are_counted() -> None:
    population()

    found = funnel(factories.who("elise"), asked())

    total = found.total
    assert (total.born, total.named, total.unnamed, total.proposed, total.accepted) == (8, 6, 2, 5, 3)
    assert (total.refused, total.thinking, total.not_proposed, total.included, total.visited) == (1, 1, 1, 2, 1)
    assert [(line.label, line.born, line.included) for line in found.lines] == [
        ("Maternité Montreval", 1, 1),
        ("Maternité Saint-Rémi", 7, 1),
    ]


@pytest.mark.parametrize("by", list(By))
def test_every_number_is_the_length_of_its_list(by: By) -> None:
    population()
    elise = factories.who("elise")

    found = funnel(elise, asked(by=by))

    assert found.lines
    for line in (*found.lines, found.total):
        for stage in Stage:
            page = funnel_births(elise, asked(by=by), stage=stage, group=line.key, page="", today=timezone.localdate())
            assert page.paginator.count == len(page.object_list) == line.counts[stage], (line.label, stage)
        assert line.counts[Stage.BORN] == line.proposed + line.not_proposed
        assert line.proposed == line.accepted + line.refused + line.thinking


def test_page_shows_the_adhesion_beside_its_target(as_: Any) -> None:
    births = [factories.make_birth(days_ago=3) for _ in range(10)]
    for place, birth in enumerate(births):
        factories.make_proposal(birth, answer="YES" if place < 7 else "NO")

    text = as_("nora").get(URL).content.decode()

    assert "70,0\u00a0%" in text.replace("\u202f", "\u00a0")
    assert "7 sur 10" in text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    "query",
    [
        {"par": "parite"},
        {"par": "semaine"},
        {"par": "mois", "jours": "365"},
        {"par": "n’importe", "jours": "-3", "maternite": "x", "du": "hier", "au": "1"},
        {"du": "2026-12-31", "au": "2026-01-01"},
        {"du": "1999-01-01", "au": "9999-12-31"},
    ],
)
def test_filters_of_the_address_never_fail(as_: Any, query: dict[str, str]) -> None:
    population()
    client = as_("elise")

    assert client.get(URL, query).status_code == 200
    listed = client.get(
        reverse("visits:funnel_births", args=[VALLEES]), query | {"etape": "?", "groupe": "x", "page": "z"}
    )
    assert listed.status_code == 200


def test_one_maternity_and_one_period(as_: Any) -> None:
    population()
    place = str(factories.structure("Maternité Montreval").public_id)

    page = as_("elise").get(URL, {"maternite": place, "jours": "30"})

    assert page.context["funnel"].total.born == 1


def test_as_many_queries_for_fifty_births_as_for_one(as_: Any) -> None:
    client = as_("elise")
    factories.make_pathway(factories.make_birth(days_ago=3))
    one = count(client, URL)
    for _ in range(12):
        factories.make_birth(days_ago=4)
        factories.make_pathway(factories.make_birth(days_ago=5))

    assert count(client, URL) == one


def test_empty_period_says_so(as_: Any) -> None:
    assert "Aucune naissance sur la période" in as_("elise").get(URL).content.decode()


def test_mourning_is_counted_and_nothing_is_asked() -> None:
    factories.make_birth(days_ago=2, is_silent=True)

    total = funnel(factories.who("elise"), asked()).total

    assert (total.born, total.not_proposed) == (1, 1)
    assert Birth.objects.not_proposed().count() == 0


def interviewed(status: str = "", *, days_ago: int = 12, maternity: str = "", **known: Any) -> Birth:
    """An included birth, and what is known of its early prenatal interview."""
    family = factories.make_family(maternity=factories.structure(maternity)) if maternity else None
    birth: Birth = factories.make_birth(family, days_ago=days_ago)
    factories.make_pathway(birth)
    if status:
        CalendarItem.objects.create(
            family=birth.family, birth=birth, code="EPP", status=status, source="parents",
            noted_by=factories.who("elise"), noted_at=clock.now(), **known,
        )  # fmt: skip
    return birth


def test_early_interviews_are_counted_among_known_answers() -> None:
    """R223, RS15."""
    interviewed("done", professional_kind="DOCTOR", is_transmitted=True)
    interviewed("done", professional_kind="MIDWIFE_PMI", is_transmitted=False)
    interviewed("done")
    interviewed("missed")
    interviewed("unknown")
    interviewed()
    factories.make_birth(days_ago=3)
    silent = interviewed("done")
    Birth.objects.filter(pk=silent.pk).update(is_silent=True)
    Pathway.objects.filter(birth=interviewed("missed")).update(state=PathwayState.BEREAVED)
    interviewed("done", days_ago=200)

    found = interviews(factories.who("elise"), asked())

    assert (found.done, found.missed, found.unknown, found.known) == (3, 1, 2, 4)
    assert found.by == (("Sage-femme de PMI", 1), ("Médecin", 1), ("On ne sait pas avec qui", 1))
    assert [number for _, number in found.sent] == [1, 1, 1]


def test_early_interviews_of_one_maternity(as_: Any) -> None:
    interviewed("done")
    interviewed("missed", maternity="Maternité Montreval")
    here, there = factories.structure(), factories.structure("Maternité Montreval")

    page = as_("elise").get(URL)
    only = as_("elise").get(URL, {"maternite": str(here.public_id)}).context["interviews"]
    other = as_("elise").get(URL, {"maternite": str(there.public_id)}).context["interviews"]

    assert "Entretien prénatal précoce" in page.content.decode()
    assert (only.done, only.known) == (1, 1)
    assert (other.done, other.known) == (0, 1)
