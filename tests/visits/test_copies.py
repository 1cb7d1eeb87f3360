"""Who is told of a report outside the team: those she agreed to, once, each with her own copy and its proof (R076)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from copa.kernel import clock, one_time, scope
from copa.kernel.errors import BusinessError
from pathways.actions.families import change_recipients, revoke_grant
from pathways.actions.relays import decline_relay
from pathways.actions.stops import withdraw_pathway
from pathways.enums import RelayState
from pathways.models import AnswerLink, CareCircleMember, FamilyGrant, Pathway, PmiRelay, RecipientConsent, Sending
from pathways.reads.addressees import reached
from pathways.reads.facts import family_facts
from pathways.reads.standing import standing_for
from territories.enums import StructureKind
from territories.models import OutgoingMessage, Structure
from tests import factories
from tests.cast import Person
from tests.guards import GuardedClient
from tests.visits import reports
from visits.actions import copies, delivery
from visits.actions.report import add_addendum
from visits.models import Report, ReportCopy, Visit
from visits.reads.copies import copies_inbox, copies_of


def with_doctor(pathway: Pathway, *, role: str = "GENERAL_PRACTITIONER", email: str = "cabinet@docteur.example") -> Any:
    """A doctor of the directory in the circle, without an account; the mother said yes to her."""
    entry = factories.make_entry("GP", name="Dr Lenoir", email=email)
    RecipientConsent.objects.filter(family=pathway.family_id, recipient=role).delete()
    factories.make_agreement(pathway.family, role)
    return factories.make_circle_member(pathway.family, entry=entry, role=role)


@pytest.fixture
def visit(vallees: scope.Scope) -> Visit:
    """A visit whose mother agreed to the PMI and to Inès, to whom her file is open."""
    made = reports.ended_visit()
    factories.make_grant(made.pathway.family, to=factories.who("ines"))
    return made


def told(report: Report) -> list[tuple[str, str]]:
    return list(ReportCopy.objects.filter(report=report).order_by("address").values_list("address", "recipient"))


PMI = ("pmi-ligny@copa.example", "PMI")
INES = ("ines@copa.example", "LIBERAL_MIDWIFE")
DOCTOR = ("cabinet@docteur.example", "GENERAL_PRACTITIONER")


# ---- Who ---------------------------------------------------------------------------------------------------------
def test_each_recipient_she_agreed_to_has_a_copy_and_a_line_among_what_was_sent(visit: Visit) -> None:
    with_doctor(visit.pathway)
    report = reports.sign(visit)
    assert told(report) == []

    arrived = reports.deliver(report)

    assert told(report) == [DOCTOR, INES, PMI]
    rows = ReportCopy.objects.filter(report=report)
    assert {row.fingerprint for row in rows} == {arrived.fingerprint}
    sent = Sending.objects.filter(document="REPORT", message__in=rows.values("message")).order_by("to")
    assert {(one.to, one.how) for one in sent} == {
        ("Dr Lenoir", "READING"),
        ("Ines Martin", "MAIL"),
        ("PMI de Ligny", "MAIL"),
    }


@pytest.mark.parametrize("answer", ["NO", "LATER"])
def test_nobody_without_her_yes(visit: Visit, answer: str) -> None:
    with_doctor(visit.pathway)
    report = reports.sign(visit)
    RecipientConsent.objects.filter(family=visit.family_id).update(answer=answer)

    reports.deliver(report)

    assert told(report) == []
    assert not Sending.objects.filter(document="REPORT").exists()


def test_a_pmi_that_gave_the_relay_back_receives_nothing(visit: Visit) -> None:
    relay = factories.make_relay(visit.pathway)
    decline_relay(relay=relay, by=factories.who("gaelle"), reason="Hors secteur", at=clock.now())

    report = reports.sign(visit)
    reports.deliver(report)

    assert told(report) == [INES]


def test_a_midwife_whose_grant_was_taken_back_receives_nothing(visit: Visit) -> None:
    FamilyGrant.objects.filter(content_object=visit.family_id).update(revoked_at=clock.now())

    report = reports.sign(visit)
    reports.deliver(report)

    assert told(report) == [PMI]


def test_after_a_withdrawal_the_team_alone_receives(visit: Visit) -> None:
    report = reports.sign(visit)
    withdraw_pathway(pathway=visit.pathway, by=factories.who("elise"), at=clock.now())

    assert reports.deliver(report).delivered_at is not None

    assert told(report) == []


def test_delivered_twice_copied_once(visit: Visit) -> None:
    report = reports.sign(visit)
    first = reports.deliver(report)

    delivery.deliver_report(pk=first.pk, attempt=1, at=clock.now())
    copies.send_copies(report=report, at=clock.now())

    assert told(report) == [INES, PMI]
    assert OutgoingMessage.objects.filter(dedup_key__startswith="copy:").count() == 2


def test_a_later_yes_is_sent_by_the_team(visit: Visit) -> None:
    report = reports.sign(visit)
    reports.deliver(report)
    with_doctor(visit.pathway)
    elise = factories.who("elise")
    (missing,) = copies_of(report, elise, clock.now()).missing
    assert (missing.recipient, missing.why) == ("Médecin traitant de la mère", "Peut partir maintenant : Dr Lenoir.")

    assert copies.send_copies(report=report, at=clock.now()) == 1

    assert told(report) == [DOCTOR, INES, PMI]
    assert copies_of(report, elise, clock.now()).missing == ()


def test_a_doctor_with_an_account_receives_once_she_says_yes(visit: Visit) -> None:
    family, elise, marc = visit.family, factories.who("elise"), factories.who("marc")
    factories.make_circle_member(family, member=marc, role="GENERAL_PRACTITIONER")

    change_recipients(family=family, agreements={"GENERAL_PRACTITIONER": "YES"}, by=elise, at=clock.now())
    report = reports.sign(visit)
    reports.deliver(report)

    assert (marc.user.email, "GENERAL_PRACTITIONER") in told(report)
    assert [one.report_id for one in copies_inbox(marc, "a-lire", "1").page] == [report.public_id]


def test_a_file_the_team_closed_to_her_is_not_opened_again_by_a_yes(visit: Visit) -> None:
    family, elise, marc = visit.family, factories.who("elise"), factories.who("marc")
    factories.make_circle_member(family, member=marc, role="GENERAL_PRACTITIONER")
    change_recipients(family=family, agreements={"GENERAL_PRACTITIONER": "YES"}, by=elise, at=clock.now())
    revoke_grant(family=family, user_id=marc.user_id, at=clock.now())

    for answer in ("NO", "YES"):
        change_recipients(family=family, agreements={"GENERAL_PRACTITIONER": answer}, by=elise, at=clock.now())
    report = reports.sign(visit)
    reports.deliver(report)

    assert told(report) == [INES, PMI]


@pytest.mark.parametrize(
    ("circle", "why"),
    [
        ({"account": True}, "Marc Martin : le dossier ne lui est pas ouvert."),
        ({"account": False}, "Dr Simon : sans adresse, à appeler."),
        (None, "Personne de connu dans le cercle de soins."),
    ],
)
def test_who_has_no_copy_is_named_with_why_and_no_button_sends_nothing(
    client: GuardedClient, cast: dict[str, Person], visit: Visit, circle: dict[str, bool] | None, why: str
) -> None:
    report = reports.sign(visit)
    reports.deliver(report)
    factories.make_agreement(visit.family, "GENERAL_PRACTITIONER")
    if circle is not None:
        member = factories.who("marc") if circle["account"] else None
        factories.make_circle_member(visit.family, member=member, role="GENERAL_PRACTITIONER")

    shown = copies_of(report, factories.who("elise"), clock.now())

    assert [one.why for one in shown.missing] == [why]
    assert not shown.may_send
    client.force_login(cast["elise"].user)
    page = client.get(f"/t/vallees/reports/{report.public_id}/").content.decode()
    assert why in page
    assert "Envoyer à qui manque" not in page


@pytest.mark.parametrize(
    ("changes", "mailbox", "why"),
    [
        ({"state": RelayState.DECLINED}, True, "a rendu le relais à l’équipe"),
        ({"state": RelayState.NOT_NEEDED}, True, "le relais est sans suite"),
        ({"ends_at": clock.now() - timedelta(minutes=1)}, True, "ne suit plus la famille"),
        ({}, False, "sans boîte de service, à appeler"),
        ({"sector": None}, True, "aucun secteur de PMI n’est attribué"),
        ({}, True, ""),
    ],
)
def test_three_pages_say_the_same_of_a_pmi_and_it_is_what_leaves(
    as_: Any, visit: Visit, changes: dict[str, Any], *, mailbox: bool, why: str
) -> None:
    report = reports.sign(visit)
    PmiRelay.objects.update(**changes)
    if not mailbox:
        Structure.objects.filter(kind=StructureKind.PMI).update(mailbox="")
    reports.deliver(report)

    missing = [one.why for one in copies_of(report, factories.who("elise"), clock.now()).missing]
    file = as_("elise").get(f"/t/vallees/families/{visit.family.public_id}/").content.decode()
    agreements = as_("elise").get(f"/t/vallees/families/{visit.family.public_id}/recipients/").context["page"]

    assert told(report) == ([INES] if why else [INES, PMI])
    name = "PMI" if "sector" in changes else "PMI de Ligny"
    assert missing == ([f"{name}\u00a0: {why}."] if why else [])
    assert (f"Ne reçoit rien\u00a0: {why}" in file) is bool(why)
    [line] = [line for line in agreements.lines if line.recipient == "PMI"]
    assert line.people == (f"PMI de Ligny ({why})" if why else "PMI de Ligny")
    assert (line.reached, agreements.reached) == ((0, 1) if why else (1, 2))


def test_pathway_without_a_relay_reaches_no_pmi(visit: Visit) -> None:
    PmiRelay.objects.filter(pathway=visit.pathway).delete()

    [pmi] = standing_for([], family_facts(visit.family_id, clock.now()))[("PMI", "")]

    assert (pmi.name, pmi.lacks) == ("PMI de Ligny", "aucun relais n’est préparé")
    assert reached(visit.pathway, ["PMI"], clock.now()) == []


def test_mother_who_stopped_leaves_nothing_to_send_and_the_page_says_so(
    client: GuardedClient, cast: dict[str, Person], visit: Visit
) -> None:
    report = factories.make_report(visit, signed_at=clock.now(), delivered_at=clock.now())
    withdraw_pathway(pathway=visit.pathway, by=factories.who("elise"), at=clock.now())
    report = Report.objects.get(pk=report.pk)

    shown = copies_of(report, factories.who("elise"), clock.now())

    assert (shown.missing, shown.may_send, shown.is_over) == ((), False, True)
    client.force_login(cast["elise"].user)
    page = client.get(f"/t/vallees/reports/{report.public_id}/").content.decode()
    assert "ne part plus, même à qui avait son accord" in page
    assert "Envoyer à qui manque" not in page
    page = client.get(f"/t/vallees/families/{visit.family.public_id}/recipients/").content.decode()
    assert "Plus aucun compte rendu ne part" in page


def test_nothing_is_sent_before_the_team_has_it(visit: Visit) -> None:
    report = reports.sign(visit)

    with pytest.raises(BusinessError, match="pas encore arrivé"):
        copies.send_copies(report=report, at=clock.now())

    assert told(report) == []


# ---- What the mails say ------------------------------------------------------------------------------------------
def test_mails_say_nothing_and_only_the_one_without_account_holds_a_link(visit: Visit) -> None:
    with_doctor(visit.pathway)
    report = reports.sign(visit)
    with TestCase.captureOnCommitCallbacks(execute=True):
        reports.deliver(report)

    sent = {one.to[0]: f"{one.subject} {one.body}" for one in mail.outbox}
    mother = factories.Mother.objects.get(family=visit.family_id)
    link = AnswerLink.objects.get()
    token = one_time.token_of(link.public_id)
    hidden = [mother.name, mother.first_names, visit.family.reference, "noé", "v1", "visite", "bébé", "santé", "/t/"]
    for address, _ in (DOCTOR, INES, PMI):
        # The letters of a drawn token may spell a short word by chance.
        text = sent[address].replace(token, "").lower()
        assert [word for word in hidden if word.lower() in text] == []
    assert token in sent[DOCTOR[0]]
    assert one_time.code_of(link.public_id) not in sent[DOCTOR[0]]
    assert "lecture" not in sent[INES[0]] + sent[PMI[0]]


@pytest.mark.parametrize("who", [INES[0], DOCTOR[0]])
def test_a_yes_taken_back_before_the_mail_leaves_withholds_it(visit: Visit, who: str) -> None:
    with_doctor(visit.pathway)
    report = reports.sign(visit)
    reports.deliver(report)
    elise = factories.who("elise")

    change_recipients(
        family=visit.family,
        agreements={"LIBERAL_MIDWIFE": "NO", "GENERAL_PRACTITIONER": "NO"},
        by=elise,
        at=clock.now(),
    )

    copy = ReportCopy.objects.get(report=report, address=who)
    assert OutgoingMessage.objects.get(public_id=copy.message).state == "withheld"
    shown = {line.public_id: line for line in copies_of(report, elise, clock.now()).lines}
    assert shown[copy.public_id].words.startswith("Retenu")
    assert shown[copy.public_id].code == ""


# ---- With an account ---------------------------------------------------------------------------------------------
def test_her_inbox_holds_it_until_she_has_read_it(client: GuardedClient, cast: dict[str, Person], visit: Visit) -> None:
    report = reports.sign(visit)
    reports.deliver(report)
    client.force_login(cast["ines"].user)

    listed = client.get("/t/vallees/copies/").content.decode()
    page = client.get(f"/t/vallees/reports/{report.public_id}/").content.decode()
    assert str(report.public_id) in listed
    assert "J’ai lu" in page
    # She is not told who else receives it.
    assert "Hors de l’équipe" not in page
    response = client.post(f"/t/vallees/reports/{report.public_id}/read/")

    copy = ReportCopy.objects.get(report=report, address=INES[0])
    assert response.status_code == 302
    assert (copy.opened_by, ReportCopy.objects.get(report=report, address=PMI[0]).opened_at) == (
        cast["ines"].member,
        None,
    )
    assert copies_inbox(cast["ines"].member, "a-lire", "1").unread == 0
    assert [row.report_id for row in copies_inbox(cast["ines"].member, "lus", "1").page] == [report.public_id]
    client.force_login(cast["farid"].user)
    team = client.get(f"/t/vallees/reports/{report.public_id}/").content.decode()
    assert "Lu par Ines Martin" in team
    assert "Dans sa boîte, pas encore lu" in team
    # A reading outside the team is not one of the team.
    assert "Pas encore ouvert, Maternité Saint-Rémi" in team


@pytest.mark.parametrize("take_back", ["no", "withdraw", "grant"])
def test_her_inbox_empties_with_the_agreement(visit: Visit, take_back: str) -> None:
    report = reports.sign(visit)
    reports.deliver(report)
    ines = factories.who("ines")
    assert copies_inbox(ines, "a-lire", "1").unread == 1

    acts: dict[str, Callable[[], object]] = {
        "no": lambda: RecipientConsent.objects.filter(recipient="LIBERAL_MIDWIFE").update(answer="NO"),
        "withdraw": lambda: withdraw_pathway(pathway=visit.pathway, by=factories.who("elise"), at=clock.now()),
        "grant": lambda: FamilyGrant.objects.update(revoked_at=clock.now()),
    }
    acts[take_back]()

    assert copies_inbox(ines, "a-lire", "1").unread == 0


@pytest.mark.parametrize("who", ["iris", "gina", "marc"])
def test_a_colleague_has_nothing_in_hers(visit: Visit, who: str) -> None:
    reports.deliver(reports.sign(visit))

    assert copies_inbox(factories.who(who), "a-lire", "1").unread == 0


def test_the_inbox_asks_the_same_for_one_and_for_many(visit: Visit) -> None:
    ines = factories.who("ines")
    reports.deliver(reports.sign(visit))
    with CaptureQueriesContext(connection) as one:
        copies_inbox(ines, "a-lire", "1")
    for _ in range(4):
        other = reports.ended_visit()
        factories.make_grant(other.pathway.family, to=ines)
        reports.deliver(reports.sign(other))

    with CaptureQueriesContext(connection) as many:
        shown = copies_inbox(ines, "a-lire", "1")

    assert len(shown.page) == 5
    assert len(many) == len(one)


# ---- Addenda -----------------------------------------------------------------------------------------------------
def complete(report: Report) -> None:
    add_addendum(report=report, author=report.author, reason="Oubli", text="Vu le carnet.", at=clock.now())


def test_an_addendum_goes_to_those_who_have_the_report(visit: Visit) -> None:
    report = reports.sign(visit)
    reports.deliver(report)
    ines = factories.who("ines")
    copies.open_copies(report=report, by=ines, at=clock.now())
    RecipientConsent.objects.filter(recipient="PMI").update(answer="NO")

    complete(report)

    late = ReportCopy.objects.get(addendum__isnull=False)
    assert (late.address, late.opened_at) == (INES[0], None)
    (row,) = copies_inbox(ines, "a-lire", "1").page
    assert row.is_addendum
    assert copies.open_copies(report=report, by=ines, at=clock.now())
    assert copies_inbox(ines, "a-lire", "1").unread == 0


def test_an_addendum_to_a_report_on_its_way_comes_with_it(visit: Visit) -> None:
    report = reports.sign(visit)
    complete(report)

    reports.deliver(report)

    assert [row.addendum for row in ReportCopy.objects.filter(report=report)] == [None, None]


def test_an_addendum_makes_no_second_link_while_the_first_waits(visit: Visit) -> None:
    with_doctor(visit.pathway)
    report = reports.sign(visit)
    reports.deliver(report)

    complete(report)
    assert AnswerLink.objects.count() == 1
    ReportCopy.objects.filter(address=DOCTOR[0]).update(opened_at=clock.now())
    AnswerLink.objects.update(used_at=clock.now())
    complete(report)

    assert AnswerLink.objects.count() == 2
    assert ReportCopy.objects.filter(address=DOCTOR[0], addendum__isnull=False).count() == 1


# ---- Another link ------------------------------------------------------------------------------------------------
def test_another_link_kills_the_first(visit: Visit) -> None:
    with_doctor(visit.pathway)
    report = reports.sign(visit)
    reports.deliver(report)
    copy = ReportCopy.objects.get(address=DOCTOR[0])

    copies.send_link_again(copy=copy, by=factories.who("elise"), at=clock.now())

    first, second = AnswerLink.objects.order_by("pk")
    assert (first.killed_at is None, second.killed_at) == (False, None)
    again = ReportCopy.objects.get(pk=copy.pk)
    assert again.message not in {None, copy.message}
    (line,) = [one for one in copies_of(report, factories.who("elise"), clock.now()).lines if one.code]
    assert line.code == one_time.code_of(second.public_id)


def test_no_other_link_for_somebody_who_left_the_circle_or_has_an_account(visit: Visit) -> None:
    person = with_doctor(visit.pathway)
    report = reports.sign(visit)
    reports.deliver(report)
    by, at = factories.who("elise"), clock.now()
    yesterday = clock.local_date(at, "Europe/Paris") - timedelta(days=1)
    CareCircleMember.objects.filter(pk=person.pk).update(until=yesterday, end_reason="OTHER", ended_at=at, ended_by=by)

    for address, code in ((DOCTOR[0], "left_circle"), (INES[0], "not_by_link")):
        with pytest.raises(BusinessError) as refusal:
            copies.send_link_again(copy=ReportCopy.objects.get(address=address), by=by, at=at)
        assert refusal.value.code == code
    assert AnswerLink.objects.get().killed_at is None


def test_the_code_is_for_those_who_may_send(visit: Visit) -> None:
    with_doctor(visit.pathway)
    report = reports.sign(visit)
    reports.deliver(report)

    seen = {
        who: [line.code for line in copies_of(report, factories.who(who), clock.now()).lines if line.code]
        for who in ("elise", "farid", "nora", "amal", "ines", "gaelle")
    }

    assert [who for who, codes in seen.items() if codes] == ["elise", "farid"]


def test_after_a_stop_no_code_is_given_for_a_link_that_opens_nothing(visit: Visit) -> None:
    with_doctor(visit.pathway)
    report = reports.sign(visit)
    with TestCase.captureOnCommitCallbacks(execute=True):
        reports.deliver(report)
    before = [line.code for line in copies_of(report, factories.who("elise"), clock.now()).lines if line.code]

    withdraw_pathway(pathway=visit.pathway, by=factories.who("elise"), at=clock.now())

    after = copies_of(report, factories.who("elise"), clock.now()).lines
    assert before
    assert not [line.code for line in after if line.code]
    assert "Lien fermé sans être lu" in {line.words for line in after}
