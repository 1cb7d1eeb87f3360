"""What is asked at the inclusion beside the adhesion: strata, starting points, what helps her (inclusion.md 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from copa.kernel.errors import BusinessError
from pathways.actions.shared import lock_birth, refusals_of
from pathways.enums import FeedingWish, GoalKind, YesNoUnknown
from pathways.models import Birth, Child, InclusionAnswers, Mother, Pathway
from pathways.reads.strata import is_answered
from pathways.rules import is_in_mourning


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Her answers. `access_needs` codes of AccessNeed; `birth_place` code of BirthPlace.

    `weights` maps children whose weight was missing to grams; `feelings` each of the six sentences she answered to
    1..5. `goal_kind` "" and `fed_once` "" when they were not asked; `vulnerability` only says whether one is known.
    """

    language: str
    access_needs: tuple[str, ...]
    birth_place: str
    vulnerability: str
    wish: str
    knows_pmi: str
    are_professionals_presented: bool
    goal_kind: str = ""
    goal_weeks: int | None = None
    goal_is_exclusive: bool | None = None
    fed_once: str = ""
    pmi_named: str = ""
    other_programme: str = ""
    other_programme_from: date | None = None
    other_programme_to: date | None = None
    weights: Mapping[UUID, int] = field(default_factory=dict)
    feelings: Mapping[str, int] = field(default_factory=dict)


def store_asked(*, pathway: Pathway, birth: Birth, asked: Asked, at: datetime) -> None:
    """Write the answers where each belongs; inside the caller's transaction.

    Raises `weight_missing`, `fed_once_missing`, `goal_weeks_missing`, `goal_exclusive_missing`.
    """
    _check(asked)
    Mother.objects.filter(family=birth.family_id).update(language=asked.language, access_needs=list(asked.access_needs))
    Birth.objects.filter(pk=birth.pk).update(place=asked.birth_place)
    _weigh(birth, asked.weights)
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


def _weigh(birth: Birth, weights: Mapping[UUID, int]) -> None:
    """No child is followed without a birth weight (R037): those that were missing are written now."""
    for public_id, grams in weights.items():
        with refusals_of(Child):
            Child.objects.filter(birth=birth, public_id=public_id).update(birth_weight_g=grams)
    missing = Child.objects.filter(birth=birth, closed_at=None, birth_weight_g=None).order_by("rank").first()
    if missing is not None:
        message = "Le poids de naissance de chaque enfant est nécessaire."
        raise BusinessError("weight_missing", message, field=f"weight_{missing.rank}")
