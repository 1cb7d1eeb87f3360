"""What the platform or a person suggests to the team, and what the team decided: never an order (R056, G2)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from copa.kernel.scope import ScopedManager
from pathways.enums import SuggestionCause, SuggestionKind
from pathways.models.base import FamilyRow, OfFamiliesQuerySet
from pathways.models.pathways import Pathway
from territories.models import Member

# Only a sealed answer calls the team for what the grid says (G2): that there is one tells when, and of what kind.
_IS_SEALED = Q(kind=SuggestionKind.TEAM_REVIEW, cause=SuggestionCause.GRID)


class SuggestionQuerySet(OfFamiliesQuerySet):
    """Reads of suggestions."""

    def unsealed(self) -> "SuggestionQuerySet":
        """Those that say nothing of the sealed compartment, for whoever does not read it (design.md 3.12)."""
        return self.exclude(_IS_SEALED)

    def undecided(self) -> "SuggestionQuerySet":
        """Suggestions nobody has decided about."""
        return self.filter(decided_at=None)


class Suggestion(FamilyRow):
    """A third visit, or a talk of the team, suggested once per cause; a refusal is stored with its reason.

    `source_id` names what it comes from (a visit, an EPDS); None when somebody asked for it. `is_same_day`: a result at
    the highest cut-off, the team calls the mother the same day (alerts.md 3). It says nothing of what was answered.
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    kind = models.CharField("suggestion", max_length=12, choices=SuggestionKind.choices)
    cause = models.CharField("origine", max_length=16, choices=SuggestionCause.choices)
    source_id = models.UUIDField("objet", null=True)
    note = models.CharField("en une ligne", max_length=160, blank=True)
    is_same_day = models.BooleanField("le jour même", default=False)
    suggested_at = models.DateTimeField("suggérée le")
    suggested_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="suggérée par"
    )
    is_accepted = models.BooleanField("retenue", null=True)
    decided_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="décidée par"
    )
    decided_at = models.DateTimeField("décidée le", null=True)
    reason = models.CharField("motif", max_length=200, blank=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(SuggestionQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(SuggestionQuerySet)()

    class Meta:
        verbose_name = "suggestion à l’équipe"
        indexes = [
            models.Index(fields=["territory", "suggested_at"], condition=Q(decided_at=None), name="suggestion_open"),
            models.Index(fields=["territory", "family"], name="suggestion_of_family"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "kind", "cause"],
                condition=Q(decided_at=None),
                name="suggestion_open_once",
                violation_error_message="Cette suggestion attend déjà la décision de l’équipe.",
            ),
            models.UniqueConstraint(fields=["territory", "kind", "cause", "source_id"], name="suggestion_once"),
            models.CheckConstraint(
                condition=Q(is_accepted=None, decided_by=None, decided_at=None)
                | Q(is_accepted__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="suggestion_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(is_accepted=False) | ~Q(reason=""),
                name="suggestion_refused_with_a_reason",
                violation_error_message="Dites pourquoi la suggestion n’est pas retenue.",
            ),
        ]
