"""Validated minutes: to whom they went and why not, their print, what each parent is told (documents.md 3)."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from pypdf import PdfReader

from copa.kernel import clock, scope
from copa.kernel.digest import short
from copa.kernel.errors import BusinessError
from pathways.actions import meetings, stops
from pathways.actions.families import change_recipients
from pathways.actions.minutes import note_parents_told
from pathways.enums import (
    Agreement,
    Attendance,
    CircleRole,
    DecisionKind,
    Document,
    NeedAbout,
    Recipient,
    RelayState,
    WithdrawalReach,
)
from pathways.models import (
    Birth,
    CoParent,
    CoParentConsent,
    Decision,
    Family,
    FamilyGrant,
    MeetingAnnex,
    MeetingItem,
    MeetingParticipant,
    MinutesCopy,
    Pathway,
    RecipientConsent,
    Sending,
)
from pathways.reads.minutes import parent_copies
from pathways.reads.story import told
from pathways.reads.told import Told
from territories.models import Member, OutgoingMessage, Structure
from tests import factories
from tests.pathways.addresses import address
from tests.pathways.meetings.annexes import seal
from tests.pathways.meetings.test_actions import decide, validate, words
from tests.queries import count

CIRCLE = "la PMI et le médecin de la mère à qui le dossier est ouvert le lisent aussi, tant que la mère en est d’accord"


@pytest.fixture
def item(vallees: scope.Scope) -> MeetingItem:
    """A family of Amal on the agenda of a meeting held yesterday, opened to Inès; the PMI may have its relay."""
    pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_grant(pathway.family, to=factories.who("ines"))
    meeting = factories.make_meeting(present=(factories.who("elise"), factories.who("farid")))
    found = factories.make_meeting_item(meeting, pathway.family)
    meetings.write_item(item=found, words=words(facts="Dort peu."), at=clock.now())
    return found


def held(item: MeetingItem, **decision: Any) -> MeetingItem:
    """The minutes once validated, with one decision."""
    decide(item, **decision)
    validate(item.meeting)
    return MeetingItem.objects.select_related("meeting__structure", "pathway__birth", "family").get(pk=item.pk)


def handed() -> dict[str, tuple[bool, str]]:
    return {one.recipient: (one.sending_id is not None, one.refused) for one in MinutesCopy.objects.order_by("pk")}


def text_of(response: Any) -> str:
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    return text.replace("\u00a0", " ").replace("\u202f", " ")


# ---- The day ---------------------------------------------------------------------------------------------
def test_minutes_carry_the_day_of_the_child_and_none_in_mourning(as_: Any, item: MeetingItem) -> None:
    kept = held(item)
    born, met = kept.pathway.birth.day, timezone.localdate(kept.meeting.planned_at)
    url, words = address("meeting_pdf", item.meeting.public_id), f"{item.family.reference} · J{(met - born).days} ·"

    told = text_of(as_("farid").get(url))
    Birth.objects.update(is_silent=True)

    assert words in told
    assert words not in text_of(as_("farid").get(url))


# ---- Diffusion -------------------------------------------------------------------------------------------
def test_diffusion_names_the_circle_that_reads_them_here(as_: Any, item: MeetingItem) -> None:
    kept = held(item)

    page = as_("ines").get(address("minutes", kept.public_id))

    assert page.status_code == 200
    assert CIRCLE in page.content.decode()
    assert "à qui le dossier est ouvert, tant que la mère" in text_of(
        as_("farid").get(address("meeting_pdf", kept.meeting.public_id))
    ).replace("\n", " ")


def test_agreed_circle_is_told_that_minutes_wait_and_nothing_more(item: MeetingItem) -> None:
    held(item)

    assert handed() == {Recipient.LIBERAL_MIDWIFE: (True, ""), Recipient.PMI: (True, "")}
    mail = OutgoingMessage.objects.get(to="ines@copa.example")
    assert "Un compte rendu de réunion vous attend." in mail.body
    assert item.family.reference not in mail.subject + mail.body
    assert set(Sending.objects.values_list("document", flat=True)) == {Document.MINUTES}


@pytest.mark.parametrize("answer", ["NO", "LATER", ""])
def test_whoever_she_did_not_agree_to_is_written_with_the_reason(item: MeetingItem, answer: str) -> None:
    rows = RecipientConsent.objects.filter(recipient=Recipient.LIBERAL_MIDWIFE)
    rows.update(answer=answer) if answer else rows._raw_delete(rows.db)

    held(item)

    is_sent, why = handed()[Recipient.LIBERAL_MIDWIFE]
    assert (is_sent, bool(why)) == (False, True)
    assert handed()[Recipient.PMI] == (True, "")
    assert not OutgoingMessage.objects.filter(to="ines@copa.example").exists()


@pytest.mark.parametrize("event", ["withdrawn", "silence"])
def test_nothing_leaves_after_a_stop_or_in_mourning(item: MeetingItem, event: str) -> None:
    decide(item)
    if event == "withdrawn":
        stops.withdraw_pathway(pathway=item.pathway, by=factories.who("elise"), at=clock.now())
    else:
        Birth.objects.update(is_silent=True)

    validate(item.meeting)

    # Whose file closed with the withdrawal is nobody to write to any more.
    assert not any(is_sent for is_sent, _ in handed().values())
    assert handed()[Recipient.PMI][0] is False
    assert not Sending.objects.filter(document=Document.MINUTES).exists()


def test_doctor_of_the_child_never_receives_them_and_the_one_without_address_is_called(item: MeetingItem) -> None:
    family = item.family
    doctor = factories.make_entry("PAEDIATRICIAN", email="p@x.example")
    for role, recipient, known in (
        (CircleRole.PAEDIATRICIAN, Recipient.PAEDIATRICIAN, {"entry": doctor}),
        (CircleRole.PSYCHOLOGIST, Recipient.PSYCHOLOGIST, {"name": "Lise Caron"}),
    ):
        factories.make_agreement(family, recipient)
        factories.make_circle_member(family, role=role, **known)

    held(item)

    assert "que ce qui concerne l’enfant" in handed()[Recipient.PAEDIATRICIAN][1]
    assert handed()[Recipient.PSYCHOLOGIST] == (False, "Sans adresse, à appeler.")
    assert not OutgoingMessage.objects.filter(to="p@x.example").exists()


def test_who_has_an_account_and_no_opening_and_a_pmi_without_mailbox_have_their_line(item: MeetingItem) -> None:
    factories.make_agreement(item.family, Recipient.GENERAL_PRACTITIONER)
    factories.make_circle_member(item.family, member=factories.who("marc"), role=CircleRole.GENERAL_PRACTITIONER)
    Structure.objects.filter(name="PMI de Ligny").update(mailbox="")

    held(item)

    assert handed()[Recipient.GENERAL_PRACTITIONER] == (False, "Le dossier ne lui est pas ouvert.")
    assert handed()[Recipient.PMI] == (False, "Sans boîte de service, à appeler.")


@pytest.mark.parametrize(
    ("state", "why"),
    [(RelayState.DECLINED, "A rendu le relais à l’équipe."), (RelayState.NOT_NEEDED, "Le relais est sans suite.")],
)
def test_pmi_that_no_longer_sees_the_family_is_not_sent_to_a_closed_page(
    item: MeetingItem, state: str, why: str
) -> None:
    factories.make_relay(item.pathway, state=state)

    held(item)

    assert handed()[Recipient.PMI] == (False, why)
    assert MinutesCopy.objects.filter(recipient=Recipient.PMI).count() == 1
    assert not Sending.objects.filter(recipient=Recipient.PMI).exists()


def test_agreement_taken_back_while_it_waits_is_told_in_the_block(as_: Any, item: MeetingItem) -> None:
    held(item)
    OutgoingMessage.objects.update(state="queued", attempts=0, sent_at=None)

    change_recipients(
        family=item.family,
        agreements={Recipient.LIBERAL_MIDWIFE: Agreement.NO},
        by=factories.who("elise"),
        at=clock.now(),
    )

    page = as_("farid").get(address("minutes", item.public_id)).content.decode()
    assert "Retenu" in page
    assert "ne souhaite pas que cette personne reçoive" in page


def test_block_is_for_the_team_on_screen_and_on_paper(as_: Any, item: MeetingItem) -> None:
    RecipientConsent.objects.filter(recipient=Recipient.PMI).update(answer=Agreement.NO)
    held(item)

    team, midwife = (as_(who).get(address("minutes", item.public_id)).content.decode() for who in ("farid", "ines"))
    paper = text_of(as_("farid").get(address("meeting_pdf", item.meeting.public_id)))

    for shown in (team, paper):
        assert "Ines Martin" in shown
        assert "ne souhaite pas que cette personne" in shown.replace("\n", " ")
    # Her answer for the PMI is nothing to the midwife.
    assert "ne souhaite pas que cette personne" not in midwife
    assert "Dort peu." in midwife


def test_block_never_changes(item: MeetingItem) -> None:
    held(item)
    copy = MinutesCopy.objects.order_by("pk").first()

    with pytest.raises(DatabaseError), transaction.atomic():
        MinutesCopy.objects.filter(pk=copy.pk).update(to="Une autre")
    with pytest.raises(IntegrityError, match="minutes_copy_sent_or_refused"), transaction.atomic():
        MinutesCopy.objects.create(item=item, family=item.family, recipient="PMI", to="X", at=clock.now())


def test_ten_recipients_cost_the_queries_of_one(as_: Any, item: MeetingItem) -> None:
    held(item)
    url = address("minutes", item.public_id)
    few = count(as_("farid"), url)
    for number in range(9):
        why = "Non."
        MinutesCopy.objects.create(
            item=item, family=item.family, recipient="OTHER", to=f"P{number}", refused=why, at=clock.now()
        )

    assert count(as_("farid"), url) == few


# ---- The doctor who was invited and did not come ------------------------------------------------------------
@pytest.fixture
def doctor(item: MeetingItem) -> Member:
    """Marc, the mother's doctor, with her agreement: invited, excused."""
    marc = factories.who("marc")
    factories.make_agreement(item.family, Recipient.GENERAL_PRACTITIONER)
    factories.make_grant(item.family, to=marc, recipient=Recipient.GENERAL_PRACTITIONER)
    MeetingParticipant.objects.create(meeting=item.meeting, member=marc, presence=Attendance.EXCUSED)
    return marc


