"""What the page of a report says of the tablet in the mother's hands."""

from dataclasses import dataclass
from datetime import datetime

from pathways.enums import HandedKind
from pathways.reads.handings import GivenBack, given_back
from territories.models import Member
from visits.enums import VisitState
from visits.questionnaire.engine import EPDS_ITEMS
from visits.reads.drafts import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOffer:
    """Whether she may be given the scale, and what she gave that is not in the report yet; None when nothing waits."""

    may_hand: bool
    given: GivenBack | None


def hand_offer(draft: Draft, member: Member, at: datetime) -> HandOffer:
    """Paper stays the default: only where a text is loaded, and while no answer stands in the report."""
    visit = draft.facts.visit
    if not may_be_handed(draft):
        return HandOffer(may_hand=False, given=None)
    given = given_back(member, visit.family_id, HandedKind.EPDS, at, source_id=visit.public_id)
    is_empty = not any(key in draft.document for key in EPDS_ITEMS)
    offered = given is None and is_empty and bool(draft.context.epds_languages)
    return HandOffer(may_hand=offered, given=given)


def may_be_handed(draft: Draft) -> bool:
    """Whether the report asks for the scale and may still be written."""
    is_written = draft.facts.visit.state in {VisitState.STARTED, VisitState.ENDED} and not draft.is_signed
    return is_written and draft.context.epds_due
