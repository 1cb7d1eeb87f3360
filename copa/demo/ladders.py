"""Who was told of the signs of the last days: their ladders, climbed by the platform's own actions at their hours.

After the export hash: the actions draw the names of rows.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q

from copa.demo.loader import Plan, inside
from copa.kernel import scope
from copa.kernel.outbox import OutboxState
from pathways.actions.ladder import climb, start_ladder, tell_closed, tell_instructed, tell_taken
from pathways.enums import SIGN_KINDS
from pathways.models import Alert
from pathways.models.alerts import IS_OPEN, IS_TO_CLOSE
from pathways.rules.ladder import RETURN_WITHIN
from territories.models import OutgoingMessage

# What a page lists of signs that are over; older ones are figures and no more.
RECENT = timedelta(days=14)
# Of one territory: a population made to measure has thousands that nobody will open.
MOST = 200
# What the answer to a sign wrote: out of the way while its ladder climbs to that answer.
ANSWER: dict[str, Any] = {
    "acknowledged_at": None,
    "acknowledged_by_id": None,
    "instruction": "",
    "instructed_at": None,
    "instructed_by_id": None,
    "closed_at": None,
    "closed_by_id": None,
    "outcome": "",
    "decision": "",
}


def write_ladders(plan: Plan) -> int:
    """How many signs were told: all that wait or are being answered, and those of the last RECENT."""
    told = 0
    for place, _ in plan.shares():
        with scope.opened(inside(place.slug)):
            is_shown = IS_OPEN | IS_TO_CLOSE | Q(raised_at__gte=plan.at - RECENT)
            signs = Alert.objects.filter(is_shown, kind__in=SIGN_KINDS, ended_at=None, answer_due_at__isnull=False)
            for alert in reversed(signs.order_by("-raised_at", "-pk")[:MOST]):
                _tell(alert, plan.at)
                told += 1
            _send(plan.at)
    return told


def _tell(alert: Alert, at: datetime) -> None:
    """From the tap to the answer, or to this instant while it waits; then what follows an answer."""
    row = Alert.objects.filter(pk=alert.pk)
    answer = {name: getattr(alert, name) for name in ANSWER}
    row.update(**ANSWER)
    start_ladder(alert=alert, at=alert.raised_at)
    _climb(alert, alert.acknowledged_at or at)
    if alert.acknowledged_at is None:
        return
    row.update(**answer, next_step_at=None if alert.closed_at else alert.acknowledged_at + RETURN_WITHIN)
    tell_taken(alert=alert, at=alert.acknowledged_at)
    if alert.instructed_at is not None:
        tell_instructed(alert=alert, at=alert.instructed_at)
    if alert.closed_at is not None:
        tell_closed(alert=alert, at=alert.closed_at)
    _climb(alert, at)


def _climb(alert: Alert, until: datetime) -> None:
    """Every step at its own hour, as the job would have reached it."""
    coming = Alert.objects.filter(pk=alert.pk, next_step_at__lt=until).values_list("next_step_at", flat=True)
    while (due := coming.first()) is not None:
        climb(pk=alert.pk, at=due)


def _send(at: datetime) -> None:
    """These messages left at their hours: nobody of the demonstration is rung for what is long past."""
    waiting = OutgoingMessage.objects.filter(state=OutboxState.QUEUED, dedup_key__startswith="alert:")
    waiting.filter(created_at__lte=at).update(state=OutboxState.SENT, attempts=1, sent_at=F("created_at"))
