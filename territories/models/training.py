"""What an auxiliary has learnt and done before she visits families (R100, R101)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q, QuerySet

from copa.kernel.scope import ScopedManager
from territories.enums import PILOTS, Role, TrainingModule
from territories.models.base import Member, TerritoryRow


def of_auxiliaries_led_by(rows: QuerySet[Any], member: Member, prefix: str = "member__") -> QuerySet[Any]:
    """What belongs to an auxiliary: herself, those who answer for her, and whoever leads the territory."""
    if member.role in PILOTS | {Role.ADMINISTRATOR}:
        return rows
    own = Q(**{f"{prefix}pk": member.pk})
    if member.role == Role.REFERRING_TEAM:
        own |= Q(**{f"{prefix}supervisor": member.pk}) | Q(**{f"{prefix}structure": member.structure_id})
    return rows.filter(own)


class TrainingQuerySet(models.QuerySet["Training"]):
    """Reads of trainings."""

    def visible_to(self, member: Member) -> "TrainingQuerySet":
        """Her own; those of the auxiliaries she answers for; all of them for those who lead the territory."""
        return of_auxiliaries_led_by(self, member)  # type: ignore[return-value]

    def standing(self) -> "TrainingQuerySet":
        """Those that were not noted by mistake."""
        return self.filter(cancelled_at=None)


class Training(TerritoryRow):
    """A module an auxiliary has followed; `words` names one that is not of the programme, "" for its own three.

    `cancelled_at` once somebody said that it was noted by mistake: it then counts for nothing.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="auxiliaire")
    module = models.CharField("module", max_length=24, choices=TrainingModule.choices)
    words = models.CharField("intitulé", max_length=160, blank=True)
    done_on = models.DateField("suivi le")
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="noté par")
    noted_at = models.DateTimeField("noté le")
    cancelled_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="annulé par"
    )
    cancelled_at = models.DateTimeField("annulé le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(TrainingQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(TrainingQuerySet)()

    class Meta:
        verbose_name = "formation suivie"
        verbose_name_plural = "formations suivies"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "module", "words", "done_on"],
                condition=Q(cancelled_at=None),
                name="training_once",
                violation_error_message="Cette formation est déjà notée ce jour-là.",
            ),
            models.CheckConstraint(
                condition=Q(module=TrainingModule.OTHER) ^ Q(words=""),
                name="training_other_is_named",
                violation_error_message="Écrivez l’intitulé de cette formation.",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="training_cancelled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module} of member {self.member_id}"


class Experience(TerritoryRow):
    """Her experience of the first days after a birth, in whole months and in words; one row per auxiliary (R101)."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="auxiliaire")
    months = models.PositiveSmallIntegerField("mois d’expérience en suites de naissance")
    words = models.CharField("où et comment", max_length=300)
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="noté par")
    noted_at = models.DateTimeField("noté le")

    class Meta:
        verbose_name = "expérience en suites de naissance"
        verbose_name_plural = "expériences en suites de naissance"
        constraints = [
            models.UniqueConstraint(fields=["member"], name="experience_once"),
            models.CheckConstraint(
                condition=Q(months__lte=600),
                name="experience_possible",
                violation_error_message="Vérifiez le nombre de mois.",
            ),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="experience_is_told",
                violation_error_message="Écrivez où elle l’a acquise.",
            ),
        ]

    def __str__(self) -> str:
        return f"experience of member {self.member_id}"
