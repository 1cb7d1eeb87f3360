"""Each team and its auxiliaries: who answers for whom, and the meetings they held (R049, A18)."""

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
    _noted_by_mistake(office, houses[0])


def _answers_for(office: Office, doctor: Post, auxiliaries: list[Post]) -> None:
    nurse = office.member(Role.PMI_STAFF).pk
    Member.objects.filter(pk__in=[one.pk for one in auxiliaries]).update(supervisor=doctor.pk, nurse=nurse)


def _meeting(office: Office, house: str, days: int, topics: str, people: list[Post]) -> None:
    meeting = office.put(
        TeamMeeting,
        structure_id=office.known.houses[house],
        held_on=office.today(days),
        topics=topics,
        noted_by_id=people[0].pk,
        noted_at=office.moment(days, 17),
    )
    for one in people:
        office.put(TeamMeetingAttendee, meeting=meeting, member_id=one.pk)


def _noted_by_mistake(office: Office, house: str) -> None:
    """It stays in the register and counts for nothing."""
    team = office.team.of(Role.REFERRING_TEAM, house)[0].pk
    office.put(
        TeamMeeting,
        structure_id=office.known.houses[house],
        held_on=office.today(-16),
        topics=MISSED[1],
        noted_by_id=team,
        noted_at=office.moment(-16, 9),
        cancelled_by_id=team,
        cancelled_at=office.moment(-16, 10),
    )
