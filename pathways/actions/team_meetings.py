"""The register of team meetings: one is noted, taken back, and the pace of the territory is set (R049)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways.actions.shared import local_day
from pathways.models import TeamMeeting, TeamMeetingAttendee, TeamMeetingPace
from pathways.notices.team_meetings import team_meeting_due
from pathways.reads.team_meetings import late_teams, pace, teams
from pathways.rules.team_meetings import FEWEST_DAYS, MOST_DAYS
from territories.enums import Role
from territories.models import Member, Structure

# As far back as somebody may note a meeting that nobody wrote down.
OLDEST = timedelta(days=366)


@transaction.atomic
def note_team_meeting(
    *, structure: Structure, held_on: date, topics: str, people: Iterable[Member], by: Member, at: datetime
) -> TeamMeeting:
    """A meeting that took place, and who was there. Raises `day_ahead`, `too_old`, `topics_missing`, `nobody`."""
    today, present = local_day(at), list(people)
    if held_on > today:
        message = "Ce jour n’est pas encore venu\u00a0: notez la réunion une fois qu’elle a eu lieu."
        raise BusinessError("day_ahead", message, field="held_on")
    if held_on < today - OLDEST:
        raise BusinessError("too_old", "Cette date a plus d’un an\u00a0: vérifiez-la.", field="held_on")
    if not topics.strip():
        raise BusinessError("topics_missing", "Écrivez de quoi vous avez parlé.", field="topics")
    if not present:
        raise BusinessError("nobody", "Cochez qui était là.", field="people")
    with refusals_of(TeamMeeting):
        made: TeamMeeting = TeamMeeting.objects.create(
            structure=structure, held_on=held_on, topics=topics.strip()[:400], noted_by=by, noted_at=at
        )
    TeamMeetingAttendee.objects.bulk_create([TeamMeetingAttendee(meeting=made, member=one) for one in present])
    return made


@transaction.atomic
def cancel_team_meeting(*, meeting: TeamMeeting, by: Member, at: datetime) -> None:
    """It was noted by mistake: it stays in the register, and counts no more. Raises `cancelled`."""
    standing = TeamMeeting.objects.filter(pk=meeting.pk, cancelled_at=None)
    if not standing.update(cancelled_at=at, cancelled_by=by):
        raise BusinessError("cancelled", "Cette réunion est déjà annulée.")


@transaction.atomic
def set_team_meeting_pace(*, every_days: int, by: Member, at: datetime) -> TeamMeetingPace:
    """How many days at most between two meetings from now on. Raises `pace_impossible`."""
    if not FEWEST_DAYS <= every_days <= MOST_DAYS:
        message = f"Entre {FEWEST_DAYS} et {MOST_DAYS} jours."
        raise BusinessError("pace_impossible", message, field="every_days")
    with refusals_of(TeamMeetingPace):
        row: TeamMeetingPace = TeamMeetingPace.objects.create(every_days=every_days, valid_from=at, set_by=by)
    return row


# ---- The alert -----------------------------------------------------------------------------------------------
def teams_to_remind(*, at: datetime) -> list[int]:
    """Keys of the structures whose meeting is overdue today: candidates, `remind_team` decides."""
    return [team.pk for team in late_teams(local_day(at))]


@transaction.atomic
def remind_team(*, pk: int, at: datetime) -> bool:
    """Tell the coordinators once for each day that was missed; False when nothing is overdue any more."""
    today = local_day(at)
    team = next(iter(teams(Structure.objects.filter(pk=pk), today, every=pace())), None)
    if team is None or not team.is_late:
        return False
    current = Member.objects.current(today).with_role(Role.COORDINATOR)
    readers = current.select_related("user").order_by("pk")
    team_meeting_due(team=team.public_id, due_on=team.due_on, readers=[one.user.email for one in readers], at=at)
    return True
