"""No stratum is missing once families are included (R037): the cross-tab, what is missing, its completion."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from pathways.actions.asked import complete_strata
from pathways.enums import FeedingWish, Parity, PathwayState, YesNoUnknown
from pathways.models import Birth, InclusionAnswers, Pathway
from pathways.reads.strata import cross_tab, missing_rows
from tests import factories
from tests.pathways.actions.steps import ASKED, accepted_birth, include
from tests.pathways.addresses import address
from tests.queries import count

pytestmark = pytest.mark.usefixtures("vallees")


def tab(who: str = "elise") -> Any:
    today = timezone.localdate()
    return cross_tab(factories.who(who), today - timedelta(days=30), today)


def unanswered(**fields: Any) -> Pathway:
    """A family included before the questions were asked."""
    values = {"ap": factories.who("amal"), "included_at": clock.now()} | fields
    pathway: Pathway = factories.make_pathway(**values)
    return pathway


def test_inclusion_leaves_no_stratum_missing() -> None:
    asked = list(product(Parity, FeedingWish, YesNoUnknown))
    for parity, wish, vulnerability in asked:
        birth = accepted_birth(parity=parity)
        answers = {"wish": wish, "vulnerability": vulnerability, "fed_once": "NO"}
        include(birth, asked=type(ASKED)(**{**_parts(), **answers}))

    found = tab()

    assert (found.missing, found.known) == (0, len(asked))
    assert {number for row in found.rows for number in row.counts} == {1}
    assert not missing_rows(factories.who("elise"), "1").object_list


def _parts() -> dict[str, Any]:
    return {name: getattr(ASKED, name) for name in ASKED.__dataclass_fields__}


def test_former_inclusion_is_listed_until_somebody_completes_it(as_: Any) -> None:
    pathway = unanswered()
    url = address("strata_complete", pathway.public_id)

    before = as_("elise").get(address("strata")).content.decode()
    refused = as_("amal").post(url, {"wish": "YES"})
    as_("amal").post(url, {"wish": "UNDECIDED", "vulnerability": "UNKNOWN"})
    after = as_("elise").get(address("strata"))

    assert pathway.family.reference in before
    assert "1 famille sans réponses" in before.replace("\u00a0", " ")
    assert refused.status_code == 422
    assert (after.context["tab"].missing, after.context["tab"].known) == (0, 1)
    assert "Rien ne manque" in after.content.decode()
    kept = InclusionAnswers.objects.get()
    assert (kept.wish, kept.vulnerability, kept.knows_pmi) == ("UNDECIDED", "UNKNOWN", "")


def test_second_answer_is_refused_in_words(as_: Any) -> None:
    pathway = unanswered()
    complete_strata(pathway=pathway, wish="NO", vulnerability="NO", at=clock.now())

    again = as_("farid").post(address("strata_complete", pathway.public_id), {"wish": "YES", "vulnerability": "YES"})

    assert again.status_code == 422
    assert "rien ne manque plus" in again.content.decode()
    assert InclusionAnswers.objects.get().wish == "NO"


@pytest.mark.parametrize("way", ["silent", "state"])
def test_family_in_mourning_is_asked_nothing_and_counted_nowhere(way: str) -> None:
    pathway = unanswered()
    if way == "silent":
        Birth.objects.update(is_silent=True)
    else:
        Pathway.objects.update(state=PathwayState.BEREAVED)

    with pytest.raises(BusinessError) as refusal:
        complete_strata(pathway=pathway, wish="NO", vulnerability="NO", at=clock.now())

    assert refusal.value.code == "mourning"
    assert (tab().missing, tab().known) == (0, 0)
    assert not missing_rows(factories.who("elise"), "1").object_list


def test_period_is_one_of_local_days() -> None:
    unanswered(included_at=datetime(2026, 10, 31, 22, 59, tzinfo=UTC))  # 23 h 59 in Paris
    elise = factories.who("elise")

    assert cross_tab(elise, date(2026, 10, 31), date(2026, 10, 31)).missing == 1
    assert cross_tab(elise, date(2026, 11, 1), date(2026, 11, 1)).missing == 0


@pytest.mark.parametrize(("who", "missing"), [("elise", 1), ("olga", 1), ("farid", 1), ("fanny", 0)])
def test_team_counts_its_own_families(who: str, missing: int) -> None:
    unanswered()

    assert tab(who).missing == missing


@pytest.mark.parametrize("values", [{"wish": "", "vulnerability": "NO"}, {"wish": "NO", "vulnerability": ""}])
def test_database_refuses_a_missing_stratum(values: dict[str, str]) -> None:
    pathway = unanswered()

    with pytest.raises(IntegrityError, match="inclusion_strata_whole"), transaction.atomic():
        InclusionAnswers.objects.create(family=pathway.family, pathway=pathway, answered_at=clock.now(), **values)


def test_database_refuses_a_birth_without_parity() -> None:
    birth = factories.make_birth()

    with pytest.raises(IntegrityError, match="birth_parity_known"), transaction.atomic():
        Birth.objects.filter(pk=birth.pk).update(parity="")


def test_ten_families_cost_the_queries_of_one(as_: Any) -> None:
    unanswered()
    short = count(as_("elise"), address("strata"))
    for _ in range(9):
        unanswered()

    assert count(as_("elise"), address("strata")) == short
