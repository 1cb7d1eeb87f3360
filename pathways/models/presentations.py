"""CoPa presented before a birth; births to which it was not proposed; births that have no file."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from copa.kernel.scope import ScopedManager
from pathways.enums import (
    Collector,
    ConsentMode,
    DayPrecision,
    MinorBeside,
    NoticeForm,
    NotProposedReason,
    PresentationEnd,
    ProposalAnswer,
    ProposalContext,
    ProposalSupport,
    UnnamedReason,
)
from pathways.models.base import FamilyRow, OfFamiliesQuerySet, knows_every_family
from pathways.models.births import Birth
from territories.enums import Role
from territories.models import Member, Structure, TerritoryRow


class PresentationQuerySet(models.QuerySet["Presentation"]):
    """Reads of presentations."""

    def visible_to(self, member: Member) -> "PresentationQuerySet":
        """All of them for those who know every family; a team's own maternity; one's own work for the others."""
        if knows_every_family(member):
            return self.all()
        mine = Q(presented_by__user=member.user_id)
        if member.role == Role.REFERRING_TEAM:
            return self.filter(mine | Q(maternity=member.structure_id) | Q(presented_by__structure=member.structure_id))
        return self.filter(mine)

    def waiting(self) -> "PresentationQuerySet":
        """Presentations that still wait for a birth."""
        return self.filter(birth=None, closed_at=None)


class Presentation(TerritoryRow):
    """CoPa presented to a woman during her pregnancy (R064, R065), before there is a birth or a family.

    `maternity` None while she does not know where; `phone` is E.164 or "". `birth` once it has come: the presentation
    has then become its proposal. `closed_at` when no birth is waited for any more.
    """

    birth_name = models.CharField("nom de naissance", max_length=80)
    used_name = models.CharField("nom utilisé", max_length=80, blank=True)
    first_names = models.CharField("prénoms", max_length=80)
    # Its first day when only a month or a year is known.
    birth_on = models.DateField("née le")
    birth_precision = models.CharField(
        "précision", max_length=5, choices=DayPrecision.choices, default=DayPrecision.DAY, db_default=DayPrecision.DAY
    )
    phone = models.CharField("téléphone", max_length=20, blank=True)
    expected_on = models.DateField("terme prévu le")
    maternity = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="maternité"
    )
    context = models.CharField("occasion", max_length=14, choices=ProposalContext.choices)
    presented_on = models.DateField("présenté le")
    presented_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    # Codes of CoveredPoint (R065).
    covered = models.JSONField("points expliqués", default=list)
    support = models.CharField("document remis", max_length=12, choices=ProposalSupport.choices)
    answer = models.CharField("réponse", max_length=8, choices=ProposalAnswer.choices)
    answered_at = models.DateTimeField("répondu le", null=True)
    ask_again_on = models.DateField("en reparler le", null=True)
    # Codes of RefusalReason, as many as she said (inclusion.md 2: it repeats); empty when nobody asked.
    refusal_reasons = models.JSONField("raisons", default=list, db_default=[], blank=True)
    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="naissance")
    closed_at = models.DateTimeField("close le", null=True)
    closed_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par")
    closing_reason = models.CharField("pourquoi", max_length=10, choices=PresentationEnd.choices, blank=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(PresentationQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(PresentationQuerySet)()

    class Meta:
        verbose_name = "présentation avant la naissance"
        indexes = [
            models.Index(fields=["territory", "birth_on"], name="presentation_birth_on"),
            models.Index(
                fields=["territory", "expected_on"],
                condition=Q(birth=None, closed_at=None),
                name="presentation_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer=ProposalAnswer.PENDING, answered_at=None)
                | (~Q(answer=ProposalAnswer.PENDING) & Q(answered_at__isnull=False)),
                name="presentation_answer_dated",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None, closing_reason="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closing_reason="")),
                name="presentation_closed_with_a_reason",
                violation_error_message="Dites pourquoi cette présentation n’attend plus de naissance.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_names} {self.used_name or self.birth_name}"


class AntenatalConsentQuerySet(models.QuerySet["AntenatalConsent"]):
    """Reads of adhesions given before a birth."""

    def visible_to(self, member: Member) -> "AntenatalConsentQuerySet":
        """Those of the presentations she may know of."""
        return self.filter(presentation__in=Presentation.objects.visible_to(member))


class AntenatalConsent(TerritoryRow):
    """Adhesion given during the pregnancy: the inclusion takes it over with its own date (R067, BEFORE_BIRTH).

    `collector_name` is "" when it was `collected_by` herself.
    """

    presentation = models.ForeignKey(
        Presentation, on_delete=models.PROTECT, related_name="+", verbose_name="présentation"
    )
    collected_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="recueilli par")
    collector = models.CharField("recueilli par", max_length=8, choices=Collector.choices)
    collector_name = models.CharField("son nom", max_length=120, blank=True)
    at = models.DateTimeField("le")
    mode = models.CharField("forme", max_length=8, choices=ConsentMode.choices)
    text_version = models.CharField("version du texte", max_length=40)
    notice_version = models.CharField("information remise", max_length=40)
    notice_form = models.CharField("forme de l’information", max_length=12, choices=NoticeForm.choices)
    minor_beside = models.CharField(
        "à ses côtés si elle est mineure", max_length=12, choices=MinorBeside.choices, blank=True
    )

    objects: ClassVar[Any] = ScopedManager.from_queryset(AntenatalConsentQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(AntenatalConsentQuerySet)()

    class Meta:
        verbose_name = "adhésion avant la naissance"
        constraints = [
            models.UniqueConstraint(
                fields=["presentation"],
                name="antenatal_consent_once",
                violation_error_message="Son adhésion est déjà notée.",
            )
        ]


class NotProposed(FamilyRow):
    """CoPa was not proposed after this birth, and why; a later proposal takes its place."""

    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    reason = models.CharField("pourquoi", max_length=12, choices=NotProposedReason.choices)
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="noté par")
    noted_at = models.DateTimeField("noté le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "naissance sans proposition"
        constraints = [models.UniqueConstraint(fields=["birth"], name="not_proposed_once_per_birth")]


class UnnamedBirths(TerritoryRow):
    """How many births of a maternity and a day have no file, and never will: secret or bereaved (A38).

    A number and nothing else: no hour, no age, no place by which anybody could be found.
    """

    maternity = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="maternité")
    day = models.DateField("jour")
    reason = models.CharField("pourquoi", max_length=12, choices=UnnamedReason.choices)
    number = models.PositiveSmallIntegerField("naissances")
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="noté par")
    noted_at = models.DateTimeField("noté le")

    class Meta:
        verbose_name = "naissances sans dossier"
        constraints = [
            models.UniqueConstraint(fields=["maternity", "day", "reason"], name="unnamed_births_once_a_day"),
            models.CheckConstraint(
                condition=Q(number__lte=50),
                name="unnamed_births_plausible",
                violation_error_message="Ce nombre est trop grand pour un seul jour.",
            ),
        ]
