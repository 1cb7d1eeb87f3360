"""The third visit made with the PMI (R046, R047, R077): two owners, each confirms or cancels her own part."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Protocol

from django.db import transaction

from copa.kernel.errors import BusinessError
from pathways.actions.relay_followup import hand_over
from pathways.actions.shared import hold_family
from pathways.models import Pathway, PmiRelay
from territories.enums import Role, StructureKind
from territories.models import Member
from visits import notices
from visits.enums import NotJointReason, PartnerReason, PartnerState, VisitKind, VisitState
from visits.models import Visit

# What is written of the part of the PMI.
_PART = ("is_joint", "not_joint_reason", "partner", "partner_state", "partner_reason")
# R077: whoever takes the relay in a PMI, puéricultrice or doctor.
RELAY_TAKERS = (Role.PMI_STAFF, Role.PMI_DOCTOR)
# The code of `visit.joint` for nobody of the PMI (visit-report.md, [joint]).
_NOBODY_CAME = "NONE"


class Asked(Protocol):
    """What is asked of a visit to plan."""

    @property
    def kind(self) -> str: ...
    @property
    def is_joint(self) -> bool: ...
    @property
    def not_joint_reason(self) -> str: ...


# ---- Planning ---------------------------------------------------------------------------------------------------
def takes_relay(*, pathway: Pathway, member: Member, day: date) -> bool:
    """Whether this member may make the third visit of a pathway of the PMI: she takes the relay there (R077)."""
    if pathway.carrier.kind != StructureKind.PMI:
        return False
    takers = Member.objects.current(day).with_role(*RELAY_TAKERS)
    return bool(takers.filter(pk=member.pk, structure=pathway.carrier_id).exists())


def part_of(*, pathway: Pathway, slot: Asked, is_by_pmi: bool) -> dict[str, Any]:
    """The columns of a visit to plan: joint when asked for, else the reason (R047).

    Raises `joint_of_third_only`, `no_agreement` (A16), `joint_reason_missing`.
    """
    if slot.kind != VisitKind.V3:
        if slot.is_joint or slot.not_joint_reason:
            raise BusinessError("joint_of_third_only", "Seule la visite 3 se fait avec la PMI.", field="is_joint")
        return {}
    if is_by_pmi:
        return {"not_joint_reason": NotJointReason.AP_FROM_PMI}
    if slot.is_joint:
        if not askable(pathway_id=pathway.pk):
            message = "La PMI n’est pas prévenue : la mère n’a pas donné son accord, ou la commune n’a pas de secteur."
            raise BusinessError("no_agreement", message, field="is_joint")
        return {"is_joint": True, "partner_state": PartnerState.ASKED}
    if slot.not_joint_reason not in set(NotJointReason.values) - {NotJointReason.AP_FROM_PMI}:
        raise BusinessError("joint_reason_missing", "Dites pourquoi sans la PMI.", field="not_joint_reason")
    return {"not_joint_reason": slot.not_joint_reason}


def askable(*, pathway_id: int) -> bool:
    """Whether the PMI may be asked to come: the mother agrees, and a sector answers."""
    shown = PmiRelay.objects.shown().filter(pathway=pathway_id, sector__isnull=False)
    return bool(shown.exists())


def ask_partner(*, visit: Visit, at: datetime) -> None:
    """Tell the PMI of the sector that she is asked to come; nothing for a visit that is not joint."""
    if visit.is_joint:
        notices.joint_asked(visit=visit, at=at)


def ask_again(*, visit: Visit, at: datetime) -> None:
    """The visit has moved: what she confirmed was another moment."""
    if not visit.is_joint:
        return
    visit.partner_state = PartnerState.ASKED
    visit.save(update_fields=["partner_state"])
    ask_partner(visit=visit, at=at)


def ask_once_more(*, visit: Visit, at: datetime) -> None:
    """The visit stands again after a mistake: the PMI is asked anew, or left out where the mother has said no since."""
    if visit.is_joint and not askable(pathway_id=visit.pathway_id):
        visit.is_joint, visit.not_joint_reason = False, NotJointReason.NO_AGREEMENT
        visit.partner, visit.partner_state = None, ""
        visit.save(update_fields=[*_PART])
    ask_again(visit=visit, at=at)


def tell_cancelled(*, visit: Visit, at: datetime) -> None:
    """The visit does not take place: the PMI that was to come is told."""
    if visit.is_joint:
        notices.joint_cancelled(visit=visit, at=at)


def leave_pmi_out(*, family_id: int, at: datetime) -> int:
    """The mother takes back her yes to the PMI (A16): her visits to come go on without it, and whoever was to come is
    told. Inside the caller's transaction; returns how many visits changed."""
    planned = Visit.objects.filter(family=family_id, state=VisitState.PLANNED, is_joint=True)
    visits = list(planned.select_for_update(of=("self",)).select_related("partner__user").order_by("pk"))
    for visit in visits:
        tell_cancelled(visit=visit, at=at)
        visit.is_joint, visit.not_joint_reason = False, NotJointReason.NO_AGREEMENT
        visit.partner, visit.partner_state = None, ""
        visit.save(update_fields=["is_joint", "not_joint_reason", "partner", "partner_state"])
    return len(visits)


