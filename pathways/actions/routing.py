"""The last question before anything leaves, asked inside the transaction that sends it."""

from datetime import datetime

from django.db import connection

from copa.kernel.errors import BusinessError
from pathways.actions.shared import hold_family
from pathways.reads.routing import may_send


def check_may_send(
    *,
    family_id: int,
    recipient: str,
    document: str,
    at: datetime,
    named: str = "",
    pathway_id: int | None = None,
    structure_id: int | None = None,
    own_answer: str | None = None,
) -> None:
    """Refuse what the mother did not agree to, and hold her family until the transaction ends.

    A withdrawal, a stop or a changed answer that comes at the same moment waits for the sending, or is found by it:
    never between the question and the sending. Write what is sent in this same transaction. Raises `may_not_send`
    with the sentence to show. Arguments as `reads.routing.may_send`.
    """
    assert connection.in_atomic_block, "asked outside the sending transaction, the answer would already be old"
    hold_family(family_id=family_id, pathway_id=pathway_id)
    answer = may_send(
        family_id=family_id,
        recipient=recipient,
        document=document,
        named=named,
        pathway_id=pathway_id,
        structure_id=structure_id,
        own_answer=own_answer,
    )
    if not answer.allowed:
        raise BusinessError("may_not_send", answer.reason)
