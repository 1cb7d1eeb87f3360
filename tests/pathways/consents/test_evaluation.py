"""Her opposition to the evaluation has its way back, both ways: who, when, how (N8, inclusion.md: four objects)."""

import re
from dataclasses import replace
from typing import Any

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions.information import change_evaluation
from pathways.models import Consent, Pathway
from tests import factories
from tests.pathways.actions.steps import ADHESION, accepted_birth, include
from tests.pathways.addresses import address


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    return factories.make_pathway(ap=factories.who("amal"))


def say(as_: Any, pathway: Pathway, answer: str, mode: str = "ORAL", who: str = "amal") -> Any:
    sent = {"is_opposed": answer, "mode": mode}
    return as_(who).post(address("evaluation", pathway.family.public_id), sent)


def line(as_: Any, pathway: Pathway) -> Any:
    return as_("amal").get(address("recipients", pathway.family.public_id)).context["page"].evaluation


def test_page_says_what_she_answered_at_her_adhesion(as_: Any, pathway: Pathway) -> None:
    told = line(as_, pathway)

    assert (told.is_opposed, told.since) == (False, pathway.consent.at)


def test_she_objects_then_no_longer(as_: Any, pathway: Pathway) -> None:
    assert say(as_, pathway, "yes", "PAPER").status_code == 302
    told = line(as_, pathway)
    assert (told.is_opposed, told.by, told.how) == (True, "Amal Martin", "sur papier")
    assert told.since > pathway.consent.at
    page = as_("amal").get(address("recipients", pathway.family.public_id)).content.decode()
    assert "elle s’oppose" in page

    say(as_, pathway, "no", who="elise")

    told = line(as_, pathway)
    assert (told.is_opposed, told.by, told.how) == (False, "Elise Martin", "à l’oral, tracé")


def test_form_says_her_present_answer_and_chooses_none(as_: Any, pathway: Pathway) -> None:
    url = address("evaluation", pathway.family.public_id)
    before = as_("amal").get(url).content.decode()
    say(as_, pathway, "yes", "PAPER")

    after = as_("amal").get(url).content.decode()

    assert "<strong>elle ne s’oppose pas</strong>" in before
    assert "<strong>elle s’oppose</strong>" in after
    assert not re.search(r'<input[^>]*name="is_opposed"[^>]*checked', after)


def test_said_twice_the_first_time_counts(as_: Any, pathway: Pathway) -> None:
    say(as_, pathway, "yes")
    say(as_, pathway, "yes", "PAPER", who="elise")

    assert (line(as_, pathway).by, line(as_, pathway).how) == ("Amal Martin", "à l’oral, tracé")


@pytest.mark.parametrize(("sent", "field"), [({"mode": "ORAL"}, "is_opposed"), ({"is_opposed": "yes"}, "mode")])
def test_answer_without_its_form_is_refused(as_: Any, pathway: Pathway, sent: dict[str, str], field: str) -> None:
    response = as_("amal").post(address("evaluation", pathway.family.public_id), sent)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Consent.objects.get().is_evaluation_opposed


def test_she_objects_after_she_withdrew(as_: Any, pathway: Pathway) -> None:
    """Her rows are still in the exports: the right does not end with the visits."""
    Pathway.objects.filter(pk=pathway.pk).update(state="withdrawn")
    Consent.objects.update(withdrawn_at=clock.now(), withdrawn_by=factories.who("elise"))

    assert say(as_, pathway, "yes", who="elise").status_code == 302
    assert Consent.objects.get().is_evaluation_opposed


def test_objecting_at_a_new_birth_counts_for_the_former_one(pathway: Pathway) -> None:
    ended = {"closed_at": clock.now(), "closing_reason": "COMPLETE"}
    Pathway.objects.filter(pk=pathway.pk).update(state="closed", **ended)

    include(accepted_birth(family=pathway.family), adhesion=replace(ADHESION, is_evaluation_opposed=True))

    former = Consent.objects.get(pk=pathway.consent_id)
    assert former.is_evaluation_opposed
    assert former.evaluation_by is not None


def test_nobody_is_asked_before_any_adhesion(as_: Any, vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    with pytest.raises(BusinessError) as refusal:
        change_evaluation(family=birth.family, is_opposed=True, mode="ORAL", by=factories.who("elise"), at=clock.now())

    assert refusal.value.code == "not_adhered"
    page = as_("elise").get(address("recipients", birth.family.public_id))
    assert page.context["page"].evaluation is None
