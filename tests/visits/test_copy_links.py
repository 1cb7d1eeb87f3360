"""The link by which a doctor without an account reads a report, attacked: replayed, guessed, expired, withdrawn."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from copa.kernel import clock, one_time, scope
from pathways.actions import orientations
from pathways.actions.stops import withdraw_pathway
from pathways.models import AnswerLink, LinkEvent, Pathway, RecipientConsent
from tests import factories
from tests.cast import VALLEES, Person, inside
from tests.visits import reports
from visits.models import Report, ReportCopy

MAIL = "cabinet@docteur.example"


def sent_to(recipient: str, kind: str = "GP") -> Report:
    """A delivered report of a mother who agreed to this doctor, who is in the circle without an account."""
    with scope.opened(inside(VALLEES)):
        birth = factories.make_birth(factories.make_family(name="Benali"), days_ago=6)
        pathway = factories.make_pathway(birth, ap=factories.who("amal"))
        entry = factories.make_entry(kind, name="Dr Lenoir", email=MAIL)
        factories.make_agreement(pathway.family, recipient)
        factories.make_circle_member(pathway.family, entry=entry, role=recipient)
        visit = reports.ended_visit(pathway=pathway)
        document = reports.answers(
            visit,
            mother__says="LOW",
            note__free="Note pour l’équipe seule",
            grid__status="REVIEWED_NOTHING",
        )
        report = reports.sign(visit, document)
        reports.deliver(report)
    return report


@pytest.fixture
def sent(cast: dict[str, Person]) -> Report:
    return sent_to("GENERAL_PRACTITIONER")


def link_of(report: Report) -> AnswerLink:
    with scope.opened(inside(VALLEES)):
        copy = ReportCopy.objects.get(report=report, address=MAIL)
        return AnswerLink.objects.filter(copy_id=copy.public_id).order_by("-pk").first()


def url_of(report: Report) -> str:
    return f"/lecture/{VALLEES}/{one_time.token_of(link_of(report).public_id)}/"


def code_of(report: Report) -> dict[str, str]:
    return {"code": one_time.code_of(link_of(report).public_id)}


def wrong(report: Report) -> dict[str, str]:
    return {"code": "000000" if code_of(report)["code"] != "000000" else "111111"}


def opened_at(report: Report) -> object:
    with scope.opened(inside(VALLEES)):
        return ReportCopy.objects.get(report=report, address=MAIL).opened_at


def steps(report: Report) -> list[str]:
    with scope.opened(inside(VALLEES)):
        return list(LinkEvent.objects.filter(link__copy_id__isnull=False).order_by("pk").values_list("step", flat=True))


def test_first_page_says_nothing_before_the_code(client: Client, sent: Report) -> None:
    response = client.get(url_of(sent))

    page = response.content.decode()
    assert "six chiffres" in page
    assert [word for word in ("Benali", "Noé1", "Saint-Rémi", "Lenoir", "Amal") if word in page] == []
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert steps(sent) == ["OPENED"]
    assert opened_at(sent) is None


def test_code_opens_her_copy_once(client: Client, sent: Report) -> None:
    url, code = url_of(sent), code_of(sent)

    page = client.post(url, code).content.decode()
    replayed = client.post(url, code).content.decode()
    seen_again = client.get(url).content.decode()

    assert "Famille Benali" in page
    assert "pour le médecin traitant" in page
    for hidden in ("Note pour l’équipe seule", "Comment va la mère", "Repérage", "Rangée", "À retenir"):
        assert hidden not in page
    assert opened_at(sent) is not None
    assert steps(sent)[:2] == ["RIGHT_CODE", "READ"]
    for answer in (replayed, seen_again):
        assert "déjà été ouvert" in answer
        assert "Benali" not in answer


def test_the_child_s_doctor_reads_nothing_of_the_mother(client: Client, cast: dict[str, Person]) -> None:
    report = sent_to("PAEDIATRICIAN", "PAEDIATRICIAN")

    page = client.post(url_of(report), code_of(report)).content.decode()

    assert "pour le médecin de l’enfant" in page
    assert "L’enfant" in page
    for hidden in ("Comment va la mère", "Repérage", "Entourage", "Présents"):
        assert hidden not in page


def test_the_same_code_gives_the_pdf_instead(client: Client, sent: Report) -> None:
    response = client.post(url_of(sent), code_of(sent) | {"paper": "1"})

    assert response["Content-Type"] == "application/pdf"
    assert "Benali" not in response["Content-Disposition"]
    assert "déjà été ouvert" in client.get(url_of(sent)).content.decode()


def test_fifth_wrong_code_kills_the_link_even_for_the_right_one(client: Client, sent: Report) -> None:
    url = url_of(sent)

    statuses = [client.post(url, wrong(sent)).status_code for _ in range(5)]

    assert statuses == [422] * 5
    assert client.post(url, code_of(sent)).status_code == 404
    assert opened_at(sent) is None


def test_an_old_link_opens_nothing(client: Client, sent: Report) -> None:
    url, code = url_of(sent), code_of(sent)

    with time_machine.travel(clock.now() + timedelta(days=14, seconds=1)):
        assert client.post(url, code).status_code == 404


@pytest.mark.parametrize("what", ["no", "withdrawn", "mourning", "left"])
def test_whatever_closed_the_door_meanwhile(client: Client, sent: Report, what: str) -> None:
    url, code = url_of(sent), code_of(sent)
    with scope.opened(inside(VALLEES)):
        pathway = Pathway.objects.get(pk=sent.visit.pathway_id)
        if what == "no":
            RecipientConsent.objects.filter(recipient="GENERAL_PRACTITIONER").update(answer="NO")
        elif what == "withdrawn":
            withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())
        elif what == "mourning":
            factories.make_death(pathway.birth)
        else:
            ReportCopy.objects.filter(address=MAIL).update(address="ancien@docteur.example")

    assert client.get(url).status_code == 404
    assert client.post(url, code).status_code == 404


@pytest.mark.parametrize("door", ["lecture", "reponse"])
@pytest.mark.parametrize("token", ["x" * 43, "x" * 65, "%00", "é"])
def test_a_guessed_address_opens_nothing(client: Client, cast: dict[str, Person], door: str, token: str) -> None:
    """A 404, or the sign-in that every unknown address leads to."""
    assert client.get(f"/{door}/{VALLEES}/{token}/").status_code == (404 if token == "x" * 43 else 302)
    assert client.get(f"/{door}/ailleurs/x/").status_code == 404


def test_a_link_to_answer_opens_no_report_and_the_other_way_round(client: Client, sent: Report) -> None:
    token = one_time.token_of(link_of(sent).public_id)

    assert client.get(f"/reponse/{VALLEES}/{token}/").status_code == 404
    with scope.opened(inside(VALLEES)):
        need = factories.make_need(Pathway.objects.get(pk=sent.visit.pathway_id))
        place = factories.make_entry("REHAB", email="cabinet@kine.example")
        orientation = factories.make_orientation(need, entry=place, state="ACCEPTED")
        orientations.send_orientation(orientation=orientation, how="LINK", by=factories.who("farid"), at=clock.now())
        other = AnswerLink.objects.get(orientation=orientation)
    assert client.get(f"/lecture/{VALLEES}/{one_time.token_of(other.public_id)}/").status_code == 404
