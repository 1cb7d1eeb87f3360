"""Needs: spotted at a visit or outside it, followed, closed with their reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways.actions.shared import check_running
from pathways.enums import NEED_RUNNING, NeedAbout, NeedSource, NeedState
from pathways.models import Child, Family, Need, Pathway
from pathways.rules.orientations import NEED_WORDS, may_concern
from territories.catalogue import NEEDS
from territories.models import Member

# What somebody may note by hand; ORIENTED and INFO follow from an orientation or from a report.
NOTED_BY_HAND = (
    NeedState.OPEN,
    NeedState.WATCH,
    NeedState.FOLLOWED,
    NeedState.DECLINED,
    NeedState.MET,
    NeedState.CLOSED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spotted:
    """A need as somebody notes it; `words` names nobody. `child` is one of several, None for all and for an adult."""

    code: str
    about: str
    words: str = ""
    child: Child | None = None


@transaction.atomic
def spot_need(*, family: Family, spotted: Spotted, by: Member, at: datetime) -> Need:
    """Note a need outside a visit (R051: from inclusion on, before the first visit and after the last).

    Raises `not_included`, `stopped`, `not_hers` when this need is not one this person can have, `not_her_child` for a
    child of another delivery or one who is no longer followed, and `need_running_once`.
    """
    pathway = _pathway_of(family, spotted.about)
    # In mourning only what goes on for an orphan comes this far.
    if not may_concern(spotted.code, spotted.about, is_left=pathway.birth.is_silent):
        raise BusinessError("not_hers", "Ce besoin ne se note pas pour cette personne.", field="about")
    child = spotted.child
    if child is not None and (child.birth_id != pathway.birth_id or child.closed_at is not None):
        raise BusinessError("not_her_child", "Choisissez un enfant de cette naissance.", field="child")
    return _create(pathway, spotted, NeedState.OPEN, NeedSource.FREE, by, at)


def _pathway_of(family: Family, about: str) -> Pathway:
    pathway = Pathway.objects.filter(family=family).select_related("birth").order_by("-birth__at", "-pk").first()
    if pathway is None:
        raise BusinessError("not_included", "Cette famille n’est pas encore incluse\u00a0: notez-le à l’inclusion.")
    check_running(pathway, about=about)
    found: Pathway = pathway
    return found


def _create(
    pathway: Pathway,
    spotted: Spotted,
    state: str,
    source: str,
    by: Member,
    at: datetime,
    *,
    line: tuple[UUID, int] | None = None,
) -> Need:
    with refusals_of(Need):
        need: Need = Need.objects.create(
            family_id=pathway.family_id,
            pathway=pathway,
            code=spotted.code,
            category=NEEDS[spotted.code].category,
            about=spotted.about,
            child=spotted.child if spotted.about == NeedAbout.CHILD else None,
            words=spotted.words[:NEED_WORDS],
            source=source,
            report_id=line[0] if line else None,
            report_row=line[1] if line else None,
            spotted_at=at,
            spotted_by=by,
            state=state,
            state_at=at,
        )
    return need


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One need of a signed report: `row` is its place there, `action` what the AP proposed (need_action)."""

    row: int
    spotted: Spotted
    action: str


# What the AP wrote in the report is how the need stands; a request waits for the team's decision (R004).
_STATE_OF_ACTION = {
    "INFO": NeedState.INFO,
    "REQUEST": NeedState.OPEN,
    "FOLLOWED": NeedState.FOLLOWED,
    "WATCH": NeedState.WATCH,
    "DECLINED": NeedState.DECLINED,
}


def land_need(*, pathway: Pathway, report_id: UUID, reported: Reported, by: Member, at: datetime) -> Need:
    """Write one need of a signed report, in the transaction that signs it; the same line twice is one need.

    A need already running for the same person is that need: it is not spotted twice.
    """
    known = Need.objects.filter(report_id=report_id, report_row=reported.row).order_by("pk").first()
    if known is None:
        running = Need.objects.running().filter(
            pathway=pathway, code=reported.spotted.code, about=reported.spotted.about, child=None
        )
        known = running.order_by("pk").first()
    if known is not None:
        found: Need = known
        return found
    state = _STATE_OF_ACTION.get(reported.action, NeedState.OPEN)
    line = (report_id, reported.row)
    return _create(pathway, reported.spotted, state, NeedSource.REPORT, by, at, line=line)


def land_received(*, pathway: Pathway, spotted: Spotted, by: Member, at: datetime) -> Need:
    """Write one need that another territory had in hand, open here; inside the transaction of the inclusion.

    It was counted where it was spotted (I9), and the team here decides about it anew (R004).
    """
    return _create(pathway, spotted, NeedState.OPEN, NeedSource.MOVED, by, at)


@transaction.atomic
def follow_need(*, need: Need, state: str, words: str, at: datetime) -> None:
    """Say how a need stands now; history keeps what it was (R088).

    Raises `need_over` for one that has ended, `unknown_state`, `need_closed_with_words`, `need_running_once`.
    """
    if state not in NOTED_BY_HAND:
        raise BusinessError("unknown_state", "Choisissez comment ce besoin se présente.", field="state")
    if state == NeedState.CLOSED and not words.strip():
        raise BusinessError("closing_words", "Dites pourquoi ce besoin est clos.", field="words")
    move_need(need_id=need.pk, state=state, words=words, at=at)


def land_state(*, need: Need, is_met: bool, at: datetime) -> None:
    """What a visit says of a need already noted, in the transaction that signs its report: met, or as it was.

    Ended meanwhile by the team, or turned down, it stays as the team left it.
    """
    if is_met:
        Need.objects.running().filter(pk=need.pk).update(state=NeedState.MET, state_at=at, closing_words="")


def move_need(*, need_id: int, state: str, at: datetime, words: str = "") -> None:
    """Write the state of a need, which is still in hand; inside the caller's transaction."""
    closing = words.strip()[:NEED_WORDS] if state not in NEED_RUNNING else ""
    with refusals_of(Need):
        reopened = (NeedState.INFO, NeedState.DECLINED)
        open_ones = Need.objects.filter(pk=need_id, state__in=[*NEED_RUNNING, *reopened])
        moved = open_ones.update(state=state, state_at=at, closing_words=closing)
    if not moved:
        raise BusinessError("need_over", "Ce besoin est déjà réglé ou clos\u00a0: notez-en un nouveau s’il revient.")


def touch_orientation_state(*, needs: Sequence[int], state: str, at: datetime) -> None:
    """What an orientation makes of its need, when the need is still in hand."""
    Need.objects.running().filter(pk__in=needs).exclude(state=state).update(state=state, state_at=at)