def reads(as_: Any, item: MeetingItem, who: str = "marc") -> int:
    return int(as_(who).get(address("minutes", item.public_id)).status_code)


def test_agreed_doctor_is_told_to_sign_in_and_finds_the_minutes(as_: Any, item: MeetingItem, doctor: Member) -> None:
    held(item)

    mail = OutgoingMessage.objects.get(to=doctor.user.email, subject__contains="compte rendu")
    assert "Un compte rendu de réunion vous attend." in mail.body
    assert "Appelez-la" not in mail.body
    assert reads(as_, item) == 200
    meeting = as_("marc").get(address("meeting", item.meeting.public_id)).content.decode()
    assert "Dort peu." in meeting
    assert "vous n’y assistez pas" not in meeting
    file = as_("marc").get(f"/t/vallees/families/{item.family.public_id}/").content.decode()
    assert address("minutes", item.public_id) in file


@pytest.mark.parametrize("answer", [Agreement.NO, Agreement.LATER])
def test_doctor_whose_agreement_is_taken_back_reads_them_no_more(
    as_: Any, item: MeetingItem, doctor: Member, answer: Agreement
) -> None:
    held(item)
    RecipientConsent.objects.filter(recipient=Recipient.GENERAL_PRACTITIONER).update(answer=answer)

    assert reads(as_, item) == 403
    meeting = as_("marc").get(address("meeting", item.meeting.public_id)).content.decode()
    assert "1\u00a0autre point, que lisent" in meeting
    for untrue in ("ne sont pas les vôtres", "vous n’y assistez pas"):
        assert untrue not in meeting


