"""« Tâches »: relays, calls, transmissions, families nobody reaches, and what closes a pathway."""

from datetime import timedelta

import pytest

from pathways.enums import PathwayState, ProposalAnswer
from pathways.models import (
    Birth,
    CalendarItem,
    Family,
    Pathway,
    PmiRelay,
    RecipientConsent,
)
from tests.factories import (
    make_deviation,
    make_early_call,
    make_grant,
    make_pathway,
    make_proposal,
    make_relay,
    make_transmission,
    who,
)
from tests.visits.todo.lines import AT, TODAY, call, page, planned, unanswered, whens, words
from visits.reads.todo import Subject


@pytest.mark.parametrize(
    ("answer", "fields", "detail"),
    [
        ("", {}, "jamais proposé"),
        ("LATER", {}, "elle avait répondu plus tard"),
        ("LATER", {"due_on": TODAY - timedelta(days=20)}, "elle avait répondu plus tard"),
        ("LATER", {"due_on": TODAY + timedelta(days=1)}, None),
        ("LATER", {"state": "not_needed"}, None),
        ("NO", {}, None),
        ("YES", {}, None),
    ],
)
def test_relay_never_proposed_or_put_off_waits_for_the_team_from_its_day(
    at, as_, answer: str, fields: dict, detail: str | None
) -> None:
    relay = unanswered(answer, **fields)

    told = [(row.words, row.detail) for row in page("farid", Subject.RELAYS).page.object_list]

    assert told == ([("Proposer le relais de la PMI", detail)] if detail else [])
    assert words("elise", Subject.RELAYS) == [one for one, _ in told]
    assert [words(name, Subject.RELAYS) for name in ("fanny", "amal", "gaelle")] == [[], [], []] or answer == "YES"
    for row in page("farid", Subject.RELAYS).page.object_list:
        opened = as_("farid").get(row.url).content.decode()
        assert "La mère n’a pas donné son accord" in opened
        assert f"/families/{relay.family.public_id}/recipients/" in opened


@pytest.mark.parametrize("stop", ["silence", "withdrawn", "moved"])
def test_relay_of_a_family_that_stopped_is_not_proposed(at, stop: str) -> None:
    relay = unanswered("LATER")
    if stop == "silence":
        Birth.objects.update(is_silent=True)
    elif stop == "moved":
        Family.objects.filter(pk=relay.family_id).update(moved_at=AT)
    else:
        Pathway.objects.update(state="withdrawn")

    assert [words(name, Subject.RELAYS) for name in ("farid", "elise")] == [[], []]


def test_relays_wait_for_the_pmi_then_for_the_team(at) -> None:
    make_relay(planned(), due_on=TODAY - timedelta(days=7))
    make_relay(planned(), due_on=TODAY - timedelta(days=8))
    make_relay(planned(), state="declined")
    make_relay(planned(), state="questioned", question="Quel jour ?")
    make_relay(planned(), is_agreed=False)
    taken = {"state": "accepted", "answered_at": AT - timedelta(days=8), "answered_by": who("gaelle")}
    make_relay(planned(), **taken)
    PmiRelay.objects.filter(pk=make_relay(planned()).pk).update(sector=None)

    assert sorted(words("farid")) == [
        "Choisir la PMI du relais",
        "Relais décliné, à reprendre",
        "Relais sans réponse de la PMI",
        "Répondre à la PMI",
    ]
    assert sorted(words("gaelle")) == ["Accepter le relais", "Accepter le relais", "Rencontrer la famille"]
    assert words("gina") == words("olga") == []


@pytest.mark.parametrize(("reply", "wait"), [("", ["Répondre à la PMI"]), ("Dr Marchand.", [])])
def test_question_of_a_pmi_that_did_not_wait_for_its_answer_waits_for_the_team(
    client, cast, at, reply: str, wait: list[str]
) -> None:
    taken = {"state": "accepted", "answered_at": AT, "answered_by": who("gaelle")}
    relay = make_relay(planned(), **taken, question="Qui suit l’enfant ?", reply=reply)
    make_relay(planned(), **taken)
    client.force_login(cast["farid"].user)

    assert words("farid") == wait
    assert ("Répondre</a>" in client.get(f"/t/vallees/relays/{relay.public_id}/").content.decode()) is bool(wait)


def test_early_call_waits_until_it_is_confirmed(at) -> None:
    make_early_call(planned(), called=(who("bea"),))
    make_early_call(planned(), confirmed_at=AT, confirmed_by=who("amal"))
    make_early_call(planned(), ended_at=AT)

    assert words("bea") == ["Confirmer la visite ultra-précoce"]
    assert (words("elise"), words("chloe")) == (["Trouver une auxiliaire"], [])


def test_transmission_waits_for_its_pmi_alone(at) -> None:
    make_transmission(make_proposal(answer=ProposalAnswer.NO).birth)
    make_transmission(make_proposal(answer=ProposalAnswer.NO).birth, taken_at=AT, taken_by=who("gaelle"))

    assert words("gaelle") == words("nora") == ["Prendre la transmission"]
    assert words("gina") == words("farid") == []


