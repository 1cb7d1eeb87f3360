"""The facts behind `rules.routing`, for one family: asked before anything is offered, shown or sent."""

from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from pathways import rules
from pathways.enums import AgreedContent, Agreement, Document, OrientationState, Recipient
from pathways.models import Birth, Child, Need, Orientation, Pathway, PmiRelay, RecipientConsent
from pathways.models.needs import OF_SEVERAL
from pathways.rules import Routing, Wishes
from pathways.rules.orientations import document_of, recipient_of


def may_send(
    *,
    family_id: int,
    recipient: str,
    document: str,
    named: str = "",
    pathway_id: int | None = None,
    structure_id: int | None = None,
    own_answer: str | None = None,
) -> Routing:
    """Whether `document` (Document) may go to `recipient` (Recipient, with `named` for OTHER) at this moment.

    The pathway is the one the document is about; None for the family's last one. `structure_id` is the PMI that would
    receive it, None for that of her commune. `own_answer` is what the person answered for this very sending, as for an
    orientation. Three queries, four in silence. To send, ask `actions.routing.check_may_send` inside the sending
    transaction: this answer may be old a moment later.
    """
    wishes = wishes_of(family_id=family_id, recipient=recipient, named=named, pathway_id=pathway_id)
    if recipient == Recipient.PMI and structure_id is not None:
        carrier = Pathway.objects.filter(family=family_id, carrier=structure_id)
        carrier = carrier.filter(pk=pathway_id) if pathway_id is not None else carrier
        wishes = replace(wishes, is_care_team=carrier.exists())
    if own_answer is not None:
        # A "no" for this recipient in general weighs more than a "yes" for one sending.
        is_refused = wishes.answer == Agreement.NO and recipient != Recipient.OTHER
        wishes = replace(wishes, answer=Agreement.NO if is_refused else own_answer, is_care_team=False)
    return rules.routing(document, recipient, wishes)


def relay_routing(relay: PmiRelay, document: str = Document.RELAY_FILE) -> Routing:
    """The same for what goes to the PMI of a relay: its file, or one `document` of it; `relay` carries its sector."""
    return may_send(
        family_id=relay.family_id,
        recipient=Recipient.PMI,
        document=document,
        pathway_id=relay.pathway_id,
        structure_id=relay.sector.structure_id if relay.sector else None,
    )


def orientation_routing(orientation: Orientation) -> Routing:
    """The same over the person's own answer for this orientation; `orientation` carries its need.

    A "no" she gave for this recipient in general weighs more than the "yes" noted here.
    """
    return may_send(
        family_id=orientation.family_id,
        recipient=recipient_of(orientation.target_type),
        document=document_of(orientation.need.about),
        pathway_id=orientation.pathway_id,
        own_answer=orientation.agreement,
    )


# No name and no cause (alerts.md 6.1): what was asked for several children is not asked for the one who is left.
HELD_BACK = "La situation de cette famille a changé : rien ne part pour cette demande."


def is_still_asked(orientation: Orientation) -> bool:
    """Whether its need has not fallen silent with a child of several; a query for such a need alone."""
    need = orientation.need
    return need.code != OF_SEVERAL or Need.objects.told().filter(pk=need.pk).exists()


def orientation_blocked(orientation: Orientation) -> str:
    """Why this orientation may not leave now, whatever was decided; "" when it may."""
    answer = orientation_routing(orientation)
    if not answer.allowed:
        return answer.reason
    child = orientation.need.child
    if not is_still_asked(orientation):
        return HELD_BACK
    return "Un décès a été noté : rien ne part plus pour cet enfant." if child and child.closed_at else ""


def may_be_answered(orientation: Orientation) -> bool:
    """Whether a link to it opens: sent, still followed, and allowed now as when it was sent."""
    is_waiting = orientation.state == OrientationState.SENT and orientation_routing(orientation).allowed
    return is_waiting and Orientation.objects.running().filter(pk=orientation.pk).exists()


def mood_score_agreed(*, family_id: int, recipient: str) -> bool:
    """Whether a recipient who already reads the report reads the mood score in it. One query, none for a child's
    doctor."""
    if recipient == Recipient.PAEDIATRICIAN:
        return False
    return bool(mood_agreements(family_id).exists())


def mood_agreements(family: Any) -> QuerySet[Any]:
    """Her yes to the mood score: `family` is a key, or an OuterRef to the family of each row of a list."""
    answers: QuerySet[Any] = RecipientConsent.objects.filter(family=family, recipient=AgreedContent.MOOD_SCORE)
    return answers.filter(answer=Agreement.YES)


def wishes_of(*, family_id: int, recipient: str, named: str = "", pathway_id: int | None = None) -> Wishes:
    """What the family's rows say about this recipient now."""
    answers = {
        (row.recipient, row.named): row.answer
        for row in RecipientConsent.objects.filter(
            family=family_id, recipient__in=[recipient, AgreedContent.MOOD_SCORE]
        ).order_by("pk")
    }
    pathway = _pathway(family_id, pathway_id)
    is_silent = pathway.birth.is_silent if pathway else _is_silent(family_id)
    return Wishes(
        answer=answers.get((recipient, named), ""),
        mood_answer=answers.get((AgreedContent.MOOD_SCORE, ""), ""),
        state=pathway.state if pathway else "",
        is_silent=is_silent,
        has_living_child=is_silent and pathway is not None and _has_living_child(pathway.birth_id),
        keeps_space=pathway is not None and pathway.consent.keeps_space,
        is_care_team=pathway is not None and recipient == Recipient.PMI and _is_carried_by_its_pmi(pathway),
    )


def _pathway(family_id: int, pathway_id: int | None) -> Pathway | None:
    pathways = Pathway.objects.filter(family=family_id).select_related("birth", "consent", "family__commune__sector")
    if pathway_id is not None:
        pathways = pathways.filter(pk=pathway_id)
    found: Pathway | None = pathways.order_by("-birth__at", "-pk").first()
    return found


def _is_silent(family_id: int) -> bool:
    return bool(Birth.objects.filter(family=family_id, is_silent=True).exists())


def _has_living_child(birth_id: int) -> bool:
    return bool(Child.objects.filter(birth=birth_id, closed_at=None).exists())


def _is_carried_by_its_pmi(pathway: Pathway) -> bool:
    """A16: the PMI of her sector is inside the care team when it is the one that answers for the pathway."""
    commune = pathway.family.commune
    sector = commune.sector if commune else None
    return sector is not None and sector.structure_id == pathway.carrier_id