@pytest.mark.parametrize(
    ("answer", "status"), [(Agreement.YES, 200), (Agreement.LATER, 403), (Agreement.NO, 403), ("", 403)]
)
def test_holder_of_a_decision_reads_it_alone_without_the_yes_of_the_mother(
    as_: Any, item: MeetingItem, doctor: Member, answer: str, status: int
) -> None:
    held(item, owner=doctor, words="Revoir le traitement.")
    rows = RecipientConsent.objects.filter(recipient=Recipient.GENERAL_PRACTITIONER)
    rows.update(answer=answer) if answer else rows._raw_delete(rows.db)

    page = as_("marc").get(address("decision", Decision.objects.get().public_id)).content.decode()

    assert reads(as_, item) == status
    assert "Revoir le traitement." in page
    assert (address("minutes", item.public_id) in page) is (status == 200)
    assert "Dort peu." not in page


@pytest.mark.parametrize("presence", [Attendance.PRESENT, Attendance.EXCUSED])
@pytest.mark.parametrize("event", ["visits stopped", "mourning", "silence before inclusion"])
def test_nobody_outside_reads_them_nor_a_decision_once_it_stopped_or_mourns(
    as_: Any, item: MeetingItem, doctor: Member, presence: str, event: str
) -> None:
    MeetingParticipant.objects.filter(member=doctor).update(presence=presence)
    kept = held(item, owner=doctor)
    urls = [address("minutes", item.public_id), address("decision", Decision.objects.get().public_id)]
    before = [as_("marc").get(url).status_code for url in urls]

    if event == "visits stopped":
        Family.objects.update(may_space=True)
        reach = WithdrawalReach.VISITS_KEEP_SPACE
        stops.withdraw_pathway(pathway=kept.pathway, by=factories.who("elise"), at=clock.now(), reach=reach)
    elif event == "mourning":
        factories.make_death(kept.pathway.birth)
    else:
        MeetingItem.objects.update(pathway=None)
        Birth.objects.update(is_silent=True)

    assert before == [200, 200]
    assert [as_("marc").get(url).status_code for url in urls] == [403, 403]
    assert [as_("farid").get(url).status_code for url in urls] == [200, 200]


