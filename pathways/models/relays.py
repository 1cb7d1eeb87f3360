"""The hand-over to the PMI."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from copa.kernel.scope import ScopedManager
from pathways.enums import RelayState
from pathways.models.base import FamilyRow, of_visible_families
from pathways.models.pathways import Pathway
from pathways.rules import STOPPED
from territories.enums import Role
from territories.models import Member, PmiSector


class PmiRelayQuerySet(models.QuerySet["PmiRelay"]):
    """Reads of relays."""

    def visible_to(self, member: Member) -> "PmiRelayQuerySet":
        """For PMI staff the relays of her service that the mother agreed to; else those of the families she knows."""
        if member.role == Role.PMI_STAFF:
            return self.shown().filter(sector__structure=member.structure_id)
        return of_visible_families(self, member)

    def running(self) -> "PmiRelayQuerySet":
        """Relays of pathways that have not stopped and of families not in mourning (A38)."""
        return self.filter(pathway__birth__is_silent=False).exclude(pathway__state__in=STOPPED)

    def shown(self) -> "PmiRelayQuerySet":
        """Running relays that the mother agreed to (A16)."""
        return self.running().filter(is_agreed=True)

    def waiting(self) -> "PmiRelayQuerySet":
        """Relays without an answer, or with a question nobody has answered."""
        return self.exclude(state=RelayState.ACCEPTED)


class PmiRelay(FamilyRow):
    """The hand-over to the PMI of the commune's sector, made at inclusion, due D+21 (K17, R164).

    `sector` is None while the commune has none ("unassigned", R024). `is_agreed` follows the mother's agreement.
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    sector = models.ForeignKey(PmiSector, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="secteur")
    due_on = models.DateField("à faire le")
    is_agreed = models.BooleanField("accord de la mère", default=False)
    state = models.CharField("état", max_length=12, choices=RelayState.choices, default=RelayState.WAITING)
    answered_at = models.DateTimeField("répondu le", null=True)
    answered_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par")
    question = models.CharField("question", max_length=400, blank=True)
    reply = models.CharField("réponse à la question", max_length=400, blank=True)
    next_contact_on = models.DateField("prochain contact", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(PmiRelayQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(PmiRelayQuerySet)()

    class Meta:
        verbose_name = "relais PMI"
        indexes = [
            models.Index(fields=["territory", "due_on"], condition=~Q(state="accepted"), name="relay_waiting"),
            models.Index(fields=["territory", "sector", "due_on"], name="relay_of_sector"),
            models.Index(fields=["territory", "family"], name="relay_of_family"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["pathway"], name="relay_once_per_pathway"),
            models.CheckConstraint(
                condition=~Q(state=RelayState.ACCEPTED) | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="relay_accepted_by_somebody",
            ),
        ]
