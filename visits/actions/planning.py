"""Planning, moving and cancelling visits (R045, R054, R069, R074). Roles were checked at the door; facts are here.

What refuses for good is said first; then what asks for a second look (`visits.actions.questions`), all at once. The
caller passes the questions that the person has said yes to.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from copa.kernel import clock
from copa.kernel.errors import BusinessError, Refusals, refusals_of
from copa.kernel.french import day as in_words
from copa.kernel.french import full_stop, hour, inner
from copa.kernel.holidays import holidays
from pathways.actions.early import confirm_early_call, hand_early_call_to
from pathways.actions.shared import hold_family
from pathways.actions.stops import assign_ap, check_ap
from pathways.actions.suggestions import answer_by_planning
from pathways.enums import PathwayState, Reopened
from pathways.models import Pathway
from pathways.notices.stops import third_visit_decided
from pathways.reads.team_lines import first_gap
from territories.enums import Role
from territories.models import Member
from visits import rules
from visits.actions import deviations, joint
from visits.actions.fallen import call_again
from visits.actions.questions import CONFIRMABLE, Questions, Wish, ask, asked_of_following, outside, questions_of
from visits.enums import (
    NotDoneReason,
    NotJointReason,
    ThirdVisitMotive,
    VisitKind,
    VisitState,
    WindowReason,
)
from visits.models import Visit
from visits.reads.windows import early_left_at, window_of


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One visit to plan: which, when (aware), and why outside the window ("" when inside).

    `motive` is a ThirdVisitMotive for V3, "" for the others; V3 is `is_joint` with the PMI, or has a NotJointReason.
    `takes_family`: whoever makes an early visit also becomes the AP of a family that has one.
    """

    kind: str
    planned_at: datetime
    window_reason: str = ""
    motive: str = ""
    is_joint: bool = False
    not_joint_reason: str = ""
    takes_family: bool = False


@transaction.atomic
def plan_visits(
    *, pathway: Pathway, ap: Member, slots: Sequence[Slot], by: Member, at: datetime, confirmed: Collection[str] = ()
) -> list[Visit]:
    """Plan several visits of one pathway, all or none; the field of a refusal ends with its visit ("planned_at_v1").

    Raises Refusals when the dates of several visits are refused: they are corrected together. Questions holds what
    every one of them asks.
    """
    in_order = sorted(slots, key=lambda one: len(rules.kinds_before(one.kind)))
    refusals = [refusal for slot in in_order if (refusal := _refused_date(pathway, slot, at))]
    if len(refusals) > 1:
        raise Refusals(refusals)
    asked: list[BusinessError] = []
    visits = []
    for slot in in_order:
        plan = partial(plan_visit, pathway=pathway, ap=ap, slot=slot, by=by, at=at)
        try:
            visits.append(plan(confirmed=confirmed))
        except Questions as questions:
            # As if she had said yes: what the following visits ask depends on this one.
            asked += questions.every
            plan(confirmed=CONFIRMABLE)
        except BusinessError as error:
            raise Refusals([*asked, _named(error, slot)]) from error
    if asked:
        raise Questions(asked)
    return visits


def _refused_date(pathway: Pathway, slot: Slot, at: datetime) -> BusinessError | None:
    try:
        _checked_reason(pathway, slot, at)
    except BusinessError as error:
        return _named(error, slot)
    return None


def _named(error: BusinessError, slot: Slot) -> BusinessError:
    """The refusal with the field of its visit."""
    if error.field and error.field != "ap":
        error.field = f"{error.field}_{slot.kind.lower()}"
    return error


@transaction.atomic
def plan_visit(
    *, pathway: Pathway, ap: Member, slot: Slot, by: Member, at: datetime, confirmed: Collection[str] = ()
) -> Visit:
    """Plan one visit for an AP of the referring team; a pathway without an AP, or with another one, becomes hers.

    An early visit is made by whoever can: a family that has an AP, or visits planned with one, keeps her unless
    `takes_family` is said.
    `ap` may be the puéricultrice or the doctor of a PMI that carries the pathway, for its third visit (R077): the AP
    of the pathway stays. Refuses with the fields "planned_at", "window_reason", "motive", "is_joint",
    "not_joint_reason", "ap" or none. `confirmed` holds the CONFIRMABLE facts that the person has said yes to.
    """
    pathway = _locked(pathway)
    minutes = _minutes(pathway, slot.kind)
    motive = _checked_motive(pathway, slot)
    _check_order(pathway, slot.kind, slot.planned_at)
    reason = _checked_reason(pathway, slot, at)
    is_by_pmi = check_performer(pathway, slot, ap)
    part = joint.part_of(pathway=pathway, slot=slot, is_by_pmi=is_by_pmi)
    check_team(pathway, slot.planned_at, minutes)
    following = None if is_by_pmi else _following(pathway, slot, ap)
    wish = Wish(pathway=pathway, kind=slot.kind, planned_at=slot.planned_at, minutes=minutes, ap=ap)
    ask([*questions_of(wish), asked_of_following(ap, following or ())], confirmed)
    if following is not None:
        assign_ap(pathway=pathway, ap=ap, by=by, at=at)
    with refusals_of(Visit):
        visit: Visit = Visit.objects.create(
            family_id=pathway.family_id,
            pathway=pathway,
            kind=slot.kind,
            ap=ap,
            planned_at=slot.planned_at,
            planned_minutes=minutes,
            window_reason=reason,
            motive=motive,
            decided_at=at,
            **part,
        )
    _tell_planned(visit, by, at)
    return visit


