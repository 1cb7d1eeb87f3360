"""Who receives the reports, to whom a file is open, and who read it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from copa.kernel import clock, scope
from copa.kernel.french import full_day, inner
from pathways.actions.families import answers_token
from pathways.enums import ASKED_RECIPIENTS, AgreedContent
from pathways.models import (
    Family,
    FamilyGrant,
    PmiRelay,
    RecipientConsent,
)
from pathways.reads.circle import circle_page, sees_now
from pathways.reads.facts import family_facts
from pathways.reads.professionals import professionals
from territories.models import AccessLog
from tests import factories
from tests.pathways.addresses import address
from tests.queries import count


def test_pmi_loses_and_gets_back_the_relay_with_the_agreement(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    answers = {f"recipient_{code}": "NO" for code in (*ASKED_RECIPIENTS, *AgreedContent)}
    url = address("recipients_ask", pathway.family.public_id)
    assert as_("gaelle").get(address("relays")).context["page"].paginator.count == 1

    as_("amal").post(url, answers | {"token": answers_token(pathway.family)})
    assert as_("gaelle").get(address("relays")).context["page"].paginator.count == 0
    assert as_("gaelle").get(address("relay", PmiRelay.objects.get().public_id)).status_code == 404
    as_("amal").post(url, answers | {"recipient_PMI": "YES", "token": answers_token(pathway.family)})

    assert as_("gaelle").get(address("relays")).context["page"].paginator.count == 1


def test_no_said_to_a_colleague_is_not_undone_by_a_page_opened_before_it(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    url = address("recipients_ask", pathway.family.public_id)
    before = {"token": answers_token(pathway.family)}
    everybody = {f"recipient_{code}": "YES" for code in (*ASKED_RECIPIENTS, *AgreedContent)}
    as_("elise").post(url, everybody | before | {"recipient_PMI": "NO"})

    answer = as_("amal").post(url, everybody | before | {"recipient_PAEDIATRICIAN": "NO"})

    said = dict(RecipientConsent.objects.filter(family=pathway.family).values_list("recipient", "answer"))
    assert (answer.status_code, said["PMI"], said["PAEDIATRICIAN"]) == (422, "NO", "YES")
    assert "Noté entre-temps" in answer.content.decode()
    assert answer.context["form"]["recipient_PAEDIATRICIAN"].value() == "NO"


def test_family_is_opened_to_a_midwife_then_closed(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()
    ines = factories.who("ines")
    url = address("open_family", pathway.family.public_id)
    until = (timezone.localdate() + timedelta(days=20)).isoformat()

    typed = {"to": str(ines.public_id), "reason": "LIBERAL_MIDWIFE", "until": until}
    opened = as_("farid").post(url, typed)

    assert opened.status_code == 302
    assert Family.objects.visible_to(ines).exists()
    assert "Ines Martin" in as_("farid").get(url).content.decode()
    as_("farid").post(url, {"revoke": str(ines.public_id)})
    assert not Family.objects.visible_to(ines).exists()


def test_last_day_of_an_opening_is_the_one_said_everywhere(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"), agreed_midwife=True)
    key = pathway.family.public_id
    last = timezone.localdate() + timedelta(days=20)
    typed = {"to": str(factories.who("ines").public_id), "reason": "LIBERAL_MIDWIFE", "until": last.isoformat()}
    as_("farid").post(address("open_family", key), typed)

    own = as_("ines").get(f"/t/vallees/families/{key}/").content.decode()
    pages = [as_("farid").get(address(name, key)).content.decode() for name in ("open_family", "circle")]
    pages += [own, as_("farid").get(f"/t/vallees/families/{key}/").content.decode()]

    assert [full_day(last) in page for page in pages] == [True] * 4
    assert [page for page in pages if full_day(last + timedelta(days=1)) in page] == []


def test_opening_come_to_its_term_ended_on_its_last_day(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_pathway().family
    today = timezone.localdate()
    midnight = clock.day_bounds(today, "Europe/Paris")[0]
    factories.make_grant(family, to=factories.who("ines"), granted_at=midnight - timedelta(days=3), expires_at=midnight)

    page = as_("farid").get(address("circle", family.public_id)).content.decode()

    assert f"au {full_day(today - timedelta(days=1))} · Ouverture arrivée à son terme" in page


def test_type_of_a_line_of_the_directory_keeps_its_capitals(vallees: scope.Scope) -> None:
    family = factories.make_pathway().family
    factories.make_entry("PMI_CENTRE", name="Consultations des Quais")
    factories.make_entry("LIBERAL_MIDWIFE", name="Cabinet Alpha")

    groups = dict(professionals(factories.who("farid"), family, timezone.localdate()).choices("LIBERAL_MIDWIFE"))

    assert [label for _, label in groups["Dans l’annuaire"]] == [
        "Cabinet Alpha (sage-femme libérale)",
        "Consultations des Quais (PMI de secteur)",
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"until": "2020-01-01"}, "until"),
        ({"until": "2099-01-01"}, "until"),
        ({"to": ""}, "to"),
        ({"reason": "EMERGENCY"}, "reason"),
    ],
)
def test_bad_opening_is_refused_beside_its_field(
    as_: Any, vallees: scope.Scope, changes: dict[str, Any], field: str
) -> None:
    family = factories.make_family()
    until = timezone.localdate().isoformat()
    typed = {"to": str(factories.who("ines").public_id), "reason": "ORIENTATION", "until": until} | changes

    response = as_("elise").post(address("open_family", family.public_id), typed)

    assert field in response.context["form"].errors
    assert not FamilyGrant.objects.exists()


def test_family_is_not_opened_to_a_colleague_of_the_team(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_family()
    until = timezone.localdate().isoformat()
    typed = {"to": str(factories.who("bea").public_id), "reason": "ORIENTATION", "until": until}

    response = as_("elise").post(address("open_family", family.public_id), typed)

    assert "to" in response.context["form"].errors


def test_log_shows_readings_and_refusals_by_name(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    url = address("recipients", pathway.family.public_id)
    as_("amal").get(url)
    as_("bea").get(url)

    lines = as_("elise").get(address("reads", pathway.family.public_id)).context["page"].object_list

    assert [(line.name, line.what, line.is_refused) for line in lines] == [
        ("Bea Martin", "Voir les accords d’une mère et les textes remis", True),
        ("Amal Martin", "Voir les accords d’une mère et les textes remis", False),
    ]


def test_log_costs_the_same_for_ten(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_family()

    def more(name: str) -> None:
        user = factories.who(name).user
        AccessLog.objects.create(user=user, family_id=family.pk, what="pathways.see_family", route="", at=clock.now())

    more("amal")
    client = as_("elise")
    one = count(client, address("reads", family.public_id))
    for name in ["bea", "farid", "fanny", "gaelle", "gina", "ines", "iris", "nora", "olga"]:
        more(name)

    assert count(client, address("reads", family.public_id)) == one


@pytest.mark.parametrize(("who", "is_granted"), [("marc", True), ("ines", False)])
def test_what_she_sees_now_is_that_of_her_line_and_reads_no_more_than_her_own(
    vallees: scope.Scope, who: str, is_granted: bool
) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    person = factories.make_circle_member(pathway.family, member=factories.who(who))
    if is_granted:
        factories.make_grant(pathway.family, to=factories.who(who))
    at, family = clock.now(), Family.objects.get()

    with CaptureQueriesContext(connection) as of_facts:
        facts = family_facts(family.pk, at)
    lines = circle_page(family, facts, at, "Europe/Paris").lines
    with CaptureQueriesContext(connection) as asked:
        told = sees_now(person, at, "Europe/Paris")

    hers = next(line.sees for line in lines if line.public_id == person.public_id)
    assert told == (f"Lit désormais\u00a0: {inner(hers)}" if is_granted else hers)
    assert len(asked) <= len(of_facts) + 3
