"""A team has not met its auxiliaries for too long: the mail says no more."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from copa.kernel.french import NBSP
from territories.notices import queue_notice

TEAM_MEETING_DUE = f"CoPa{NBSP}: une équipe n’a pas tenu sa réunion"


def team_meeting_due(*, team: UUID, due_on: date, readers: Sequence[str], at: datetime) -> None:
    """To the coordinators; once for each meeting that was missed."""
    key = f"team-meeting-due:{team}:{due_on.isoformat()}"
    queue_notice(subject=TEAM_MEETING_DUE, template="team_meeting_due", readers=readers, key=key, at=at)
