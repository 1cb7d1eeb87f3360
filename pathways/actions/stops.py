"""A stop is a stop: withdrawal, suspension, move, mourning. Everything planned falls silent in the same transaction."""

from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError
from pathways import rules
from pathways.actions.sendings import stop_refused
from pathways.actions.shared import hold_family, hold_offer, local_day
from pathways.enums import TOLD_IN_MOURNING, PathwayState, TransferState, WithdrawalReach
from pathways.models import (
    Alert,
    Birth,
    Consent,
    Family,
    FamilyGrant,
    FamilyTransfer,
    Pathway,
    TransferAnswer,
    Withdrawal,
)
from pathways.notices import stops as notices
from pathways.reads.stops import closes_files
from pathways.signals import ap_assigned, pathway_resumed, pathway_stopped, space_closed
from territories.enums import Role
from territories.models import Member


@transaction.atomic
def withdraw_pathway(
    *, pathway: Pathway, by: Member, at: datetime, reach: WithdrawalReach = WithdrawalReach.ALL
) -> None:
    """The family stops, without having to say why (L12): visits and messages end now, the record stays.

    VISITS_KEEP_SPACE keeps her space, the child's calendar for those she agreed to, and the files opened by name; ALL
    closes these unless another pathway of hers runs. The team, the AP and the liberal midwife are told that it stops,
    without a reason (inclusion.md 8). Raises `no_space` when she has none.
    """
    keeps_space = reach == WithdrawalReach.VISITS_KEEP_SPACE
    hold_family(family_id=pathway.family_id, pathway_id=pathway.pk)
    if keeps_space and not Family.objects.filter(pk=pathway.family_id, may_space=True).exists():
        message = "Elle n’a pas choisi l’espace parents : il n’y a pas d’espace à garder."
        raise BusinessError("no_space", message, field="reach")
    # First her word, which the rules of routing read while they stop what still waits.
    _withdraw_consent(pathway, by, at, keeps_space=keeps_space)
    _stop(pathway, PathwayState.WITHDRAWN, by, at)
    noted = Withdrawal.objects.create(family_id=pathway.family_id, pathway=pathway, noted_by=by, noted_at=at)
    closes = closes_files(pathway, keeps_space=keeps_space)
    notices.pathway_ended(pathway=pathway, by=by, at=at, closes_files=closes)
    # After the mail, which goes to those to whom the file is open.
    if closes:
        _close_files(noted, at)


@transaction.atomic
def close_space(*, pathway: Pathway, at: datetime) -> None:
    """She had kept her space and stops everything now, files opened by name too: nothing is left but the record.

    Raises `space_closed`.
    """
    hold_family(family_id=pathway.family_id, pathway_id=pathway.pk)
    if not Consent.objects.filter(pk=pathway.consent_id, keeps_space=True).update(keeps_space=False):
        raise BusinessError("space_closed", "Son espace est déjà fermé.")
    stop_refused(family_id=pathway.family_id, at=at)
    space_closed.send(Pathway, pathway=pathway, at=at)
    if closes_files(pathway, keeps_space=False):
        for noted in Withdrawal.objects.filter(pathway=pathway, undone_at=None).order_by("pk"):
            _close_files(noted, at)


