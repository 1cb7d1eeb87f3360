"""A family moves to another territory, with her agreement: offered there, answered here, closed by a job of the origin.

Two rows, one on each side of the wall: `FamilyTransfer` in the origin, which the destination reads while it waits,
and `TransferAnswer` in the destination, which the origin reads. Neither side writes in the other, but for the instant
of the move: storing a yes closes the file of the origin (`Family.moved_at`, by a trigger of the answer). Whoever
answers or takes the offer back holds the same advisory lock, so that an offer is never both taken back and accepted.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from copa.kernel import scope
from copa.kernel.errors import BusinessError, refusals_of
from copa.kernel.french import NBSP
from pathways import rules
from pathways.actions.answer_links import kill_links_of_family
from pathways.actions.arrivals import Home, open_file
from pathways.actions.shared import hold_offer, local_day, local_zone, lock_birth
from pathways.actions.stops import end_by_transfer
from pathways.actions.transfer_calls import ask_to_be_called
from pathways.enums import ConsentMode, CoParentLeaves, TransferPart, TransferState
from pathways.models import (
    Alert,
    Birth,
    CoParent,
    CoParentTransfer,
    Family,
    FamilyGrant,
    FamilyTransfer,
    Pathway,
    TransferAnswer,
)
from pathways.models.alerts import IS_TO_ANSWER
from pathways.notices import stops as notices
from pathways.reads.transfer_payload import payload_of
from territories.models import Commune, Member, Structure, Territory


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What she agreed to: codes of TransferPart, the day, the form, and the needs in her words ("" for none).

    `coparents` are the answers (CoParentLeaves) of the other parents by public id; who is not in it was not asked.
    """

    covers: list[str]
    on: date
    mode: str
    needs: str
    coparents: Mapping[UUID, str] = field(default_factory=dict)


# ---- The origin ------------------------------------------------------------------------------------------
@transaction.atomic
def offer_transfer(*, pathway: Pathway, to: Territory, agreed: Agreed, by: Member, at: datetime) -> FamilyTransfer:
    """Offer the family to another territory, with what she agreed to send; of a co-parent on his own yes alone (A36).

    Raises `transfer_to`, `agreement_day`, `coparent_answer`, `pathway_over`, `reports_too_long`, or that one waits.
    Nothing changes for the family until the other territory has accepted.
    """
    birth = lock_birth(pathway.birth_id)
    _check_offer(pathway, birth, to, agreed, at)
    covers = [part.value for part in TransferPart if part in agreed.covers]
    answers = _answers_of_coparents(pathway.family_id, agreed)
    leaving = [one for one, answer in answers.items() if answer == CoParentLeaves.YES]
    payload = payload_of(pathway, covers=covers, needs=agreed.needs.strip()[:400], coparents=leaving, by=by, at=at)
    _check_size(payload)
    with refusals_of(FamilyTransfer):
        transfer: FamilyTransfer = FamilyTransfer.objects.create(
            family_id=pathway.family_id,
            pathway=pathway,
            to_territory=to,
            covers=covers,
            agreed_on=agreed.on,
            agreement_mode=ConsentMode(agreed.mode),
            payload=payload,
            offered_by=by,
            offered_at=at,
            expires_at=at + rules.TRANSFER_KEPT,
        )
    CoParentTransfer.objects.bulk_create(
        CoParentTransfer(
            family_id=pathway.family_id, transfer=transfer, coparent=one, answer=answer, noted_by=by, noted_at=at
        )
        for one, answer in answers.items()
    )
    return transfer


def _check_size(payload: dict[str, Any]) -> None:
    """What was written of her leaves whole, or not at all."""
    if len(json.dumps(payload["reports"], ensure_ascii=False)) > rules.REPORT_LETTERS:
        message = (
            f"Les comptes rendus sont trop longs pour partir ainsi{NBSP}: décochez-les, et appelez l’autre équipe."
        )
        raise BusinessError("reports_too_long", message, field="covers")


def _answers_of_coparents(family_id: int, agreed: Agreed) -> dict[CoParent, CoParentLeaves]:
    """What each co-parent of the family answered: all of them, whoever was not asked too."""
    if not set(agreed.coparents.values()) <= set(CoParentLeaves.values):
        raise BusinessError("coparent_answer", "Choisissez parmi les réponses de la liste.")
    coparents = CoParent.objects.filter(family=family_id).order_by("pk")
    return {one: CoParentLeaves(agreed.coparents.get(one.public_id, CoParentLeaves.NOT_ASKED)) for one in coparents}


def _check_offer(pathway: Pathway, birth: Birth, to: Territory, agreed: Agreed, at: datetime) -> None:
    if to.pk == scope.current_territory_id() or not Territory.objects.active().filter(pk=to.pk).exists():
        raise BusinessError("transfer_to", "Choisissez un autre territoire où CoPa existe.", field="to")
    if not birth.day <= agreed.on <= local_day(at):
        raise BusinessError("agreement_day", "L’accord se donne entre la naissance et aujourd’hui.", field="agreed_on")
    if birth.is_silent or not Pathway.objects.filter(pk=pathway.pk, state__in=rules.RUNNING).exists():
        raise BusinessError("pathway_over", "Ce parcours est déjà arrêté ou clos.")


