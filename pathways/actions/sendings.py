"""What waits to leave is asked about again: when its worker takes it, and as soon as an answer of hers changes."""

from datetime import datetime
from typing import Any

from copa.kernel import outbox
from copa.kernel.outbox import OutboxState
from pathways.actions.shared import hold_family
from pathways.models import Sending
from pathways.reads.routing import may_send
from pathways.rules import Routing
from territories.models import OutgoingMessage


def refusal_of(*, message: OutgoingMessage, at: datetime) -> str:
    """Why a message may not leave any more, written beside its sending; "" when it may, or nobody has to agree.

    In the transaction that claims it, under the lock of the family, then of the message: an agreement taken back at
    this moment stops it, or comes after it was taken. "" too for what another worker has taken.
    """
    sending = _waiting().filter(message=message.public_id).order_by("pk").first()
    if sending is None:
        return ""
    hold_family(family_id=sending.family_id, pathway_id=sending.pathway_id)
    mine = OutgoingMessage.objects.filter(pk=message.pk).select_for_update(of=("self",))
    if not list(outbox.ready(mine, at)):
        return ""
    answer = routing_of(_waiting().get(pk=sending.pk))
    if answer.allowed:
        return ""
    _stop(sending, answer.reason, at)
    return answer.reason


def stop_refused(*, family_id: int, at: datetime) -> int:
    """Withhold what still waits and may not leave any more; how many. Inside the transaction that changed the answer.

    What a worker has taken is leaving at this moment, or is asked about by the next one.
    """
    sendings = _waiting().filter(family=family_id, message__isnull=False).order_by("pk")
    queued = OutgoingMessage.objects.filter(public_id__in=sendings.values("message"), state=OutboxState.QUEUED)
    keys = set(queued.values_list("public_id", flat=True))
    stopped = 0
    for sending in sendings.filter(message__in=keys):
        answer = routing_of(sending)
        mine = OutgoingMessage.objects.filter(public_id=sending.message, state=OutboxState.QUEUED)
        if not answer.allowed and outbox.withhold(mine, answer.reason):
            _stop(sending, answer.reason, at)
            stopped += 1
    return stopped


def routing_of(sending: Sending) -> Routing:
    """The one rule over what is known now of this sending."""
    return may_send(
        family_id=sending.family_id,
        recipient=sending.recipient,
        document=sending.document,
        named=sending.named,
        pathway_id=sending.pathway_id,
        structure_id=sending.structure_id,
        own_answer=sending.orientation.agreement if sending.orientation else None,
    )


def _waiting() -> Any:
    return Sending.objects.filter(stopped_at=None).select_related("orientation")


def _stop(sending: Sending, reason: str, at: datetime) -> None:
    Sending.objects.filter(pk=sending.pk).update(stopped_at=at, stopped_reason=reason[:200])
