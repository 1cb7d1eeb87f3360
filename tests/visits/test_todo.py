"""« Tâches »: what each person of the cast has to do next, in every subject."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from copa.kernel import scope
from copa.kernel.french import day as short_day
from pathways.actions.contacts import note_attempt
from pathways.enums import AlertKind, PathwayState, ProposalAnswer
from pathways.models import (
    Birth,
    CalendarItem,
    ContactAttempt,
    EpdsScreening,
    Family,
    NotProposed,
    Pathway,
    PmiRelay,
    RecipientConsent,
    Suggestion,
)
from tests import queries, world
from tests.cast import LAGON, inside
from tests.factories import (
    make_agreement,
    make_alert,
    make_birth,
    make_decision,
    make_deviation,
    make_early_call,
    make_grant,
    make_meeting,
    make_meeting_item,
    make_need,
    make_orientation,
    make_pathway,
    make_proposal,
    make_relay,
    make_team_meeting,
    make_transfer,
    make_transmission,
    make_visit,
    structure,
    who,
)
from visits.reads import todo as reads
from visits.reads.todo import Subject

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 3)
ZONE = "Europe/Paris"
CARE = "amal bea chloe elise farid fanny gaelle gina ines iris marc nora olga".split()  # noqa: SIM905


@pytest.fixture
def at(vallees):
    with time_machine.travel(AT, tick=False):
        # Both teams have met this week: that task has its own tests.
        for place in ("Maternité Saint-Rémi", "Maternité Montreval"):
            make_team_meeting(days_ago=1, structure_id=structure(place).pk)
        yield AT


def page(name: str = "elise", subject: Subject | None = None) -> reads.TodoPage:
    return reads.todo_page(who(name), subject, "1", at=AT, zone=ZONE)


def words(name: str = "elise", subject: Subject | None = None) -> list[str]:
    return [row.words for row in page(name, subject).page.object_list]


def whens(name: str = "elise", subject: Subject | None = None) -> list[str]:
    return [row.when.replace("\u00a0", " ") for row in page(name, subject).page.object_list]


def planned(**fields):
    """A family under way about whom nothing is to be done."""
    pathway = make_pathway(ap=who("amal"), **fields)
    make_visit(pathway, "V1", planned_at=AT + timedelta(days=1))
    make_visit(pathway, "V2", planned_at=AT + timedelta(days=5))
    return pathway


# ---- Who finds what --------------------------------------------------------------------------------------
TEAM = {
    "Alerte à prendre",
    "Alerte prise, consigne à écrire",
    "Trouver une auxiliaire",
    "Fixer V1 et\u00a0V2",
    "Accepter ou non une correction d’EPDS",
    "Décider\u00a0: une troisième visite",
    "Décider une orientation",
}
WHY = "Dire pourquoi le protocole n’a pas été suivi"
HERS = {
    "amal": {
        "Remettre le compte rendu",
        "Confirmer la visite ultra-précoce",
        "Décision de réunion à tenir",
        "Fixer V1 et\u00a0V2",
        WHY,
    },
    "elise": TEAM | {WHY},
    "farid": TEAM,
    "gaelle": {"Accepter le relais", "Prendre la transmission"},
    "nora": TEAM - {"Fixer V1 et\u00a0V2", "Accepter ou non une correction d’EPDS"} | {"Prendre la transmission", WHY},
    "olga": {"Trouver une auxiliaire", "Fixer V1 et\u00a0V2"},
}


def test_each_finds_what_she_may_do_and_nobody_her_neighbours_things(at, cast) -> None:
    world.build(cast)

    assert {name: set(words(name)) for name in CARE} == {name: HERS.get(name, set()) for name in CARE}


def test_no_line_leads_to_a_refusal(client, cast, at) -> None:
    world.build(cast)
    for name in HERS:
        client.force_login(cast[name].user)
        urls = [row.url for row in page(name).page.object_list]

        assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200), name


def test_nothing_of_another_territory_is_found(at, cast) -> None:
    with scope.opened(inside(LAGON)):
        make_birth()
        make_alert(make_pathway(ap=who("dora")))

    assert words() == []


def test_family_another_territory_follows_is_nobodys_task_here(at) -> None:
    """The binôme still opens the record (A38): it must not be asked to act on it."""
    pathway = make_pathway()
    make_orientation(make_need(pathway, by=who("amal")))
    make_birth(pathway.family, days_ago=2)
    assert words() != []
    Family.objects.filter(pk=pathway.family_id).update(moved_at=AT)

    assert words() == []


def test_offer_of_another_territory_waits_without_a_name_and_not_as_long_as_it_is_kept(cast, at) -> None:
    """Nobody visits the family meanwhile: an answer is due within two days, whatever the thirty it is kept."""
    with scope.opened(inside(LAGON)):
        make_transfer(make_pathway(ap=who("dora"), days_ago=16), to="vallees", by=who("emma"))

    [row] = page("elise", Subject.HANDOVERS).page.object_list

    assert (row.words, row.name) == ("Accepter ou non une famille qui arrive", "")
    assert row.detail == f"Lagon, J16, visites jusqu’au {short_day(AT.date() + timedelta(days=5))}"
    assert row.when == f"avant le {short_day(AT.date() + timedelta(days=2))}"
    assert words("farid", Subject.HANDOVERS) == []


# ---- Silences --------------------------------------------------------------------------------------------
def test_mourning_asks_for_nothing_but_what_is_about_safety(at) -> None:
    pathway = planned()
    need = make_need(pathway)
    make_orientation(need)
    make_orientation(need, target_type="CPAM", state="SENT", proposed_at=AT - timedelta(days=20))
    make_early_call(pathway)
    item = make_meeting_item(make_meeting(is_validated=True), pathway.family)
    make_decision(item, owner=who("elise"), days=-3)
    make_proposal(make_birth(is_silent=True), answer=ProposalAnswer.YES)
    make_alert(pathway)
    suggest(pathway)
    scale(pathway, TODAY)
    assert len(words()) == 7
    Birth.objects.filter(pk=pathway.birth_id).update(is_silent=True)

    assert words() == ["Alerte à prendre"]


def test_death_is_told_without_the_children(at) -> None:
    make_alert(planned(), AlertKind.DEATH, code="")

    assert [row.place for row in page().page.object_list] == [""]


def test_sealed_things_say_nothing(at) -> None:
    pathway = planned()
    make_alert(pathway, AlertKind.PROTECTED, is_sealed=True, facts="secret")
    make_orientation(make_need(pathway, "VIOLENCE_SEALED", by=who("farid")), target_type="VIOLENCE")

    rows = page().page.object_list

    assert [row.detail for row in rows] == ["Alerte protégée\u00a0: appelez l’équipe"]


# ---- Subject by subject ----------------------------------------------------------------------------------
def test_births_wait_until_their_21st_day_unless_somebody_said_why(at) -> None:
    make_birth(days_ago=21)
    make_birth(days_ago=22)
    told = make_birth()
    NotProposed.objects.create(
        birth=told, family_id=told.family_id, reason="TRANSFERRED", noted_by=who("elise"), noted_at=AT
    )

    assert words() == ["Présenter CoPa"]
    assert whens() == ["aujourd’hui"]


def test_yes_and_the_day_to_speak_of_it_again_wait(at) -> None:
    make_proposal(make_birth())
    make_proposal(make_birth(), answer=ProposalAnswer.PENDING, ask_again_on=TODAY)
    make_proposal(make_birth(), answer=ProposalAnswer.PENDING, ask_again_on=TODAY + timedelta(days=1))
    make_proposal(make_birth(), answer=ProposalAnswer.NO)

    assert words() == ["Reparler de CoPa", "Recueillir l’adhésion"]


def test_alert_is_taken_then_closed_and_a_sign_stands_first(at) -> None:
    make_proposal(make_birth(days_ago=20), answer=ProposalAnswer.PENDING, ask_again_on=TODAY - timedelta(days=9))
    taken = {"acknowledged_at": AT - timedelta(hours=25), "acknowledged_by": who("farid")}
    make_alert(planned(), **taken)
    make_alert(planned(), answer_due_at=AT + timedelta(minutes=5))
    make_alert(planned(), **taken, closed_at=AT, closed_by=who("farid"))

    assert words() == ["Alerte à prendre", "Alerte prise, à clore", "Reparler de CoPa"]
    assert whens() == ["avant 9 h 05", "en retard de 1 h", "en retard de 9 j"]


def test_what_is_answered_the_same_day_stands_before_what_is_late_by_weeks(at) -> None:
    """Forty lines of paperwork never push a mother to call onto the second page."""
    for days in range(30):
        make_proposal(make_birth(days_ago=20), answer=ProposalAnswer.PENDING, ask_again_on=TODAY - timedelta(days=days))
    taken = {"acknowledged_at": AT, "acknowledged_by": who("farid"), "instructed_at": AT}
    promised = {"decision": "call_mother", "decision_due_at": AT + timedelta(hours=2)}
    make_alert(planned(), code="MIND_VITAL:EPDS_ITEM10", instructed_by=who("farid"), **taken, **promised)
    make_orientation(make_need(planned()), urgency="TODAY", proposed_at=AT)
    suggest(planned(), kind="team_review", cause="epds", suggested_at=AT)
    make_alert(planned(), "death", answer_due_at=AT + timedelta(hours=2))

    found = words("elise")

    assert found[0] == "Alerte prise, à clore"
    assert set(found[1:4]) == {"Décider une orientation", "Décider\u00a0: faire le point en équipe", "Alerte à prendre"}
    assert set(found[4:]) == {"Reparler de CoPa"}
    assert words("farid")[0] == "Alerte prise, à clore"


def suggest(pathway, **fields) -> Suggestion:
    values = {"kind": "third_visit", "cause": "grid", "suggested_at": AT - timedelta(days=1)} | fields
    return Suggestion.objects.create(pathway=pathway, family_id=pathway.family_id, **values)


def scale(pathway, repeat_on: date, **fields) -> EpdsScreening:
    values = {"status": "DONE", "at": AT - timedelta(days=14), "day": 5, "recorded_at": AT, "source": "visit"} | fields
    return EpdsScreening.objects.create(
        pathway=pathway, family_id=pathway.family_id, author=who("amal"), repeat_on=repeat_on, **values
    )


def test_what_an_epds_suggests_is_due_the_same_day_a_third_visit_before_the_window_ends(at) -> None:
    suggest(planned(), cause="epds")
    suggest(planned(days_ago=3))
    suggest(planned(), decided_at=AT, decided_by=who("farid"), is_accepted=True)

    assert whens() == ["en retard de 1 j", "avant le sam. 21 nov."]


def test_scale_waits_from_its_day_until_the_next_one(at) -> None:
    scale(planned(), TODAY)
    scale(planned(), TODAY + timedelta(days=1))
    again = planned()
    scale(again, TODAY)
    scale(again, TODAY + timedelta(days=20), at=AT - timedelta(days=1))

    assert (words(), words("amal")) == (["Reproposer l’EPDS"], [])


@pytest.mark.parametrize(("days", "expected"), [(6, []), (7, ["Orientation sans réponse"])])
def test_orientation_sent_waits_from_the_first_reminder(at, days: int, expected: list[str]) -> None:
    make_orientation(make_need(planned()), state="SENT", proposed_at=AT - timedelta(days=days))

    assert words("amal") == words("farid") == expected
    assert words("fanny") == []


@pytest.mark.parametrize(
    ("state", "expected"), [("NOT_COME", "Pas venue au rendez-vous"), ("CANNOT_TAKE", "Orientation à refaire")]
)
def test_orientation_turned_down_waits_for_another_decision(at, state: str, expected: str) -> None:
    one = make_orientation(
        make_need(planned()), state=state, proposed_at=AT - timedelta(days=9), answered_at=AT - timedelta(days=3)
    )

    assert words("amal") == words("farid") == [expected]
    assert whens("farid") == ["en retard de 1 j"]
    assert words("fanny") == words("bea") == []
    make_orientation(one.need, state="PROPOSED", target_type="NURSE", proposed_at=AT - timedelta(days=1))
    assert words("farid") == ["Décider une orientation"]


@pytest.mark.parametrize(("urgency", "when"), [("TODAY", "aujourd’hui"), ("THIS_WEEK", "avant le jeu. 5 nov.")])
def test_orientation_asked_for_today_is_due_today(at, urgency: str, when: str) -> None:
    make_orientation(make_need(planned()), urgency=urgency, proposed_at=AT)

    assert whens("farid") == [when]


def test_orientation_accepted_waits_to_be_sent(at) -> None:
    make_orientation(make_need(planned()), state="ACCEPTED")

    assert words() == ["Envoyer une orientation"]


def test_own_decision_waits_at_once_and_that_of_a_colleague_once_overdue(at) -> None:
    meeting = make_meeting(is_validated=True)
    make_decision(make_meeting_item(meeting, planned().family), owner=who("farid"), days=0)
    make_decision(make_meeting_item(meeting, planned().family), owner=who("amal"), days=-1)
    make_decision(make_meeting_item(make_meeting(), planned().family), owner=who("elise"), days=-1)

    assert (whens("elise"), whens("amal")) == (["en retard de 1 j"], ["en retard de 1 j"])
    assert whens("farid") == ["en retard de 1 j", "aujourd’hui"]


def unanswered(answer: str, **fields) -> PmiRelay:
    """A relay due today whose mother said this about the PMI, "" when nobody asked her."""
    pathway = planned(agreed_pmi=False)
    RecipientConsent.objects.filter(family=pathway.family, recipient="PMI").delete()
    if answer:
        make_agreement(pathway.family, "PMI", answer)
    return make_relay(pathway, **{"due_on": TODAY, "is_agreed": answer == "YES"} | fields)


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


def call(pathway, days_ago: int, result: str = "NO_ANSWER") -> ContactAttempt:
    moment = AT - timedelta(days=days_ago, hours=1)
    return note_attempt(pathway=pathway, channel="CALL", result=result, attempted_at=moment, by=who("amal"), at=AT)


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


# ---- The page --------------------------------------------------------------------------------------------
def everything() -> None:
    """One of each thing that waits."""
    make_birth()
    make_proposal(make_birth())
    pathway = make_pathway(ap=who("amal"))
    make_visit(pathway, "V1", "ended", ended_at=AT - timedelta(hours=30))
    make_alert(pathway)
    suggest(pathway)
    scale(pathway, TODAY)
    need = make_need(pathway)
    make_orientation(need)
    make_orientation(need, target_type="CPAM", state="SENT", proposed_at=AT - timedelta(days=20))
    make_decision(make_meeting_item(make_meeting(is_validated=True), pathway.family), owner=who("elise"))
    make_relay(planned(), state="declined")
    make_early_call(planned())
    call(planned(), 1)
    make_pathway(days_ago=22, state=PathwayState.NO_NEWS)
    make_pathway(days_ago=30, state=PathwayState.CLOSED, closed_at=AT - timedelta(days=8))


def test_twelve_families_of_everything_cost_the_queries_of_one(as_, at) -> None:
    everything()
    one = {name: queries.count(as_(name), "/t/vallees/todo/") for name in ("elise", "farid", "amal", "gaelle", "nora")}
    for _ in range(11):
        everything()

    assert {name: queries.count(as_(name), "/t/vallees/todo/") for name in one} == one


def test_page_counts_filters_and_survives_a_forged_address(client, cast, at) -> None:
    everything()
    client.force_login(cast["elise"].user)

    whole = client.get("/t/vallees/todo/").content.decode()
    some = client.get("/t/vallees/todo/?sujet=orientations").content.decode()

    total = page().total
    assert f"{total}\u00a0choses à faire" in whole
    assert sum(page().counts.values()) == total
    assert "Décider une orientation" in some
    assert "Présenter CoPa" not in some
    for query in ("?sujet=nimporte", "?sujet=%00", "?page=zero", "?page=999"):
        assert client.get(f"/t/vallees/todo/{query}").status_code == 200


def test_first_page_of_the_coordinator_asks_for_the_other_subjects(client, cast, at) -> None:
    everything()
    client.force_login(cast["elise"].user)

    first = client.get("/t/vallees/").content.decode()
    rest = client.get("/t/vallees/todo/rest/").content.decode()

    assert 'hx-get="/t/vallees/todo/rest/"' in first
    assert "/t/vallees/todo/?sujet=orientations" in rest
    assert "sujet=naissances" not in rest
    assert "hx-get" not in rest


def test_empty_page_says_what_will_come(client, cast, at) -> None:
    client.force_login(cast["marc"].user)

    assert "Rien ne vous attend" in client.get("/t/vallees/todo/").content.decode()
