"""A meeting gave somebody something to do, or its date has come: the mail says no more (L13)."""

from datetime import date, datetime

from copa.kernel.french import NBSP
from pathways.models import DecisionHandover, StaffMeeting
from territories.models import Member
from territories.notices import queue_notice

DECISIONS_TAKEN = f"CoPa{NBSP}: une réunion vous a confié quelque chose"
DECISION_HANDED = f"CoPa{NBSP}: une décision de réunion vous est confiée"
MINUTES_WAIT = f"CoPa{NBSP}: un compte rendu vous attend"
DECISIONS_DUE = f"CoPa{NBSP}: une décision de réunion vous attend"


def decisions_taken(*, meeting: StaffMeeting, owner: Member, at: datetime) -> None:
    """To somebody to whom a meeting gave something to do; once per meeting."""
    key = f"decisions-taken:{meeting.public_id}:{owner.pk}"
    queue_notice(subject=DECISIONS_TAKEN, template="decisions_taken", readers=[owner.user.email], key=key, at=at)


def decision_handed(*, handover: DecisionHandover, at: datetime) -> None:
    """To somebody to whom a colleague hands a decision; once each time it changes hands."""
    key, readers = f"decision-handed:{handover.public_id}", [handover.to_member.user.email]
    queue_notice(subject=DECISION_HANDED, template="decision_handed", readers=readers, key=key, at=at)


def decisions_due(*, owner: Member, day: date, at: datetime) -> None:
    """To somebody who has a decision due today or overdue; once a local day."""
    key = f"decisions-due:{owner.pk}:{day.isoformat()}"
    queue_notice(subject=DECISIONS_DUE, template="decisions_due", readers=[owner.user.email], key=key, at=at)