def _following(pathway: Pathway, slot: Slot, ap: Member) -> list[Visit] | None:
    """The planned visits with which the pathway becomes hers; None when it stays whose it is.

    An early visit alone leaves a followed family to its AP (R054).
    """
    if pathway.ap_id == ap.pk:
        return None
    check_ap(ap, pathway.carrier_id)
    others = list(_to_hand_over(pathway, ap).order_by("planned_at"))
    is_followed = pathway.ap_id is not None or bool(others)
    if slot.kind == VisitKind.ULTRA_EARLY and is_followed and not slot.takes_family:
        return None
    return others


def _tell_planned(visit: Visit, by: Member, at: datetime) -> None:
    """The PMI is asked for its part; an early visit answers the call of the discharge, whoever planned it (R054).

    A third visit that the programme does not promise was decided: it is told (R044).
    """
    joint.ask_partner(visit=visit, at=at)
    deviations.visit_planned(visit=visit, at=at)
    if visit.kind == VisitKind.V3:
        answer_by_planning(pathway=visit.pathway, by=by, at=at)
    if visit.kind == VisitKind.V3 and visit.motive != ThirdVisitMotive.PROGRAMME:
        third_visit_decided(pathway=visit.pathway, by=by, at=at)
    if visit.kind == VisitKind.ULTRA_EARLY:
        confirm_early_call(pathway_id=visit.pathway_id, by=visit.ap, at=at)


@transaction.atomic
def move_visit(
    *, visit: Visit, planned_at: datetime, window_reason: str, at: datetime, confirmed: Collection[str] = ()
) -> Visit:
    """Give a planned visit another moment; same refusals as planning it, history keeps both moments."""
    pathway = _locked(visit.pathway)
    visit = _planned(visit)
    slot = Slot(kind=visit.kind, planned_at=planned_at, window_reason=window_reason)
    _check_order(pathway, visit.kind, planned_at)
    reason = _checked_reason(pathway, slot, at)
    check_performer(pathway, slot, visit.ap)
    minutes = visit.planned_minutes
    check_team(pathway, planned_at, minutes)
    wish = Wish(pathway=pathway, kind=visit.kind, planned_at=planned_at, minutes=minutes, ap=visit.ap, moved=visit)
    ask(questions_of(wish), confirmed)
    visit.planned_at, visit.window_reason = planned_at, reason
    visit.save(update_fields=["planned_at", "window_reason"])
    joint.ask_again(visit=visit, at=at)
    return visit


@transaction.atomic
def cancel_visit(*, visit: Visit, reason: str, at: datetime) -> Visit:
    """Cancel a planned visit, with the reason (NotDoneReason); its place in the pathway is free again.

    The PMI that was to come is told; for an early visit whoever may make it is called again (`call_again`).
    """
    # The family first, as whoever changes the discharge does: the two would wait for each other.
    hold_family(family_id=visit.family_id, pathway_id=visit.pathway_id)
    visit = _planned(visit)
    if reason not in NotDoneReason.values:
        raise BusinessError("unknown_reason", "Choisissez pourquoi la visite est annulée.", field="reason")
    cancel_held([visit], reason, at)
    call_again(visit=visit, why=Reopened.CANCELLED, at=at)
    return visit


def cancel_planned(*, pathway_id: int, at: datetime, reason: str = NotDoneReason.OTHER) -> int:
    """Cancel every planned visit of a pathway that stops (A38), in the transaction of the caller. Returns how many.

    A visit under way is left to the AP: what she records is always accepted (design.md 3.6). The PMI that was to come
    is told: nobody rings at the door of a family that stopped.
    """
    planned = Visit.objects.filter(pathway=pathway_id, state=VisitState.PLANNED).select_related("partner__user")
    return cancel_held(list(planned.select_for_update(of=("self",)).order_by("pk")), reason, at)


