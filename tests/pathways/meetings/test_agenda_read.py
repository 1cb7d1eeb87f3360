"""The agenda of a meeting to come: who reads of whom it will speak, and who only that it exists (R086)."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from copa.kernel import clock, scope
from pathways.actions.suggestions import suggest
from pathways.enums import AgreedContent, Agreement, MeetingCause, Recipient, SuggestionCause, SuggestionKind
from pathways.models import FamilyGrant, MeetingItem, Pathway, RecipientConsent, StaffMeeting
from pathways.reads.names import mothers_of
from tests import factories
from tests.pathways.addresses import address
from tests.queries import count


@pytest.fixture
def ahead(vallees: scope.Scope) -> StaffMeeting:
    """A meeting of Saint-Rémi in three days about one family of Amal: Élise and Amal are invited."""
    invited = (factories.who("elise"), factories.who("amal"))
    return factories.make_meeting(invited=invited, planned_at=clock.now() + timedelta(days=3))


@pytest.fixture
def item(ahead: StaffMeeting) -> MeetingItem:
    family = factories.make_pathway(ap=factories.who("amal")).family
    return factories.make_meeting_item(ahead, family, cause=MeetingCause.EPDS)


def on_paper(as_: Any, who: str, meeting: StaffMeeting) -> str:
    response = as_(who).get(address("meeting_pdf", meeting.public_id))
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("elise", True),  # invited, and of the team
        ("farid", True),  # of the team that prepares it
        ("amal", True),  # invited
        ("nora", False),  # the PMI doctor opens every file, and is not invited
        ("olga", False),  # a pilot of another structure
    ],
)
def test_agenda_names_its_families_at_the_table_only(as_: Any, item: MeetingItem, who: str, *, reads: bool) -> None:
    cause = str(MeetingCause(item.cause).label)
    told = (mothers_of([item.family_id])[item.family_id].name, item.family.reference, cause)

    page = as_(who).get(address("meeting", item.meeting.public_id))

    assert page.status_code == 200
    assert [words in page.content.decode() for words in told] == [reads] * 3
    assert (item.family.reference in on_paper(as_, who, item.meeting)) is reads
    assert (cause in on_paper(as_, who, item.meeting)) is reads


@pytest.mark.parametrize("who", ["nora", "olga"])
def test_who_is_not_invited_reads_how_many_families_and_no_more(as_: Any, item: MeetingItem, who: str) -> None:
    said = "1\xa0famille à l’ordre du jour"

    page = as_(who).get(address("meeting", item.meeting.public_id)).content.decode()
    [row] = as_(who).get(address("meetings")).context["page"].object_list

    assert f"<h1>{said}</h1>" in page
    assert "se lisent par les personnes invitées" in page
    assert "Aucune famille pour l’instant" not in page
    assert " ".join(said.split()) in on_paper(as_, who, item.meeting)
    assert (row.structure, row.families) == ("Maternité Saint-Rémi", 1)


def test_invitation_opens_the_agenda_to_the_pmi_doctor(as_: Any, vallees: scope.Scope) -> None:
    held = factories.make_meeting(invited=(factories.who("nora"),))
    added = factories.make_meeting_item(held, factories.make_pathway(ap=factories.who("amal")).family)

    assert added.family.reference in as_("nora").get(address("meeting", held.public_id)).content.decode()


def test_masked_agenda_of_ten_families_costs_the_queries_of_one(as_: Any, item: MeetingItem) -> None:
    url = address("meeting", item.meeting.public_id)
    one = count(as_("olga"), url)

    for _ in range(9):
        factories.make_meeting_item(item.meeting, factories.make_pathway().family)

    assert count(as_("olga"), url) == one


# ---- What opens the discussion ---------------------------------------------------------------------------
OUTSIDE = ("ines", "gaelle", "marc")
SCALE = str(MeetingCause.EPDS.label)


@pytest.fixture
def invited(vallees: scope.Scope) -> StaffMeeting:
    """A meeting held yesterday about one family come by its EPDS, another by the team: Inès, Gaëlle, Marc were there.

    Each of them follows both families with the mother's agreement.
    """
    held = factories.make_meeting(present=tuple(factories.who(name) for name in ("elise", "farid", *OUTSIDE)))
    for cause in (MeetingCause.EPDS, MeetingCause.TEAM):
        family = factories.make_pathway(ap=factories.who("amal")).family
        RecipientConsent.objects.filter(family=family).delete()
        for recipient in (Recipient.LIBERAL_MIDWIFE, Recipient.PMI, Recipient.GENERAL_PRACTITIONER):
            factories.make_agreement(family, recipient)
        for name in ("ines", "marc"):
            factories.make_grant(family, to=factories.who(name))
        factories.make_meeting_item(held, family, cause=cause)
    return held


def causes(as_: Any, who: str, meeting: StaffMeeting) -> list[str]:
    page = as_(who).get(address("meeting", meeting.public_id))
    told = [one.cause_label for one in page.context["meeting"].items]
    assert all(label in page.content.decode() and label in on_paper(as_, who, meeting) for label in told)
    return told


@pytest.mark.parametrize("who", OUTSIDE)
@pytest.mark.parametrize("answer", [Agreement.NO, Agreement.LATER, ""])
def test_questionnaire_she_keeps_to_herself_is_no_reason_told_outside(
    as_: Any, invited: StaffMeeting, who: str, answer: str
) -> None:
    """The team's own reason reads the same: the neutral words tell nothing."""
    for item in MeetingItem.objects.order_by("pk") if answer else ():
        factories.make_agreement(item.family, AgreedContent.MOOD_SCORE, answer)

    assert causes(as_, who, invited) == ["Point d’équipe", "Point d’équipe"]
    assert SCALE not in as_(who).get(address("meeting", invited.public_id)).content.decode()
    assert SCALE not in on_paper(as_, who, invited)
    assert causes(as_, "farid", invited) == [SCALE, "L’équipe"]