def test_decision_about_another_family_opens_no_other_item(as_: Any, item: MeetingItem, doctor: Member) -> None:
    other = factories.make_meeting_item(item.meeting, factories.make_pathway(ap=factories.who("amal")).family)
    factories.make_grant(other.family, to=doctor, recipient=Recipient.GENERAL_PRACTITIONER)
    meetings.write_item(item=other, words=words(facts="Autre."), at=clock.now())
    decide(other)
    held(item, owner=doctor)

    assert (reads(as_, item), reads(as_, other)) == (200, 403)


def test_doctor_of_the_child_reads_nothing_of_the_mother_even_with_a_decision(
    as_: Any, item: MeetingItem, doctor: Member
) -> None:
    FamilyGrant.objects.filter(user=doctor.user).update(recipient=Recipient.PAEDIATRICIAN)
    factories.make_agreement(item.family, Recipient.PAEDIATRICIAN)
    held(item, owner=doctor)

    assert reads(as_, item) == 403


@pytest.mark.parametrize(("who", "is_given"), [("marc", True), ("amal", False), ("ines", False)])
def test_call_confided_to_whom_no_number_is_shown_gives_the_line_of_the_team(
    as_: Any, item: MeetingItem, doctor: Member, who: str, is_given: bool
) -> None:
    held(item, owner=factories.who(who), kind=DecisionKind.CALL)

    page = as_(who).get(address("decision", Decision.objects.get().public_id)).content.decode()

    assert ("passez par l’équipe de référence" in page) is is_given
    assert (f"tel:{item.pathway.carrier.phone}" in page) is is_given
    assert address("minutes", item.public_id) in page