# ---- Her part ---------------------------------------------------------------------------------------------------
@transaction.atomic
def confirm_part(*, visit: Visit, by: Member, at: datetime) -> Visit:
    """Somebody of the PMI comes along, and becomes the partner; said twice, the last one comes.

    It takes back a « ne vient pas » of her service, while the mother still agrees. Raises `not_planned`, `not_joint`
    and `no_agreement`.
    """
    # The family first: the mother's yes is taken back before this answer, or after it.
    hold_family(family_id=visit.family_id, pathway_id=visit.pathway_id)
    visit = _asked(visit)
    if visit.partner_state == PartnerState.CANCELLED and not askable(pathway_id=visit.pathway_id):
        raise BusinessError("no_agreement", "La mère n’a pas donné son accord à la PMI.")
    visit.is_joint, visit.not_joint_reason, visit.partner_reason = True, "", ""
    visit.partner, visit.partner_state = by, PartnerState.CONFIRMED
    visit.save(update_fields=[*_PART])
    notices.joint_answered(visit=visit, at=at)
    return visit


@transaction.atomic
def cancel_part(*, visit: Visit, reason: str, by: Member, at: datetime) -> Visit:
    """The PMI does not come, for a PartnerReason: the visit goes on without it, and the AP's team is told.

    Said again it is nothing more; taken back by `confirm_part`. Raises `reason_missing`, `not_planned`, `not_joint`.
    """
    if reason not in PartnerReason.values:
        raise BusinessError("reason_missing", "Dites pourquoi la PMI ne vient pas.", field="reason")
    visit = _asked(visit)
    if visit.partner_state == PartnerState.CANCELLED:
        return visit
    visit.is_joint, visit.not_joint_reason, visit.partner_reason = False, NotJointReason.PMI_ABSENT, reason
    visit.partner, visit.partner_state = by, PartnerState.CANCELLED
    visit.save(update_fields=[*_PART])
    notices.joint_answered(visit=visit, at=at)
    return visit


@transaction.atomic
def propose_again(*, visit: Visit, at: datetime) -> Visit:
    """The team asks the PMI to come after all, to a third visit planned without it. Raises as `part_of`."""
    hold_family(family_id=visit.family_id, pathway_id=visit.pathway_id)
    visit = _held(visit)
    if visit.kind != VisitKind.V3 or visit.is_joint:
        raise BusinessError("already_joint", "La PMI est déjà invitée à cette visite.")
    if visit.not_joint_reason == NotJointReason.AP_FROM_PMI:
        raise BusinessError("by_pmi", "La PMI fait elle-même cette visite.")
    if not askable(pathway_id=visit.pathway_id):
        message = "La PMI n’est pas prévenue : la mère n’a pas donné son accord, ou la commune n’a pas de secteur."
        raise BusinessError("no_agreement", message)
    visit.is_joint, visit.not_joint_reason, visit.partner_reason = True, "", ""
    visit.partner, visit.partner_state = None, PartnerState.ASKED
    visit.save(update_fields=[*_PART])
    notices.joint_asked(visit=visit, at=at)
    return visit


def _asked(visit: Visit) -> Visit:
    held = _held(visit)
    if not held.is_joint and held.partner_state != PartnerState.CANCELLED:
        raise BusinessError("not_joint", "Cette visite se fait maintenant sans la PMI.")
    return held


def _held(visit: Visit) -> Visit:
    held: Visit = Visit.objects.select_for_update(of=("self",)).select_related("pathway__carrier").get(pk=visit.pk)
    if held.state != VisitState.PLANNED:
        raise BusinessError("not_planned", "Cette visite n’est plus à venir.")
    return held


# ---- Done -------------------------------------------------------------------------------------------------------
def third_visit_done(*, visit: Visit, at: datetime) -> None:
    """A third visit was made: the team and the liberal midwife are told (R048), and a PMI that made it has the relay.

    Inside the caller's transaction; nothing for another visit. Whether somebody of the PMI stood beside the AP is what
    the report says (`report_signed`): to have confirmed is not to have been there.
    """
    if visit.kind != VisitKind.V3:
        return
    if visit.not_joint_reason == NotJointReason.AP_FROM_PMI:
        hand_over(pathway_id=visit.pathway_id, by=visit.ap, met_at=at, at=at)
    notices.third_visit_done(visit=visit, at=at)


def report_signed(*, visit: Visit, present: Collection[str], at: datetime) -> None:
    """The report names who of the PMI was there (`visit.joint`): the relay was handed over in person (R046).

    Inside the caller's transaction; nothing for another visit, nor when nobody came.
    """
    if visit.kind != VisitKind.V3 or not set(present) - {_NOBODY_CAME}:
        return
    is_expected = visit.partner_state == PartnerState.CONFIRMED
    by = visit.partner if is_expected else None
    hand_over(pathway_id=visit.pathway_id, by=by, met_at=visit.ended_at or at, at=at)
