"""A death: whom it is about, who noted it, who confirmed it or took it back."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from copa.kernel.scope import ScopedManager
from pathways.enums import DeadPerson
from pathways.models.base import FamilyRow, OfFamiliesQuerySet
from pathways.models.births import Birth, Child
from territories.models import Member


class DeathQuerySet(OfFamiliesQuerySet):
    """Reads of deaths."""

    def standing(self) -> "DeathQuerySet":
        """Deaths that nobody has taken back."""
        return self.filter(undone_at=None)

    def of_mothers(self) -> "DeathQuerySet":
        """Those of mothers, among the standing ones."""
        return self.standing().filter(person=DeadPerson.MOTHER)


def of_orphans(birth: str) -> Q:
    """Rows of births, with the path to them, whose mother died while a child of it lives."""
    mother = Death.objects.of_mothers().filter(birth=OuterRef(birth))
    child = Child.objects.filter(birth=OuterRef(birth), closed_at=None)
    return Q(Exists(mother), Exists(child))


class Death(FamilyRow):
    """One death around a birth. `child` is None for the mother's.

    `Birth.is_silent` and `Child.closed_at` follow from these rows; `pathways.actions.deaths` alone writes them.
    `confirmed_at` None while the referring team has not confirmed it, `undone_at` None unless it was a mistake.
    """

    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    person = models.CharField("personne", max_length=6, choices=DeadPerson.choices)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="enfant")
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="noté par")
    noted_at = models.DateTimeField("noté le")
    confirmed_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="confirmé par"
    )
    confirmed_at = models.DateTimeField("confirmé le", null=True)
    undone_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="annulé par"
    )
    undone_at = models.DateTimeField("annulé le", null=True)
    undone_reason = models.CharField("pourquoi annulé", max_length=200, blank=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(DeathQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(DeathQuerySet)()

    class Meta:
        verbose_name = "décès"
        indexes = [models.Index(fields=["territory", "birth"], name="death_of_birth")]
        constraints = [
            models.UniqueConstraint(fields=["child"], condition=Q(undone_at=None), name="death_of_child_once"),
            models.UniqueConstraint(
                fields=["birth"], condition=Q(undone_at=None, person=DeadPerson.MOTHER), name="death_of_mother_once"
            ),
            models.CheckConstraint(
                condition=Q(person=DeadPerson.MOTHER, child=None) | Q(person=DeadPerson.CHILD, child__isnull=False),
                name="death_names_its_child",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="death_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None, undone_reason="")
                | (Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undone_reason="")),
                name="death_undone_with_a_reason",
                violation_error_message="Dites pourquoi c’était une erreur.",
            ),
        ]
