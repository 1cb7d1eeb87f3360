"""Signing, reading and completing a report: what is signed never changes, and each reader has her own copy."""

import json
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from copa.kernel import clock, scope
from pathways.enums import Recipient
from pathways.models import Pathway, PmiRelay, RecipientConsent
from territories.models import AccessLog, HistoryEvent, OutgoingMessage
from tests import factories
from tests.cast import Person
from tests.guards import GuardedClient
from tests.visits import reports
from visits.actions.report import IncompleteReport, add_addendum, sign_report
from visits.enums import ReportState
from visits.models import Addendum, Delivery, Report, SealedAnswers, Visit
from visits.reads.report import blocks_for, context_of

SECRET = "La voisine a crié toute la nuit"


@pytest.fixture
def visit(vallees: scope.Scope) -> Visit:
    return reports.ended_visit()


@pytest.fixture
def signed(visit: Visit) -> Report:
    report = reports.sign(visit)
    reports.deliver(report)
    return report


def page(report: Report, tail: str = "") -> str:
    return f"/t/vallees/reports/{report.public_id}/{tail}"


def posted(document: dict[str, Any]) -> dict[str, Any]:
    """The fields of the page, named by path."""
    fields: dict[str, Any] = {}
    for key, value in document.items():
        if key != "child":
            fields[key] = "true" if value is True else value
            continue
        for row in value:
            fields |= {f"child/{row['child.ref']}/{name}": one for name, one in row.items() if name != "child.ref"}
    return fields


# ---- Signing ----------------------------------------------------------------------------------------------
def test_signing_hands_the_report_over_in_one_step(
    client: GuardedClient, cast: dict[str, Person], visit: Visit
) -> None:
    client.force_login(cast["amal"].user)

    response = client.post(f"/t/vallees/visits/{visit.public_id}/report/sign/", posted(reports.answers(visit)))

    report = Report.objects.get()
    assert response["Location"] == page(report)
    assert report.state == ReportState.SIGNED
    delivery = Delivery.objects.get(report=report)
    assert delivery.structure == Pathway.objects.get(pk=visit.pathway_id).carrier
    assert delivery.delivered_at is not None
    assert Visit.objects.get(pk=visit.pk).report_delivered_at == delivery.delivered_at


def test_after_the_signature_the_page_says_where_the_report_is(
    client: GuardedClient, cast: dict[str, Person], visit: Visit
) -> None:
    client.force_login(cast["amal"].user)
    url = f"/t/vallees/visits/{visit.public_id}/report/sign/"

    first = client.post(url, posted(reports.answers(visit)))
    again = client.post(url, posted(reports.answers(visit)))

    assert [str(one) for one in get_messages(first.wsgi_request)] == ["Compte rendu signé. Il part vers l’équipe."]
    assert [str(one) for one in get_messages(again.wsgi_request)][-1] == "Compte rendu remis à l’équipe."


def test_the_proof_asks_again_until_the_report_has_arrived(
    client: GuardedClient, cast: dict[str, Person], visit: Visit
) -> None:
    client.force_login(cast["amal"].user)
    report = reports.sign(visit)

    on_its_way = [client.get(page(report, tail)).content.decode() for tail in ("", "proof/")]
    reports.deliver(report)
    arrived = [client.get(page(report, tail)).content.decode() for tail in ("", "proof/")]

    assert all(f'hx-get="{page(report, "proof/")}"' in text and "Pas encore remis" in text for text in on_its_way)
    assert all("hx-get" not in text and "Remis à temps" in text for text in arrived)
    assert "<html" not in arrived[1]


def test_what_is_missing_is_shown_and_what_was_typed_is_kept(
    client: GuardedClient, cast: dict[str, Person], visit: Visit
) -> None:
    client.force_login(cast["amal"].user)
    document = reports.answers(visit, mother__says=None)

    response = client.post(f"/t/vallees/visits/{visit.public_id}/report/sign/", posted(document))

    assert response.status_code == 422
    assert "Il manque <span data-copa-missing-count>1" in response.content.decode()
    assert Report.objects.get().state == ReportState.DRAFT
    assert Report.objects.get().answers["theme.bond"] == ["SIGNALS", "SOOTHING"]


def test_a_visit_under_way_cannot_be_signed(vallees: scope.Scope) -> None:
    """The 24 hours start when she leaves: without an end there is nothing to hand over."""
    visit = factories.make_visit(factories.make_pathway(ap=factories.who("amal"), days_ago=6), state="started")

    with pytest.raises(IncompleteReport) as refused:
        reports.sign(visit)

    assert "visit.ended_at" in {gap.path for gap in refused.value.gaps}


