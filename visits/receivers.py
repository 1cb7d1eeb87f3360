"""What the layer below announces, in its own transaction: a pathway stops, an AP is named."""

from typing import Any

from pathways.enums import PathwayState
from pathways.models import Pathway
from pathways.signals import ap_assigned, pathway_stopped
from territories.models import Member
from visits.actions.planning import cancel_planned, hand_visits_to
from visits.enums import NotDoneReason

# Why planned visits fall, in the words of the list of reasons; mourning says nothing more (A38).
_REASONS = {
    PathwayState.WITHDRAWN: NotDoneReason.FAMILY_CANCELLED,
    PathwayState.MOVED: NotDoneReason.FAMILY_CANCELLED,
}


def connect() -> None:
    """Called once the apps are ready."""
    pathway_stopped.connect(silence_visits, dispatch_uid="visits.silence_visits")
    ap_assigned.connect(follow_ap, dispatch_uid="visits.follow_ap")


def silence_visits(sender: type[Pathway], *, pathway: Pathway, state: str, **about: Any) -> None:
    """Cancel what was planned before the transaction ends: a later job would let one reminder through (A38)."""
    cancel_planned(pathway_id=pathway.pk, reason=_REASONS.get(PathwayState(state), NotDoneReason.OTHER))


def follow_ap(sender: type[Pathway], *, pathway: Pathway, ap: Member, **about: Any) -> None:
    """Planned visits follow the pathway to its new AP."""
    hand_visits_to(pathway=pathway, ap=ap)
