"""An included birth, and the version of the rules it was promised under."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from copa.kernel.scope import ScopedManager
from pathways.enums import ClosingReason, PathwayState
from pathways.models.base import FamilyRow, OfFamiliesQuerySet
from pathways.models.births import Birth
from pathways.models.consents import Consent
from pathways.rules import UP_MAX_HOURS, VersionFacts, kinds_of
from territories.models import Member, Structure


class ProgrammeRulesQuerySet(models.QuerySet["ProgrammeRules"]):
    """Reads of the versions."""

    def in_force(self, day: Any) -> "ProgrammeRulesQuerySet":
        """The version of this local day, or of a column that holds one."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class ProgrammeRules(models.Model):
    """One version of the programme (R006): what a pathway promises. Immutable once a pathway points at it."""

    code = models.CharField("version", max_length=10, unique=True)
    label = models.CharField("nom", max_length=80)
    valid_from = models.DateField("valable du")
    valid_to = models.DateField("au", null=True)
    planned_visits = models.PositiveSmallIntegerField("visites prévues")
    visit_minutes = models.PositiveSmallIntegerField("minutes par visite")
    ultra_early_minutes = models.PositiveSmallIntegerField("minutes, visite ultra-précoce")
    # Days after birth, D+0 being the local day of birth; both ends inclusive (A12, R167).
    window_from_day = models.PositiveSmallIntegerField("premier jour")
    window_to_day = models.PositiveSmallIntegerField("dernier jour")
    relay_day = models.PositiveSmallIntegerField("jour du relais PMI")
    # documents.md 2, « à valider p »: days after the acceptance during which both teams keep the family.
    relay_overlap_days = models.PositiveSmallIntegerField("jours de recouvrement après le relais", db_default=30)
    # R046, R163: how many visits there may be at most, and the motives (codes of ExtraMotive) of those added.
    max_visits = models.PositiveSmallIntegerField("visites au plus")
    extra_motives = models.JSONField("motifs d’une visite de plus", default=list)
    # R054: local days after an ultra-early discharge on which its visit is still in time.
    ultra_early_days_after = models.PositiveSmallIntegerField("jours après une sortie ultra-précoce", default=0)
    # A06, R176: hours of life between which it is advised, never enforced; 0 and 0 for no advice.
    ultra_early_from_hours = models.PositiveSmallIntegerField("conseillée à partir de (heures de vie)", db_default=0)
    ultra_early_to_hours = models.PositiveSmallIntegerField("conseillée jusqu’à (heures de vie)", db_default=0)
    # A08: elapsed hours after birth below which a discharge is called ultra-early; the medical agreement decides.
    up_max_hours = models.PositiveSmallIntegerField("sortie ultra-précoce avant (heures)", db_default=UP_MAX_HOURS)
    # R058, A09: the visit that holds the mood questionnaire, "" when the version says nothing of it.
    epds_visit = models.CharField("visite du questionnaire", max_length=2, blank=True)
    epds_moves_to_third = models.BooleanField("questionnaire reporté à la troisième visite", default=False)

    objects: ClassVar[Any] = models.Manager.from_queryset(ProgrammeRulesQuerySet)()

    class Meta:
        verbose_name = "règles du programme"
        ordering = ["valid_from"]

    def __str__(self) -> str:
        return self.label

    @property
    def facts(self) -> VersionFacts:
        """What the version says, for the pure rules."""
        return VersionFacts(
            planned_visits=self.planned_visits,
            max_visits=self.max_visits,
            visit_minutes=self.visit_minutes,
            ultra_early_minutes=self.ultra_early_minutes,
            ultra_early_days_after=self.ultra_early_days_after,
            window_from_day=self.window_from_day,
            window_to_day=self.window_to_day,
            relay_day=self.relay_day,
            extra_motives=tuple(self.extra_motives),
            epds_visit=self.epds_visit,
            epds_moves_to_third=self.epds_moves_to_third,
        )


