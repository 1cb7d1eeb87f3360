"""Reminders of decisions: one mail a local day to whoever owes some, whatever how often the job runs."""

from datetime import datetime
from zoneinfo import ZoneInfo

from pathways import rules
from pathways.actions.shared import local_day, local_zone
from pathways.models import Decision
from pathways.notices.meetings import decisions_due
from territories.models import Member


def owners_to_remind(*, at: datetime) -> list[int]:
    """Keys of the members who owe a decision due today or before; nobody before REMINDER_HOUR, local time.

    What concerns a family in mourning, or one that stopped, reminds nobody (A38, L12).
    """
    if at.astimezone(ZoneInfo(local_zone())).hour < rules.REMINDER_HOUR:
        return []
    due = Decision.objects.owed().filter(due_on__lte=local_day(at))
    return list(due.order_by("owner").values_list("owner", flat=True).distinct())


def remind_owner(*, pk: int, at: datetime) -> None:
    """Write the mail of the day; said once, it is not said again."""
    day = local_day(at)
    for owner in Member.objects.current(day).filter(pk=pk).select_related("user").order_by("pk"):
        decisions_due(owner=owner, day=day, at=at)
