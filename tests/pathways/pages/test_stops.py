"""The pages that stop, resume or hand over a pathway."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from copa.kernel import clock, scope
from pathways.actions import contacts, deaths, stays
from pathways.enums import PathwayState
from pathways.models import Birth, Child, ContactAttempt, HospitalStay, Pathway
from pathways.reads.stops import stops_of
from territories.models import Member
from tests import factories
from tests.pathways.addresses import address
from tests.queries import count


def test_family_stops_and_sees_nothing_more(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    url = address("withdraw", pathway.public_id)

    assert as_("amal").get(url).status_code == 200
    assert as_("amal").post(url).status_code == 302

    assert Pathway.objects.get().state == PathwayState.WITHDRAWN
    # Once more, also by her: it is done already, and the page of the family says so.
    assert as_("amal").get(url).url == f"/t/vallees/families/{pathway.family.public_id}/"
    assert as_("gaelle").get(address("relays")).context["page"].paginator.count == 0


def test_page_says_who_is_told_that_she_stops_before_she_does(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))

    page = as_("amal").get(address("withdraw", pathway.public_id)).content.decode()

    assert "l’équipe et l’auxiliaire apprennent que l’accompagnement s’arrête, sans motif" in page
    assert "la sage-femme libérale et la PMI qui a pris le relais l’apprennent aussi" in page
    assert "sauront que vous arrêtez, pas pourquoi" in page


def test_team_stops_a_pathway_after_a_move(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    url = address("stop", pathway.public_id)

    assert as_("farid").post(url, {}).status_code == 422
    assert as_("farid").post(url, {"act": "moved"}).status_code == 302

    assert Pathway.objects.get().state == PathwayState.MOVED
    assert not Birth.objects.get().is_silent


def test_page_leads_to_every_stop(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()

    page = as_("farid").get(address("stop", pathway.public_id)).content.decode()

    for name in ("hospital", "contact", "withdraw"):
        assert address(name, pathway.public_id) in page
    assert address("silence", pathway.birth.public_id) in page
    assert "perdu" not in page


def test_auxiliary_notes_a_stay_and_the_return(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    url, today = address("hospital", pathway.public_id), timezone.localdate().isoformat()
    sent = {"act": "stay", "who": "mother", "ward": "OTHER", "place": "CHU de Valmont", "starts_on": today}

    assert as_("amal").post(url, {**sent, "who": ""}).status_code == 422
    assert as_("amal").post(url, sent).status_code == 302
    assert Pathway.objects.get().state == PathwayState.SUSPENDED
    shown = as_("amal").get(url).content.decode()
    assert "CHU de Valmont" in shown
    stay = HospitalStay.objects.get()
    late = (timezone.localdate() + timedelta(days=1)).isoformat()
    assert as_("amal").post(url, {"act": "back", "stay": stay.public_id, "on": late}).status_code == 422
    assert as_("amal").post(url, {"act": "back", "stay": stay.public_id, "on": today}).status_code == 302

    assert Pathway.objects.get().state == PathwayState.ACTIVE


def test_team_takes_up_a_suspended_pathway(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(state=PathwayState.SUSPENDED)
    url = address("stop", pathway.public_id)

    assert as_("farid").post(url, {"act": "resume"}).status_code == 302
    assert Pathway.objects.get().state == PathwayState.ACTIVE
    again = as_("farid").post(url, {"act": "resume"}, follow=True)
    assert "pas suspendu" in again.content.decode()


def test_auxiliary_notes_attempts_and_the_team_decides(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=9)
    url = address("contact", pathway.public_id)
    for days in (2, 1, 0):
        moment = timezone.localtime(clock.now() - timedelta(days=days, minutes=5)).strftime("%Y-%m-%dT%H:%M")
        sent = {"act": "attempt", "channel": "CALL", "result": "NO_ANSWER", "moment": moment}
        assert as_("amal").post(url, sent).status_code == 302

    assert as_("amal").post(url, {"act": "no_news"}).status_code == 403
    assert pathway.family.reference in as_("elise").get(address("pauses")).content.decode()
    assert as_("farid").post(url, {"act": "no_news"}).status_code == 302
    assert Pathway.objects.get().state == PathwayState.NO_NEWS
    listed = as_("elise").get(address("pauses")).context["stops"]
    assert [one.pathway for one in listed.no_news] == [pathway.public_id]
    assert as_("amal").post(url, {"act": "attempt", "channel": "SMS", "result": "REACHED"}).status_code == 302

    assert Pathway.objects.get().state == PathwayState.ACTIVE


def test_attempt_sent_twice_counts_once(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), days_ago=9)
    client, url = as_("amal"), address("contact", pathway.public_id)
    key = client.get(url).context["form"]["key"].value()
    sent = {"act": "attempt", "channel": "CALL", "result": "NO_ANSWER", "key": str(key)}

    answers = [client.post(url, sent).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert ContactAttempt.objects.count() == 1


def test_story_tells_stays_attempts_and_deaths_to_whoever_may_know(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_grant(pathway.family, to=factories.who("ines"))
    elise, at = factories.who("elise"), clock.now()
    stays.note_stay(
        birth=pathway.birth, child=None, ward="OTHER", place="", starts_on=timezone.localdate(), by=elise, at=at
    )
    contacts.note_attempt(pathway=pathway, channel="CALL", result="NO_ANSWER", attempted_at=at, by=elise, at=at)
    death = factories.make_death(pathway.birth, Child.objects.get())
    deaths.undo_death(death=death, reason="Autre famille.", by=elise, at=clock.now())

    page = f"/t/vallees/families/{pathway.family.public_id}/"
    team, ap, midwife = (as_(name).get(page).content.decode() for name in ("farid", "amal", "ines"))

    assert "Hospitalisation, la mère" in team
    assert "Décès noté par erreur" in team
    assert "Autre famille." in team
    assert "Hospitalisation, la mère" in ap
    assert "Décès noté" not in ap
    assert "Hospitalisation, la mère" not in midwife
    assert "Pas de réponse" not in midwife
    assert "Décès noté" not in midwife


def test_list_of_pauses_asks_the_same_for_one_and_for_ten(as_: Any, vallees: scope.Scope) -> None:
    def paused(number: int) -> None:
        for _ in range(number):
            pathway = factories.make_pathway(ap=factories.who("amal"))
            for days in (2, 1, 0):
                at = clock.now() - timedelta(days=days)
                ContactAttempt.objects.create(
                    family=pathway.family,
                    pathway=pathway,
                    channel="CALL",
                    result="NO_ANSWER",
                    at=at,
                    by=pathway.ap,
                    noted_at=at,
                )
            stay = factories.make_pathway(ap=factories.who("amal"))
            stays.note_stay(
                birth=stay.birth,
                child=None,
                ward="OTHER",
                place="",
                starts_on=timezone.localdate(),
                by=factories.who("elise"),
                at=clock.now(),
            )

    paused(1)
    one = count(as_("elise"), address("pauses"))
    paused(9)
    ten = count(as_("elise"), address("pauses"))

    found = stops_of(factories.who("elise"), "Europe/Paris")
    assert (len(found.proposed), len(found.suspended)) == (10, 10)
    assert ten == one


def test_auxiliary_is_named_among_those_of_the_team(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    url = address("assign", pathway.public_id)
    shown = as_("elise").get(url).context["form"].auxiliaries

    refused = as_("elise").post(url, {"ap": str(factories.who("chloe").public_id)})
    named = as_("elise").post(url, {"ap": str(factories.who("bea").public_id)})

    assert {member.user.first_name for member in shown.values()} == {"Amal", "Bea"}
    assert refused.status_code == 422
    assert named.status_code == 302
    assert Pathway.objects.get().ap == factories.who("bea")


def test_former_auxiliary_is_not_offered(as_: Any, vallees: scope.Scope) -> None:
    Member.objects.filter(pk=factories.who("bea").pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    pathway = factories.make_pathway()

    shown = as_("elise").get(address("assign", pathway.public_id)).context["form"].auxiliaries

    assert {member.user.first_name for member in shown.values()} == {"Amal"}


def test_list_leads_each_reader_where_she_may_go(as_: Any, vallees: scope.Scope) -> None:
    """The CPP pilot and the PMI doctor decide nothing there: they open the file."""
    pathway = factories.make_pathway(state=PathwayState.SUSPENDED)
    silent = factories.make_pathway(state=PathwayState.NO_NEWS)

    pages = {who: as_(who).get(address("pauses")).content.decode() for who in ("elise", "nora", "olga")}

    assert address("hospital", pathway.public_id) in pages["elise"]
    assert address("contact", silent.public_id) in pages["elise"]
    for who in ("nora", "olga"):
        assert f"/t/vallees/families/{pathway.family.public_id}/" in pages[who]
        assert f"/t/vallees/families/{silent.family.public_id}/" in pages[who]
        assert address("hospital", pathway.public_id) not in pages[who]
        assert address("contact", silent.public_id) not in pages[who]
