"""The hours at which an auxiliary reads her messages: set by herself or by the coordination (R072)."""

from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from messaging.enums import WeekDay
from messaging.models import Conversation, WorkingHours
from messaging.rules import Week
from pathways.models import Pathway
from territories.models import Member


@transaction.atomic
def set_hours(*, member: Member, week: Week, by: Member, at: datetime) -> WorkingHours:
    """Say when she reads from now on; what waits for her old hours is asked about again at once.

    Raises `no_days`, `unknown_day`, `closes_first`.
    """
    if not week:
        message = "Choisissez au moins un jour\u00a0: sans heures, personne ne saurait quand elle lit."
        raise BusinessError("no_days", message)
    if not set(week) <= set(WeekDay.values):
        raise BusinessError("unknown_day", "Choisissez parmi les jours de la liste.")
    for day, span in week.items():
        if span.closes <= span.opens:
            message = f"Le {WeekDay(day).label}, la fin vient après le début."
            raise BusinessError("closes_first", message, field=f"closes_{day}")
    hours = {str(day): [f"{span.opens:%H:%M}", f"{span.closes:%H:%M}"] for day, span in sorted(week.items())}
    with refusals_of(WorkingHours):
        row: WorkingHours = WorkingHours.objects.create(member=member, week=hours, valid_from=at, set_by=by)
    followed = Pathway.objects.filter(ap=member).values("family")
    Conversation.objects.filter(notice_due_at__isnull=False, family__in=followed).update(notice_due_at=at)
    return row
