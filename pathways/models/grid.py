"""The vulnerability grid: versioned factors, answers that are only added, what the team concludes (domain.md 4).

There is no score: HAS gives factors, not a validated scale, and the conclusion is a person's.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from copa.kernel.scope import ScopedManager
from pathways.enums import (
    ConclusionLevel,
    GridDomain,
    GridSkip,
    GridStatus,
    GridTicker,
    GridValue,
    Presence,
    SafeCall,
    ScreenedPerson,
    ScreeningSource,
    Sensitivity,
)
from pathways.models.base import FamilyRow, OfFamiliesQuerySet
from pathways.models.births import Child
from pathways.models.pathways import Pathway
from territories.models import Member


class GridTemplate(models.Model):
    """One version of the grid; answers keep the version they were given under."""

    version = models.CharField("version", max_length=20, unique=True)
    label = models.CharField("nom", max_length=80)
    valid_from = models.DateField("valable du")

    class Meta:
        verbose_name = "grille de repérage"
        ordering = ["valid_from"]

    def __str__(self) -> str:
        return self.label


class GridFactor(models.Model):
    """One factor of a version. `link_id` and `option` name its answer in the visit report, "" when not asked there.

    `form_domain` is the code of its domain in the report. `is_psychosocial`: newly present, a third visit is suggested.
    """

    template = models.ForeignKey(GridTemplate, on_delete=models.PROTECT, related_name="+", verbose_name="grille")
    code = models.CharField("code", max_length=40)
    domain = models.CharField("domaine", max_length=2, choices=GridDomain.choices)
    label = models.CharField("libellé", max_length=80)
    sensitivity = models.CharField("sensibilité", max_length=2, choices=Sensitivity.choices)
    ticker = models.CharField("noté par", max_length=4, choices=GridTicker.choices)
    about = models.CharField("personne", max_length=8, choices=ScreenedPerson.choices)
    is_psychosocial = models.BooleanField("psychosocial", default=False)
    position = models.PositiveSmallIntegerField("rang")
    form_domain = models.CharField("domaine du compte rendu", max_length=20, blank=True)
    link_id = models.CharField("question", max_length=40, blank=True)
    option = models.CharField("réponse", max_length=40, blank=True)

    class Meta:
        verbose_name = "facteur de repérage"
        ordering = ["template", "position"]
        constraints = [
            models.UniqueConstraint(fields=["template", "code"], name="grid_factor_once"),
            models.CheckConstraint(
                # G1: what is sealed is confirmed by the team, and no report ticks it.
                condition=~Q(sensitivity=Sensitivity.S3) | Q(ticker=GridTicker.TEAM, link_id=""),
                name="grid_factor_sealed_is_of_team",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class GridAnswerQuerySet(OfFamiliesQuerySet):
    """Reads of answers."""

    def latest_of_each(self) -> "GridAnswerQuerySet":
        """The last answer about each factor and person, whatever the version it was given under; the others are its
        history."""
        keys = ("family_id", "factor__code", "person", "child_id")
        return self.order_by(*keys, "-at", "-pk").distinct(*keys)


class GridReview(FamilyRow):
    """The grid opened once: how far it was gone through, or why it was skipped (R012). One per visit."""

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    template = models.ForeignKey(GridTemplate, on_delete=models.PROTECT, related_name="+", verbose_name="grille")
    status = models.CharField("état", max_length=16, choices=GridStatus.choices)
    skip_reason = models.CharField("pourquoi pas", max_length=12, choices=GridSkip.choices, blank=True)
    at = models.DateTimeField("le")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    source = models.CharField("source", max_length=8, choices=ScreeningSource.choices)
    source_id = models.UUIDField("visite", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    append_only = True

    class Meta:
        verbose_name = "passage de la grille"
        indexes = [models.Index(fields=["territory", "pathway"], name="grid_review_of_pathway")]
        constraints = [
            models.UniqueConstraint(fields=["territory", "source_id"], name="grid_review_once_per_visit"),
            models.CheckConstraint(
                condition=(Q(status=GridStatus.SKIPPED) & ~Q(skip_reason=""))
                | (~Q(status=GridStatus.SKIPPED) & Q(skip_reason="")),
                name="grid_review_skipped_with_a_reason",
                violation_error_message="Dites pourquoi le repérage n’est pas fait cette fois.",
            ),
        ]


class GridAnswerRow(FamilyRow):
    """What was seen or said of one factor at one moment; the latest is shown, the others are its history (G4).

    `at` is when it was seen or said, `recorded_at` when it was stored; `child` is None unless it is about one.
    """

    factor = models.ForeignKey(GridFactor, on_delete=models.PROTECT, related_name="+", verbose_name="facteur")
    person = models.CharField("personne", max_length=8, choices=ScreenedPerson.choices)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="enfant")
    value = models.CharField("valeur", max_length=12, choices=GridValue.choices)
    comment = models.CharField("commentaire", max_length=400, blank=True)
    at = models.DateTimeField("le")
    recorded_at = models.DateTimeField("noté le")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    source = models.CharField("source", max_length=8, choices=ScreeningSource.choices)
    source_id = models.UUIDField("visite", null=True)

    append_only = True

    class Meta:
        abstract = True


class GridAnswer(GridAnswerRow):
    """An S1 or S2 answer; the database refuses one about a sealed factor."""

    objects: ClassVar[Any] = ScopedManager.from_queryset(GridAnswerQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(GridAnswerQuerySet)()

    class Meta:
        verbose_name = "réponse du repérage"
        indexes = [models.Index(fields=["territory", "family", "factor", "-at"], name="grid_answer_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(child=None) | Q(person=ScreenedPerson.CHILD), name="grid_answer_of_its_child"
            )
        ]


class SealedGridAnswer(GridAnswerRow):
    """An S3 answer, in the sealed compartment: named readers, each reading logged (design.md 3.12, G1).

    `presence` says whether she was seen alone (G3); an answer given with the partner there is flagged.
    """

    presence = models.CharField("vue seule", max_length=12, choices=Presence.choices)

    objects: ClassVar[Any] = ScopedManager.from_queryset(GridAnswerQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(GridAnswerQuerySet)()

    class Meta:
        verbose_name = "réponse protégée du repérage"
        indexes = [models.Index(fields=["territory", "family", "factor", "-at"], name="sealed_grid_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(child=None) | Q(person=ScreenedPerson.CHILD), name="sealed_grid_of_its_child"
            )
        ]


class SealedSignal(FamilyRow):
    """« Signaler une situation protégée »: what an AP tells the team in free text, without a grid (G1). Sealed."""

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    at = models.DateTimeField("le")
    source = models.CharField("source", max_length=8, choices=ScreeningSource.choices)
    source_id = models.UUIDField("visite", null=True)
    domains = models.JSONField("domaines", default=list)
    facts = models.CharField("faits", max_length=800)
    presence = models.CharField("vue seule", max_length=12, choices=Presence.choices)
    safe_call = models.CharField("appel sans danger", max_length=10, choices=SafeCall.choices)

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    append_only = True

    class Meta:
        verbose_name = "signalement à l’équipe"
        indexes = [models.Index(fields=["territory", "family"], name="sealed_signal_of_family")]
        constraints = [models.UniqueConstraint(fields=["territory", "source_id"], name="sealed_signal_once_per_visit")]


class GridConclusion(FamilyRow):
    """What the team or the PMI doctor concludes, in words, and proposes; the latest stands, the others are history."""

    level = models.CharField("conclusion", max_length=8, choices=ConclusionLevel.choices)
    proposals = models.CharField("propositions", max_length=500)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    at = models.DateTimeField("le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    append_only = True

    class Meta:
        verbose_name = "conclusion du repérage"
        indexes = [models.Index(fields=["territory", "family", "-at"], name="grid_conclusion_latest")]
