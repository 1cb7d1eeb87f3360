"""What somebody must look at now."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from copa.kernel.scope import ScopedManager
from pathways.enums import AlertKind
from pathways.models.base import FamilyRow, of_visible_families
from pathways.models.pathways import Pathway
from territories.models import Member

# Nobody has taken it and it has not ended by itself. One clause with statistics of its own: of two, the planner
# multiplies the shares, expects thousands of open alerts where there are twenty, and begins with every pathway.
IS_OPEN = Q(IsNull(Coalesce("acknowledged_at", "ended_at"), rhs=True))


class AlertQuerySet(models.QuerySet["Alert"]):
    """Reads of alerts."""

    def visible_to(self, member: Member) -> "AlertQuerySet":
        """Alerts of the families she may know of."""
        return of_visible_families(self, member)

    def open(self) -> "AlertQuerySet":
        """Alerts nobody has taken and that have not ended by themselves."""
        return self.filter(IS_OPEN)


class Alert(FamilyRow):
    """Something somebody must look at now; acknowledged once, by name.

    `subject_id` names what it is about (the public id of a visit); with `kind` and `code` it is unique, so a job that
    runs twice raises it once. `ended_at` says that the cause is gone (a late report that arrived).
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    kind = models.CharField("type", max_length=20, choices=AlertKind.choices)
    subject_id = models.UUIDField("objet")
    code = models.CharField("signe", max_length=40, blank=True)
    facts = models.CharField("faits", max_length=400, blank=True)
    is_sealed = models.BooleanField("protégée", default=False)
    raised_at = models.DateTimeField("levée le")
    raised_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par")
    # Sign alerts: the referring team must answer before this instant (alerts.md 1).
    answer_due_at = models.DateTimeField("réponse attendue avant", null=True)
    acknowledged_at = models.DateTimeField("prise le", null=True)
    acknowledged_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="prise par"
    )
    instruction = models.CharField("consigne", max_length=300, blank=True)
    ended_at = models.DateTimeField("finie le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(AlertQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(AlertQuerySet)()

    class Meta:
        verbose_name = "alerte"
        indexes = [
            models.Index(
                fields=["territory", "raised_at"],
                condition=IS_OPEN,
                name="alert_open",
            ),
            models.Index(fields=["territory", "family"], name="alert_of_family"),
            models.Index(fields=["territory", "-raised_at"], name="alert_recent"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["territory", "kind", "subject_id", "code"], name="alert_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="alert_acknowledged_by_somebody",
            ),
        ]
