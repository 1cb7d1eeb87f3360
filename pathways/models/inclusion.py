"""What was asked once, at the inclusion, beside the adhesion (inclusion.md 4)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from copa.kernel.scope import ScopedManager
from pathways.enums import FeedingWish, Found, GoalKind, YesNoUnknown
from pathways.models.base import FamilyRow, OfFamiliesQuerySet
from pathways.models.pathways import Pathway


class InclusionAnswers(FamilyRow):
    """Strata and starting points of one pathway (R037, I2, I3, I5); figures read them, no list does.

    `vulnerability` says whether one is known before the visits, never which. `feelings` maps each of the six sentences
    she answered to 1..5: her own words to the evaluation, shown to nobody and hidden in history.
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    vulnerability = models.CharField("vulnérabilité connue", max_length=8, choices=YesNoUnknown.choices)
    wish = models.CharField("souhaite allaiter", max_length=10, choices=FeedingWish.choices)
    goal_kind = models.CharField("son objectif", max_length=10, choices=GoalKind.choices, blank=True)
    goal_weeks = models.PositiveSmallIntegerField("jusqu’à, en semaines", null=True)
    goal_is_exclusive = models.BooleanField("avec seulement du lait maternel", null=True)
    fed_once = models.CharField("a déjà reçu du lait maternel", max_length=8, choices=YesNoUnknown.choices, blank=True)
    # Asked before the PMI is presented; "" for strata completed afterwards.
    knows_pmi = models.CharField("sait où est la PMI", max_length=8, choices=YesNoUnknown.choices, blank=True)
    pmi_named = models.CharField("PMI qu’elle nomme", max_length=120, blank=True)
    # R063: when the professionals who can help were presented, the proof of it; None while nobody has.
    professionals_presented_at = models.DateTimeField("professionnels présentés le", null=True)
    # [found]: whether each of the three people asked about was named; "" for what was never asked.
    midwife_found = models.CharField("sage-femme", max_length=9, choices=Found.choices, blank=True, db_default="")
    doctor_found = models.CharField("médecin traitant", max_length=9, choices=Found.choices, blank=True, db_default="")
    child_doctor_found = models.CharField(
        "médecin de l’enfant", max_length=9, choices=Found.choices, blank=True, db_default=""
    )
    # R025: as PANJO or RéPAP; "" when there is none.
    other_programme = models.CharField("autre programme à domicile", max_length=120, blank=True)
    other_programme_from = models.DateField("depuis le", null=True)
    other_programme_to = models.DateField("jusqu’au", null=True)
    feelings = models.JSONField("avant de rentrer à la maison", default=dict)
    answered_at = models.DateTimeField("répondu le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "réponses à l’inclusion"
        verbose_name_plural = "réponses à l’inclusion"
        constraints = [
            models.UniqueConstraint(fields=["pathway"], name="inclusion_answers_once"),
            # R037: no stratum is missing once answered; « ne sait pas » is an answer.
            models.CheckConstraint(
                condition=Q(wish__in=FeedingWish.values, vulnerability__in=YesNoUnknown.values),
                name="inclusion_strata_whole",
                violation_error_message="Souhait d’allaiter et vulnérabilité : une réponse à chacun.",
            ),
            models.CheckConstraint(
                condition=Q(goal_weeks=None) | Q(goal_weeks__gte=1, goal_weeks__lte=104),
                name="inclusion_goal_plausible",
                violation_error_message="L’âge va de 1 à 104 semaines.",
            ),
            models.CheckConstraint(
                condition=Q(wish=FeedingWish.YES) | Q(goal_kind="", goal_weeks=None, goal_is_exclusive=None),
                name="inclusion_goal_wished",
            ),
            models.CheckConstraint(
                condition=Q(other_programme_to=None)
                | Q(other_programme_from=None)
                | Q(other_programme_to__gte=models.F("other_programme_from")),
                name="inclusion_other_programme_in_order",
                violation_error_message="La fin précède le début.",
            ),
        ]