# ---- The print -------------------------------------------------------------------------------------------
def test_sheet_and_screen_carry_the_same_print(as_: Any, item: MeetingItem) -> None:
    held(item)

    page = as_("farid").get(address("meeting", item.meeting.public_id))
    paper = text_of(as_("farid").get(address("meeting_pdf", item.meeting.public_id)))

    digest = page.context["meeting"].short_digest
    assert len(digest) == 14
    assert f"empreinte {digest}" in paper
    assert digest in page.content.decode()
    assert page.context["meeting"].items[0].short_fingerprint in paper


@pytest.mark.parametrize("change", ["facts", "decision", "about"])
def test_what_was_changed_behind_the_platform_is_found(as_: Any, item: MeetingItem, change: str) -> None:
    held(item)
    if change == "facts":
        MeetingItem.objects.filter(pk=item.pk).update(facts="Dort bien.")
    else:
        Decision.objects.update(**({"words": "Autre chose"} if change == "decision" else {"about": "COPARENT"}))

    page = as_("farid").get(address("minutes", item.public_id)).content.decode()
    paper = text_of(as_("farid").get(address("meeting_pdf", item.meeting.public_id))).replace("\n", " ")

    assert "n’est plus celui qui a été validé" in page
    assert "n’est plus celui qui a été validé" in paper


def test_what_happens_afterwards_is_no_change_of_the_minutes(as_: Any, item: MeetingItem) -> None:
    held(item, told_by=factories.who("amal"))
    as_("amal").post(address("decision", Decision.objects.get().public_id), {"state": "DONE", "words": "Appelée."})
    as_("amal").post(address("parents_copy", item.public_id))

    page = as_("farid").get(address("minutes", item.public_id))

    assert page.context["item"].is_untouched
    assert "rien n’a changé depuis la validation" in page.content.decode()


def test_agenda_has_no_print(as_: Any, item: MeetingItem) -> None:
    page = as_("farid").get(address("meeting", item.meeting.public_id)).context["meeting"]

    assert (page.digest, page.items[0].fingerprint) == ("", "")


# ---- What is sealed --------------------------------------------------------------------------------------
@pytest.fixture
def annex(item: MeetingItem) -> MeetingAnnex:
    """The sealed part of validated minutes."""
    meetings.write_annex(
        item=item,
        token=meetings.annex_token(item),
        text="Scellé ce jour-là.",
        by=factories.who("farid"),
        at=clock.now(),
    )
    held(item)
    found: MeetingAnnex = MeetingAnnex.objects.get()
    return found


def annex_seen(as_: Any, item: MeetingItem) -> tuple[str, str]:
    """The page and the sheet of what is sealed."""
    page = as_("farid").get(address("annex", item.public_id)).content.decode()
    return page, text_of(as_("farid").get(address("annex_pdf", item.public_id))).replace("\n", " ")


def test_annex_has_its_own_print_checked_at_each_reading(as_: Any, item: MeetingItem, annex: MeetingAnnex) -> None:
    page, sheet = annex_seen(as_, item)

    printed = short(annex.fingerprint)
    assert len(annex.fingerprint) == 64
    assert f"Empreinte {printed}" in page
    assert "rien n’a changé depuis la validation" in page
    assert f"empreinte {printed}" in sheet
    assert "n’est plus celle" not in page + sheet


@pytest.mark.parametrize("change", ["text", "author", "moment"])
def test_annex_changed_behind_the_platform_is_found(
    as_: Any, item: MeetingItem, annex: MeetingAnnex, change: str
) -> None:
    changes: dict[str, Any] = {
        "text": {"text": "Autre chose."},
        "author": {"written_by": factories.who("elise")},
        "moment": {"written_at": annex.written_at + timedelta(minutes=1)},
    }
    MeetingAnnex.objects.filter(pk=annex.pk).update(**changes[change])

    page, sheet = annex_seen(as_, item)

    assert "Cette partie n’est plus celle qui a été validée" in page
    assert "Cette partie n’est plus celle qui a été validée" in sheet


