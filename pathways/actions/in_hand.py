"""« Prise en main » outside an alert (R111): written once, told to the auxiliary and to the team."""

from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways.actions.shared import check_running
from pathways.models import Family, InHand, Pathway
from pathways.notices.in_hand import in_hand_noted
from territories.models import Member


@transaction.atomic
def note_family_in_hand(*, family: Family, since: datetime, why: str, by: Member, at: datetime) -> InHand:
    """She intervenes herself and gives care, since this instant; about the last pathway of the family.

    Raises `no_pathway`, `stopped`, `future`, `why_missing`, `in_hand_once`.
    """
    if since > at:
        raise BusinessError("future", "Cette heure n’est pas encore arrivée.", field="since")
    if not why.strip():
        raise BusinessError("why_missing", "Dites pourquoi vous intervenez.", field="why")
    pathway = _last_pathway(family)
    check_running(pathway)
    with refusals_of(InHand):
        noted: InHand = InHand.objects.create(
            family=family, pathway=pathway, by=by, since=since, why=why.strip()[:300], noted_at=at
        )
    in_hand_noted(noted=noted, at=at)
    return noted


def _last_pathway(family: Family) -> Pathway:
    pathways = Pathway.objects.filter(family=family).select_related("ap__user", "carrier")
    found: Pathway | None = pathways.order_by("-birth__at", "-pk").first()
    if found is None:
        raise BusinessError("no_pathway", "Cette famille n’est pas incluse : notez d’abord son inclusion.")
    return found
