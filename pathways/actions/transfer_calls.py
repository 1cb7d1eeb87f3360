"""A danger seen, or a death told, in a family that another territory follows: it is asked to call the team, never why.

The wall stands: a row here, which the destination reads (`TransferCall`); its own job tells its coordinators.
"""

from datetime import datetime
from uuid import UUID

from pathways.actions.shared import local_zone
from pathways.enums import TransferState
from pathways.models import FamilyTransfer, Pathway, TransferAnswer, TransferCall
from pathways.notices import stops as notices
from pathways.notices.alerts import SAME_CALL
from pathways.reads.team_lines import number_now
from pathways.reads.transfers import calls_to_make


# ---- The territory she left --------------------------------------------------------------------------------
def ask_to_be_called(*, pathway: Pathway, at: datetime) -> bool:
    """Ask whoever follows the family elsewhere to call the team of this pathway; False for a family that is here.

    Inside the transaction that raises the sign, or that settles the transfer while one waits. `pathway` carries its
    carrier.
    """
    transfer = _moved_by(pathway.family_id)
    if transfer is None:
        return False
    key, to_territory = transfer
    if TransferCall.objects.filter(transfer=key, called_at__gt=at - SAME_CALL).exists():
        return False
    team = pathway.carrier
    TransferCall.objects.create(
        transfer=key,
        to_territory_id=to_territory,
        team=team.name,
        team_phone=number_now(team, at, pathway.territory),
        called_at=at,
    )
    return True


def _moved_by(family_id: int) -> tuple[UUID, UUID] | None:
    """The accepted transfer of a family that has moved, and the territory it went to; None for one that is here."""
    left = FamilyTransfer.objects.filter(family=family_id, family__moved_at__isnull=False)
    accepted = TransferAnswer.received.filter(is_accepted=True).values("transfer")
    moved = left.filter(public_id__in=accepted).exclude(state=TransferState.DECLINED)
    last: tuple[UUID, UUID] | None
    last = moved.order_by("-offered_at", "-pk").values_list("public_id", "to_territory_id").first()
    return last


# ---- The territory that follows her ------------------------------------------------------------------------
def announce_calls(*, at: datetime) -> None:
    """Tell the coordinators here, and the team that follows the family, whom to call; each call is told once."""
    for call in calls_to_make(at):
        notices.team_of_before_asks(call=call, zone=local_zone(), at=at)
