"""A hospital stay, of the mother or of one child: it pauses what concerns that person, and the visits when needed.

Who is in hospital stands in `HospitalStay`; `Child.is_hospitalised` and a suspended pathway follow from these rows.
The row of the birth is the lock, as for a death.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways import rules
from pathways.actions.shared import local_day, lock_birth
from pathways.actions.stops import pause_pathway, resume_pathway
from pathways.enums import PathwayState, Patient
from pathways.models import Birth, Child, Death, HospitalStay, Pathway
from pathways.notices import stops as notices
from territories.models import Member


@transaction.atomic
def note_stay(
    *, birth: Birth, child: Child | None, ward: str, place: str, starts_on: date, by: Member, at: datetime
) -> HospitalStay:
    """The mother (`child` None) or one child is in hospital since a local day; tell the teams.

    Planned visits fall when nobody is left to be visited (`rules.stay_pauses`); a twin at home goes on. Raises
    `other_child`, `stay_of_dead`, `stay_dates`, or that a stay of this person runs already.
    """
    lock_birth(birth.pk)
    _check(birth, child, starts_on, at)
    person = Patient.MOTHER if child is None else Patient.CHILD
    others = _followed(birth).exclude(pk=child.pk if child else None).filter(is_hospitalised=False).count()
    with refusals_of(HospitalStay):
        stay: HospitalStay = HospitalStay.objects.create(
            family_id=birth.family_id,
            birth=birth,
            person=person,
            child=child,
            ward=ward,
            place=place.strip()[:80],
            starts_on=starts_on,
            is_pausing=rules.stay_pauses(person=person, others_at_home=others),
            noted_by=by,
            noted_at=at,
        )
    _mark(child, is_hospitalised=True)
    settle(birth=birth, by=by, at=at)
    _tell(birth, f"stay:{stay.public_id}", by, at)
    return stay


@transaction.atomic
def end_stay(*, stay: HospitalStay, ends_on: date, by: Member, at: datetime) -> None:
    """Back home on a local day: what had paused goes on, visits are to be planned again. Raises `stay_over`."""
    birth = lock_birth(stay.birth_id)
    if ends_on > local_day(at):
        raise BusinessError("stay_dates", "Cette date est à venir : notez le retour quand il a eu lieu.", field="on")
    if ends_on < stay.starts_on:
        raise BusinessError("stay_dates", "Le retour précède l’entrée à l’hôpital.", field="on")
    running = HospitalStay.objects.running().filter(pk=stay.pk)
    if not running.update(ends_on=ends_on, ended_by=by, ended_at=at):
        raise BusinessError("stay_over", "Le retour est déjà noté.")
    _mark(stay.child, is_hospitalised=False)
    settle(birth=birth, by=by, at=at)
    _tell(birth, f"stay-over:{stay.public_id}", by, at)


@transaction.atomic
def end_stays(*, pathway: Pathway, by: Member, at: datetime) -> None:
    """Everybody is home: end every stay of this birth and take the pathway up again. Raises `not_suspended`."""
    birth = lock_birth(pathway.birth_id)
    if not Pathway.objects.filter(pk=pathway.pk, state=PathwayState.SUSPENDED).exists():
        raise BusinessError("not_suspended", "Ce parcours n’est pas suspendu.")
    today = local_day(at)
    stays = HospitalStay.objects.running().filter(birth=birth)
    Child.objects.filter(pk__in=[stay.child_id for stay in stays.order_by("pk")]).update(is_hospitalised=False)
    stays.update(ends_on=today, ended_by=by, ended_at=at)
    resume_pathway(pathway=pathway, by=by, at=at)
    notices.pathway_changed(pathway=pathway, key=f"resumed:{at:%Y%m%d%H%M%S}:{pathway.public_id}", by=by, at=at)


def follow_ticks(*, family_id: int, at: datetime) -> None:
    """Bring the stays in line with « encore hospitalisé » as ticked for children; inside the caller's transaction.

    A tick pauses nothing. Raises `stay_running` for a stay that suspended the visits: its end is noted where they
    are taken up again.
    """
    running = {stay.child_id: stay for stay in HospitalStay.objects.running().filter(family=family_id).order_by("pk")}
    for child in Child.objects.filter(family=family_id, closed_at=None).order_by("pk"):
        stay = running.get(child.pk)
        if child.is_hospitalised and stay is None:
            _open_ticked(child, at)
        elif stay is not None and not child.is_hospitalised:
            _close_ticked(stay, at)


def _open_ticked(child: Child, at: datetime) -> None:
    HospitalStay.objects.create(
        family_id=child.family_id,
        birth_id=child.birth_id,
        person=Patient.CHILD,
        child=child,
        starts_on=local_day(at),
        noted_at=at,
    )


def _close_ticked(stay: HospitalStay, at: datetime) -> None:
    if stay.is_pausing:
        message = "Cette hospitalisation a suspendu les visites : notez le retour depuis « Hospitalisation »."
        raise BusinessError("stay_running", message)
    ends_on = max(stay.starts_on, local_day(at))
    HospitalStay.objects.running().filter(pk=stay.pk).update(ends_on=ends_on, ended_at=at)


def end_stay_of_dead(*, death: Death, by: Member, at: datetime) -> None:
    """Nobody who died is in hospital any more; inside the transaction that notes the death, before it settles."""
    stays = HospitalStay.objects.running().filter(birth=death.birth_id, child=death.child_id)
    for stay in stays.order_by("pk"):
        ends_on = max(stay.starts_on, local_day(at))
        stays.filter(pk=stay.pk).update(ends_on=ends_on, ended_by=by, ended_at=at)
    _mark(death.child, is_hospitalised=False)


def resume_stay_of_living(*, death: Death) -> None:
    """The death was a mistake: the stay that it ended goes on, unless another one of this person was noted since.

    Inside the transaction that takes the death back, before it settles.
    """
    hers = HospitalStay.objects.filter(birth=death.birth_id, child=death.child_id)
    if hers.filter(noted_at__gt=death.noted_at).exists():
        return
    if hers.filter(ended_at=death.noted_at).update(ends_on=None, ended_by=None, ended_at=None):
        _mark(death.child, is_hospitalised=True)


def settle(*, birth: Birth, by: Member, at: datetime) -> None:
    """Pause the running pathway of this birth, or take it up again, as its stays say; inside the caller's transaction.

    Without a stay that pauses, a pathway that was suspended goes on.
    """
    stays = HospitalStay.objects.running().filter(birth=birth).order_by("pk")
    pausing = [stay for stay in stays if stay.is_pausing]
    is_paused = rules.is_paused(
        has_mother_stay=any(stay.person == Patient.MOTHER for stay in pausing),
        at_home=_followed(birth).filter(is_hospitalised=False).count(),
        has_pausing_stay=bool(pausing),
    )
    unpaused = (PathwayState.ACTIVE, PathwayState.NO_NEWS)
    wanted = unpaused if is_paused else (PathwayState.SUSPENDED,)
    for pathway in Pathway.objects.filter(birth=birth, state__in=wanted).order_by("pk"):
        change = pause_pathway if is_paused else resume_pathway
        change(pathway=pathway, by=by, at=at)


def _check(birth: Birth, child: Child | None, starts_on: date, at: datetime) -> None:
    if child is not None and child.birth_id != birth.pk:
        raise BusinessError("other_child", "Cet enfant n’est pas de cette naissance.", field="who")
    if Death.objects.standing().filter(birth=birth, child=child).exists():
        raise BusinessError("stay_of_dead", "Un deuil est noté pour cette personne.", field="who")
    today = local_day(at)
    first = max(birth.day, today - timedelta(days=rules.STAY_BACK_DAYS))
    if not first <= starts_on <= today:
        message = "Choisissez un jour entre la naissance et aujourd’hui."
        raise BusinessError("stay_dates", message, field="starts_on")


def _followed(birth: Birth) -> Any:
    return Child.objects.filter(birth=birth, closed_at=None)


def _mark(child: Child | None, *, is_hospitalised: bool) -> None:
    if child is not None:
        Child.objects.filter(pk=child.pk).update(is_hospitalised=is_hospitalised)


def _tell(birth: Birth, key: str, by: Member, at: datetime) -> None:
    """The teams of the pathway that runs, or ran last; nobody before an inclusion."""
    running = Pathway.objects.filter(birth=birth, state__in=rules.RUNNING)
    for pathway in running.select_related("carrier", "territory").order_by("pk"):
        notices.pathway_changed(pathway=pathway, key=key, by=by, at=at)