@pytest.mark.parametrize("who", OUTSIDE)
def test_questionnaire_she_opened_is_told_outside(as_: Any, invited: StaffMeeting, who: str) -> None:
    for item in MeetingItem.objects.order_by("pk"):
        factories.make_agreement(item.family, AgreedContent.MOOD_SCORE)

    assert causes(as_, who, invited) == [SCALE, "L’équipe"]


def test_child_s_doctor_never_reads_that_it_was_the_questionnaire(as_: Any, invited: StaffMeeting) -> None:
    for item in MeetingItem.objects.order_by("pk"):
        factories.make_agreement(item.family, AgreedContent.MOOD_SCORE)
        factories.make_agreement(item.family, Recipient.PAEDIATRICIAN)
    FamilyGrant.objects.filter(user=factories.who("marc").user).update(recipient=Recipient.PAEDIATRICIAN)

    assert causes(as_, "marc", invited) == ["Point d’équipe", "Point d’équipe"]


@pytest.mark.parametrize("who", ["ines", "gaelle", "marc"])
def test_minutes_and_time_of_coordination_say_no_more(as_: Any, invited: StaffMeeting, who: str) -> None:
    StaffMeeting.objects.update(closed_at=clock.now(), closed_by=factories.who("elise"))
    item = MeetingItem.objects.get(cause=MeetingCause.EPDS)

    minutes = as_(who).get(address("minutes", item.public_id)).content.decode()

    assert "Point d’équipe" in minutes
    assert SCALE not in minutes
    assert SCALE not in on_paper(as_, who, invited)
    assert SCALE in as_("farid").get(address("minutes", item.public_id)).content.decode()


# ---- Relays that have waited for months ------------------------------------------------------------------
def late_relay(days: int) -> Any:
    """A family whose relay was due so many days ago."""
    pathway = factories.make_pathway()
    factories.make_relay(pathway, due_on=clock.local_date(clock.now(), "Europe/Paris") - timedelta(days=days))
    return pathway.family


def test_relay_of_months_ago_stands_below_the_others(as_: Any, ahead: StaffMeeting) -> None:
    old, older, near = late_relay(91), late_relay(400), late_relay(90)

    page = as_("elise").get(address("meeting", ahead.public_id))
    offered = page.context["offered"]

    assert [one.public_id for one in offered.families] == [near.public_id]
    assert [one.public_id for one in offered.forgotten] == [old.public_id, older.public_id]
    assert offered.forgotten_total == 2
    assert {one.cause for one in offered.forgotten} == {MeetingCause.RELAY}
    assert "2\xa0familles attendent le relais depuis plus de trois mois" in page.content.decode()


def test_old_relay_of_a_family_told_otherwise_is_one_more_reason(as_: Any, ahead: StaffMeeting) -> None:
    family = late_relay(120)
    factories.make_alert(Pathway.objects.get(family=family), raised_at=clock.now() - timedelta(days=2))

    offered = as_("elise").get(address("meeting", ahead.public_id)).context["offered"]

    [one] = offered.families
    assert one.reasons[0] == "Alerte sans réponse"
    assert one.reasons[1].startswith("Relais PMI sans réponse, à faire le ")
    assert (offered.forgotten, offered.forgotten_total) == ([], 0)


def test_old_relays_are_a_bounded_list_with_its_total_at_the_same_cost(as_: Any, ahead: StaffMeeting) -> None:
    url = address("meeting", ahead.public_id)
    late_relay(100)
    one = count(as_("elise"), url)

    for _ in range(21):
        late_relay(101)
    offered = as_("elise").get(url).context["offered"]

    assert (len(offered.forgotten), offered.forgotten_total) == (20, 22)
    assert count(as_("elise"), url) == one


def test_old_relay_put_on_the_agenda_is_offered_no_more(as_: Any, ahead: StaffMeeting) -> None:
    family = late_relay(120)
    sent = {"family": str(family.public_id), "cause": MeetingCause.RELAY}

    as_("elise").post(address("agenda_add", ahead.public_id), sent)

    assert MeetingItem.objects.get().family == family
    assert as_("elise").get(address("meeting", ahead.public_id)).context["offered"].forgotten_total == 0


def test_co_parent_s_own_questionnaire_is_the_team_s_reason(as_: Any, vallees: scope.Scope) -> None:
    held = factories.make_meeting(present=(factories.who("elise"),))
    pathway = factories.make_pathway(ap=factories.who("amal"))
    suggest(
        pathway=pathway, kind=SuggestionKind.TEAM_REVIEW, cause=SuggestionCause.COPARENT_EPDS, source_id=None,
        by=None, at=clock.now(),
    )  # fmt: skip

    offered = as_("elise").get(address("meeting", held.public_id)).context["offered"].families

    assert [one.cause for one in offered] == [MeetingCause.TEAM]
