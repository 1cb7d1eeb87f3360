"""A death is noted, confirmed, or taken back: everything about that person falls silent in the same transaction (A38).

`Birth.is_silent` and `Child.closed_at` are written here and nowhere else. The row of the birth is the lock: whoever
writes about the family at the same moment waits for it, and then finds the silence.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from copa.kernel import french
from copa.kernel.errors import BusinessError
from pathways import rules
from pathways.actions.alerts import raise_alert
from pathways.actions.shared import lock_birth
from pathways.actions.stays import end_stay_of_dead, resume_stay_of_living, settle
from pathways.actions.stops import silence_pathway, wake_pathway
from pathways.enums import AlertKind, DeadPerson, PathwayState, TransferState
from pathways.models import Alert, Birth, Child, Death, FamilyTransfer, Pathway
from pathways.notices import stops as notices
from pathways.notices.transmissions import family_changed
from pathways.signals import death_noted, death_undone
from territories.models import Member

TO_CONFIRM = "À confirmer, ou à annuler, depuis le dossier."


@dataclass(frozen=True, slots=True)
class Comeback:
    """What became of the visits that a mistaken death had cancelled. `has_lost_transfer`: the offer to another
    territory that it took back was erased, and is to be made anew."""

    standing: int = 0
    to_plan: int = 0
    has_lost_transfer: bool = False


@transaction.atomic
def note_death(*, birth: Birth, child: Child | None, by: Member, at: datetime, is_confirmed: bool) -> Death:
    """Silence everything about the mother (`child` None) or one child at once, and tell the referring team, once.

    `is_confirmed`: noted by the team itself. Noted already, the first row stands. Raises `other_child`.
    """
    lock_birth(birth.pk)
    if child is not None and child.birth_id != birth.pk:
        raise BusinessError("other_child", "Cet enfant n’est pas de cette naissance.", field="who")
    person = DeadPerson.MOTHER if child is None else DeadPerson.CHILD
    known: Death | None = Death.objects.standing().filter(birth=birth, person=person, child=child).first()
    if known is not None:
        return known
    death: Death = Death.objects.create(
        birth=birth,
        family_id=birth.family_id,
        person=person,
        child=child,
        noted_by=by,
        noted_at=at,
        confirmed_by=by if is_confirmed else None,
        confirmed_at=at if is_confirmed else None,
    )
    end_stay_of_dead(death=death, by=by, at=at)
    _settle(birth, by, at)
    _tell_team(death, at)
    _tell_outside(death, at)
    family_changed(birth_id=birth.pk, about=death.public_id, at=at)
    death_noted.send(Death, death=death, at=at)
    return death


@transaction.atomic
def confirm_death(*, death: Death, by: Member, at: datetime) -> None:
    """The team confirms what somebody else noted. Raises `death_settled` when it was confirmed or undone already."""
    waiting = Death.objects.standing().filter(pk=death.pk, confirmed_at=None)
    if not waiting.update(confirmed_at=at, confirmed_by=by):
        raise _settled(death)
    alerts = Alert.objects.filter(kind=AlertKind.DEATH, subject_id=death.public_id)
    alerts.open().update(acknowledged_at=at, acknowledged_by=by)
    alerts.update(next_step_at=None)


@transaction.atomic
def undo_death(*, death: Death, reason: str, by: Member, at: datetime) -> Comeback:
    """It was a mistake: what the silence had stopped comes back, and the teams and the AP are told that it goes on.

    Returns what came back and what did not. Raises `reason_missing`, and `death_settled` when it was undone already.
    """
    if not reason.strip():
        raise BusinessError("reason_missing", "Dites pourquoi c’était une erreur.", field="reason")
    lock_birth(death.birth_id)
    standing = Death.objects.standing().filter(pk=death.pk)
    if not standing.update(undone_at=at, undone_by=by, undone_reason=reason.strip()[:200]):
        raise _settled(death)
    bereaved = Pathway.objects.filter(birth=death.birth_id, state=PathwayState.BEREAVED).order_by("-pk")
    stopped_at = bereaved.values_list("closed_at", flat=True).first()
    resume_stay_of_living(death=death)
    _settle(death.birth, by, at)
    Alert.objects.filter(kind=AlertKind.DEATH, subject_id=death.public_id, ended_at=None).update(ended_at=at)
    _tell_undone(death, by, at)
    answers: list[tuple[Any, Any]] = death_undone.send(Death, death=death, stopped_at=stopped_at, at=at)
    found = next((answer for _, answer in answers if answer is not None), Comeback())
    return replace(found, has_lost_transfer=_has_lost_transfer(death, stopped_at))


def _has_lost_transfer(death: Death, stopped_at: datetime | None) -> bool:
    """Whether the pathway runs again without the offer that had stopped with it."""
    taken_back = FamilyTransfer.objects.filter(state=TransferState.CANCELLED, settled_at=stopped_at)
    here = taken_back.filter(pathway__birth=death.birth_id, pathway__state__in=rules.RUNNING)
    return stopped_at is not None and here.exists()


def _settle(birth: Birth, by: Member, at: datetime) -> None:
    """Bring the birth, its children and its pathway in line with the deaths that stand."""
    dead = dict(Death.objects.standing().filter(birth=birth).order_by("pk").values_list("child", "noted_at"))
    children = Child.objects.filter(birth=birth)
    for child in children.order_by("rank"):
        if child.closed_at != dead.get(child.pk):
            children.filter(pk=child.pk).update(closed_at=dead.get(child.pk))
    has_lost_mother = None in dead
    is_silent = rules.is_in_silence(
        children=children.count(), dead_children=len(dead) - has_lost_mother, has_lost_mother=has_lost_mother
    )
    Birth.objects.filter(pk=birth.pk).update(is_silent=is_silent)
    if is_silent:
        silence_pathway(birth=birth, by=by, at=at)
    else:
        wake_pathway(birth=birth, by=by, at=at)
        settle(birth=birth, by=by, at=at)


def _tell_team(death: Death, at: datetime) -> None:
    """One neutral line for the referring team, unless it was one of them who noted it; its ladder pages who is on duty.

    No name; what nobody has confirmed within two hours is told again.
    """
    pathway = Pathway.objects.filter(birth=death.birth_id).order_by("-included_at", "-pk").first()
    is_told = death.confirmed_at is not None
    if pathway is None or (is_told and death.noted_by.structure_id == pathway.carrier_id):
        return
    raise_alert(
        pathway=pathway,
        kind=AlertKind.DEATH,
        subject_id=death.public_id,
        code="",
        facts="" if is_told else TO_CONFIRM,
        is_sealed=False,
        raised_by=death.noted_by,
        answer_due_at=None if is_told else at + rules.DEATH_CONFIRMED_WITHIN,
        at=at,
    )


def _tell_outside(death: Death, at: datetime) -> None:
    """The liberal midwife and the PMI, each with her agreement: that it stops or changes; nothing more."""
    pathway = _last_pathway(death)
    if pathway is not None:
        is_over = pathway.state == PathwayState.BEREAVED
        notices.after_death(pathway=pathway, key=f"death:{death.public_id}", is_over=is_over, at=at)


def _tell_undone(death: Death, by: Member, at: datetime) -> None:
    """The AP and the team too: nobody called them about what was none, and her day has changed again.

    Not where nothing has: another death stands, her mother had stopped before, another territory follows her.
    """
    pathway = _last_pathway(death)
    if pathway is not None and pathway.state not in rules.STOPPED and pathway.family.moved_at is None:
        notices.pathway_changed(pathway=pathway, key=f"death-undone:{death.public_id}", by=by, at=at)


def _last_pathway(death: Death) -> Pathway | None:
    rows = Pathway.objects.filter(birth=death.birth_id).select_related("territory", "carrier", "family")
    found: Pathway | None = rows.order_by("-included_at", "-pk").first()
    return found


def _settled(death: Death) -> BusinessError:
    found = Death.objects.select_related("confirmed_by__user", "undone_by__user").get(pk=death.pk)
    who, when, verb = found.undone_by, found.undone_at, "annulé"
    if who is None:
        who, when, verb = found.confirmed_by, found.confirmed_at, "confirmé"
    assert who is not None, "a death that cannot be confirmed any more was confirmed or undone by somebody"
    assert when is not None
    moment = french.moment(timezone.localtime(when))
    return BusinessError("death_settled", f"{who.user.get_full_name()} l’a déjà {verb}, {moment}.")
