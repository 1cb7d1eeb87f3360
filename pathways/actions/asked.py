"""What is asked at the inclusion beside the adhesion: strata, starting points, what helps her (inclusion.md 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from pathways.actions.calendar import Known, note_item, note_prado
from pathways.actions.shared import lock_birth
from pathways.enums import CalendarSource, CalendarStatus, FeedingWish, GoalKind, YesNoUnknown
from pathways.models import Birth, CalendarItem, Child, InclusionAnswers, Mother, Pathway
from pathways.reads.strata import is_answered
from pathways.rules import EARLY_INTERVIEW, is_in_mourning
from territories.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Her answers. `access_needs` codes of AccessNeed; `birth_place` code of BirthPlace.

    `weights` maps children whose weight was missing to grams; `feelings` each of the six sentences she answered to
    1..5. `goal_kind` "" and `fed_once` "" when they were not asked; `vulnerability` only says whether one is known.
    `interview` says whether the early prenatal interview took place (R223), `interview_by` with whom
    (InterviewProfessional or ""), `interview_sent` whether its summary reached the maternity (None: not known).
    """

    language: str
    access_needs: tuple[str, ...]
    birth_place: str
    vulnerability: str
    wish: str
    knows_pmi: str
    are_professionals_presented: bool
    interview: str = YesNoUnknown.UNKNOWN
    interview_by: str = ""
    interview_on: date | None = None
    interview_sent: bool | None = None
    goal_kind: str = ""
    goal_weeks: int | None = None
    goal_is_exclusive: bool | None = None
    fed_once: str = ""
    pmi_named: str = ""
    other_programme: str = ""
    other_programme_from: date | None = None
    other_programme_to: date | None = None
    # None leaves what the calendar knows of it.
    is_prado: bool | None = None
    midwife_found: str = ""
    doctor_found: str = ""
    child_doctor_found: str = ""
    weights: Mapping[UUID, int] = field(default_factory=dict)
    feelings: Mapping[str, int] = field(default_factory=dict)


def store_asked(*, pathway: Pathway, birth: Birth, asked: Asked, by: Member, at: datetime) -> None:
    """Write the answers where each belongs; inside the caller's transaction.

    Raises `weight_missing`, `fed_once_missing`, `goal_weeks_missing`, `goal_exclusive_missing`, and what refuses the
    day of the interview (field "interview_on").
    """
    _check(asked)
    Mother.objects.filter(family=birth.family_id).update(language=asked.language, access_needs=list(asked.access_needs))
    Birth.objects.filter(pk=birth.pk).update(place=asked.birth_place)
    if asked.is_prado is not None:
        note_prado(birth=birth, is_prado=asked.is_prado)
    _weigh(birth, asked.weights)
    _note_interview(birth, asked, by, at)
    is_wished = asked.wish == FeedingWish.YES
    is_timed = is_wished and asked.goal_kind == GoalKind.DURATION
    with refusals_of(InclusionAnswers):
        InclusionAnswers.objects.create(
            family_id=birth.family_id,
            pathway=pathway,
            vulnerability=asked.vulnerability,
            wish=asked.wish,
            goal_kind=asked.goal_kind if is_wished else "",
            goal_weeks=asked.goal_weeks if is_timed else None,
            goal_is_exclusive=asked.goal_is_exclusive if is_timed else None,
            fed_once=asked.fed_once if is_wished else "",
            knows_pmi=asked.knows_pmi,
            pmi_named=asked.pmi_named if asked.knows_pmi == YesNoUnknown.YES else "",
            professionals_presented_at=at if asked.are_professionals_presented else None,
            other_programme=asked.other_programme,
            other_programme_from=asked.other_programme_from if asked.other_programme else None,
            other_programme_to=asked.other_programme_to if asked.other_programme else None,
            midwife_found=asked.midwife_found,
            doctor_found=asked.doctor_found,
            child_doctor_found=asked.child_doctor_found,
            feelings=dict(asked.feelings),
            answered_at=at,
        )


@transaction.atomic
def complete_strata(*, pathway: Pathway, wish: str, vulnerability: str, at: datetime) -> None:
    """Write the strata of an inclusion that has none (R037); what was to be asked before it stays unknown.

    Raises `strata_answered` when somebody has answered meanwhile, `mourning` once nothing is asked any more (A38).
    """
    birth = lock_birth(pathway.birth_id)
    state = Pathway.objects.values_list("state", flat=True).get(pk=pathway.pk)
    if is_in_mourning(is_silent=birth.is_silent, state=state):
        raise BusinessError("mourning", "Cette famille est en deuil : rien ne lui est demandé.")
    if is_answered(pathway):
        raise BusinessError("strata_answered", "Quelqu’un vient de répondre : rien ne manque plus.")
    with refusals_of(InclusionAnswers):
        InclusionAnswers.objects.create(
            family_id=pathway.family_id, pathway=pathway, wish=wish, vulnerability=vulnerability, answered_at=at
        )


def _check(asked: Asked) -> None:
    if asked.wish != FeedingWish.YES:
        return
    if not asked.fed_once:
        raise BusinessError("fed_once_missing", "Demandez-le-lui.", field="fed_once")
    if asked.goal_kind == GoalKind.DURATION and asked.goal_weeks is None:
        raise BusinessError("goal_weeks_missing", "Écrivez l’âge, en semaines.", field="goal_weeks")
    if asked.goal_kind == GoalKind.DURATION and asked.goal_is_exclusive is None:
        raise BusinessError("goal_exclusive_missing", "Demandez-le-lui.", field="goal_is_exclusive")


def _note_interview(birth: Birth, asked: Asked, by: Member, at: datetime) -> None:
    """Her answer stands in the calendar, which knows the rest; one that she does not know weakens nothing."""
    if asked.interview not in _INTERVIEW_STATUS:
        return
    is_done = asked.interview == YesNoUnknown.YES
    item = CalendarItem.objects.filter(birth=birth, child=None, code=EARLY_INTERVIEW).first()
    known = Known(
        status=_INTERVIEW_STATUS[asked.interview],
        source=_source(item, asked),
        on=asked.interview_on if is_done else None,
        professional=item.professional if item and is_done else "",
        professional_kind=asked.interview_by if is_done else "",
        is_transmitted=asked.interview_sent if is_done else None,
    )
    try:
        note_item(birth=birth, child=None, code=EARLY_INTERVIEW, known=known, by=by, at=at)
    except BusinessError as refusal:
        raise refusal.beside("interview_on") from refusal


def _source(item: CalendarItem | None, asked: Asked) -> str:
    """Whoever said so first, while the answer is the same."""
    is_same = item is not None and item.status == _INTERVIEW_STATUS[asked.interview]
    return item.source if item and is_same else CalendarSource.PARENTS


_INTERVIEW_STATUS: dict[str, CalendarStatus] = {
    YesNoUnknown.YES: CalendarStatus.DONE,
    YesNoUnknown.NO: CalendarStatus.MISSED,
}


def _weigh(birth: Birth, weights: Mapping[UUID, int]) -> None:
    """No child is followed without a birth weight (R037): those that were missing are written now."""
    for public_id, grams in weights.items():
        with refusals_of(Child):
            Child.objects.filter(birth=birth, public_id=public_id).update(birth_weight_g=grams)
    missing = Child.objects.filter(birth=birth, closed_at=None, birth_weight_g=None).order_by("rank").first()
    if missing is not None:
        message = "Le poids de naissance de chaque enfant est nécessaire."
        raise BusinessError("weight_missing", message, field=f"weight_{missing.rank}")