def test_annex_of_a_meeting_to_write_has_no_print(as_: Any, item: MeetingItem) -> None:
    seal(item, "Scellé.")

    page, sheet = annex_seen(as_, item)

    assert MeetingAnnex.objects.get().fingerprint == ""
    assert "mpreinte" not in page + sheet


def test_print_of_the_minutes_says_nothing_of_what_is_sealed(as_: Any, item: MeetingItem, annex: MeetingAnnex) -> None:
    MeetingAnnex.objects.update(text="Autre chose.")

    page = as_("farid").get(address("minutes", item.public_id))

    assert page.context["item"].is_untouched
    assert annex.fingerprint[:4] not in page.content.decode()


# ---- The parents -----------------------------------------------------------------------------------------
def told_each(item: MeetingItem) -> None:
    """A decision about each, told to the family by Amal, and one that nobody tells."""
    amal = factories.who("amal")
    for about in (NeedAbout.MOTHER, NeedAbout.CHILD, NeedAbout.COPARENT):
        decide(item, about=about, parents_words=f"Pour {about}.", told_by=amal, words="Mots de l’équipe.")
    decide(item, kind=DecisionKind.OTHER, words="Signaler au médecin.", parents_words="Caché.", told_by=None)
    MeetingAnnex.objects.create(
        item=item, family=item.family, text="Scellé.", written_by=factories.who("farid"), written_at=clock.now()
    )
    validate(item.meeting)


def followed_coparent(item: MeetingItem) -> CoParent:
    coparent: CoParent = CoParent.objects.get(family=item.family)
    said = {"answer": "YES", "is_safe": True, "at": clock.now(), "collected_by": factories.who("amal")}
    CoParentConsent.objects.create(family=item.family, coparent=coparent, **said)
    return coparent


def test_each_parent_reads_what_is_hers_or_his_and_the_childs(as_: Any, item: MeetingItem) -> None:
    coparent = followed_coparent(item)
    told_each(item)
    as_("amal").post(address("parents_copy", item.public_id))
    url = address("parents_pdf", item.public_id)

    hers = text_of(as_("amal").get(url, {"pour": ""}))
    his = text_of(as_("amal").get(url, {"pour": str(coparent.public_id)}))

    assert ["Pour MOTHER." in one for one in (hers, his)] == [True, False]
    assert ["Pour COPARENT." in one for one in (hers, his)] == [False, True]
    assert ["Pour CHILD." in one for one in (hers, his)] == [True, True]
    for secret in ("Mots de l’équipe", "Signaler", "Caché", "Scellé", "Dort peu", item.family.reference):
        assert secret not in hers + his


def test_coparent_without_his_yes_has_no_copy(as_: Any, item: MeetingItem) -> None:
    told_each(item)
    as_("amal").post(address("parents_copy", item.public_id))
    coparent = CoParent.objects.get(family=item.family)

    found = MeetingItem.objects.get(pk=item.pk)

    assert [one.key for one in parent_copies(found).copies] == [""]
    refused = as_("amal").get(address("parents_pdf", item.public_id), {"pour": str(coparent.public_id)})
    assert refused.status_code == 302


def test_a_person_comes_before_the_paper(as_: Any, item: MeetingItem) -> None:
    told_each(item)
    url = address("parents_pdf", item.public_id)

    before = as_("amal").get(url, follow=True)
    as_("amal").post(address("parents_copy", item.public_id))
    after = as_("amal").get(url)

    assert "leur copie vient après une personne" in before.content.decode()
    assert after["Content-Type"] == "application/pdf"
    kept = MeetingItem.objects.get(pk=item.pk)
    assert (kept.parents_told_by, kept.parents_told_at is not None) == (factories.who("amal"), True)