@transaction.atomic
def undo_withdrawal(*, pathway: Pathway, by: Member, at: datetime) -> None:
    """A slip of the hand, taken back the same local day by whoever noted it; visits are to be planned again.

    Later, or by somebody else, a new adhesion is asked: it is hers to give. Raises `withdrawal_stands`.
    """
    # Held: a new adhesion is collected before this, or after.
    hold_family(family_id=pathway.family_id, pathway_id=pathway.pk)
    noted = Withdrawal.objects.filter(pathway=pathway, undone_at=None).first()
    if noted is None or noted.noted_by_id != by.pk or local_day(noted.noted_at) != local_day(at):
        message = "Cet arrêt ne peut plus être annulé : si elle revient, recueillez une nouvelle adhésion."
        raise BusinessError("withdrawal_stands", message)
    if Consent.objects.filter(birth=pathway.birth_id, withdrawn_at=None).exists():
        raise BusinessError("withdrawal_stands", "Une nouvelle adhésion est déjà recueillie pour cette naissance.")
    _move(pathway, PathwayState.ACTIVE)
    Pathway.objects.filter(pk=pathway.pk).update(closed_at=None)
    Consent.objects.filter(pk=pathway.consent_id).update(withdrawn_at=None, withdrawn_by=None, keeps_space=False)
    Withdrawal.objects.filter(pk=noted.pk).update(undone_at=at)
    _open_files_again(noted)
    pathway_resumed.send(Pathway, pathway=pathway, by=by, at=at)
    notices.pathway_changed(pathway=pathway, key=f"withdrawal-undone:{noted.public_id}", by=by, at=at)


def pause_pathway(*, pathway: Pathway, by: Member, at: datetime) -> None:
    """A hospital stay: nothing is planned until its end. Inside the transaction of `actions.stays`."""
    _move(pathway, PathwayState.SUSPENDED)
    pathway_stopped.send(Pathway, pathway=pathway, state=PathwayState.SUSPENDED, by=by, at=at)


def lose_pathway(*, pathway: Pathway, by: Member, at: datetime) -> None:
    """Nobody hears from the family: nothing is planned until any news. Inside that of `actions.contacts`."""
    _move(pathway, PathwayState.NO_NEWS)
    pathway_stopped.send(Pathway, pathway=pathway, state=PathwayState.NO_NEWS, by=by, at=at)


def resume_pathway(*, pathway: Pathway, by: Member, at: datetime) -> None:
    """What paused it is over: visits may be planned again. Inside the caller's transaction."""
    _move(pathway, PathwayState.ACTIVE)
    pathway_resumed.send(Pathway, pathway=pathway, by=by, at=at)


@transaction.atomic
def end_by_move(*, pathway: Pathway, by: Member, at: datetime) -> None:
    """The family has left the territory for a place where nobody takes over; its teams are told that it stops."""
    _stop(pathway, PathwayState.MOVED, by, at)
    notices.pathway_ended(pathway=pathway, by=by, at=at)


def end_by_transfer(*, pathway: Pathway, by: Member, at: datetime) -> None:
    """Another territory follows her: the same, and nobody here has anything left to open. Inside its transaction."""
    _stop(pathway, PathwayState.MOVED, by, at)
    notices.pathway_left(pathway=pathway, offered_by=by, at=at)


def silence_pathway(*, birth: Birth, by: Member, at: datetime) -> None:
    """Stop the running pathway of this birth, if any, as bereaved; reminders about it end too (A38).

    Runs inside the caller's transaction.
    """
    running = Pathway.objects.filter(birth=birth, state__in=rules.RUNNING)
    for pathway in running.order_by("pk"):
        _stop(pathway, PathwayState.BEREAVED, by, at)
    reminders = Alert.objects.filter(pathway__birth=birth, ended_at=None).exclude(kind__in=TOLD_IN_MOURNING)
    reminders.update(ended_at=at)


def wake_pathway(*, birth: Birth, by: Member, at: datetime) -> None:
    """Bring back the pathway that a mistaken silence had stopped; inside the caller's transaction."""
    for pathway in Pathway.objects.filter(birth=birth, state=PathwayState.BEREAVED).order_by("-pk")[:1]:
        stopped_at = pathway.closed_at
        _move(pathway, PathwayState.ACTIVE)
        Pathway.objects.filter(pk=pathway.pk).update(closed_at=None)
        pathway_resumed.send(Pathway, pathway=pathway, by=by, at=at, stopped_at=stopped_at)


