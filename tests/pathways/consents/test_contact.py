"""One question before anybody rings or writes: may this family be reached now, by this channel, in which words."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from copa.kernel import clock, scope
from pathways import rules
from pathways.actions.stops import withdraw_pathway
from pathways.enums import ContactHours, PathwayState, SafeChannel
from pathways.models import Alert, Birth, Family, Pathway
from pathways.reads.contact import contact_now
from pathways.reads.facts import families_facts, homes
from pathways.rules import ContactRules
from tests import factories

TEN = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)  # ten in Paris, one in the afternoon in Réunion, six in Cayenne


def told(**changes: Any) -> ContactRules:
    values = {
        "has_phone": True, "has_email": True, "may_sms": True, "may_email": True, "may_call": True, "may_space": True,
        "is_refused": False, "no_voice_mail": False, "is_discreet": False, "hours": (ContactHours.ANY,),
        "state": PathwayState.ACTIVE, "is_silent": False, "is_apart": False,
    }  # fmt: skip
    return ContactRules(**(values | changes))


@pytest.mark.parametrize("channel", list(SafeChannel))
@pytest.mark.parametrize("changes", [{"is_silent": True}, *({"state": one} for one in sorted(rules.STOPPED))])
def test_no_channel_reaches_a_family_in_mourning_or_stopped(channel: str, changes: dict[str, Any]) -> None:
    decision = rules.contact_decision(told(**changes), channel, TEN, "Europe/Paris")

    assert (decision.allowed, decision.not_before) == (False, None)


@pytest.mark.parametrize(
    ("changes", "after_team"),
    [
        ({}, False),
        ({"has_changed": True}, True),
        ({"is_apart": True}, True),
        ({"is_in_hospital": True}, True),
        # Whoever answers a sign rings for it; a sign that somebody else answers is no reason to ring.
        ({"is_in_hospital": True, "has_sign": True}, True),
        ({"has_changed": True, "has_sign": True}, True),
        ({"has_changed": True, "has_sign": True, "hours": ("EVENING",)}, True),
        ({"has_changed": True, "has_sign": True, "is_answering": True}, False),
        ({"is_apart": True, "has_sign": True, "is_answering": True}, False),
    ],
)
def test_after_a_childs_death_whoever_rings_speaks_to_the_team_first(changes: dict[str, Any], after_team: bool) -> None:
    decision = rules.contact_decision(told(**changes), SafeChannel.CALL, TEN, "Europe/Paris")

    assert (decision.allowed, decision.is_after_team) == (True, after_team)
    assert decision.is_for_sign == bool(changes.get("is_answering"))
    if after_team:
        assert "l’équipe de référence" in decision.reason


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"may_sms": False}, {"SMS"}),
        ({"may_email": False}, {"EMAIL"}),
        ({"has_email": False}, {"EMAIL"}),
        ({"no_voice_mail": True}, {"VOICE_MAIL"}),
        ({"may_call": False}, {"CALL", "VOICE_MAIL"}),
        ({"may_call": None}, set()),
        ({"may_space": False}, {"SPACE"}),
        ({"has_phone": False}, {"SMS", "CALL", "VOICE_MAIL"}),
        ({"is_apart": True}, {"SMS", "EMAIL", "SPACE"}),
        ({"is_refused": True}, {"SMS", "EMAIL", "CALL", "VOICE_MAIL", "SPACE"}),
        ({"through_team_since": TEN}, {"SMS", "EMAIL", "CALL", "VOICE_MAIL"}),
        ({"through_team_since": TEN, "has_sign": True}, {"SMS", "EMAIL", "CALL", "VOICE_MAIL"}),
        ({"through_team_since": TEN, "has_sign": True, "is_answering": True}, {"SMS", "EMAIL", "VOICE_MAIL"}),
    ],
)
def test_each_wish_closes_its_channel_and_no_other(changes: dict[str, Any], refused: set[str]) -> None:
    asked = {one: rules.contact_decision(told(**changes), one, TEN, "Europe/Paris").allowed for one in SafeChannel}

    assert {one.value for one, allowed in asked.items() if not allowed} == refused


@pytest.mark.parametrize(
    ("hours", "zone", "allowed"),
    [
        (("MORNING",), "Europe/Paris", True),
        (("AFTERNOON",), "Europe/Paris", False),
        (("MORNING", "EVENING"), "Europe/Paris", True),
        (("MORNING",), "Indian/Reunion", False),
        (("AFTERNOON",), "Indian/Reunion", True),
        (("MORNING", "EVENING"), "Indian/Reunion", False),
        (("ANY",), "America/Cayenne", False),
        ((), "America/Cayenne", False),
        ((), "Europe/Paris", True),
    ],
)
def test_hours_are_those_of_her_clock(hours: tuple[str, ...], zone: str, *, allowed: bool) -> None:
    assert rules.contact_decision(told(hours=hours), "SMS", TEN, zone).allowed is allowed
    is_of_her_day = ContactHours.ANY in hours or not hours
    assert rules.contact_decision(told(hours=hours), "CALL", TEN, zone).allowed is (allowed or is_of_her_day)


NIGHT = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "allowed", "is_urgent_only", "words"),
    [
        (
            {"hours": ("ANY",)},
            True,
            False,
            "À toute heure, a-t-elle dit. Les messages automatiques attendent 8\u00a0h.",
        ),
        ({"hours": ("ANY", "MORNING")}, True, False, "À toute heure"),
        ({"hours": ()}, True, True, "Ses heures ne lui ont pas été demandées."),
        ({"hours": ("MORNING",)}, False, False, "à partir de 8"),
        ({"hours": ("MORNING",), "has_sign": True}, True, False, "Une alerte est en cours"),
        ({"hours": (), "has_sign": True}, True, False, "Une alerte est en cours"),
        ({"is_refused": True, "has_sign": True}, False, False, "Elle ne veut pas être contactée"),
        ({"is_silent": True, "has_sign": True}, False, False, "passez par l’équipe de référence"),
        ({"is_silent": True, "has_sign": True, "is_answering": True}, True, False, "l’équipe de référence y répond"),
        ({"is_silent": True, "has_sign": True, "is_answering": True, "is_refused": True}, False, False, "Elle ne veut"),
        ({"is_silent": True, "is_answering": True}, False, False, "voyez d’abord l’équipe de référence"),
    ],
)
def test_at_night_her_own_words_or_a_sign_decide_of_a_call(
    changes: dict[str, Any], allowed: bool, is_urgent_only: bool, words: str
) -> None:
    decision = rules.contact_decision(told(**changes), "CALL", NIGHT, "Europe/Paris")

    assert (decision.allowed, decision.is_urgent_only) == (allowed, is_urgent_only)
    assert words in decision.reason
    for channel in ("SMS", "EMAIL", "SPACE"):
        assert not rules.contact_decision(told(**changes), channel, NIGHT, "Europe/Paris").allowed


@time_machine.travel(NIGHT, tick=False)
@pytest.mark.parametrize("state", ["open", "taken", "closed", "none"])
def test_the_file_forbids_no_call_while_a_sign_waits_or_is_answered(as_: Any, vallees: scope.Scope, state: str) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    Family.objects.filter(pk=pathway.family_id).update(may_call=True, contact_hours=["MORNING"])
    if state != "none":
        taken = {"acknowledged_at": NIGHT, "acknowledged_by": factories.who("farid"), "instruction": "J’appelle."}
        closed = {"closed_at": NIGHT, "closed_by": factories.who("farid"), "outcome": "Vue."}
        given = {"open": {}, "taken": taken, "closed": taken | closed}[state]
        factories.make_alert(pathway, raised_at=NIGHT, **given)

    page = as_("elise").get(reverse("visits:family", args=["vallees", pathway.family.public_id])).content.decode()

    assert ("ne l’appelez pas" in page) is (state in {"closed", "none"})
    assert ("Une alerte est en cours" in page) is (state in {"open", "taken"})


@pytest.mark.parametrize(("state", "is_stopped"), [("active", False), ("withdrawn", True)])
def test_after_a_stop_nothing_leads_to_a_call(as_: Any, vallees: scope.Scope, state: str, is_stopped: bool) -> None:
    """« Préfère : SMS et appel » under « ne l’appelez pas », with a number to tap, would be two orders."""
    pathway = factories.make_pathway(ap=factories.who("amal"))
    Family.objects.filter(pk=pathway.family_id).update(may_call=True, contact_hours=["ANY"])
    closed_at = clock.now() if is_stopped else None
    Pathway.objects.filter(pk=pathway.pk).update(state=state, closed_at=closed_at)

    page = as_("elise").get(reverse("visits:family", args=["vallees", pathway.family.public_id])).content.decode()

    assert ("Règles de contact" not in page) is is_stopped
    assert ("tel:+33199003107" not in page) is is_stopped


@pytest.mark.parametrize(
    ("name", "shown", "hidden"),
    [
        ("farid", "pour répondre à l’alerte", "ne l’appelez pas"),
        ("amal", "passez par l’équipe de référence", "pour répondre à l’alerte"),
    ],
)
def test_in_mourning_a_sign_that_waits_is_answered_by_the_team(
    as_: Any, vallees: scope.Scope, name: str, shown: str, hidden: str
) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_alert(pathway, code="MOTHER_NOW:MOTHER_BLEEDING")
    url = reverse("visits:family", args=["vallees", pathway.family.public_id])
    Birth.objects.filter(pk=pathway.birth_id).update(is_silent=True)

    page = as_(name).get(url).content.decode()

    assert shown in page
    assert hidden not in page
    Alert.objects.update(ended_at=NIGHT)
    assert "voyez d’abord l’équipe de référence" in as_(name).get(url).content.decode()


@pytest.mark.parametrize("state", sorted(rules.STOPPED - {PathwayState.BEREAVED}))
@pytest.mark.parametrize("channel", list(SafeChannel))
@pytest.mark.parametrize("is_answering", [True, False])
def test_stop_takes_no_sign_away_from_whoever_answers_it(state: str, channel: str, is_answering: bool) -> None:
    values = told(state=state, has_sign=True, is_answering=is_answering, hours=("MORNING",))

    decision = rules.contact_decision(values, channel, NIGHT, "Europe/Paris")

    is_call = channel in {SafeChannel.CALL, SafeChannel.VOICE_MAIL}
    assert (decision.allowed, decision.is_for_sign) == ((True, True) if is_call and is_answering else (False, False))
    assert not decision.is_stopped


@pytest.mark.parametrize("is_taken", [False, True])
@pytest.mark.parametrize(
    ("name", "shown", "hidden"),
    [
        ("farid", "pour répondre à l’alerte", "d’abord l’équipe de référence"),
        ("elise", "pour répondre à l’alerte", "d’abord l’équipe de référence"),
        ("amal", "passez par l’équipe de référence, qui y répond", "pour répondre à l’alerte"),
    ],
)
def test_after_a_withdrawal_a_sign_that_waits_is_answered_by_the_team(
    as_: Any, vallees: scope.Scope, is_taken: bool, name: str, shown: str, hidden: str
) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    taken = {"acknowledged_at": clock.now(), "acknowledged_by": factories.who("farid")} if is_taken else {}
    factories.make_alert(pathway, code="CHILD_NOW:CHILD_BLUE", **taken)
    withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())
    url = reverse("visits:family", args=["vallees", pathway.family.public_id])

    page = as_(name).get(url).content.decode()

    assert shown in page
    assert hidden not in page
    assert "ne l’appelez pas" not in page
    assert "tel:+33199003107" in page
    Alert.objects.update(ended_at=clock.now())
    assert "plus de message ni d’appel" in as_(name).get(url).content.decode()


@given(
    minutes=st.integers(0, 2 * 365 * 24 * 60),
    hours=st.lists(st.sampled_from(list(ContactHours)), unique=True).map(tuple),
    zone=st.sampled_from(["Europe/Paris", "Indian/Reunion", "America/Cayenne"]),
)
def test_whoever_waits_until_then_may_call_then(minutes: int, hours: tuple[str, ...], zone: str) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    opens = rules.next_opening(hours, at, zone)

    assert at <= opens
    assert (opens - at).total_seconds() < 25 * 3600
    assert rules.contact_decision(told(hours=hours), "CALL", opens, zone).allowed


def test_discreet_binds_the_words_whatever_the_answer() -> None:
    for channel, hours in product(SafeChannel, ContactHours):
        assert rules.contact_decision(told(is_discreet=True, hours=(hours,)), channel, TEN, "Europe/Paris").is_discreet


def asked(family_id: int, zone: str) -> bool:
    facts = families_facts([family_id], TEN)[family_id]
    return contact_now(facts, "SMS", at=TEN, zone=zone).allowed


def test_family_is_asked_in_the_hours_of_its_territory(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    Family.objects.filter(pk=pathway.family_id).update(may_sms=True, contact_hours=["MORNING"])

    assert asked(pathway.family_id, "Europe/Paris")
    assert not asked(pathway.family_id, "Indian/Reunion")
    factories.make_death(pathway.birth, is_confirmed=True)
    assert not asked(pathway.family_id, "Europe/Paris")


# What she answered, by the channels it leaves open while the pathway goes on.
_ANSWERS = {
    "nobody asked": ({"may_sms": False, "may_email": False, "may_call": None, "may_space": False}, "CALL VOICE_MAIL"),
    "sms": ({"may_sms": True, "may_email": False, "may_call": False, "may_space": False}, "SMS"),
    "e-mail": ({"may_sms": False, "may_email": True, "may_call": False, "may_space": False}, "EMAIL"),
    "call": ({"may_sms": False, "may_email": False, "may_call": True, "may_space": False}, "CALL VOICE_MAIL"),
    "space": ({"may_sms": False, "may_email": False, "may_call": False, "may_space": True}, "SPACE"),
    "none": (
        {"may_sms": False, "may_email": False, "may_call": False, "may_space": False, "is_refused": True},
        "",
    ),
}


@pytest.mark.parametrize("channel", list(SafeChannel))
@pytest.mark.parametrize("answer", list(_ANSWERS))
@pytest.mark.parametrize("state", ["", *PathwayState])
def test_channel_is_open_for_this_answer_in_this_state(channel: str, answer: str, state: str) -> None:
    changes, opened = _ANSWERS[answer]

    decision = rules.contact_decision(told(state=state, **changes), channel, TEN, "Europe/Paris")

    assert decision.allowed is (channel in opened.split() and state not in rules.STOPPED)
    assert decision.reason


def test_family_that_wants_no_contact_is_said_so_wherever_somebody_might_call(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    wishes = {"may_sms": False, "may_call": False, "is_contact_refused": True}
    Family.objects.filter(pk=pathway.family_id).update(**wishes)
    factories.make_visit(pathway)

    file = as_("amal").get(reverse("visits:family", args=["vallees", pathway.family.public_id])).content.decode()
    stop = as_("amal").get(reverse("visits:day", args=["vallees"])).content.decode()

    assert "Elle ne veut pas être contactée entre les visites." in file
    assert "Ne la contactez pas entre les visites." in stop


def test_wishes_are_told_in_words(vallees: scope.Scope) -> None:
    family = factories.make_family(may_call=True, contact_hours=["MORNING", "EVENING"], no_voice_mail=True)

    contact = homes([family.pk])[family.pk].contact

    assert contact.line == "Préfère\u00a0: SMS et\u00a0appel. Le matin et\u00a0le soir seulement. Pas de message vocal."


@pytest.mark.parametrize(
    ("changes", "words", "allowed"),
    [
        ({}, "Passez par l’équipe de référence.", False),
        ({"has_sign": True}, "Passez par l’équipe de référence.", False),
        # Her own word is not hidden by the rule, nor said where she said nothing.
        ({"may_call": False}, "Passez par l’équipe de référence.", False),
        ({"has_sign": True, "is_answering": True}, "pas d’appel sans elle, depuis le 3 nov. 2026.", True),
        ({"has_sign": True, "is_answering": True, "may_call": False}, "Elle n’a pas choisi d’être appelée", False),
        ({"has_sign": True, "is_answering": True, "is_silent": True}, "D’abord l’équipe de référence", True),
    ],
)
def test_rule_of_the_team_sends_everybody_but_whoever_answers_to_the_team(
    changes: dict[str, Any], words: str, allowed: bool
) -> None:
    decision = rules.contact_decision(told(through_team_since=TEN, **changes), "CALL", TEN, "Europe/Paris")

    assert words in decision.reason.replace("\u00a0", " ")
    assert (decision.allowed, decision.is_after_team, decision.is_discreet) == (allowed, allowed, True)


def test_line_before_a_call_sends_to_the_team_without_what_she_prefers(vallees: scope.Scope) -> None:
    family = factories.make_family(may_call=True, contact_hours=["MORNING"], through_team_since=TEN)

    contact = homes([family.pk])[family.pk].contact

    assert contact.line == "Passez par l’équipe de référence avant tout appel ou message. Le matin seulement."
    assert contact.ways_words == "SMS et\u00a0appel"
