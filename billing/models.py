"""Unit amounts of the programme and the chargeable lines of closed pathways (no fee claims: A20)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from billing.enums import LineKind
from copa.kernel.scope import ScopedManager
from pathways.models import FamilyRow, Pathway
from territories.models import Member


class Tariff(models.Model):
    """A unit amount with its validity and the row of domain.md it comes from; never edited, only ended."""

    kind = models.CharField("forfait", max_length=12, choices=LineKind.choices)
    amount = models.DecimalField("montant (€)", max_digits=9, decimal_places=2)
    valid_from = models.DateField("valable du")
    valid_to = models.DateField("au", null=True)
    source = models.CharField("source", max_length=40)

    class Meta:
        verbose_name = "tarif"
        ordering = ["kind", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "valid_from"], name="tariff_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="tariff_positive"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="tariff_dates_ordered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.amount} €"


class ChargeableLineQuerySet(models.QuerySet["ChargeableLine"]):
    """Reads of chargeable lines."""

    def visible_to(self, member: Member) -> "ChargeableLineQuerySet":
        """Money is a matter of the territory: whoever may read lines reads all of them."""
        return self.all()


class ChargeableLine(FamilyRow):
    """What one closed pathway is worth; the price is copied from the tariff and never follows it."""

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, related_name="+", verbose_name="tarif")
    kind = models.CharField("forfait", max_length=12, choices=LineKind.choices)
    amount = models.DecimalField("montant (€)", max_digits=9, decimal_places=2)
    visits_done = models.PositiveSmallIntegerField("visites faites")
    closed_on = models.DateField("parcours clos le")
    created_at = models.DateTimeField("établie le")

    append_only = True

    objects: ClassVar[Any] = ScopedManager.from_queryset(ChargeableLineQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(ChargeableLineQuerySet)()

    class Meta:
        verbose_name = "ligne facturable"
        indexes = [models.Index(fields=["territory", "closed_on", "id"], name="line_by_closing")]
        constraints = [
            models.UniqueConstraint(
                fields=["pathway"],
                name="line_once_per_pathway",
                violation_error_message="Ce parcours a déjà sa ligne.",
            )
        ]