def cancel_held(visits: Sequence[Visit], reason: str, at: datetime) -> int:
    """Cancel visits that are held, and tell their partners."""
    for visit in visits:
        visit.state, visit.not_done_reason, visit.fell_at = VisitState.CANCELLED, reason, at
        visit.save(update_fields=["state", "not_done_reason", "fell_at"])
        joint.tell_cancelled(visit=visit, at=at)
    return len(visits)


def hand_visits_to(*, pathway: Pathway, ap: Member, former: Member | None) -> int:
    """Planned visits follow the pathway to its new AP; done ones stay with whoever did them. Returns how many.

    So does an early visit that another AP than the `former` one confirmed.
    """
    planned = _to_hand_over(pathway, ap)
    if former is not None:
        planned = planned.exclude(~Q(ap=former), kind=VisitKind.ULTRA_EARLY)
    is_early_moved = planned.filter(kind=VisitKind.ULTRA_EARLY).exists()
    moved: int = planned.update(ap=ap)
    if is_early_moved:
        hand_early_call_to(pathway_id=pathway.pk, ap=ap)
    return moved


def _to_hand_over(pathway: Pathway, ap: Member) -> Any:
    planned = Visit.objects.filter(pathway=pathway, state=VisitState.PLANNED).exclude(ap=ap)
    # A third visit that the PMI makes itself is not the AP's (R077).
    return planned.exclude(not_joint_reason=NotJointReason.AP_FROM_PMI)


def _locked(pathway: Pathway) -> Pathway:
    # The family first: an agreement that a joint visit rests on is taken back before it, or after.
    hold_family(family_id=pathway.family_id, pathway_id=pathway.pk)
    locked: Pathway = (
        Pathway.objects.select_for_update(of=("self",)).select_related("territory", "rules", "birth").get(pk=pathway.pk)
    )
    if locked.state != PathwayState.ACTIVE:
        raise BusinessError("pathway_not_active", "Ce parcours n’est pas en cours : aucune visite ne peut être prévue.")
    return locked


def _planned(visit: Visit) -> Visit:
    locked: Visit = Visit.objects.select_for_update(of=("self",)).select_related("ap").get(pk=visit.pk)
    if locked.state != VisitState.PLANNED:
        state = locked.get_state_display().lower()
        raise BusinessError("not_planned", f"Cette visite n’est plus à venir (elle est {state}).")
    return locked


def _minutes(pathway: Pathway, kind: str) -> int:
    if kind not in VisitKind.values:
        raise BusinessError("unknown_kind", "Cette visite n’existe pas dans le programme.", field="kind")
    if kind == VisitKind.ULTRA_EARLY:
        minutes = int(pathway.rules.ultra_early_minutes)
        if not minutes:
            raise BusinessError("unknown_kind", "La visite ultra-précoce n’existe pas sous ces règles.", field="kind")
        return minutes
    return int(pathway.rules.visit_minutes)


def check_not_made(pathway: Pathway, kind: str) -> None:
    """What another territory made before the family came is not made again (A38)."""
    if kind in pathway.kinds_elsewhere:
        message = f"La {inner(VisitKind(kind).label)} a déjà été faite, dans un autre territoire."
        raise BusinessError("made_elsewhere", message, field="planned_at")


def _check_order(pathway: Pathway, kind: str, planned_at: datetime) -> None:
    check_not_made(pathway, kind)
    running = {visit.kind: visit for visit in Visit.objects.running().filter(pathway=pathway).exclude(kind=kind)}
    for before in sorted(rules.kinds_before(kind) - pathway.kinds_elsewhere):
        other = running.get(before)
        if other is None:
            message = f"Prévoyez d’abord la {inner(VisitKind(before).label)}."
            raise BusinessError("earlier_visit_missing", message, field="planned_at")
        if planned_at <= (other.started_at or other.planned_at):
            raise _out_of_order(kind, other)
    for other in running.values():
        if other.kind in rules.kinds_after(kind) and planned_at >= (other.started_at or other.planned_at):
            raise _out_of_order(kind, other)


def _out_of_order(kind: str, other: Visit) -> BusinessError:
    place = "après" if other.kind in rules.kinds_before(kind) else "avant"
    at = other.started_at or other.planned_at
    this, that = (inner(VisitKind(one).label) for one in (kind, other.kind))
    message = f"La {this} vient {place} la {that}, {in_words(at)} à {hour(at)}."
    return BusinessError("out_of_order", message, field="planned_at")