def test_sending_the_signature_twice_answers_the_same(
    client: GuardedClient, cast: dict[str, Person], visit: Visit
) -> None:
    client.force_login(cast["amal"].user)
    url = f"/t/vallees/visits/{visit.public_id}/report/sign/"

    first = client.post(url, posted(reports.answers(visit)))
    second = client.post(url, posted(reports.answers(visit)))

    assert first["Location"] == second["Location"]
    assert Delivery.objects.count() == 1


def test_late_report_must_say_why(vallees: scope.Scope) -> None:
    visit = reports.ended_visit(hours_ago=25)

    with pytest.raises(IncompleteReport) as refused:
        reports.sign(visit)

    assert [gap.path for gap in refused.value.gaps] == ["dev.late"]


def test_pmi_presented_at_home_is_noted_on_the_pathway(vallees: scope.Scope) -> None:
    visit = reports.ended_visit(is_pmi_presented=False)

    reports.sign(visit)

    assert Pathway.objects.get(pk=visit.pathway_id).is_pmi_presented


@pytest.mark.parametrize(("answer", "is_agreed"), [("YES", True), ("NO", False), ("LATER", False)])
def test_her_answer_about_the_pmi_opens_the_relay_or_not(vallees: scope.Scope, answer: str, is_agreed: bool) -> None:
    """Asked at home when nobody had asked before (A16)."""
    visit = reports.ended_visit(agreed_pmi=False)
    RecipientConsent.objects.filter(family=visit.family_id, recipient=Recipient.PMI).delete()

    reports.sign(visit, reports.answers(visit, pmi__relay_consent=answer))

    consent = RecipientConsent.objects.get(family=visit.family_id, recipient=Recipient.PMI)
    assert (consent.answer, consent.collected_by) == (answer, visit.ap)
    assert PmiRelay.objects.get(pathway=visit.pathway_id).is_agreed is is_agreed


def test_signature_keeps_the_context_of_that_day(visit: Visit) -> None:
    report = reports.sign(visit)
    factories.Child.objects.update(first_name="Autre")

    assert context_of(report).children[0].first_name == "Noé1"
    assert "Noé1" in str(blocks_for(report, "E"))


def test_signature_leaves_its_author_in_the_history(
    client: GuardedClient, cast: dict[str, Person], visit: Visit
) -> None:
    client.force_login(cast["amal"].user)

    client.post(f"/t/vallees/visits/{visit.public_id}/report/sign/", posted(reports.answers(visit)))

    events = HistoryEvent.objects.filter(table_name="visits_report", operation="update").order_by("pk")
    assert events.last().after["state"] == "signed"
    assert events.last().actor == f"user:{cast['amal'].user.pk}"


# ---- What is signed never changes -------------------------------------------------------------------------
@pytest.mark.parametrize("change", ["answers", "signed_at", "state"])
def test_the_database_refuses_to_change_a_signed_report(signed: Report, change: str) -> None:
    values = {"answers": {}, "signed_at": clock.now(), "state": ReportState.DRAFT}
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=signed.pk).update(**{change: values[change]})


def test_the_database_refuses_to_change_the_sealed_part_of_a_signed_report(vallees: scope.Scope) -> None:
    visit = reports.ended_visit("V2", days=12)
    report = reports.sign(visit, reports.second_answers(visit))

    with pytest.raises(IntegrityError), transaction.atomic():
        SealedAnswers.objects.filter(report=report).update(answers={})
    with pytest.raises(IntegrityError), transaction.atomic():
        SealedAnswers.objects.filter(report=report).delete()


def test_a_report_altered_behind_the_platform_says_so(
    client: GuardedClient, cast: dict[str, Person], signed: Report
) -> None:
    """Somebody with the owner's rights could switch the trigger off; the fingerprint of the delivery remains."""
    Delivery.objects.filter(report=signed).update(fingerprint="0" * 64)
    client.force_login(cast["farid"].user)

    response = client.get(page(signed))

    assert "ne correspond plus à ce qui a été remis" in response.content.decode()


def test_a_faithful_report_shows_no_warning(client: GuardedClient, cast: dict[str, Person], signed: Report) -> None:
    client.force_login(cast["farid"].user)

    assert "ne correspond plus" not in client.get(page(signed)).content.decode()


# ---- Addenda ----------------------------------------------------------------------------------------------
def test_addendum_completes_and_changes_nothing(client: GuardedClient, cast: dict[str, Person], signed: Report) -> None:
    before = Report.objects.values().get(pk=signed.pk)
    client.force_login(cast["amal"].user)

    response = client.post(page(signed, "addendum/"), {"reason": "oubli", "text": "Noé a pris 30 g de plus."})

    assert response.status_code == 302
    assert Report.objects.values().get(pk=signed.pk) == before
    assert "Noé a pris 30 g de plus." in client.get(page(signed)).content.decode()
    mail = OutgoingMessage.objects.get(dedup_key__startswith="addendum:")
    assert mail.to == "maternity-saint-remi@copa.example"
    assert "Noé" not in mail.subject + mail.body


