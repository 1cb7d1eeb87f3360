"""The relay to the PMI: accepted with a date, or questioned and answered."""

from datetime import date, datetime

from django.db import transaction

from copa.kernel.errors import BusinessError
from pathways import rules
from pathways.actions.shared import local_day
from pathways.enums import RelayState
from pathways.models import PmiRelay
from territories.models import Member

_TOO_LATE = "Ce relais a déjà été accepté : voyez ci-dessous par qui, et corrigez la date si elle a changé."


@transaction.atomic
def accept_relay(*, relay: PmiRelay, next_contact_on: date, by: Member, at: datetime) -> None:
    """The PMI takes the relay and says when it will first be in touch (R061).

    Raises `contact_past`, `contact_too_far` and, for a relay that somebody has taken, `relay_accepted`.
    """
    _check_contact(next_contact_on, at)
    waiting = PmiRelay.objects.shown().filter(pk=relay.pk, state__in=[RelayState.WAITING, RelayState.QUESTIONED])
    values = {"answered_at": at, "answered_by": by, "next_contact_on": next_contact_on}
    # By key: an UPDATE cannot join the pathway that `shown` looks at.
    if not PmiRelay.objects.filter(pk__in=waiting.values("pk")).update(state=RelayState.ACCEPTED, **values):
        raise BusinessError("relay_accepted", _TOO_LATE)


@transaction.atomic
def correct_contact(*, relay: PmiRelay, next_contact_on: date, at: datetime) -> None:
    """Another date for the first contact of an accepted relay; history keeps the former one."""
    _check_contact(next_contact_on, at)
    accepted = PmiRelay.objects.filter(pk=relay.pk, state=RelayState.ACCEPTED)
    if not accepted.update(next_contact_on=next_contact_on):
        raise BusinessError("not_accepted", "Ce relais n’est pas encore accepté.")


def _check_contact(day: date, at: datetime) -> None:
    today = local_day(at)
    if day < today:
        raise BusinessError("contact_past", "Cette date est passée.", field="next_contact_on")
    if day > today + rules.CONTACT_AHEAD:
        message = "Ce contact serait dans plus de trois mois : vérifiez la date."
        raise BusinessError("contact_too_far", message, field="next_contact_on")


@transaction.atomic
def question_relay(*, relay: PmiRelay, question: str, by: Member, at: datetime) -> None:
    """The PMI asks before accepting; the referring team answers. History keeps every question (`relay_talk`)."""
    waiting = PmiRelay.objects.filter(pk=relay.pk).exclude(state=RelayState.ACCEPTED)
    values = {"question": question, "reply": "", "answered_at": at, "answered_by": by}
    if not waiting.update(state=RelayState.QUESTIONED, **values):
        raise BusinessError("relay_accepted", _TOO_LATE)


@transaction.atomic
def reply_to_relay(*, relay: PmiRelay, reply: str) -> None:
    """The referring team answers; the relay waits for the PMI again."""
    asked = PmiRelay.objects.filter(pk=relay.pk, state=RelayState.QUESTIONED)
    if not asked.update(state=RelayState.WAITING, reply=reply):
        raise BusinessError("no_question", "La question a déjà reçu sa réponse.")
