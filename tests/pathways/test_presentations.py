"""CoPa presented before the birth: noted, seen by whom, taken over by the birth once; births without a proposal."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import presentations as actions
from pathways.actions import unproposed
from pathways.models import Birth, NotProposed, Presentation, Proposal, UnnamedBirths, presenter_offered
from pathways.reads.births import birth_counts, birth_rows
from pathways.reads.facts import family_facts
from tests import factories
from tests.births_lists import line, receive
from tests.pathways.actions.steps import new_birth, new_mother, register
from tests.pathways.addresses import address
from tests.queries import count

pytestmark = pytest.mark.usefixtures("vallees")


def typed(**changes: Any) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "birth_name": "Haddad",
        "first_names": "Samira",
        "birth_on": "1994-05-17",
        "phone": "01 99 00 31 07",
        "expected_on": (today + timedelta(days=5)).isoformat(),
        "maternity": "",
        "context": "EPP",
        "presented_on": (today - timedelta(days=40)).isoformat(),
        "covered": ["COPA", "SFL"],
        "support": "FALC",
        "answer": "YES",
    } | changes


def hers(**fields: Any) -> Presentation:
    """A presentation made to the mother of `steps.new_mother`."""
    about = {"birth_name": "Haddad", "first_names": "Samira", "birth_on": date(1994, 5, 17), "phone": "+33199003107"}
    return factories.make_presentation(**(about | fields))


@pytest.mark.parametrize("who", ["ines", "gaelle", "farid", "elise"])
def test_midwife_notes_a_presentation(as_: Any, who: str) -> None:
    answer = as_(who).post(address("presentation_new"), typed())

    row = Presentation.objects.get()
    assert answer.status_code == 302
    assert (row.presented_by, row.covered, row.answer) == (factories.who(who), ["COPA", "SFL"], "YES")
    assert row.answered_at is not None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"presented_on": "2100-01-01"}, "presented_on"),
        ({"expected_on": "2100-01-01"}, "expected_on"),
        ({"expected_on": "2021-01-01"}, "expected_on"),
        ({"birth_on": "2020-01-01"}, "birth_on"),
        ({"context": "STAY"}, "context"),
        ({"answer": "PENDING"}, "ask_again_on"),
        ({"answer": "PENDING", "ask_again_on": "2021-01-01"}, "ask_again_on"),
        ({"covered": []}, "covered"),
        ({"birth_name": "12"}, "birth_name"),
    ],
)
def test_what_makes_no_sense_is_refused(as_: Any, changes: dict[str, Any], field: str) -> None:
    answer = as_("ines").post(address("presentation_new"), typed(**changes))

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Presentation.objects.exists()


@pytest.mark.parametrize(
    ("who", "seen"), [("ines", 1), ("iris", 0), ("gaelle", 0), ("farid", 2), ("fanny", 0), ("elise", 2), ("nora", 2)]
)
def test_each_sees_her_own_and_the_team_its_maternity(as_: Any, who: str, seen: int) -> None:
    hers(by=factories.who("ines"))
    factories.make_presentation()

    assert len(as_(who).get(address("presentations")).context["page"].object_list) == seen


def test_list_asks_as_many_questions_for_ten_as_for_one(as_: Any) -> None:
    client = as_("elise")
    hers()
    one = count(client, address("presentations"))
    for _ in range(9):
        factories.make_presentation()

    assert count(client, address("presentations")) == one


def test_registered_birth_takes_the_presentation_over_once() -> None:
    earlier, latest = hers(presented_on=date(2026, 1, 1)), hers(by=factories.who("ines"), support="FALC")
    earlier = Presentation.objects.get(pk=earlier.pk)

    birth = register()

    proposal = Proposal.objects.get(birth=birth)
    assert (proposal.context, proposal.answer, proposal.support) == ("EPP", "YES", "FALC")
    assert (proposal.proposed_on, proposal.proposed_by) == (latest.presented_on, factories.who("ines"))
    assert set(Presentation.objects.values_list("birth", flat=True)) == {birth.pk}
    assert not Birth.objects.not_proposed().exists()


def test_presentation_taken_over_says_who_noted_it_and_no_trade_that_nobody_asked() -> None:
    hers(by=factories.who("farid"))

    birth = register()

    told = family_facts(birth.family_id, clock.now()).births[0].proposal
    assert told is not None
    assert (Proposal.objects.get().presenter, told.by) == ("", factories.who("farid").user.get_full_name())


@pytest.mark.parametrize(
    ("place", "offered"),
    [("Maternité Saint-Rémi", "HOSPITAL_MIDWIFE"), ("CPP de Brécourt", ""), ("PMI de Ligny", "PMI_MIDWIFE")],
)
def test_page_offers_the_trade_by_the_structure_of_the_team(place: str, offered: str) -> None:
    farid = factories.who("farid")

    assert presenter_offered(farid.role, factories.structure(place).kind) == offered


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_on": date(1994, 5, 18)},
        {"first_names": "Sonia"},
        {"expected_on": timezone.localdate() + timedelta(days=200)},
        {"expected_on": timezone.localdate() - timedelta(days=60)},
        {"closed_at": clock.now(), "closing_reason": "MOVED"},
    ],
)
def test_what_is_not_exact_is_not_taken_over(changes: dict[str, Any]) -> None:
    if "closed_at" in changes:
        changes["closed_by"] = factories.who("elise")
    hers(**changes)

    birth = register()

    assert not Proposal.objects.filter(birth=birth).exists()


def test_imported_birth_takes_the_presentation_over(as_: Any) -> None:
    hers(birth_name="Garnier", first_names="Elodie", birth_on=date(1993, 3, 12), answer="NO")
    run = receive(line())

    as_("elise").post(address("birth_import", run.public_id), {"act": "confirm"})

    assert Proposal.objects.get().answer == "NO"


def test_mother_who_was_thinking_is_asked_during_the_stay() -> None:
    hers(answer="PENDING", ask_again_on=timezone.localdate() - timedelta(days=20))

    proposal = Proposal.objects.get(birth=register())

    assert (proposal.answer, proposal.ask_again_on) == ("PENDING", timezone.localdate())


def test_same_phone_is_offered_and_taken_over_when_chosen(as_: Any) -> None:
    client = as_("farid")
    offered = hers(first_names="Sonia")
    birth = register()
    url = address("proposal", birth.public_id)

    shown = client.get(url)
    client.post(url, {"adopt": str(offered.public_id)})
    client.post(url, {"adopt": str(offered.public_id)})

    assert "CoPa lui a peut-être été présenté" in shown.content.decode()
    assert Proposal.objects.get(birth=birth).context == "EPP"
    assert Presentation.objects.get().birth == birth


def test_presentation_of_somebody_else_is_not_taken_over(as_: Any) -> None:
    stranger = factories.make_presentation()
    birth = register()

    as_("farid").post(address("proposal", birth.public_id), {"adopt": str(stranger.public_id)})

    assert not Proposal.objects.exists()


def test_family_in_mourning_takes_nothing_over() -> None:
    birth = register()
    Birth.objects.filter(pk=birth.pk).update(is_silent=True)
    birth.refresh_from_db()

    with pytest.raises(BusinessError, match="deuil"):
        actions.adopt_presentation(presentation=hers(), birth=birth, at=clock.now())

    assert Presentation.objects.get().birth is None


def test_term_past_by_six_weeks_is_told_and_closed_with_a_reason(as_: Any) -> None:
    client = as_("ines")
    mine = {"by": factories.who("ines")}
    limit = timezone.localdate() - timedelta(weeks=6)
    hers(expected_on=limit, **mine)
    late = hers(expected_on=limit - timedelta(days=1), **mine)
    url = address("presentations")

    past = client.get(url, {"etat": "depassees"}).context["page"].object_list
    client.post(address("presentation", late.public_id), {"act": "end", "reason": "ELSEWHERE"})
    again = client.post(address("presentation", late.public_id), {"act": "end", "reason": "MOVED"})

    assert [row.public_id for row in past] == [late.public_id]
    assert again.status_code == 422
    assert Presentation.objects.get(pk=late.pk).closing_reason == "ELSEWHERE"


def test_answer_given_later_is_noted(as_: Any) -> None:
    row = hers(answer="PENDING", by=factories.who("ines"))

    as_("ines").post(
        address("presentation", row.public_id), {"act": "answer", "answer": "NO", "refusal_reasons": ["TIME"]}
    )

    row.refresh_from_db()
    assert (row.answer, row.refusal_reasons) == ("NO", ["TIME"])


# ---- Not proposed, and births without a file -----------------------------------------------------------
def test_reason_takes_the_birth_off_the_list_and_a_proposal_puts_it_back(as_: Any) -> None:
    elise, today = factories.who("elise"), timezone.localdate()
    birth = factories.make_birth(days_ago=1)
    before = birth_counts(elise, today, None)

    as_("amal").post(address("not_proposed", birth.public_id), {"reason": "LANGUAGE"})

    after = birth_counts(elise, today, None)
    [row] = birth_rows([birth.pk], today)
    assert (before["a-proposer"], after["a-proposer"], after["pas-proposees"]) == (1, 0, 1)
    assert (row.step, row.not_proposed_label) == ("pas-proposees", "Pas d’interprète")
    given = {
        "context": "STAY",
        "presenter": "AP",
        "proposed_on": today.isoformat(),
        "covered": ["COPA"],
        "support": "ORAL",
        "answer": "YES",
    }
    as_("amal").post(address("proposal", birth.public_id), given)
    assert not NotProposed.objects.exists()
    assert birth_counts(elise, today, None)["a-inclure"] == 1


def test_reason_is_refused_once_it_was_proposed_and_in_mourning() -> None:
    proposed, silent = factories.make_proposal().birth, factories.make_birth(is_silent=True)

    for birth in (proposed, silent):
        with pytest.raises(BusinessError):
            unproposed.note_not_proposed(birth=birth, reason="LEFT", by=factories.who("elise"), at=clock.now())

    assert not NotProposed.objects.exists()


def test_births_without_a_file_are_a_number_of_the_day(as_: Any) -> None:
    place, today = str(factories.structure().public_id), timezone.localdate()
    given = {"maternity": place, "day": today.isoformat(), "reason": "SECRET_BIRTH"}

    for number in (2, 2, 1):
        as_("farid").post(address("unnamed_births"), given | {"number": number})

    assert list(UnnamedBirths.objects.values_list("day", "reason", "number")) == [(today, "SECRET_BIRTH", 1)]
    assert not Birth.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"day": "2100-01-01"}, {"day": "2021-01-01"}, {"number": "-1"}, {"number": "51"}, {"reason": "LEFT"}],
)
def test_number_that_makes_no_sense_is_refused(as_: Any, changes: dict[str, str]) -> None:
    place = str(factories.structure().public_id)
    given = {"maternity": place, "day": timezone.localdate().isoformat(), "reason": "LOSS", "number": "1"} | changes

    assert as_("farid").post(address("unnamed_births"), given).status_code == 422
    assert not UnnamedBirths.objects.exists()


def test_nobody_counts_for_another_maternity(as_: Any) -> None:
    given = {"day": timezone.localdate().isoformat(), "reason": "LOSS", "number": "1"}

    answer = as_("fanny").post(address("unnamed_births"), given | {"maternity": str(factories.structure().public_id)})

    assert answer.status_code == 422


def test_mother_named_otherwise_is_recognised_by_the_name_she_uses(vallees: scope.Scope) -> None:
    hers(birth_name="Lemoine")

    birth = register(mother=new_mother(), birth=new_birth())

    assert Proposal.objects.filter(birth=birth).exists()
