"""After a refusal: the three bases of A17, the information préoccupante, who reads them and who does not."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions.families import change_recipients
from pathways.actions.transmissions import Told, Worry, take_transmission, transmit_to_pmi, write_concern
from pathways.enums import Agreement, PmiBasis, Recipient
from pathways.models import Birth, Concern, PmiTransmission
from territories.models import AccessLog, DirectoryEntry, OutgoingMessage
from tests import factories
from tests.pathways.addresses import address

FACTS = "Sans logement à la sortie, un biberon pour deux jours."


@pytest.fixture
def refused(vallees: scope.Scope) -> Birth:
    """A birth of Saint-Rémi whose mother said no."""
    birth = factories.make_birth()
    factories.make_proposal(birth, answer="NO")
    return birth


def typed(**changes: str) -> dict[str, str]:
    return {"basis": "MOTHER_AGREES", "facts": FACTS, "parents_told": "YES"} | changes


def concern(**changes: str) -> dict[str, str]:
    today = timezone.localdate().isoformat()
    values = {
        "facts": FACTS, "noticed_on": today, "source": "SEEN", "level": "RISK", "parents_told": "NO",
        "not_told_reason": "Le père menace.", "sent_to": "OTHER", "other_name": "CRIP de la Meuse",
        "sent_on": today,
    }  # fmt: skip
    return values | changes


def called(to: str) -> int:
    """How many times this person was asked to call the team."""
    return int(
        OutgoingMessage.objects.filter(to=f"{to}@copa.example", dedup_key__startswith="transmission-end").count()
    )


@pytest.mark.parametrize(
    ("basis", "answer", "is_told"),
    [
        (PmiBasis.MOTHER_AGREES, Agreement.NO, True),
        (PmiBasis.MOTHER_AGREES, Agreement.LATER, False),
        (PmiBasis.CARE_TEAM, Agreement.NO, False),
    ],
)
def test_whoever_took_it_is_told_to_call_once_the_mother_says_no(
    refused: Birth, basis: str, answer: str, is_told: bool
) -> None:
    factories.make_circle_member(refused.family, member=factories.who("gaelle"))
    told = Told(are_parents_told=True)
    made = transmit_to_pmi(
        birth=refused, basis=basis, facts=FACTS, told=told, by=factories.who("farid"), at=clock.now()
    )
    take_transmission(transmission=made, by=factories.who("gaelle"), at=clock.now())

    def say(said: str, at: datetime) -> None:
        change_recipients(family=refused.family, agreements={Recipient.PMI: said}, by=factories.who("farid"), at=at)

    say(answer, clock.now())
    say(answer, clock.now())

    assert called("gaelle") == is_told
    mail = OutgoingMessage.objects.filter(dedup_key__startswith="transmission-end").first()
    assert mail is None or "rien à ouvrir" in mail.body
    say(Agreement.YES, clock.now() + timedelta(minutes=1))
    say(Agreement.NO, clock.now() + timedelta(minutes=2))
    assert called("gaelle") == (2 * is_told if answer == Agreement.NO else 1)


def test_transmission_nobody_took_calls_nobody(refused: Birth) -> None:
    told = Told(are_parents_told=True)
    farid = factories.who("farid")
    transmit_to_pmi(birth=refused, basis=PmiBasis.MOTHER_AGREES, facts="", told=told, by=farid, at=clock.now())

    change_recipients(family=refused.family, agreements={Recipient.PMI: Agreement.NO}, by=farid, at=clock.now())

    assert not OutgoingMessage.objects.filter(dedup_key__startswith="transmission-end").exists()


@pytest.mark.parametrize(("basis", "facts"), [("MOTHER_AGREES", ""), ("CARE_TEAM", FACTS)])
def test_pmi_of_the_sector_gets_it_and_a_mail_without_a_word(as_: Any, refused: Birth, basis: str, facts: str) -> None:
    factories.make_circle_member(refused.family, member=factories.who("gaelle"))
    response = as_("farid").post(address("pmi_transmission", refused.public_id), typed(basis=basis, facts=facts))

    assert response.status_code == 302
    made = PmiTransmission.objects.get()
    assert (made.basis, made.structure.name) == (basis, "PMI de Ligny")
    mail = OutgoingMessage.objects.get(dedup_key__startswith="transmission")
    assert mail.to == made.structure.mailbox
    assert "logement" not in mail.body
    assert as_("gaelle").get(address("transmission", made.public_id)).status_code == 200
    as_("gaelle").post(address("transmission", made.public_id))
    made.refresh_from_db()
    assert made.taken_by == factories.who("gaelle")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"basis": ""}, "basis"),
        ({"basis": "NONE"}, "basis"),
        ({"basis": "CONCERN"}, "basis"),
        ({"basis": "CARE_TEAM", "facts": "  "}, "facts"),
        ({"parents_told": ""}, "parents_told"),
        ({"parents_told": "NO"}, "not_told_reason"),
    ],
)
def test_without_basis_facts_or_reason_nothing_leaves(
    as_: Any, refused: Birth, changes: dict[str, str], field: str
) -> None:
    response = as_("farid").post(address("pmi_transmission", refused.public_id), typed(**changes))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not PmiTransmission.objects.exists()
    assert not OutgoingMessage.objects.exists()


@pytest.mark.parametrize("basis", ["", "NONE", "OTHER"])
def test_action_refuses_what_is_no_basis(refused: Birth, basis: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        transmit_to_pmi(
            birth=refused, basis=basis, facts=FACTS, told=Told(are_parents_told=True), by=factories.who("farid"),
            at=clock.now(),
        )  # fmt: skip

    assert refusal.value.code == "no_basis"


def care_team(refused: Birth) -> None:
    transmit_to_pmi(
        birth=refused, basis=PmiBasis.CARE_TEAM, facts=FACTS, told=Told(are_parents_told=True),
        by=factories.who("farid"), at=clock.now(),
    )  # fmt: skip


def test_pmi_outside_the_care_team_is_no_way_round_a_refusal(as_: Any, refused: Birth) -> None:
    # Others of the circle, and another PMI, do not make this one of the care team.
    for name in ("ines", "gina"):
        factories.make_circle_member(refused.family, member=factories.who(name))

    response = as_("farid").post(address("pmi_transmission", refused.public_id), typed(basis="CARE_TEAM"))

    assert response.status_code == 422
    assert "ne fait pas partie de l’équipe de soins" in str(response.context["form"].errors["basis"])
    assert not PmiTransmission.objects.exists()
    assert not OutgoingMessage.objects.filter(dedup_key__startswith="transmission").exists()


@pytest.mark.parametrize("days", [{"until": -1}, {"since": 1}])
def test_circle_of_yesterday_or_tomorrow_is_no_care_team(refused: Birth, days: dict[str, int]) -> None:
    today = timezone.localdate()
    dates = {key: today + timedelta(days=n) for key, n in days.items()}
    ended = {"end_reason": "FINISHED", "ended_by": factories.who("elise"), "ended_at": clock.now()}
    fields = dates | (ended if "until" in dates else {})
    factories.make_circle_member(refused.family, member=factories.who("gaelle"), **fields)

    with pytest.raises(BusinessError) as refusal:
        care_team(refused)

    assert (refusal.value.code, refusal.value.field) == ("not_care_team", "basis")


@pytest.mark.parametrize(("state", "is_of_team"), [("active", True), ("closed", False), ("withdrawn", False)])
def test_pmi_that_carries_a_running_pathway_is_of_the_care_team(
    refused: Birth, state: str, *, is_of_team: bool
) -> None:
    older = factories.make_birth(refused.family, days_ago=30)
    factories.make_pathway(older, carrier=factories.structure("PMI de Ligny"), state=state)

    if is_of_team:
        care_team(refused)
    else:
        with pytest.raises(BusinessError):
            care_team(refused)

    assert PmiTransmission.objects.count() == int(is_of_team)


def test_before_a_refusal_her_agreements_decide(vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    factories.make_proposal(birth, answer="YES")

    with pytest.raises(BusinessError) as refusal:
        transmit_to_pmi(
            birth=birth, basis=PmiBasis.CARE_TEAM, facts=FACTS, told=Told(are_parents_told=True),
            by=factories.who("farid"), at=clock.now(),
        )  # fmt: skip

    assert refusal.value.code == "not_refused"


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"basis": "NONE"}, "transmission_has_a_basis"),
        ({"basis": ""}, "transmission_has_a_basis"),
        ({"facts": ""}, "transmission_has_facts"),
        ({"are_parents_told": False}, "transmission_parents_told"),
        ({"basis": "CONCERN"}, "transmission_concern_written"),
    ],
)
def test_database_refuses_it_too(refused: Birth, values: dict[str, Any], constraint: str) -> None:
    row = {
        "family": refused.family, "birth": refused, "structure": factories.structure("PMI de Ligny"),
        "basis": "CARE_TEAM", "facts": FACTS, "are_parents_told": True, "sent_by": factories.who("farid"),
        "sent_at": clock.now(),
    }  # fmt: skip

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PmiTransmission.objects.create(**(row | values))


@pytest.mark.parametrize(
    ("who", "form", "list_"),
    [
        ("amal", 403, 403),
        ("bea", 403, 403),
        ("ines", 404, 403),
        ("marc", 404, 403),
        ("gina", 404, 200),
        ("olga", 403, 403),
        ("fanny", 404, 200),
    ],
)
def test_others_learn_nothing(as_: Any, refused: Birth, who: str, form: int, list_: int) -> None:
    as_("farid").post(address("pmi_transmission", refused.public_id), typed())
    made = PmiTransmission.objects.get()

    assert as_(who).get(address("transmission", made.public_id)).status_code == 404
    assert as_(who).get(address("pmi_transmission", refused.public_id)).status_code == form
    lines = as_(who).get(address("transmissions"))
    assert (lines.status_code, list(lines.context["page"].object_list) if list_ == 200 else []) == (list_, [])


# ---- Information préoccupante ----------------------------------------------------------------------------
def test_concern_of_a_mother_who_refused_is_a_transmission_on_that_basis(as_: Any, refused: Birth) -> None:
    response = as_("farid").post(address("concern", refused.public_id), concern())

    assert response.status_code == 302
    written, made = Concern.objects.get(), PmiTransmission.objects.get()
    assert (made.basis, made.concern) == ("CONCERN", written)
    assert as_("gaelle").get(address("transmission", made.public_id)).status_code == 404
    assert as_("nora").get(address("concern_read", written.public_id)).status_code == 200
    mail = OutgoingMessage.objects.get(dedup_key__startswith="transmission")
    assert mail.to == "nora@copa.example"
    for secret in ("Haddad", FACTS, "préoccupante", "menace"):
        assert secret not in mail.body + mail.subject


def test_concern_of_an_included_family_reaches_no_pmi_by_itself(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))

    as_("nora").post(address("concern", pathway.birth.public_id), concern())

    assert Concern.objects.count() == 1
    assert not PmiTransmission.objects.exists()


def test_concern_goes_to_the_cell_of_the_directory_which_keeps_its_name_on_the_paper(as_: Any, refused: Birth) -> None:
    cell = factories.make_entry("CRIP", name="Cellule de la Meuse")
    other = factories.make_entry("LAEP", name="La Maison bleue")
    page = as_("farid").get(address("concern", refused.public_id)).content.decode()

    as_("farid").post(address("concern", refused.public_id), concern(sent_to=str(cell.public_id)))
    tried = as_("farid").post(address("concern", refused.public_id), concern(sent_to=str(other.public_id)))
    DirectoryEntry.objects.filter(pk=cell.pk).update(name="Cellule nouvelle")

    assert f'value="{cell.public_id}" selected' in page
    written = Concern.objects.get()
    assert (written.entry_id, written.sent_to) == (cell.pk, "Cellule de la Meuse")
    assert "sent_to" in tried.context["form"].errors


def test_cell_that_has_closed_gets_nothing(refused: Birth) -> None:
    today = timezone.localdate()
    closed = factories.make_entry("CRIP", valid_to=today - timedelta(days=1))
    values = {"noticed_on": today, "source": "SEEN", "level": "RISK", "facts": FACTS, "sent_on": today}
    worry = Worry(child=None, sent_to="", entry=closed, **values)

    with pytest.raises(BusinessError) as refusal:
        write_concern(
            birth=refused, worry=worry, told=Told(are_parents_told=True), by=factories.who("farid"), at=clock.now()
        )

    assert refusal.value.code == "not_crip"
    assert not Concern.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"facts": ""}, "facts"),
        ({"other_name": " "}, "other_name"),
        ({"noticed_on": "2099-01-01"}, "noticed_on"),
        ({"sent_on": "2099-01-01"}, "sent_on"),
        ({"sent_to": ""}, "sent_to"),
        ({"level": ""}, "level"),
        ({"source": "RUMOUR"}, "source"),
        ({"not_told_reason": " "}, "not_told_reason"),
        ({"child": "00000000-0000-0000-0000-000000000000"}, "child"),
    ],
)
def test_half_a_concern_is_refused_beside_its_field(
    as_: Any, refused: Birth, changes: dict[str, str], field: str
) -> None:
    response = as_("farid").post(address("concern", refused.public_id), concern(**changes))

    assert field in response.context["form"].errors
    assert not Concern.objects.exists()


def test_each_reading_of_a_concern_leaves_a_line_and_its_paper_says_whose(as_: Any, refused: Birth) -> None:
    as_("farid").post(address("concern", refused.public_id), concern())
    written = Concern.objects.get()

    as_("elise").get(address("concern_read", written.public_id))
    paper = as_("elise").get(address("concern_pdf", written.public_id))

    assert paper.content[:4] == b"%PDF"
    readings = AccessLog.objects.filter(what="pathways.read_concern", user=factories.who("elise").user)
    assert readings.count() == 2


@pytest.mark.parametrize("who", ["amal", "gaelle", "ines", "olga", "jeanne"])
def test_nobody_else_learns_that_a_concern_exists(as_: Any, vallees: scope.Scope, who: str) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_grant(pathway.family, to=factories.who("ines"))
    before = as_(who).get(f"/t/vallees/families/{pathway.family.public_id}/")
    as_("farid").post(address("concern", pathway.birth.public_id), concern())

    after = as_(who).get(f"/t/vallees/families/{pathway.family.public_id}/")

    assert as_(who).get(address("concern_read", Concern.objects.get().public_id)).status_code == 404
    assert after.status_code == before.status_code
    assert "préoccupante" not in after.content.decode()


def test_history_keeps_that_it_changed_and_not_what_it_says(as_: Any, refused: Birth) -> None:
    as_("farid").post(address("concern", refused.public_id), concern())

    with connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(after::text, ' ') from territories_historyevent "
            "where table_name in ('pathways_concern', 'pathways_pmitransmission')"
        )
        [(text,)] = cursor.fetchall()

    assert "logement" not in text
    assert "menace" not in text


def test_same_sending_twice_is_one_transmission_and_one_mail(as_: Any, refused: Birth) -> None:
    url = address("pmi_transmission", refused.public_id)

    answers = [as_("farid").post(url, typed()).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert PmiTransmission.objects.count() == 1
    assert OutgoingMessage.objects.filter(dedup_key__startswith="transmission").count() == 1


def test_other_words_are_another_transmission(as_: Any, refused: Birth) -> None:
    as_("farid").post(address("pmi_transmission", refused.public_id), typed())
    as_("farid").post(address("pmi_transmission", refused.public_id), typed(facts="Le chauffage est coupé."))

    assert PmiTransmission.objects.count() == 2


def test_same_concern_sent_twice_is_written_once(as_: Any, refused: Birth) -> None:
    for _ in range(2):
        as_("farid").post(address("concern", refused.public_id), concern())

    assert (Concern.objects.count(), PmiTransmission.objects.count()) == (1, 1)
