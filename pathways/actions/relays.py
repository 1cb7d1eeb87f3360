"""The relay to the PMI: accepted with a date, or questioned and answered."""

from datetime import date, datetime

from django.db import transaction

from copa.kernel.errors import BusinessError
from pathways.actions.shared import local_day
from pathways.enums import RelayState
from pathways.models import PmiRelay
from territories.models import Member

_TOO_LATE = "Ce relais a déjà été accepté."


@transaction.atomic
def accept_relay(*, relay: PmiRelay, next_contact_on: date, by: Member, at: datetime) -> None:
    """The PMI takes the relay and says when it will first be in touch (R061)."""
    if next_contact_on < local_day(at):
        raise BusinessError("contact_past", "Cette date est passée.", field="next_contact_on")
    waiting = PmiRelay.objects.shown().filter(pk=relay.pk, state__in=[RelayState.WAITING, RelayState.QUESTIONED])
    values = {"answered_at": at, "answered_by": by, "next_contact_on": next_contact_on}
    # By key: an UPDATE cannot join the pathway that `shown` looks at.
    if not PmiRelay.objects.filter(pk__in=waiting.values("pk")).update(state=RelayState.ACCEPTED, **values):
        raise BusinessError("relay_accepted", _TOO_LATE)


@transaction.atomic
def question_relay(*, relay: PmiRelay, question: str, by: Member, at: datetime) -> None:
    """The PMI asks before accepting; the referring team answers. A new question takes the place of the former one."""
    waiting = PmiRelay.objects.filter(pk=relay.pk).exclude(state=RelayState.ACCEPTED)
    values = {"question": question, "reply": "", "answered_at": at, "answered_by": by}
    if not waiting.update(state=RelayState.QUESTIONED, **values):
        raise BusinessError("relay_accepted", _TOO_LATE)


@transaction.atomic
def reply_to_relay(*, relay: PmiRelay, reply: str) -> None:
    """The referring team answers; the relay waits for the PMI again."""
    asked = PmiRelay.objects.filter(pk=relay.pk, state=RelayState.QUESTIONED)
    if not asked.update(state=RelayState.WAITING, reply=reply):
        raise BusinessError("no_question", "Il n’y a pas de question en attente.")
