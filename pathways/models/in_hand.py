"""« Prise en main » outside an alert: the liberal midwife or the referring team came and cares herself (R111)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from copa.kernel.scope import ScopedManager
from pathways.models.base import FamilyRow, OfFamiliesQuerySet
from pathways.models.pathways import Pathway
from territories.models import Member


class InHand(FamilyRow):
    """Who intervenes directly and gives care, since when, and why. Written once, never changed."""

    append_only = True

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    since = models.DateTimeField("depuis")
    why = models.CharField("pourquoi", max_length=300)
    noted_at = models.DateTimeField("noté le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "prise en main"
        indexes = [models.Index(fields=["territory", "family"], name="in_hand_of_family")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(why=""),
                name="in_hand_says_why",
                violation_error_message="Dites pourquoi vous intervenez.",
            ),
            models.CheckConstraint(
                condition=Q(since__lte=F("noted_at")),
                name="in_hand_has_begun",
                violation_error_message="Cette heure n’est pas encore arrivée.",
            ),
            models.UniqueConstraint(
                fields=["pathway", "by", "since"],
                name="in_hand_once",
                violation_error_message="Cette prise en main est déjà notée.",
            ),
        ]

    def __str__(self) -> str:
        return f"in hand since {self.since:%Y-%m-%d %H:%M}"
