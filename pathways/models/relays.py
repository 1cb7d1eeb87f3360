"""The hand-over to the PMI."""

from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Q, Value, When

from copa.kernel import clock
from copa.kernel.scope import ScopedManager
from pathways.enums import ContactKind, PathwayState, RelayLack, RelayOutcome, RelayState, RelayStepKind
from pathways.models.alerts import IS_OPEN, IS_TO_CLOSE, Alert
from pathways.models.base import FamilyRow, of_visible_families
from pathways.models.births import Birth
from pathways.models.deaths import of_orphans
from pathways.models.pathways import Pathway
from pathways.rules import RELAY_ENDS, RELAY_OPEN, RELAY_TASKS, STOPPED, TAKEN_BACK, relay_late_before
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
        """Relays of pathways that have not stopped, of families still here and not in mourning (A38)."""
        here = self.filter(pathway__birth__is_silent=False, family__moved_at=None)
        return here.exclude(pathway__state__in=STOPPED)

    def lasting(self, at: datetime) -> "PmiRelayQuerySet":
        """Relays whose PMI has not come to the end of its follow-up and of the overlap at this instant."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at))

    def shown(self, at: datetime | None = None) -> "PmiRelayQuerySet":
        """Relays the PMI may know of: running, agreed to by the mother (A16), not given back to the team, not over.

        At this instant, now by default. One it had accepted stays with it for the child who lives when the mother died:
        her death takes the child away from nobody who follows it, and her yes stands for it.
        """
        agreed = self.lasting(at or clock.now()).filter(is_agreed=True, family__moved_at=None)
        here = Q(pathway__birth__is_silent=False, state__in=[*RELAY_OPEN, RelayState.ACCEPTED])
        orphan = Q(pathway__birth__is_silent=True, state=RelayState.ACCEPTED) & of_orphans("pathway__birth")
        running = agreed.exclude(pathway__state__in=STOPPED - {PathwayState.BEREAVED})
        shown: PmiRelayQuerySet = running.filter(here & ~Q(pathway__state=PathwayState.BEREAVED) | orphan)
        return shown

    def with_lack(self, at: datetime) -> "PmiRelayQuerySet":
        """Each with `lack`, a RelayLack: why nothing written reaches its PMI at this instant, "" when it does.

        Her answer and a stop are not asked here: they hold for everybody.
        """
        why = (
            When(state=RelayState.DECLINED, then=Value(RelayLack.GIVEN_BACK)),
            When(state=RelayState.NOT_NEEDED, then=Value(RelayLack.NOT_NEEDED)),
            When(ends_at__lte=at, then=Value(RelayLack.OVER)),
            When(sector=None, then=Value(RelayLack.NO_SECTOR)),
            When(sector__structure__mailbox="", then=Value(RelayLack.NO_MAILBOX)),
        )
        return self.annotate(lack=Case(*why, default=Value(""), output_field=CharField()))

    def waiting(self) -> "PmiRelayQuerySet":
        """Relays without an answer, or with a question nobody has answered."""
        return self.filter(state__in=RELAY_OPEN)

    def with_open_question(self) -> "PmiRelayQuerySet":
        """Relays whose question waits for the team, as `rules.has_open_question` says."""
        unanswered = Q(state=RelayState.ACCEPTED, reply="") & ~Q(question="")
        return self.filter(Q(state=RelayState.QUESTIONED) | unanswered)

    def unsettled(self) -> "PmiRelayQuerySet":
        """Running relays the mother agreed to that nobody has accepted nor closed, declined ones among them."""
        return self.running().filter(is_agreed=True, state__in=[*RELAY_OPEN, RelayState.DECLINED])

    def late(self, today: date) -> "PmiRelayQuerySet":
        """Those of the digest on this local day, of its list and of its number: unsettled for more than seven days.

        However long ago: what waits for months is the first to look for. A declined one is the team's to settle.
        """
        return self.unsettled().filter(due_on__lt=relay_late_before(today))

    def taken_back(self) -> "PmiRelayQuerySet":
        """Relays as `rules.is_taken_back` says."""
        return self.filter(**TAKEN_BACK)

    def handed_over(self, at: datetime) -> "PmiRelayQuerySet":
        """Relays by which the PMI alone follows a family at this instant: the overlap of the two teams is over.

        While the mother agrees and the PMI follows, and only where no later birth of the family is there. An alert that
        nobody has taken or closed keeps the family with the team: it must not leave the list of those who answer it.
        """
        later = Birth.objects.filter(family=OuterRef("family"), at__gt=OuterRef("pathway__birth__at"))
        accepted = self.running().lasting(at).filter(is_agreed=True, state=RelayState.ACCEPTED)
        accepted = accepted.exclude(outcome__in=RELAY_ENDS)
        unanswered = Alert.objects.filter(IS_OPEN | IS_TO_CLOSE, family=OuterRef("family"))
        return accepted.filter(~Exists(later), ~Exists(unanswered), pathway__team_ends_at__lte=at)

    def with_met(self) -> "PmiRelayQuerySet":
        """Each with `is_met`: whether somebody of the PMI has met the family since it took the relay."""
        return self.annotate(is_met=Exists(_meetings()))

    def without_contact(self) -> "PmiRelayQuerySet":
        """Accepted relays, without an outcome yet, whose family nobody of the PMI has met since."""
        return self.filter(~Exists(_meetings()), state=RelayState.ACCEPTED, outcome="")

    def ended_unmet(self) -> "PmiRelayQuerySet":
        """Relays ended as `rules.is_ended_unmet` says, until the team has spoken of it with the PMI since."""
        steps = RelayStep.objects.filter(relay=OuterRef("pk"), kind=RelayStepKind.SPOKEN)
        spoken = Exists(steps.filter(at__gte=OuterRef("outcome_at")))
        return self.with_met().filter(~spoken, is_agreed=True, is_met=False, outcome__in=RELAY_ENDS)


def _meetings() -> Any:
    return RelayContact.objects.filter(relay=OuterRef("pk"), has_met=True)


class PmiRelay(FamilyRow):
    """The hand-over to the PMI of the commune's sector, made at inclusion, due D+21 (K17, R164).

    `sector` is None while the commune has none ("unassigned", R024). `is_agreed` follows the mother's agreement.
    `started_at` is None unless the team asked for it before its day (R051), which then became `due_on`; `handed_at`
    unless a joint third visit handed it over in person. `outcome` is "" until the PMI says what became of it, since
    which day and, if it likes, in a sentence. `ends_at` is when the PMI loses the family; None: nothing is set.
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
    started_at = models.DateTimeField("demandé plus tôt le", null=True)
    handed_at = models.DateTimeField("remis en main propre le", null=True)
    outcome = models.CharField("issue", max_length=8, choices=RelayOutcome.choices, blank=True, db_default="")
    outcome_on = models.DateField("issue, depuis le", null=True)
    outcome_words = models.CharField("issue, précision", max_length=200, blank=True, db_default="")
    outcome_at = models.DateTimeField("issue notée le", null=True)
    outcome_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="issue notée par"
    )
    ends_at = models.DateTimeField("accès de la PMI jusqu’au", null=True)

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
            models.CheckConstraint(
                condition=Q(outcome="", outcome_at=None, outcome_by=None)
                | (Q(state=RelayState.ACCEPTED, outcome_at__isnull=False, outcome_by__isnull=False) & ~Q(outcome="")),
                name="relay_outcome_of_accepted",
                violation_error_message="L’issue se note une fois le relais accepté.",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="") | Q(outcome_on=None, outcome_words=""),
                name="relay_outcome_before_its_words",
                violation_error_message="Choisissez d’abord l’issue.",
            ),
        ]


