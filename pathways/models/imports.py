"""The daily list of a maternity: how its columns read, one sending of it, and the births that came by it."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from copa.kernel.scope import ScopedManager
from pathways.enums import OPEN_IMPORTS, ImportState
from pathways.models.base import FamilyRow, knows_every_family
from pathways.models.births import Birth
from pathways.rules import IMPORT_KEPT, IMPORT_LEASE
from territories.enums import Role
from territories.models import Member, Structure, TerritoryRow


class ImportProfile(TerritoryRow):
    """What each column of a maternity's list means, as last said: `columns` gives a field by heading, as compared."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="maternité")
    columns = models.JSONField("colonnes", default=dict)
    saved_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par")
    saved_at = models.DateTimeField("enregistré le")

    class Meta:
        verbose_name = "lecture d’une liste"
        constraints = [models.UniqueConstraint(fields=["structure"], name="import_profile_once_per_structure")]


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    """Reads of sendings."""

    def visible_to(self, member: Member) -> "ImportRunQuerySet":
        """Those of her maternity; of every one for those who know every family."""
        if knows_every_family(member):
            return self.all()
        return self.filter(structure=member.structure_id) if member.role == Role.REFERRING_TEAM else self.none()

    def with_added(self) -> "ImportRunQuerySet":
        """Adds `added`: how many births came by each."""
        counted = ImportedBirth.objects.filter(run=OuterRef("pk")).order_by().values("run").annotate(n=Count("pk"))
        return self.annotate(added=Coalesce(Subquery(counted.values("n")), 0))

    def unfinished(self, at: datetime) -> "ImportRunQuerySet":
        """Confirmed ones that no worker has in hand: never begun, or silent for longer than the lease."""
        free = Q(claimed_at=None) | Q(claimed_at__lte=at - IMPORT_LEASE)
        return self.filter(free, state=ImportState.CONFIRMED)

    def outdated(self, at: datetime) -> "ImportRunQuerySet":
        """Those whose file must go: nobody settled them in time."""
        return self.filter(state__in=OPEN_IMPORTS, requested_at__lte=at - IMPORT_KEPT)


class ImportRun(TerritoryRow):
    """One list that was sent. Its births are written after the confirmation, by a worker.

    `columns` is the field of each column, in the order of the file. `choices` says, by line, what somebody decided of
    a probable duplicate. `summary` is told once it is settled: numbers of lines with their reasons, never a name.
    """

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="maternité")
    file_name = models.CharField("fichier", max_length=120)
    # None: by the command.
    requested_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="envoyé par"
    )
    requested_at = models.DateTimeField("envoyé le")
    state = models.CharField("état", max_length=10, choices=ImportState.choices, default=ImportState.PENDING)
    columns = models.JSONField("colonnes", default=list)
    choices = models.JSONField("choix", default=dict)
    total = models.PositiveIntegerField("naissances à inscrire", default=0)
    # A claim is a lease: free again when its worker has been silent for too long.
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField("terminé le", null=True)
    summary = models.JSONField("bilan", default=dict)

    objects: ClassVar[Any] = ScopedManager.from_queryset(ImportRunQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(ImportRunQuerySet)()

    class Meta:
        verbose_name = "import de naissances"
        indexes = [models.Index(fields=["territory", "-requested_at"], name="import_recent")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["pending", "confirmed"], settled_at=None)
                | Q(state__in=["done", "abandoned"], settled_at__isnull=False),
                name="import_settled_is_dated",
            )
        ]


class ImportFile(TerritoryRow):
    """The table of what was sent, until the run is settled or IMPORT_KEPT has passed: names stand in it.

    Never those of a birth under secrecy (A38): its line is emptied before it is stored (`rules.import_secrecy`).
    """

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+", verbose_name="import")
    content = models.BinaryField("contenu")

    class Meta:
        verbose_name = "fichier reçu"
        constraints = [models.UniqueConstraint(fields=["run"], name="import_file_once_per_run")]


class ImportedBirth(FamilyRow):
    """A birth that came by a list: written with it, so that a run that was cut short knows what it has done."""

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+", verbose_name="import")
    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    line = models.PositiveIntegerField("ligne")

    class Meta:
        verbose_name = "naissance importée"
        indexes = [models.Index(fields=["territory", "run"], name="imported_of_run")]
        constraints = [models.UniqueConstraint(fields=["birth"], name="imported_once_per_birth")]
