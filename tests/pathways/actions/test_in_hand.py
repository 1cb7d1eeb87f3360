"""« Prise en main » outside an alert (R111): who, since when, why; told to the auxiliary, in the story."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from pathways import perms
from pathways.actions.in_hand import note_family_in_hand
from pathways.enums import PathwayState
from pathways.models import Family, InHand, Pathway
from pathways.reads.story import told
from territories.models import HistoryEvent, OutgoingMessage
from tests import factories, queries
from tests.cast import MEMBERS, VALLEES
from tests.factories import who

AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
WHY = "Tensions très douloureuses, je reprends les soins."


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    """A family of Amal, opened to Inès."""
    pathway = factories.make_pathway(ap=who("amal"))
    factories.make_grant(pathway.family, to=who("ines"))
    return pathway


def note(family: Family, name: str = "ines", *, since: datetime = AT - HOUR, why: str = WHY) -> InHand:
    return note_family_in_hand(family=family, since=since, why=why, by=who(name), at=AT)


def url(family: Family) -> str:
    return reverse("pathways:family_in_hand", args=[VALLEES, family.public_id])


def test_the_auxiliary_and_the_team_are_told_once_and_nothing_is_said_of_why(pathway: Pathway) -> None:
    note(pathway.family)

    sent = OutgoingMessage.objects.filter(dedup_key__startswith="in-hand:").order_by("to")
    assert sorted(one.to for one in sent) == sorted(["amal@copa.example", pathway.carrier.mailbox])
    assert not [one for one in sent if "Tension" in one.body or "Haddad" in one.body or "Inès" in one.body]
    with pytest.raises(BusinessError) as twice:
        note(pathway.family)
    assert twice.value.code == "in_hand_once"
    assert OutgoingMessage.objects.filter(dedup_key__startswith="in-hand:").count() == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"why": "  "}, "why_missing"), ({"since": AT + timedelta(seconds=1)}, "future"), ({"since": AT}, "")],
)
def test_it_has_begun_and_says_why(pathway: Pathway, changes: dict[str, Any], code: str) -> None:
    if not code:
        assert note(pathway.family, **changes).pathway == pathway
        return
    with pytest.raises(BusinessError) as refusal:
        note(pathway.family, **changes)
    assert refusal.value.code == code
    assert not InHand.objects.exists()
    assert not OutgoingMessage.objects.exists()


@pytest.mark.parametrize(
    ("state", "is_refused"),
    [
        (PathwayState.ACTIVE, False),
        (PathwayState.SUSPENDED, False),
        (PathwayState.WITHDRAWN, True),
        (PathwayState.BEREAVED, True),
    ],
)
def test_nothing_is_noted_after_a_stop_or_in_mourning(vallees: scope.Scope, state: str, *, is_refused: bool) -> None:
    pathway = factories.make_pathway(ap=who("amal"), state=state)
    if is_refused:
        with pytest.raises(BusinessError):
            note(pathway.family, "farid")
    else:
        note(pathway.family, "farid")
    assert OutgoingMessage.objects.exists() is not is_refused


def test_a_family_that_is_not_included_has_no_one_in_hand(vallees: scope.Scope) -> None:
    with pytest.raises(BusinessError) as refusal:
        note(factories.make_birth().family, "farid")

    assert refusal.value.code == "no_pathway"


def test_the_midwife_of_the_family_and_its_team_may(pathway: Pathway) -> None:
    """The neighbours are the midwife of another family, the team of another maternity, and her own auxiliary."""
    names = [name for name, slug, _, _ in MEMBERS if slug == VALLEES]

    may = {name for name in names if perms.TAKE_IN_HAND.allows(who(name), pathway.family)}

    assert may == {"elise", "farid", "nora", "ines"}


def test_the_story_tells_who_when_and_why_to_those_who_care_for_her(pathway: Pathway) -> None:
    note(pathway.family)
    stories = {
        name: [one for one in told(pathway.family, who(name)) if "Prise en main" in one.title]
        for name in ("amal", "farid", "elise", "ines", "gaelle", "marc", "jeanne")
    }

    assert {name for name, story in stories.items() if story} == {"amal", "farid", "elise", "ines"}
    [event] = stories["amal"]
    assert event.at == AT - HOUR
    assert who("ines").user.get_full_name() in event.title
    assert "Sage-femme libérale" in event.text
    assert WHY in event.text


def test_she_writes_it_from_the_file_and_amal_reads_it_there(as_: Any, pathway: Pathway) -> None:
    family_page = reverse("visits:family", args=[VALLEES, pathway.family.public_id])
    assert url(pathway.family) in as_("ines").get(family_page).content.decode()
    assert url(pathway.family) not in as_("amal").get(family_page).content.decode()

    ines = as_("ines")
    empty = ines.post(url(pathway.family), {"since": "2026-11-03T14:30", "why": ""})
    future = ines.post(url(pathway.family), {"since": "2026-11-03T18:30", "why": WHY})
    noted = ines.post(url(pathway.family), {"since": "2026-11-03T14:30", "why": WHY})

    assert (empty.status_code, future.status_code, noted.status_code) == (422, 422, 302)
    assert WHY in as_("amal").get(family_page).content.decode()
    assert "Tensions" not in str(HistoryEvent.objects.get(table_name="pathways_inhand").after)


def test_what_is_written_stays_as_it_is(pathway: Pathway) -> None:
    noted = note(pathway.family)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        InHand.objects.update(why="Autre")
    common = {"family": pathway.family, "pathway": pathway, "by": who("ines"), "noted_at": AT}
    for wrong in ({"since": AT + HOUR, "why": "x"}, {"since": AT, "why": ""}, {"since": noted.since, "why": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            InHand.objects.create(**(common | wrong))


def test_a_story_of_ten_costs_the_queries_of_one(as_: Any, pathway: Pathway) -> None:
    client = as_("farid")
    family_page = reverse("visits:family", args=[VALLEES, pathway.family.public_id])
    note(pathway.family)
    one = queries.count(client, family_page)
    for hour in range(2, 11):
        note(pathway.family, since=AT - hour * HOUR)

    assert queries.count(client, family_page) == one