@pytest.mark.parametrize(
    ("way", "code"),
    [
        ("nobody tells", "nothing_to_tell"),
        ("not validated", "not_validated"),
        ("twice", "told_already"),
        ("withdrawn", "stopped"),
        ("mourning", "stopped"),
    ],
)
def test_refusals_of_telling_say_why(item: MeetingItem, way: str, code: str) -> None:
    amal = factories.who("amal")
    decide(item, told_by=None if way == "nobody tells" else amal)
    if way != "not validated":
        validate(item.meeting)
    if way == "withdrawn":
        stops.withdraw_pathway(pathway=Pathway.objects.get(), by=factories.who("elise"), at=clock.now())
    if way == "mourning":
        Birth.objects.update(is_silent=True)
    found = MeetingItem.objects.get(pk=item.pk)
    if way == "twice":
        note_parents_told(item=found, by=amal, at=clock.now())

    with pytest.raises(BusinessError) as refusal:
        note_parents_told(item=found, by=amal, at=clock.now())

    assert refusal.value.code == code


def test_stop_after_the_telling_takes_the_paper_away(as_: Any, item: MeetingItem) -> None:
    told_each(item)
    as_("amal").post(address("parents_copy", item.public_id))
    Birth.objects.update(is_silent=True)

    assert as_("amal").get(address("parents_pdf", item.public_id)).status_code == 302
    assert "Rien n’est à dire aux parents" in as_("amal").get(address("parents_copy", item.public_id)).content.decode()


@pytest.mark.parametrize("kind", [one for one in DecisionKind if one != DecisionKind.OTHER])
def test_decision_without_words_for_the_parents_has_those_of_its_kind(item: MeetingItem, kind: str) -> None:
    found = held(item, kind=kind, words="Mots de l’équipe.", told_by=factories.who("amal"))

    (copy,) = parent_copies(found).copies

    assert copy.lines
    assert "Mots de l’équipe" not in " ".join(copy.lines)


def test_page_writes_whose_decision_it_is(as_: Any, item: MeetingItem) -> None:
    amal = factories.who("amal")
    typed = {"kind": "CALL", "owner": str(amal.public_id), "told_by": str(amal.public_id)}
    typed["due_on"] = timezone.localdate().isoformat()
    url = address("meeting_item", item.public_id)

    of_child = {**typed, "about": "CHILD", "parents_words": "Nous rappelons pour bébé."}
    for decision in (of_child, typed):
        sent = {f"decision-{name}": value for name, value in decision.items()}
        as_("farid").post(url, {"token": meetings.words_token(item), "decide": "1", **sent})

    kept = list(Decision.objects.order_by("pk").values_list("about", "parents_words"))
    assert kept == [("CHILD", "Nous rappelons pour bébé."), ("MOTHER", "")]


TOLD = "Ce que l’équipe propose, dit aux parents"


def said_to_parents(item: MeetingItem, name: str) -> list[Told]:
    return [event for event in told(item.family, factories.who(name)) if event.title == TOLD]


def test_story_tells_that_the_parents_were_told_and_by_whom(item: MeetingItem) -> None:
    told_each(item)
    at, before = clock.now(), said_to_parents(item, "farid")
    note_parents_told(item=MeetingItem.objects.get(pk=item.pk), by=factories.who("amal"), at=at)

    (event,) = said_to_parents(item, "farid")

    assert before == []
    assert (event.at, event.page, event.public_id) == (at, "pathways:minutes", item.public_id)
    assert event.text.endswith("Par Amal Martin.")
    for secret in ("Mots de l’équipe", "Scellé", "Dort peu", "Pour MOTHER", "Caché"):
        assert secret not in event.title + event.text


@pytest.mark.parametrize(("name", "reads"), [("amal", True), ("ines", True), ("gaelle", False), ("fanny", False)])
def test_only_who_reads_the_minutes_hears_that_the_parents_were_told(item: MeetingItem, name: str, reads: bool) -> None:
    factories.make_grant(item.family, to=factories.who("gaelle"))
    told_each(item)
    note_parents_told(item=MeetingItem.objects.get(pk=item.pk), by=factories.who("amal"), at=clock.now())
    # Inès reads them under the mother's agreement; the PMI without it does not.
    RecipientConsent.objects.filter(recipient=Recipient.PMI).update(answer=Agreement.NO)

    assert len(said_to_parents(item, name)) == int(reads)