@transaction.atomic
def assign_ap(*, pathway: Pathway, ap: Member, by: Member, at: datetime) -> None:
    """Name the auxiliary of a running pathway. She belongs to the referring team's structure (R028)."""
    if pathway.state not in rules.RUNNING:
        raise BusinessError("not_running", "Ce parcours est terminé : il n’a plus d’auxiliaire à désigner.")
    check_ap(ap, pathway.carrier_id)
    former = Member.objects.filter(pk=pathway.ap_id).first() if pathway.ap_id else None
    Pathway.objects.filter(pk=pathway.pk).update(ap=ap)
    pathway.ap = ap
    if former != ap:
        ap_assigned.send(Pathway, pathway=pathway, ap=ap, former=former, by=by, at=at)
        notices.ap_named(pathway=pathway, former=former, by=by, at=at)


def check_ap(ap: Member, carrier_id: int) -> None:
    """Refuse somebody who is not an auxiliary of the carrier structure (R028)."""
    if not Member.objects.with_role(Role.AP).filter(pk=ap.pk, structure=carrier_id).exists():
        message = "Cette auxiliaire ne travaille pas avec l’équipe de référence choisie."
        raise BusinessError("ap_elsewhere", message, field="ap")


def _stop(pathway: Pathway, state: PathwayState, by: Member, at: datetime) -> None:
    _move(pathway, state)
    Pathway.objects.filter(pk=pathway.pk).update(closed_at=at)
    _take_offers_back(pathway, at)
    # First what has not left: whoever was not told of an appointment is not told that it is cancelled.
    stop_refused(family_id=pathway.family_id, at=at)
    pathway_stopped.send(Pathway, pathway=pathway, state=state, by=by, at=at)


def _close_files(noted: Withdrawal, at: datetime) -> None:
    """End every opening of the file by name, in an emergency too; its instant says which this withdrawal ended."""
    running = FamilyGrant.objects.running(at).filter(content_object=noted.family_id)
    if running.update(revoked_at=at):
        Withdrawal.objects.filter(pk=noted.pk).update(files_closed_at=at)


def _open_files_again(noted: Withdrawal) -> None:
    """Open exactly what this withdrawal closed: what had ended otherwise, or was opened since, stays as it is."""
    if noted.files_closed_at is not None:
        closed = FamilyGrant.objects.filter(content_object=noted.family_id, revoked_at=noted.files_closed_at)
        closed.update(revoked_at=None)


def _take_offers_back(pathway: Pathway, at: datetime) -> None:
    """Nothing more leaves for another territory (A38): what was to be sent is erased.

    An offer that the other territory has answered is settled by its own job: the family is open there already.
    """
    for offer in FamilyTransfer.objects.waiting().filter(pathway=pathway).order_by("pk"):
        hold_offer(offer.public_id)
        if not TransferAnswer.received.to(offer).exists():
            waiting = FamilyTransfer.objects.waiting().filter(pk=offer.pk)
            waiting.update(state=TransferState.CANCELLED, settled_at=at, payload={})


def _move(pathway: Pathway, state: PathwayState) -> None:
    """Change the state once: the old one stands in the WHERE, so that two people do not stop it twice.

    The birth is held first: what is being sent about the family leaves before the stop, or not at all.
    """
    hold_family(family_id=pathway.family_id, pathway_id=pathway.pk)
    allowed = [old for old, targets in rules.PATHWAY_MOVES.items() if state in targets]
    if not Pathway.objects.filter(pk=pathway.pk, state__in=allowed).update(state=state):
        raise BusinessError("pathway_over", "Ce parcours est déjà arrêté ou clos.")
    pathway.state = state


def _withdraw_consent(pathway: Pathway, by: Member, at: datetime, *, keeps_space: bool) -> None:
    standing = Consent.objects.filter(pk=pathway.consent_id, withdrawn_at=None)
    standing.update(withdrawn_at=at, withdrawn_by=by, keeps_space=keeps_space)
