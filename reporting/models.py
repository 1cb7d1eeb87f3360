"""Figures that leave a territory: computed per quarter, frozen, never a name."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from copa.kernel.outbox import LEASE
from copa.kernel.scope import ScopedManager
from reporting.enums import RunState
from territories.models import Mandate, Member, TerritoryRow


class FigureQuerySet(models.QuerySet["Figure"]):
    """Reads of figures."""

    def visible_to(self, holder: Member | Mandate) -> "FigureQuerySet":
        """Row-level security already limits a mandate to its region and a member to her territory."""
        return self.all()

    def current(self) -> "FigureQuerySet":
        """The last computation of each indicator, territory and quarter."""
        return self.filter(is_latest=True)


class Figure(TerritoryRow):
    """One indicator of one territory and quarter: numerator, denominator, missing, definition version (N1).

    A later computation adds a row and takes over `is_latest`; what was published stays. `region_code` is copied from
    the territory: it is what lets an ARS read figures, and nothing else, without entering a territory.
    """

    region_code = models.CharField("région", max_length=3)
    indicator = models.CharField("indicateur", max_length=8)
    definition_version = models.CharField("version de la définition", max_length=8)
    quarter_on = models.DateField("premier jour du trimestre")
    numerator = models.PositiveIntegerField("numérateur")
    denominator = models.PositiveIntegerField("dénominateur")
    missing = models.PositiveIntegerField("manquants")
    computed_at = models.DateTimeField("calculé le")
    is_latest = models.BooleanField("dernier calcul", default=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(FigureQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(FigureQuerySet)()

    class Meta:
        verbose_name = "chiffre"
        indexes = [
            models.Index(fields=["region_code", "quarter_on"], condition=Q(is_latest=True), name="figure_of_region"),
            models.Index(fields=["territory", "quarter_on", "indicator"], name="figure_of_quarter"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "quarter_on", "indicator"],
                condition=Q(is_latest=True),
                name="figure_latest_once",
            ),
            models.CheckConstraint(condition=Q(numerator__lte=F("denominator")), name="figure_ratio_possible"),
        ]


class ExportRunQuerySet(models.QuerySet["ExportRun"]):
    """Reads of exports."""

    def visible_to(self, member: Member) -> "ExportRunQuerySet":
        """Exports of the territory."""
        return self.all()

    def waiting(self, at: datetime) -> "ExportRunQuerySet":
        """Runs nobody works on: queued, or claimed by a worker that has been silent for longer than the lease."""
        return self.filter(Q(state=RunState.QUEUED) | Q(state=RunState.RUNNING, claimed_at__lte=at - LEASE))

    def under_way(self) -> "ExportRunQuerySet":
        """Runs that are queued or running."""
        return self.filter(state__in=[RunState.QUEUED, RunState.RUNNING])


class ExportRun(TerritoryRow):
    """A quarterly export, tracked: queued, running with its progress, done with its checksums, or failed with why.

    Files are pseudonymised rows (CSV and XLSX) under MEDIA_ROOT; the salt of the pseudonyms lives in the memory of the
    worker alone, so that two exports cannot be joined and nobody can go back to a family.
    """

    quarter_on = models.DateField("premier jour du trimestre")
    requested_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="demandé par"
    )
    requested_at = models.DateTimeField("demandé le")
    state = models.CharField("état", max_length=8, choices=RunState.choices, default=RunState.QUEUED)
    # A claim is a lease: renewed with each progress, free again when its worker has been silent for too long.
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    rows_done = models.PositiveIntegerField("lignes écrites", default=0)
    rows_total = models.PositiveIntegerField("lignes à écrire", default=0)
    finished_at = models.DateTimeField("fini le", null=True)
    failure = models.CharField("échec", max_length=300, blank=True)
    csv_file = models.CharField("fichier CSV", max_length=200, blank=True)
    csv_sha256 = models.CharField("empreinte CSV", max_length=64, blank=True)
    xlsx_file = models.CharField("fichier XLSX", max_length=200, blank=True)
    xlsx_sha256 = models.CharField("empreinte XLSX", max_length=64, blank=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(ExportRunQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(ExportRunQuerySet)()

    class Meta:
        verbose_name = "export"
        ordering = ["-requested_at"]
        indexes = [models.Index(fields=["territory", "-requested_at"], name="export_recent")]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "quarter_on"],
                condition=Q(state__in=["queued", "running"]),
                name="export_running_once",
                violation_error_message="Un export de ce trimestre est déjà en cours.",
            ),
            models.CheckConstraint(
                condition=~Q(state=RunState.DONE) | (~Q(csv_sha256="") & ~Q(xlsx_sha256="")),
                name="export_done_has_files",
            ),
        ]
