"""The register of team meetings: who keeps it, what is refused, when a team is late, who is told once (R049)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways import tasks
from pathways.actions import team_meetings as actions
from pathways.models import TeamMeeting, TeamMeetingAttendee
from pathways.reads import team_meetings as reads
from pathways.rules.team_meetings import meeting_due_on
from territories.models import HistoryEvent, OutgoingMessage
from tests import factories, queries
from tests.cast import VALLEES, Person, inside
from visits.reads.todo import Subject, todo_page

HERE = f"/t/{VALLEES}"
URL = f"{HERE}/team-meetings/"
AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
TODAY = date(2026, 11, 3)


@pytest.fixture
def here(vallees: scope.Scope) -> Any:
    with time_machine.travel(AT, tick=False) as travelled:
        yield travelled


def late() -> list[str]:
    return [team.name for team in reads.late_teams(TODAY)]


def noted(**changes: Any) -> TeamMeeting:
    given = {"structure": factories.structure(), "held_on": TODAY, "topics": "Les pesées", "by": factories.who("farid")}
    people = [factories.who("amal")]
    return actions.note_team_meeting(**{**given, "people": people, "at": clock.now()} | changes)


def refused(act: Any, **given: Any) -> str:
    with pytest.raises(BusinessError) as refusal:
        act(**given)
    return refusal.value.code


def test_next_meeting_is_counted_from_the_last_or_from_the_first_auxiliary() -> None:
    assert meeting_due_on(None, date(2026, 1, 1), 30) == date(2026, 1, 31)
    assert meeting_due_on(date(2026, 2, 1), date(2026, 1, 1), 7) == date(2026, 2, 8)


@pytest.mark.parametrize(("days_ago", "is_late"), [(29, False), (30, False), (31, True)])
def test_team_is_late_the_day_after_its_last_day(here: Any, days_ago: int, is_late: bool) -> None:
    factories.make_team_meeting(days_ago=days_ago)

    # Montreval has an auxiliary and has never met; the CPP has none.
    assert late() == (["Maternité Montreval", "Maternité Saint-Rémi"] if is_late else ["Maternité Montreval"])


def test_meeting_noted_by_mistake_counts_for_nothing_and_stays(here: Any) -> None:
    made = noted()
    assert "Maternité Saint-Rémi" not in late()

    actions.cancel_team_meeting(meeting=made, by=factories.who("farid"), at=clock.now())

    assert "Maternité Saint-Rémi" in late()
    assert refused(actions.cancel_team_meeting, meeting=made, by=factories.who("farid"), at=clock.now()) == "cancelled"
    # The right one may then be written for the same day.
    noted(topics="Les pesées, à nouveau")
    assert TeamMeeting.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"held_on": TODAY + timedelta(days=1)}, "day_ahead"),
        ({"held_on": date(2025, 1, 1)}, "too_old"),
        ({"topics": "  "}, "topics_missing"),
        ({"people": []}, "nobody"),
    ],
)
def test_half_a_meeting_is_refused_and_leaves_nothing(here: Any, changes: dict[str, Any], code: str) -> None:
    assert refused(noted, **changes) == code
    assert not TeamMeeting.objects.exists()
    assert not TeamMeetingAttendee.objects.exists()


def test_same_day_twice_is_refused(here: Any) -> None:
    noted()

    assert refused(noted) == "team_meeting_once_a_day"
    assert TeamMeetingAttendee.objects.count() == 1


def test_pace_of_the_territory_decides(here: Any) -> None:
    factories.make_team_meeting(days_ago=10)
    assert "Maternité Saint-Rémi" not in late()

    actions.set_team_meeting_pace(every_days=7, by=factories.who("elise"), at=clock.now())

    assert "Maternité Saint-Rémi" in late()
    assert refused(actions.set_team_meeting_pace, every_days=6, by=factories.who("elise"), at=clock.now()) == (
        "pace_impossible"
    )


def test_coordinator_is_told_once_for_each_meeting_missed_without_a_name(here: Any) -> None:
    factories.make_team_meeting(days_ago=31)
    for _ in range(2):
        tasks.remind_team_meetings(str(scope.current_territory_id()))

    mails = list(OutgoingMessage.objects.filter(dedup_key__startswith="team-meeting-due").order_by("pk"))
    assert [mail.to for mail in mails] == ["elise@copa.example"] * 2
    assert not any(word in mail.body for mail in mails for word in ("Saint-Rémi", "Montreval", "Amal"))
    noted()
    here.shift(timedelta(days=31))
    tasks.remind_team_meetings(str(scope.current_territory_id()))
    # Saint-Rémi missed another one; Montreval was told of already.
    assert OutgoingMessage.objects.filter(dedup_key__startswith="team-meeting-due").count() == 3


def test_late_team_waits_on_the_list_of_those_who_keep_the_register(here: Any) -> None:
    def waits(name: str) -> list[str]:
        page = todo_page(factories.who(name), Subject.MEETINGS, "1", at=AT, zone="Europe/Paris")
        return [row.detail for row in page.page.object_list]

    both = ["Maternité Montreval", "Maternité Saint-Rémi"]
    assert sorted(waits("elise")) == sorted(waits("nora")) == both
    assert (waits("farid"), waits("fanny")) == (["Maternité Saint-Rémi"], ["Maternité Montreval"])
    assert waits("amal") == waits("gaelle") == waits("ines") == []


def test_team_notes_its_meeting_and_its_auxiliaries_read_it(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        place = factories.structure().public_id
    client.force_login(cast["farid"].user)
    typed = {"held_on": "2026-01-05", "topics": "Le portage", "people": str(cast["amal"].member.public_id)}

    with time_machine.travel(datetime(2026, 1, 6, 9, tzinfo=UTC), tick=False):
        client.force_login(cast["farid"].user)
        response = client.post(f"{URL}{place}/new/", typed)
    read = {}
    for name in ("amal", "bea", "farid", "elise", "chloe"):
        client.force_login(cast[name].user)
        read[name] = "Le portage" in client.get(URL).content.decode()

    assert response.status_code == 302
    assert read == {"amal": True, "bea": True, "farid": True, "elise": True, "chloe": False}
    with scope.opened(inside(VALLEES)):
        assert HistoryEvent.objects.filter(table_name="pathways_teammeeting").exists()


def test_one_meeting_and_ten_cost_the_same(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_team_meeting(days_ago=1)
    client.force_login(cast["elise"].user)
    one = queries.count(client, URL)
    with scope.opened(inside(VALLEES)):
        for days in range(2, 11):
            factories.make_team_meeting(days_ago=days)

    assert queries.count(client, URL) == one