def test_addendum_without_words_is_refused_with_a_sentence(
    client: GuardedClient, cast: dict[str, Person], signed: Report
) -> None:
    client.force_login(cast["amal"].user)

    response = client.post(page(signed, "addendum/"), {"reason": "oubli", "text": " "})

    assert response.status_code == 422
    assert "Écrivez ce que l’équipe doit lire." in response.content.decode()
    assert not Addendum.objects.exists()


def test_the_runtime_role_can_neither_change_nor_remove_an_addendum(signed: Report) -> None:
    add_addendum(report=signed, author=signed.author, reason="Oubli", text="…", at=clock.now())

    for verb in ("update visits_addendum set text = 'x'", "delete from visits_addendum"):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(verb)


# ---- Who reads what ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("amal", 200),
        ("elise", 200),
        ("nora", 200),
        ("olga", 200),
        ("farid", 200),
        ("gaelle", 200),  # PMI of the sector, the mother agreed
        ("bea", 403),  # same structure, same role, follows another family
        ("jeanne", 403),  # manages people, never files
        ("fanny", 404),  # referring team of another maternity
        ("chloe", 404),
        ("gina", 404),  # PMI of another sector
        ("ines", 404),  # liberal midwife without a grant
        ("marc", 404),
        ("dora", 404),  # other territory
        ("hugo", 404),  # ARS
    ],
)
def test_reading_answers_each_person(
    client: GuardedClient, cast: dict[str, Person], signed: Report, who: str, status: int
) -> None:
    client.force_login(cast[who].user)

    assert client.get(page(signed)).status_code == status
    if status != 200:
        assert client.get(page(signed, "pdf/")).status_code == status


def test_pmi_reads_only_once_the_mother_agreed(client: GuardedClient, cast: dict[str, Person], signed: Report) -> None:
    client.force_login(cast["gaelle"].user)
    RecipientConsent.objects.filter(recipient=Recipient.PMI).update(answer="NO")

    assert client.get(page(signed)).status_code == 403


def test_liberal_midwife_reads_her_copy_with_a_grant_and_the_mothers_agreement(
    client: GuardedClient, cast: dict[str, Person], visit: Visit
) -> None:
    report = reports.sign(visit, reports.answers(visit, note__free="Pour l’équipe seulement"))
    factories.make_grant(visit.pathway.family, to=cast["ines"].member)
    client.force_login(cast["ines"].user)

    response = client.get(page(report))

    assert response.status_code == 200
    assert "Pour l’équipe seulement" not in response.content.decode()


def test_reading_leaves_a_line_in_the_log(client: GuardedClient, cast: dict[str, Person], signed: Report) -> None:
    client.force_login(cast["farid"].user)
    client.get(page(signed))

    assert AccessLog.objects.filter(what="visits.read_report", family_id=signed.family_id).count() == 1


# ---- The sealed compartment -------------------------------------------------------------------------------
@pytest.fixture
def secret(vallees: scope.Scope) -> Report:
    """A V2 with the EPDS at 3 for item 10, violence told, and a call noted with its facts."""
    visit = reports.ended_visit("V2", days=12)
    call = {
        "alert.spoke_to": "EMR_MIDWIFE",
        "alert.spoke_at": visit.started_at.isoformat(),
        "alert.called_15": False,
        "alert.instruction": "SEEN_TODAY",
        "alert.sfl_told": "BY_EMR",
        "alert.family_told": "TOLD",
        "alert.facts": SECRET,
    }
    document = reports.second_answers(visit, 0, 1, 1, 0, 2, 1, 0, 1, 1, 3) | {
        "home.flags": ["HOME_VIOLENCE_TOLD"],
        "alert": [{"alert.family": family} | call for family in ("MIND_VITAL", "PROTECTED")],
    }
    report = reports.sign(visit, document)
    reports.deliver(report)
    return report


FORBIDDEN = [SECRET, "On me dit subir des violences", "HOME_VIOLENCE_TOLD", "EPDS_ITEM10", "epds.i10"]


@pytest.mark.parametrize("who", ["amal", "elise", "farid", "gaelle", "olga"])
def test_nothing_sealed_on_the_page(client: GuardedClient, cast: dict[str, Person], secret: Report, who: str) -> None:
    client.force_login(cast[who].user)

    text = client.get(page(secret)).content.decode()

    assert [word for word in FORBIDDEN if word in text] == []


