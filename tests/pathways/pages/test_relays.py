"""The list of relays, their questions and answers."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from copa.kernel import clock, scope
from pathways.actions.families import change_recipients
from pathways.actions.relay_digest import digests_due
from pathways.actions.relays import accept_relay
from pathways.models import PmiRelay, RelayContact
from pathways.reads.relays import relay_talk
from territories.models import PmiSector
from tests import factories
from tests.pathways.addresses import address
from tests.queries import count


def test_pmi_sees_the_relays_of_its_own_sector_alone(as_: Any, vallees: scope.Scope) -> None:
    factories.make_pathway()

    assert as_("gaelle").get(address("relays")).context["page"].paginator.count == 1
    assert as_("gina").get(address("relays")).context["page"].paginator.count == 0
    assert as_("gina").get(address("relay", PmiRelay.objects.get().public_id)).status_code == 404


def test_relay_goes_through_a_question_to_its_acceptance(as_: Any, vallees: scope.Scope) -> None:
    relay = factories.make_relay(factories.make_pathway(ap=factories.who("amal")))
    url = address("relay", relay.public_id)

    as_("gaelle").post(url, {"question": "Qui suit l’enfant ?"})
    asked = as_("farid").get(address("relay_reply", relay.public_id))
    as_("farid").post(address("relay_reply", relay.public_id), {"reply": "Dr Marchand."})
    shown = as_("gaelle").get(url)
    accepted = as_("gaelle").post(url, {"next_contact_on": timezone.localdate().isoformat()})

    assert "Qui suit l’enfant ?" in asked.content.decode()
    assert "Dr Marchand." in shown.content.decode()
    assert accepted.status_code == 302
    assert PmiRelay.objects.get().state == "accepted"


@pytest.mark.parametrize("who", ["elise", "farid", "nora"])
def test_relay_is_not_accepted_by_those_who_only_watch(as_: Any, vallees: scope.Scope, who: str) -> None:
    relay = factories.make_relay()

    response = as_(who).post(address("relay", relay.public_id), {"next_contact_on": "2099-01-01"})

    assert response.status_code == 403
    assert PmiRelay.objects.get().state == "waiting"


def test_bad_relay_answer_is_refused_beside_its_field(as_: Any, vallees: scope.Scope) -> None:
    relay = factories.make_relay()

    past = as_("gaelle").post(address("relay", relay.public_id), {"next_contact_on": "2020-01-01"})
    empty = as_("gaelle").post(address("relay", relay.public_id), {"question": ""})

    assert "next_contact_on" in past.context["accept"].errors
    assert past.status_code == 422
    assert "question" in empty.context["question"].errors
    assert PmiRelay.objects.get().state == "waiting"


def test_relays_without_agreement_are_for_those_who_may_ask(as_: Any, vallees: scope.Scope) -> None:
    factories.make_pathway(agreed_pmi=False)

    elise = as_("elise").get(address("relays"), {"etat": "sans-accord"})
    assert len(elise.context["page"].object_list) == 1
    gaelle = as_("gaelle").get(address("relays"), {"etat": "sans-accord"})
    assert gaelle.context["shelf"] == "a-faire"


@pytest.mark.parametrize("who", ["gaelle", "elise"])
def test_late_first_contact_is_read_by_both_teams_on_the_list_and_on_the_relay(
    as_: Any, vallees: scope.Scope, who: str
) -> None:
    relay = factories.make_relay()
    day = timezone.localdate() + timedelta(days=20)
    typed = {"next_contact_on": day.isoformat(), "late_reason": "Poste vacant jusqu’au 15."}
    refused = as_("gaelle").post(address("relay", relay.public_id), typed | {"late_reason": ""})
    as_("gaelle").post(address("relay", relay.public_id), typed)

    listed = as_(who).get(address("relays"), {"etat": "acceptes"}).content.decode()
    page = as_(who).get(address("relay", relay.public_id)).content.decode()

    assert "late_reason" in refused.context["accept"].errors
    assert "plus tard que demandé" in listed
    assert "Poste vacant" in page


def test_relay_forgotten_for_three_months_is_late_and_stands_on_its_own_shelf_too(
    as_: Any, vallees: scope.Scope
) -> None:
    factories.make_pathway(days_ago=200)

    everything = as_("gaelle").get(address("relays")).context
    assert [(group.shelf, group.total) for group in everything["groups"]] == [("plus-de-7-jours", 1)]
    assert {chip.label: chip.count for chip in everything["chips"]}["En attente depuis plus de 90 jours"] == 1
    old = as_("gaelle").get(address("relays"), {"etat": "anciens"})
    assert len(old.context["page"].object_list) == 1
    assert as_("gina").get(address("relays"), {"etat": "anciens"}).context["page"].object_list == []


def test_relay_list_costs_the_same_for_ten(as_: Any, vallees: scope.Scope) -> None:
    factories.make_pathway()
    client = as_("gaelle")
    one = count(client, address("relays"))
    for _ in range(9):
        factories.make_pathway()

    assert count(client, address("relays")) == one


@pytest.mark.parametrize(
    "shelf, title",
    [
        ("a-accepter", "1\u00a0relais à accepter"),
        ("questions", "Aucune question de la PMI"),
        ("acceptes", "2\u00a0relais acceptés ces 90 jours"),
        ("sans-accord", "1\u00a0relais sans accord de la mère"),
        ("anciens", "Aucun relais en attente depuis plus de 90 jours"),
    ],
)
def test_title_says_what_the_chosen_shelf_holds(shelf: str, title: str, as_: Any, vallees: scope.Scope) -> None:
    factories.make_pathway()
    factories.make_pathway(agreed_pmi=False)
    accepted = [factories.make_pathway().pk, factories.make_pathway().pk]
    PmiRelay.objects.filter(pathway__in=accepted).update(
        state="accepted",
        answered_at=clock.now(),
        answered_by=factories.who("gaelle"),
        next_contact_on=clock.now().date(),
    )

    page = as_("elise").get(address("relays"), {"etat": shelf}).content.decode()

    assert f"<h1>{title}" in page


def of_each_group() -> None:
    """A relay that waits since a month, a question, one declined, one accepted and not met, one to accept, one met."""
    accepted = {
        "state": "accepted",
        "answered_at": clock.now(),
        "answered_by": factories.who("gaelle"),
        "next_contact_on": clock.now().date(),
    }
    factories.make_pathway(days_ago=50)
    for fields in ({"state": "declined"}, {"state": "questioned"}, accepted, {}, accepted | {"outcome": ""}):
        relay = factories.make_relay(factories.make_pathway(), **fields)
    RelayContact.objects.create(
        family=relay.family, relay=relay, on=clock.now().date(), kind="call", has_met=True, by=relay.answered_by,
        at=clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "groups"),
    [
        ("farid", ["plus-de-7-jours", "questions", "declines", "sans-contact", "a-accepter"]),
        # A declined relay is the team's again.
        ("gaelle", ["plus-de-7-jours", "questions", "sans-contact", "a-accepter"]),
    ],
)
def test_what_is_to_do_stands_in_groups_the_most_urgent_first(
    who: str, groups: list[str], as_: Any, vallees: scope.Scope
) -> None:
    of_each_group()

    shown = as_(who).get(address("relays")).context

    assert [group.shelf for group in shown["groups"]] == groups
    assert [(group.total, len(group.rows)) for group in shown["groups"]] == [(1, 1)] * len(groups)
    assert shown["page"].paginator.count == len(groups)


def test_group_goes_on_over_the_pages_with_its_whole_count(as_: Any, vallees: scope.Scope) -> None:
    of_each_group()
    for _ in range(25):
        factories.make_pathway()

    first = as_("farid").get(address("relays")).context["groups"]
    second = as_("farid").get(address("relays"), {"page": "2"}).context["groups"]

    assert [(group.total, len(group.rows)) for group in first][-1] == (26, 21)
    assert [(group.shelf, group.total, len(group.rows)) for group in second] == [("a-accepter", 26, 5)]


def test_sector_narrows_the_list_and_its_counts(as_: Any, vallees: scope.Scope) -> None:
    factories.make_pathway()
    factories.make_pathway(factories.make_birth(factories.make_family(commune=factories.commune("Brécourt"))))
    sector = PmiSector.objects.get(structure__name="PMI de Brécourt")

    shown = as_("farid").get(address("relays"), {"secteur": str(sector.public_id)}).context

    assert [row.pmi for row in shown["page"].object_list] == ["PMI de Brécourt"]
    assert shown["chips"][0].count == 1
    assert len(shown["sectors"]) == 2
    assert len(as_("gaelle").get(address("relays")).context["sectors"]) == 1


@pytest.mark.parametrize(("who", "number"), [("elise", 4), ("gaelle", 3)])
def test_digest_says_the_number_of_the_list_it_leads_to(who: str, number: int, as_: Any, vallees: scope.Scope) -> None:
    for days_ago, fields in (
        (30, {}), (50, {"state": "questioned"}), (200, {}), (50, {"state": "declined"}), (28, {}),
        (5, {"state": "declined"}),
    ):  # fmt: skip
        factories.make_relay(factories.make_pathway(days_ago=days_ago), **fields)
    with time_machine.travel(clock.now().replace(hour=15), tick=False):
        told = {digest.reader: digest.number for digest in digests_due(at=clock.now())}
        shown = as_(who).get(address("relays"), {"etat": "plus-de-7-jours"}).context
        everything = as_(who).get(address("relays")).context

    member = factories.who(who)
    assert told[str(member.public_id if who == "elise" else member.structure.public_id)] == number
    assert (shown["page"].paginator.count, len(shown["page"].object_list)) == (number, number)
    assert (everything["groups"][0].shelf, everything["groups"][0].total) == ("plus-de-7-jours", number)
    assert everything["page"].paginator.count == number + (2 if who == "elise" else 1)


# ---- What is said after the answer ----------------------------------------------------------------------------
def in_days(days: int) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def test_contact_beyond_three_months_is_refused_beside_its_field(as_: Any, vallees: scope.Scope) -> None:
    relay = factories.make_relay()

    refused = as_("gaelle").post(address("relay", relay.public_id), {"next_contact_on": "2099-01-01"})

    assert "plus de trois mois" in refused.context["accept"].errors["next_contact_on"][0]


def test_accepted_relay_says_its_year_and_its_date_is_corrected(as_: Any, vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    as_("gaelle").post(address("relay", relay.public_id), {"next_contact_on": in_days(5)})

    page = as_("gaelle").get(address("relay", relay.public_id)).content.decode()
    corrected = as_("gaelle").post(
        address("relay", relay.public_id), {"next_contact_on": in_days(6), "correct": "1"}, follow=True
    )

    assert str(PmiRelay.objects.get().next_contact_on) == in_days(6)
    assert in_days(5)[:4] in page
    assert "Date du prochain contact corrigée" in corrected.content.decode()


@pytest.mark.parametrize("sent", [{"next_contact_on": in_days(7)}, {"question": "Quelle adresse ?"}])
def test_second_answer_is_told_who_was_first(as_: Any, vallees: scope.Scope, sent: dict[str, str]) -> None:
    relay = factories.make_relay()
    as_("gaelle").post(address("relay", relay.public_id), {"next_contact_on": in_days(5)})

    refused = as_("gaelle").post(address("relay", relay.public_id), sent)

    assert refused.status_code == 422
    assert "déjà été accepté" in refused.content.decode()
    assert str(PmiRelay.objects.get().next_contact_on) == in_days(5)


def test_second_reply_is_told_and_kept_on_the_page(as_: Any, vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    as_("gaelle").post(address("relay", relay.public_id), {"question": "Quelle adresse ?"})
    as_("farid").post(address("relay_reply", relay.public_id), {"reply": "Rue Neuve"})

    refused = as_("farid").post(address("relay_reply", relay.public_id), {"reply": "Rue Vieille"})

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "déjà reçu sa réponse" in page
    assert "Rue Neuve" in page
    assert "Rue Vieille" in page


def test_every_question_and_answer_stays_on_the_page(as_: Any, vallees: scope.Scope) -> None:
    relay = factories.make_relay()
    as_("gaelle").post(address("relay", relay.public_id), {"question": "Quelle adresse ?"})
    as_("gaelle").post(address("relay", relay.public_id), {"question": "Quel étage ?"})
    as_("farid").post(address("relay_reply", relay.public_id), {"reply": "Le deuxième"})

    page = as_("gaelle").get(address("relay", relay.public_id)).content.decode()

    assert [one.is_question for one in relay_talk(relay)] == [True, True, False]
    assert page.index("Quelle adresse") < page.index("Quel étage") < page.index("Le deuxième")
    assert "Gaelle Martin, " in page


def test_team_reads_that_the_yes_was_taken_back_after_the_acceptance(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    relay = PmiRelay.objects.get(pathway=pathway)
    accept_relay(relay=relay, next_contact_on=timezone.localdate(), by=factories.who("gaelle"), at=clock.now())
    change_recipients(family=pathway.family, agreements={"PMI": "NO"}, by=factories.who("elise"), at=clock.now())

    page = as_("elise").get(address("relay", relay.public_id)).content.decode()

    assert "La mère a retiré son accord pour la PMI" in page
    assert "Relais accepté" not in page