def hours_in_force(day: str) -> Coalesce:
    """`up_max_hours` of the version of the local day in this column; UP_MAX_HOURS where no version says it."""
    version = ProgrammeRules.objects.in_force(OuterRef(day)).order_by("-valid_from")
    return Coalesce(Subquery(version.values("up_max_hours")[:1]), UP_MAX_HOURS)


class PathwayQuerySet(OfFamiliesQuerySet):
    """Reads of pathways."""

    def active(self) -> "PathwayQuerySet":
        """Pathways under way."""
        return self.filter(state=PathwayState.ACTIVE)

    def closed(self) -> "PathwayQuerySet":
        """Pathways that came to their end."""
        return self.filter(state=PathwayState.CLOSED)


class Pathway(FamilyRow):
    """One included birth: who answers for it, under which rules, within which days.

    `carrier` is the structure of the referring team (R028). `window_from` and `window_to` are local dates, both
    inclusive, frozen at inclusion from the rules. `team_ends_at` is None unless the pathway is closed and its relay
    accepted: the instant at which the referring team and the AP lose the family (`rules.overlap_last_day`).
    `elsewhere` are the visits made in another territory before, as {"kind", "on"}: they are not promised again, and
    count there alone.
    """

    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+", verbose_name="adhésion")
    rules = models.ForeignKey(ProgrammeRules, on_delete=models.PROTECT, related_name="+", verbose_name="règles")
    carrier = models.ForeignKey(
        Structure, on_delete=models.PROTECT, related_name="+", verbose_name="équipe de référence"
    )
    ap = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="auxiliaire")
    state = models.CharField("état", max_length=10, choices=PathwayState.choices, default=PathwayState.ACTIVE)
    included_at = models.DateTimeField("inclus le")
    included_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="incluse par")
    window_from = models.DateField("visites à partir du")
    window_to = models.DateField("visites jusqu’au")
    is_pmi_presented = models.BooleanField("PMI présentée", default=False)
    elsewhere = models.JSONField("visites faites ailleurs", default=list, db_default=[])
    # R057: the last word of the team on a third visit; while it is yes, that visit is to be made like those promised.
    is_third_decided = models.BooleanField("troisième visite décidée", default=False, db_default=False)
    closed_at = models.DateTimeField("clos le", null=True)
    closing_reason = models.CharField("motif de fin", max_length=12, choices=ClosingReason.choices, blank=True)
    team_ends_at = models.DateTimeField("accès de l’équipe jusqu’au", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(PathwayQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(PathwayQuerySet)()

    class Meta:
        verbose_name = "parcours"
        indexes = [
            models.Index(fields=["territory", "window_to"], condition=Q(state="active"), name="pathway_active_window"),
            models.Index(fields=["territory", "family"], name="pathway_of_family"),
            models.Index(fields=["territory", "ap"], name="pathway_of_ap"),
            models.Index(fields=["territory", "window_to", "id"], name="pathway_by_window"),
            models.Index(fields=["territory", "closed_at"], condition=Q(state="closed"), name="pathway_closed_at"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["birth"],
                condition=Q(state__in=["active", "suspended", "no_news", "closed"]),
                name="pathway_once_per_birth",
                violation_error_message="Un parcours existe déjà pour cette naissance.",
            ),
            models.CheckConstraint(
                condition=(Q(state=PathwayState.CLOSED, closed_at__isnull=False) & ~Q(closing_reason=""))
                | ~Q(state=PathwayState.CLOSED),
                name="pathway_closed_is_dated",
            ),
            models.CheckConstraint(condition=Q(window_to__gte=F("window_from")), name="pathway_window_ordered"),
            models.CheckConstraint(
                condition=Q(team_ends_at=None) | Q(state=PathwayState.CLOSED), name="pathway_team_ends_once_closed"
            ),
        ]

    def with_elsewhere(self, here: list[Any]) -> list[Any]:
        """The visits made in another territory before, and these, made here, which count first."""
        kinds = kinds_of(here)
        return [*(visit for visit in self.elsewhere if visit["kind"] not in kinds), *here]

    @property
    def kinds_elsewhere(self) -> frozenset[str]:
        """The kinds of visits that another territory made before."""
        return kinds_of(self.elsewhere)