def test_nothing_sealed_in_what_is_stored_open_nor_in_any_mail(secret: Report) -> None:
    row = Report.objects.get(pk=secret.pk)
    history = HistoryEvent.objects.filter(table_name__startswith="visits_").order_by("pk")
    stored = json.dumps([row.answers, row.context, *history.values_list("after", flat=True)], ensure_ascii=False)

    assert SECRET not in stored
    assert "On me dit subir des violences" not in stored
    assert '"epds.i10"' not in stored
    for mail in OutgoingMessage.objects.order_by("pk"):
        assert [word for word in FORBIDDEN if word in mail.subject + mail.body] == []


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("elise", 200),
        ("farid", 200),
        ("nora", 200),
        ("olga", 403),  # pilots, but is not named among the readers
        ("amal", 403),  # wrote it, does not read it again
        ("bea", 403),
        ("gaelle", 403),  # PMI reads the report, never the compartment
        ("fanny", 404),
        ("chloe", 404),
        ("dora", 404),
    ],
)
def test_compartment_opens_for_its_named_readers_and_is_logged(
    client: GuardedClient, cast: dict[str, Person], secret: Report, who: str, status: int
) -> None:
    client.force_login(cast[who].user)

    response = client.get(page(secret, "sealed/"))

    assert response.status_code == status
    lines = AccessLog.objects.filter(what="visits.read_sealed", is_refused=status != 200)
    assert lines.count() == (1 if who != "dora" else 0)
    if status == 200:
        assert SECRET in response.content.decode()


def test_named_readers_find_the_ten_values_and_the_protected_situation(
    client: GuardedClient, cast: dict[str, Person], vallees: scope.Scope
) -> None:
    visit = reports.ended_visit("V2", days=12)
    protected = {
        "grid.s3_signal": True, "grid.s3_domain": ["VIOLENCE"], "grid.s3_facts": SECRET, "grid.s3_safe": "NO",
        "alert": [
            {
                "alert.family": "PROTECTED",
                "alert.spoke_to": "EMR_MIDWIFE",
                "alert.spoke_at": visit.started_at.isoformat(),
                "alert.called_15": False,
                "alert.instruction": "SEEN_TODAY",
                "alert.sfl_told": "BY_EMR",
                "alert.family_told": "TOLD",
            }
        ],
    }  # fmt: skip
    report = reports.sign(visit, reports.second_answers(visit, **protected))
    client.force_login(cast["farid"].user)

    lines = client.get(page(report, "sealed/")).context["page"].lines
    open_page = client.get(page(report)).content.decode()

    told = [line.label for line in lines]
    assert sum(label.startswith("Réponse n°") for label in told) == 10
    assert {"Peut-on l’appeler sans danger\u202f?", "Avez-vous pu parler seule avec la mère\u202f?"} <= {
        label.replace("\u00a0", "\u202f") for label in told
    }
    assert SECRET not in open_page


def test_compartment_of_a_draft_is_nobodys(client: GuardedClient, cast: dict[str, Person], visit: Visit) -> None:
    draft = reports.save(visit, {"who.present": ["MOTHER"], "home.flags": ["HOME_VIOLENCE_TOLD"]})
    client.force_login(cast["farid"].user)

    assert client.get(page(draft, "sealed/")).status_code == 404


def test_the_page_costs_the_same_queries_with_one_addendum_and_with_ten(
    client: GuardedClient, cast: dict[str, Person], signed: Report
) -> None:
    client.force_login(cast["farid"].user)
    add_addendum(report=signed, author=signed.author, reason="Oubli", text="…", at=clock.now())
    client.get(page(signed))

    with CaptureQueriesContext(connection) as one:
        client.get(page(signed))
    for _ in range(9):
        add_addendum(report=signed, author=signed.author, reason="Oubli", text="…", at=clock.now())
    with CaptureQueriesContext(connection) as ten:
        client.get(page(signed))

    assert len(one) == len(ten)
    # Ten of them: the copies outside the team, who should have one and has none, and why; what the team decided of the
    # needs.
    assert len(one) <= 28


def test_a_draft_is_not_readable_as_a_report(client: GuardedClient, cast: dict[str, Person], visit: Visit) -> None:
    draft = reports.save(visit, {"who.present": ["MOTHER"]})
    client.force_login(cast["elise"].user)

    assert client.get(page(draft)).status_code == 403


def test_signing_an_empty_visit_says_that_nothing_is_written(visit: Visit) -> None:
    with pytest.raises(Exception, match="Rien n’a encore été écrit"):
        sign_report(visit=visit, author=visit.ap, at=clock.now())