class RelayStep(FamilyRow):
    """What somebody decided about a relay, with the reason; `by` is None for the platform.

    `from_sector` and `to_sector` say where a reassigned relay came from and went, None where there was no sector.
    """

    append_only = True

    relay = models.ForeignKey(PmiRelay, on_delete=models.PROTECT, related_name="+", verbose_name="relais")
    kind = models.CharField("étape", max_length=12, choices=RelayStepKind.choices)
    reason = models.CharField("motif", max_length=400, blank=True)
    from_sector = models.ForeignKey(
        PmiSector, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="du secteur"
    )
    to_sector = models.ForeignKey(
        PmiSector, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="au secteur"
    )
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par")
    at = models.DateTimeField("le")

    class Meta:
        verbose_name = "étape du relais PMI"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["territory", "relay"], name="relay_step_of_relay")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=RelayStepKind.HANDED_OVER) | ~Q(reason=""),
                name="relay_step_has_reason",
                violation_error_message="Dites pourquoi.",
            ),
        ]


class RelayContact(FamilyRow):
    """One contact of the PMI with the family after the relay; nothing of what was said.

    `has_met`: it took place, the family was there.
    """

    relay = models.ForeignKey(PmiRelay, on_delete=models.PROTECT, related_name="+", verbose_name="relais")
    on = models.DateField("le")
    kind = models.CharField("contact", max_length=8, choices=ContactKind.choices)
    has_met = models.BooleanField("la famille était là")
    next_contact_on = models.DateField("prochain contact", null=True)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="noté par")
    at = models.DateTimeField("noté le")

    class Meta:
        verbose_name = "contact de la PMI"
        ordering = ["on", "pk"]
        indexes = [models.Index(fields=["territory", "relay"], name="relay_contact_of_relay")]


class RelayTask(FamilyRow):
    """One thing the referring team asks of the PMI, with its day (documents.md 2, line 9)."""

    relay = models.ForeignKey(PmiRelay, on_delete=models.PROTECT, related_name="+", verbose_name="relais")
    rank = models.PositiveSmallIntegerField("rang")
    text = models.CharField("à faire", max_length=160)
    due_on = models.DateField("pour le")

    class Meta:
        verbose_name = "demande à la PMI"
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["relay", "rank"], name="relay_task_once_per_rank"),
            models.CheckConstraint(
                condition=Q(rank__gte=1, rank__lte=RELAY_TASKS),
                name="relay_task_three_at_most",
                violation_error_message="Trois demandes à la PMI au plus.",
            ),
        ]