def _checked_reason(pathway: Pathway, slot: Slot, at: datetime) -> str:
    """The reason to store: "" inside the window (R045, A12)."""
    zone = pathway.territory.time_zone
    day, today = clock.local_date(slot.planned_at, zone), clock.local_date(at, zone)
    if day < today:
        raise BusinessError(
            "in_the_past", "Cette date est passée : choisissez aujourd’hui ou plus tard.", field="planned_at"
        )
    # The minute under way may still be chosen: a form has no seconds.
    if slot.planned_at < at.replace(second=0, microsecond=0):
        message = f"Il est déjà {hour(at)} : choisissez une heure à venir."
        raise BusinessError("in_the_past", message, field="planned_at")
    window = window_of(pathway, slot.kind)
    if window is None:
        message = "Cette visite suit une sortie ultra-précoce : notez d’abord la sortie."
        raise BusinessError("no_ultra_early_discharge", message, field="planned_at")
    if day > window.last + timedelta(days=rules.PLANNING_HORIZON_DAYS):
        raise BusinessError("too_far", "Cette date est trop lointaine : vérifiez l’année.", field="planned_at")
    if window.holds(day):
        _check_home(pathway, slot)
        return ""
    if slot.kind in rules.KEEPS_ITS_DAYS:
        days = f"entre le {in_words(window.first)} et le {in_words(window.last)}"
        message = f"Cette visite se fait le jour de la sortie ou le lendemain : choisissez {days}"
        raise BusinessError("not_its_days", full_stop(message), field="planned_at")
    if slot.window_reason not in WindowReason.values:
        raise BusinessError("window_reason_missing", f"{outside(window, day)} : dites pourquoi.", field="window_reason")
    return slot.window_reason


def _check_home(pathway: Pathway, slot: Slot) -> None:
    """An early visit is made once they are home: before the discharge the door stays shut (R054)."""
    left_at = early_left_at(pathway) if slot.kind in rules.KEEPS_ITS_DAYS else None
    if left_at is not None and slot.planned_at.astimezone(UTC) < left_at:
        home = left_at.astimezone(ZoneInfo(pathway.territory.time_zone))
        message = f"La sortie est {in_words(home)} à {hour(home)} : choisissez une heure après."
        raise BusinessError("before_discharge", message, field="planned_at")


def _checked_motive(pathway: Pathway, slot: Slot) -> str:
    """The motive to store (R046): of a visit that its version does not promise to everybody, and of no other."""
    if slot.kind == VisitKind.V3 and slot.kind not in rules.promised_kinds(pathway.rules.planned_visits):
        if slot.motive not in set(pathway.rules.extra_motives) & set(ThirdVisitMotive.values):
            raise BusinessError("motive_missing", "Dites pourquoi une troisième visite.", field="motive")
        return slot.motive
    if slot.motive:
        raise BusinessError("motive_of_third_only", "Seule la visite 3 a un motif.", field="motive")
    return ThirdVisitMotive.PROGRAMME if slot.kind == VisitKind.V3 else ""


def check_team(pathway: Pathway, planned_at: datetime, minutes: int) -> None:
    """Rule A0 (alerts.md 1, R074): no visit during which nobody of the team could be reached."""
    ends_at = planned_at + timedelta(minutes=minutes)
    gap = first_gap(pathway.carrier, planned_at, ends_at, pathway.territory)
    if gap is None:
        return
    zone = ZoneInfo(pathway.territory.time_zone)
    day = gap.starts_at.astimezone(zone)
    holiday = holidays(day.year, pathway.territory.region_id).get(day.date())
    named = f" ({holiday})" if holiday else ""
    message = (
        f"Personne de l’équipe ne peut être joint le {in_words(day)}{named} de {hour(gap.starts_at)} à "
        f"{hour(gap.ends_at)}. Choisissez un autre moment, notez une garde, ou nommez la ligne qui répond alors "
        "(« Lignes des équipes »)."
    )
    raise BusinessError("no_answering_team", message, field="planned_at")


def check_performer(pathway: Pathway, slot: Slot, ap: Member) -> bool:
    """Whether the visit is the PMI's own (R077); refuses whoever is neither an AP nor somebody who takes the relay."""
    day = clock.local_date(slot.planned_at, pathway.territory.time_zone)
    if slot.kind == VisitKind.V3 and joint.takes_relay(pathway=pathway, member=ap, day=day):
        return True
    if not Member.objects.current(day).with_role(Role.AP).filter(pk=ap.pk).exists():
        message = f"Cette personne n’est pas auxiliaire sur le territoire le {in_words(day)}"
        raise BusinessError("not_an_ap", full_stop(message), field="ap")
    return False
