"""Each team and its auxiliaries: who answers for whom, and the meetings they held (R049, A18)."""

from typing import Any

from copa.demo.care.base import Office
from copa.demo.people import Post
from pathways.models import TeamMeeting, TeamMeetingAttendee
from territories.enums import Role
from territories.models import Member

# Days before the loading, and what was talked about; the last is within the month of the programme.
MEETINGS = (
    (-75, "Premiers retours des visites. Qui appeler le soir et le week-end."),
    (-46, "Couchage : relire ensemble la fiche. Remettre les comptes rendus dans la journée."),
    (-17, "Situations qui questionnent, sans nommer les familles. Préparer le passage de relais à la PMI."),
)
# One team is late: the coordinator has something to see.
MISSED = MEETINGS[-1]


def write_teams(office: Office) -> None:
    """Every structure that has auxiliaries; the last one has missed its meeting of the month."""
    houses = [house.name for house in office.place.houses if house.pathways]
    for name in houses:
        doctors, auxiliaries = office.team.of(Role.REFERRING_TEAM, name), office.team.of(Role.AP, name)
        _answers_for(office, doctors[0], auxiliaries)
        held = MEETINGS if name != houses[-1] or len(houses) == 1 else tuple(one for one in MEETINGS if one != MISSED)
        for days, topics in held:
            _meeting(office, name, days, topics, [doctors[0], *auxiliaries])
    # Noted by mistake on another day: it stays in the register and counts for nothing.
    team, days = office.team.of(Role.REFERRING_TEAM, houses[0])[:1], MISSED[0] + 1
    taken_back = {"cancelled_by_id": team[0].pk, "cancelled_at": office.moment(days, 18)}
    _meeting(office, houses[0], days, MISSED[1], team, **taken_back)


def _answers_for(office: Office, doctor: Post, auxiliaries: list[Post]) -> None:
    nurse = office.member(Role.PMI_STAFF).pk
    Member.objects.filter(pk__in=[one.pk for one in auxiliaries]).update(supervisor=doctor.pk, nurse=nurse)


def _meeting(office: Office, house: str, days: int, topics: str, people: list[Post], **values: Any) -> None:
    meeting = office.put(
        TeamMeeting,
        structure_id=office.known.houses[house],
        held_on=office.today(days),
        topics=topics,
        noted_by_id=people[0].pk,
        noted_at=office.moment(days, 17),
        **values,
    )
    for one in people:
        office.put(TeamMeetingAttendee, meeting=meeting, member_id=one.pk)
