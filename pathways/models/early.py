"""The call that follows an ultra-early discharge: an auxiliary is wanted, today or tomorrow (R054)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from copa.kernel.scope import ScopedManager
from pathways.enums import Reopened
from pathways.models.base import FamilyRow, knows_every_family, of_visible_families
from pathways.models.births import Birth
from pathways.models.families import within_reach
from pathways.models.pathways import Pathway
from territories.models import Member


class EarlyCallQuerySet(models.QuerySet["EarlyCall"]):
    """Reads of calls."""

    def visible_to(self, member: Member) -> "EarlyCallQuerySet":
        """Calls about the families she may know of, and those she was called for."""
        if knows_every_family(member):
            return within_reach(self, member)  # type: ignore[no-any-return]
        called = EarlyCallPerson.objects.filter(call=OuterRef("pk"), member=member)
        known = of_visible_families(EarlyCall.objects.all(), member).order_by().values("pk")
        return within_reach(self, member).filter(Q(Exists(called)) | Q(pk__in=known))  # type: ignore[no-any-return]

    def waiting(self) -> "EarlyCallQuerySet":
        """Calls nobody has answered and that still make sense."""
        return self.filter(confirmed_at=None, ended_at=None)


class EarlyCall(FamilyRow):
    """An ultra-early discharge asks for a visit on its local day or the day after; who answered, and when.

    `escalated_at` is when the coordinators were told that nobody had answered. `ended_at`: it asks for nobody any
    more (another discharge, a stop, a death).

    `reopened_at`: the visit that `fallen_by` had confirmed for `fallen_at` fell, for the last time, and why.
    """

    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    # The local days on which the visit may take place, both inclusive.
    first_day = models.DateField("à partir du")
    last_day = models.DateField("jusqu’au")
    called_at = models.DateTimeField("appelée le")
    escalated_at = models.DateTimeField("coordination prévenue le", null=True)
    confirmed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="confirmée par"
    )
    confirmed_at = models.DateTimeField("confirmée le", null=True)
    # Who had answered at `confirmed_at`, once the visit has gone over to another one: the register names her.
    answered_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="répondu d’abord par"
    )
    ended_at = models.DateTimeField("sans objet depuis", null=True)
    reopened_at = models.DateTimeField("rouverte le", null=True)
    reopened_why = models.CharField(
        "pourquoi rouverte", max_length=9, choices=Reopened.choices, blank=True, db_default=""
    )
    fallen_at = models.DateTimeField("visite tombée, prévue le", null=True)
    fallen_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="confirmée alors par"
    )

    objects: ClassVar[Any] = ScopedManager.from_queryset(EarlyCallQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(EarlyCallQuerySet)()

    class Meta:
        verbose_name = "appel de sortie ultra-précoce"
        indexes = [
            models.Index(
                fields=["territory", "called_at"],
                condition=Q(confirmed_at=None, ended_at=None),
                name="early_call_waiting",
            ),
            models.Index(fields=["territory", "-called_at"], name="early_call_recent"),
            # Which files an auxiliary holds is asked on every page.
            models.Index(
                fields=["territory", "confirmed_by", "last_day"],
                condition=Q(confirmed_by__isnull=False, ended_at=None),
                name="early_call_confirmed",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["birth"], condition=Q(ended_at=None), name="early_call_once_per_birth"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="early_call_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(reopened_at=None, reopened_why="", fallen_at=None, fallen_by=None)
                | (
                    Q(reopened_at__isnull=False, fallen_at__isnull=False, fallen_by__isnull=False) & ~Q(reopened_why="")
                ),
                name="early_call_reopened_says_why",
            ),
        ]


class EarlyCallPerson(FamilyRow):
    """An auxiliary who was called for it."""

    call = models.ForeignKey(EarlyCall, on_delete=models.PROTECT, related_name="+", verbose_name="appel")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="auxiliaire")
    called_at = models.DateTimeField("appelée le")

    class Meta:
        verbose_name = "auxiliaire appelée"
        indexes = [models.Index(fields=["territory", "member"], name="early_call_of_member")]
        constraints = [models.UniqueConstraint(fields=["call", "member"], name="early_call_person_once")]
