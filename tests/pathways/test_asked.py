"""What is asked at the inclusion beside the adhesion: mandatory strata, what helps her, and who reads it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from pathways.actions import calendar
from pathways.models import Birth, Child, Family, InclusionAnswers, MidwifeVisit, Mother, Pathway, RecipientConsent
from territories.models import HistoryEvent
from tests import factories
from tests.cast import VALLEES
from tests.pathways.actions.steps import ASKED, accepted_birth, include
from tests.pathways.addresses import address
from tests.pathways.pages.test_inclusion import adhesion

pytestmark = pytest.mark.usefixtures("vallees")


@pytest.mark.parametrize(
    "field", ["language", "access_needs", "birth_place", "vulnerability", "knows_pmi", "interview", "wish", "collector"]
)
def test_question_without_an_answer_is_said_beside_it(as_: Any, field: str) -> None:
    birth = accepted_birth()

    response = as_("farid").post(address("inclusion", birth.public_id), adhesion(**{field: ""}))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Pathway.objects.exists()


def test_no_question_is_answered_beforehand(as_: Any) -> None:
    form = as_("amal").get(address("inclusion", accepted_birth().public_id)).context["form"]

    for name in (
        "language",
        "access_needs",
        "birth_place",
        "vulnerability",
        "knows_pmi",
        "interview",
        "wish",
        "place",
        "mode",
    ):
        assert not form[name].value(), name


def test_answers_are_kept_where_they_belong(as_: Any) -> None:
    birth = accepted_birth()
    answers = {
        "language": "ar",
        "access_needs": ["INTERPRETER", "LARGE"],
        "birth_place": "OUTSIDE_UNPLANNED",
        "wish": "YES",
        "fed_once": "YES",
        "goal_kind": "DURATION",
        "goal_weeks": "13",
        "goal_is_exclusive": "0",
        "knows_pmi": "YES",
        "pmi_named": "celle de la gare",
        "are_professionals_presented": "on",
        "other_programme": "PANJO",
        "other_programme_from": "2026-09-01",
        "feel_care": "4",
    }

    response = as_("amal").post(address("inclusion", birth.public_id), adhesion(**answers))

    assert response.status_code == 302
    kept = InclusionAnswers.objects.get()
    assert (kept.goal_weeks, kept.goal_is_exclusive, kept.fed_once) == (13, False, "YES")
    assert (kept.pmi_named, kept.other_programme, kept.feelings) == ("celle de la gare", "PANJO", {"care": 4})
    assert kept.professionals_presented_at == kept.answered_at
    assert Mother.objects.values_list("language", "access_needs").get() == ("ar", ["INTERPRETER", "LARGE"])
    assert Birth.objects.get().place == "OUTSIDE_UNPLANNED"
    family = Family.objects.get()
    assert (family.isolated_method, family.isolated_on is not None) == ("COMMUNE", True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"wish": "YES"}, "fed_once"),
        ({"wish": "YES", "fed_once": "NO", "goal_kind": "DURATION"}, "goal_weeks"),
        ({"wish": "YES", "fed_once": "NO", "goal_kind": "DURATION", "goal_weeks": 4}, "goal_is_exclusive"),
    ],
)
def test_goal_is_asked_to_its_end(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        include(accepted_birth(), asked=replace(ASKED, **changes))

    assert refusal.value.field == field
    assert not Pathway.objects.exists()


def test_missing_weight_is_asked_and_written(as_: Any) -> None:
    birth = accepted_birth(children=2)
    Child.objects.filter(rank=2).update(birth_weight_g=None)
    url = address("inclusion", birth.public_id)

    refused = as_("amal").post(url, adhesion())
    stored = as_("amal").post(url, adhesion(weight_2="2450"))

    assert "weight_2" in refused.context["form"].errors
    assert "weight_1" not in refused.context["form"].fields
    assert stored.status_code == 302
    assert Child.objects.get(rank=2).birth_weight_g == 2450


def test_nobody_is_included_without_a_weight() -> None:
    birth = accepted_birth()
    Child.objects.update(birth_weight_g=None)

    with pytest.raises(BusinessError) as refusal:
        include(birth)

    assert (refusal.value.code, refusal.value.field) == ("weight_missing", "weight_1")


def test_feelings_and_vulnerability_stay_out_of_history() -> None:
    include(accepted_birth(), asked=replace(ASKED, vulnerability="YES", feelings={"care": 1}))

    event = HistoryEvent.objects.filter(table_name="pathways_inclusionanswers").get()
    assert "YES" not in str(event.after.get("vulnerability"))
    assert "1" not in str(event.after.get("feelings"))


def test_auxiliary_and_relay_read_what_helps_her(as_: Any) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    Mother.objects.filter(family=pathway.family_id).update(language="ar", access_needs=["INTERPRETER"])
    factories.make_visit(pathway)

    day = as_("amal").get(reverse("visits:day", args=[VALLEES])).content.decode()
    file = as_("amal").get(reverse("visits:family", args=[VALLEES, pathway.family.public_id])).content.decode()

    assert "Arabe, interprète" in day
    assert "Arabe, interprète" in file


# ---- The way home, the midwife's days, somebody no list foresees ------------------------------------------------
def test_prado_the_midwifes_days_and_another_person_are_kept(as_: Any) -> None:
    birth = accepted_birth()
    on = birth.day + timedelta(days=4)
    answers = {
        "prado": "1",
        "midwife_on_1": on.isoformat(),
        "midwife_half_1": "morning",
        "other_named": "Mme Roy, psychomotricienne",
    }

    as_("amal").post(address("inclusion", birth.public_id), adhesion(**answers))

    assert Birth.objects.get().is_prado is True
    assert list(MidwifeVisit.objects.values_list("on", "half")) == [(on, "morning")]
    other = RecipientConsent.objects.get(recipient="OTHER")
    assert (other.named, other.answer) == ("Mme Roy, psychomotricienne", "YES")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"prado": ""}, "prado"),
        ({"midwife_on_1": "2026-01-01", "midwife_half_1": "morning"}, "midwife_on_1"),
        ({"midwife_on_2": "2026-01-01"}, "midwife_half_2"),
        ({"midwife_half_2": "morning"}, "midwife_on_2"),
    ],
)
def test_bad_answer_about_the_way_home_leaves_nothing_half_stored(as_: Any, typed: dict[str, str], field: str) -> None:
    birth = accepted_birth()

    refused = as_("amal").post(address("inclusion", birth.public_id), adhesion(**typed))

    assert field in refused.context["form"].errors
    assert not Pathway.objects.exists()
    assert not MidwifeVisit.objects.exists()


def test_half_day_that_the_calendar_knows_is_no_refusal(as_: Any) -> None:
    birth = accepted_birth()
    on, elise = birth.day + timedelta(days=4), factories.who("elise")
    calendar.expect_midwife(birth=birth, on=on, half="morning", by=elise, at=clock.now())
    typed = {"midwife_on_1": on.isoformat(), "midwife_half_1": "morning"}

    response = as_("amal").post(address("inclusion", birth.public_id), adhesion(**typed))

    assert response.status_code == 302
    assert MidwifeVisit.objects.count() == 1


def test_without_a_street_nobody_is_included(as_: Any) -> None:
    birth = accepted_birth()
    Family.objects.update(address="")
    url = address("inclusion", birth.public_id)

    refused = as_("amal").post(url, adhesion())

    assert refused.status_code == 422
    assert not Pathway.objects.exists()
    assert "Noter l’adresse" in as_("amal").get(url).content.decode()


def test_phone_read_by_somebody_else_stays_known_once_messages_are_plain_again(as_: Any) -> None:
    birth = accepted_birth()
    as_("amal").post(address("inclusion", birth.public_id), adhesion(is_shared_phone="on"))
    page = as_("amal").get(address("family_edit", birth.family.public_id))

    family = Family.objects.get()
    assert (family.is_phone_shared, family.is_discreet) == (True, True)
    assert page.context["form"]["is_shared_phone"].value() is True


def test_six_sentences_do_not_promise_that_nobody_sees_them(as_: Any) -> None:
    page = as_("amal").get(address("inclusion", accepted_birth().public_id)).content.decode()

    assert "montrées à personne" not in page
    assert "restent lisibles sur cet écran" in page
