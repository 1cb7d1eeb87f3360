"""The agenda of a meeting to come: who reads of whom it will speak, and who only that it exists (R086)."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from copa.kernel import clock, scope
from pathways.enums import MeetingCause
from pathways.models import MeetingItem, StaffMeeting
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