def test_family_who_does_not_answer_is_called_again_then_decided_about(at) -> None:
    once, often, back = planned(days_ago=9), planned(days_ago=9), planned(days_ago=9)
    call(once, 1)
    for days_ago in (3, 2, 2):
        call(often, days_ago)
    call(back, 2)
    call(back, 1, "REACHED")

    assert words("farid") == [
        "Décider de noter «\N{NO-BREAK SPACE}sans nouvelles\N{NO-BREAK SPACE}»",
        "Rappeler la famille",
    ]
    assert words("amal") == ["Rappeler la famille", "Rappeler la famille"]
    assert whens("farid") == ["en retard de 2 j", "aujourd’hui"]


def test_family_without_news_is_closed_once_her_days_have_passed(at) -> None:
    make_pathway(ap=who("amal"), days_ago=21, state=PathwayState.NO_NEWS)
    make_pathway(ap=who("amal"), days_ago=22, state=PathwayState.NO_NEWS)

    assert (words(), words("amal")) == (["Clore le parcours, ou noter son retour"], [])


def test_closed_pathway_without_coordination_waits_for_ninety_days(at) -> None:
    make_pathway(ap=who("amal"), days_ago=30, state=PathwayState.CLOSED, closed_at=AT - timedelta(days=8))
    make_pathway(ap=who("amal"), days_ago=130, state=PathwayState.CLOSED, closed_at=AT - timedelta(days=91))

    assert page("farid", Subject.COORDINATION).counts[Subject.COORDINATION] == 1
    assert whens("farid", Subject.COORDINATION) == ["en retard de 1 j"]


def test_deviation_waits_for_her_who_made_the_visit_and_for_the_binome(at) -> None:
    make_deviation(detected_at=AT - timedelta(days=3))
    make_deviation(reason="FAMILY_WISH")

    assert whens("amal", Subject.DEVIATIONS) == whens("nora", Subject.DEVIATIONS) == ["en retard de 1 j"]
    assert words("bea", Subject.DEVIATIONS) == words("farid", Subject.DEVIATIONS) == []


@pytest.mark.parametrize(("days_ago", "is_there"), [(27, False), (28, True), (84, True), (85, False)])
def test_interview_nobody_noted_waits_from_its_first_day(at, days_ago: int, is_there: bool) -> None:
    """K08: shown from D+28, due on D+56, asked about for four weeks more (R015)."""
    make_pathway(ap=who("amal"), days_ago=days_ago, state=PathwayState.CLOSED, closed_at=AT - timedelta(days=1))

    asks = ["Demander si l’entretien postnatal est pris"] if is_there else []
    assert words("farid", Subject.POSTNATAL) == asks
    # The coordinator, another team, the auxiliary: not theirs to ask.
    assert [words(name, Subject.POSTNATAL) for name in ("elise", "fanny", "amal", "ines")] == [[]] * 4


@pytest.mark.parametrize(
    ("status", "days", "is_known"),
    [
        ("done", -1, True),
        ("refused", None, True),
        ("planned", 0, True),
        ("planned", -1, False),
        ("unknown", None, False),
    ],
)
def test_what_is_known_of_the_interview_asks_nothing_more(at, status: str, days: int | None, is_known: bool) -> None:
    pathway = make_pathway(ap=who("amal"), days_ago=40, state=PathwayState.CLOSED, closed_at=AT)
    CalendarItem.objects.create(
        family=pathway.family, birth=pathway.birth, code="K08", status=status, source="professional",
        on=None if days is None else TODAY + timedelta(days=days), noted_by=who("farid"), noted_at=AT,
    )  # fmt: skip

    assert (words("farid", Subject.POSTNATAL) == []) is is_known


def test_interview_is_asked_by_the_midwife_the_mother_agrees_to(at) -> None:
    pathway = make_pathway(ap=who("amal"), days_ago=40, state=PathwayState.CLOSED, closed_at=AT)
    make_grant(pathway.family, to=who("ines"))
    assert words("ines", Subject.POSTNATAL) == ["Demander si l’entretien postnatal est pris"]

    RecipientConsent.objects.filter(family=pathway.family, recipient="LIBERAL_MIDWIFE").update(answer="NO")
    assert words("ines", Subject.POSTNATAL) == []


def test_nobody_is_asked_about_a_mother_in_mourning_or_who_stopped(at) -> None:
    silent = make_pathway(ap=who("amal"), days_ago=40, state=PathwayState.CLOSED, closed_at=AT)
    Birth.objects.filter(pk=silent.birth_id).update(is_silent=True)
    make_pathway(ap=who("amal"), days_ago=41, state=PathwayState.WITHDRAWN)

    assert words("farid", Subject.POSTNATAL) == []