@transaction.atomic
def cancel_transfer(*, transfer: FamilyTransfer, at: datetime) -> None:
    """Take the offer back and erase what was to be sent. Raises `transfer_settled` once it was answered."""
    hold_offer(transfer.public_id)
    if TransferAnswer.received.to(transfer).exists():
        raise BusinessError("transfer_settled", "L’autre territoire a déjà répondu.")
    if not _settle(transfer.pk, TransferState.CANCELLED, at):
        raise BusinessError("transfer_settled", "Ce transfert n’attend plus.")


@transaction.atomic
def settle_transfer(*, key: int, at: datetime) -> None:
    """Do in the origin what the destination answered, or take back an offer nobody answered in time. Runs twice.

    Accepted: the file is closed already; the pathway ends as moved, what was planned falls, the grants end.
    """
    transfer = FamilyTransfer.objects.select_related("offered_by__user", "pathway__carrier", "pathway__territory").get(
        pk=key
    )
    lock_birth(transfer.pathway.birth_id)
    hold_offer(transfer.public_id)
    answer = TransferAnswer.received.to(transfer).order_by("pk").first()
    if answer is None:
        if transfer.expires_at <= at:
            _settle(key, TransferState.EXPIRED, at)
    elif not answer.is_accepted:
        if _settle(key, TransferState.DECLINED, at, decline_reason=answer.reason):
            notices.transfer_declined(transfer=transfer, at=at)
    elif _settle(key, TransferState.ACCEPTED, at):
        _leave(transfer, at)


def _settle(key: int, state: TransferState, at: datetime, **more: Any) -> bool:
    """Claimed by the old state: whoever comes second finds nothing to do."""
    claimed = FamilyTransfer.objects.to_settle().filter(pk=key)
    return bool(claimed.update(state=state, settled_at=at, payload={}, **more))


def _leave(transfer: FamilyTransfer, at: datetime) -> None:
    # Every one of the family: one that an earlier birth left open would go on asking for its team here.
    for pathway in Pathway.objects.filter(family=transfer.family_id, state__in=rules.RUNNING).order_by("pk"):
        end_by_transfer(pathway=pathway, by=transfer.offered_by, at=at)
    FamilyGrant.objects.filter(content_object=transfer.family_id, revoked_at=None).update(revoked_at=at)
    # What was seen here and is not answered yet: whoever follows her now hears it from the team, by phone.
    if Alert.objects.filter(IS_TO_ANSWER, family=transfer.family_id).exists():
        ask_to_be_called(pathway=transfer.pathway, at=at)
    kill_links_of_family(family_id=transfer.family_id, at=at)
    # For a yes stored before the answer closed the file by itself.
    Family.objects.filter(pk=transfer.family_id, moved_at=None).update(moved_at=at)


# ---- The destination -------------------------------------------------------------------------------------
@transaction.atomic
def announce_incoming(*, at: datetime) -> None:
    """Tell the coordinators here of each family that another territory offers; each offer is told once."""
    answered = TransferAnswer.objects.values("transfer")
    for transfer in FamilyTransfer.incoming.exclude(public_id__in=answered).order_by("offered_at", "pk"):
        notices.family_arrives(transfer=transfer, zone=local_zone(), at=at)


@transaction.atomic
def accept_transfer(
    *,
    transfer: FamilyTransfer,
    maternity: Structure,
    commune: Commune,
    address: str,
    is_other_family: bool,
    by: Member,
    at: datetime,
) -> Birth:
    """Open the family here, with what came along (`arrivals.open_file`). Her adhesion is asked anew by the team here.

    The adhesion and the agreements named the people of the other territory: they are hers to give again. From this
    very transaction on, nothing is read over there but the record, whenever its job comes round. Raises
    `transfer_settled` when it was answered or taken back meanwhile, and what registering a birth raises.
    """
    waiting = _waiting(transfer)
    home = Home(maternity=maternity, commune=commune, address=address)
    birth = open_file(waiting, home, is_other_family=is_other_family, by=by, at=at)
    _answer(waiting, by, at, is_accepted=True, family_id=birth.family_id)
    return birth


@transaction.atomic
def decline_transfer(*, transfer: FamilyTransfer, reason: str, by: Member, at: datetime) -> None:
    """Say why not: the origin reads it, and follows the family as before. Raises `reason_missing`."""
    if not reason.strip():
        raise BusinessError("reason_missing", "Dites pourquoi, pour l’autre équipe.", field="reason")
    _answer(_waiting(transfer), by, at, is_accepted=False, reason=reason.strip()[:200])


def _waiting(transfer: FamilyTransfer) -> FamilyTransfer:
    """The transfer once nobody else answers it or takes it back; read again behind the lock."""
    hold_offer(transfer.public_id)
    found: FamilyTransfer | None = FamilyTransfer.incoming.filter(pk=transfer.pk).first()
    if found is None or TransferAnswer.objects.filter(transfer=transfer.public_id).exists():
        raise BusinessError("transfer_settled", "Ce transfert a déjà sa réponse, ou a été annulé.")
    return found


def _answer(transfer: FamilyTransfer, by: Member, at: datetime, **values: Any) -> None:
    about = {"transfer": transfer.public_id, "from_territory_id": transfer.territory_id}
    with refusals_of(TransferAnswer):
        TransferAnswer.objects.create(answered_by=by, answered_at=at, **about, **values)
