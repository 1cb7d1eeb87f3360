"""Visits, their reports, and the proof that a report reached its readers."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from copa.kernel import clock
from copa.kernel.outbox import OutboxRow
from copa.kernel.scope import ScopedManager
from pathways.enums import PathwayState
from pathways.models import FamilyRow, OfFamiliesQuerySet, Pathway, of_visible_families, within_reach
from pathways.rules import RUNNING, STOPPED
from territories.enums import Role
from territories.models import Member, Structure
from visits.enums import (
    VISIT_RUNNING,
    CodingSource,
    DeliveryChannel,
    DeviationKind,
    Lifted,
    NotDoneReason,
    NotJointReason,
    PartnerReason,
    PartnerState,
    ReportState,
    ThirdVisitMotive,
    VisitKind,
    VisitState,
    WindowReason,
)
from visits.models.copies import ReportCopy as ReportCopy
from visits.rules import DEVIATION_NOTE_LETTERS, DEVIATION_REASONS, MISSED_KINDS


class VisitQuerySet(models.QuerySet["Visit"]):
    """Reads of visits."""

    def visible_to(self, member: Member) -> "VisitQuerySet":
        """Visits of the families she may know of, and those that are hers."""
        return of_visible_families(self, member) | self.made_by(member)

    def made_by(self, member: Member) -> "VisitQuerySet":
        """Those she carries out herself, until the family has left her; what she has still to send stays hers."""
        hers = self.filter(ap=member)
        unsent = Q(state=VisitState.STARTED) | Q(report_due_at__isnull=False, report_delivered_at=None)
        return hers.filter(unsent) | within_reach(hers, member)

    def running(self) -> "VisitQuerySet":
        """Visits that count: not cancelled, not missed."""
        return self.filter(state__in=VISIT_RUNNING)

    def report_missing(self) -> "VisitQuerySet":
        """Visits that ended and whose report the referring team has not received."""
        return self.filter(report_due_at__isnull=False, report_delivered_at=None)

    def report_overdue(self, at: datetime) -> "VisitQuerySet":
        """Reports missing more than 24 h after the end of the visit: 24 h 00 min 00 s is still on time (I8a)."""
        return self.report_missing().filter(report_due_at__lt=at)


class Visit(FamilyRow):
    """One visit of an AP. `report_due_at` is written by the action that ends it; every clock reads that column.

    It is None before the end, and where no report is owed: in mourning, or after the family stopped (A38, L12).

    `report_delivered_at` is the first delivery into the referring team's inbox (A13). The two `*_alerted_at` columns
    are claims: each alert is raised once, whoever runs.

    `ap` is the AP, or for the third visit of an AP of the PMI whoever takes the relay there (R077). A third visit is
    joint (R047) with a `partner` of the PMI, None while the service is asked, or says why not: `partner_state` is her
    part alone, `partner_reason` why she does not come, "" in older rows.

    `fell_at`: when it was last cancelled or said not made, whatever it has become since; None in older rows.
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    kind = models.CharField("visite", max_length=12, choices=VisitKind.choices)
    ap = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="auxiliaire")
    planned_at = models.DateTimeField("prévue le")
    planned_minutes = models.PositiveSmallIntegerField("durée prévue (min)")
    # When it was put into the plan; None for older rows. A third visit may take the questionnaire over (A09).
    decided_at = models.DateTimeField("décidée le", null=True)
    window_reason = models.CharField("motif hors dates", max_length=16, choices=WindowReason.choices, blank=True)
    motive = models.CharField(
        "motif de la troisième visite", max_length=16, choices=ThirdVisitMotive.choices, blank=True, db_default=""
    )
    is_joint = models.BooleanField("avec la PMI", default=False, db_default=False)
    partner = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="professionnelle de PMI"
    )
    partner_state = models.CharField(
        "part de la PMI", max_length=9, choices=PartnerState.choices, blank=True, db_default=""
    )
    partner_reason = models.CharField(
        "pourquoi la PMI ne vient pas", max_length=9, choices=PartnerReason.choices, blank=True, db_default=""
    )
    not_joint_reason = models.CharField(
        "pourquoi sans la PMI", max_length=12, choices=NotJointReason.choices, blank=True, db_default=""
    )
    state = models.CharField("état", max_length=10, choices=VisitState.choices, default=VisitState.PLANNED)
    started_at = models.DateTimeField("début", null=True)
    ended_at = models.DateTimeField("fin", null=True)
    not_done_reason = models.CharField("pourquoi pas faite", max_length=18, choices=NotDoneReason.choices, blank=True)
    fell_at = models.DateTimeField("annulée ou dite non faite le", null=True)
    report_due_at = models.DateTimeField("compte rendu attendu avant", null=True)
    report_delivered_at = models.DateTimeField("compte rendu remis le", null=True)
    due_soon_alerted_at = models.DateTimeField(null=True)
    overdue_alerted_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(VisitQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(VisitQuerySet)()

    class Meta:
        verbose_name = "visite"
        indexes = [
            # The deadline job and the late list: only what is owed, whatever the number of visits done.
            models.Index(
                fields=["territory", "report_due_at"],
                condition=Q(report_due_at__isnull=False, report_delivered_at=None),
                name="visit_report_owed",
            ),
            models.Index(fields=["territory", "ap", "planned_at"], name="visit_day_of_ap"),
            models.Index(fields=["territory", "pathway"], name="visit_of_pathway"),
            models.Index(fields=["territory", "family"], name="visit_of_family"),
            models.Index(fields=["territory", "ended_at"], condition=Q(ended_at__isnull=False), name="visit_ended"),
            models.Index(fields=["territory", "planned_at"], condition=Q(state="planned"), name="visit_to_come"),
            # What the PMI is asked to come to: few among all the visits ever made.
            models.Index(fields=["territory", "planned_at"], condition=Q(is_joint=True), name="visit_joint"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "kind"],
                condition=Q(state__in=["planned", "started", "ended"]),
                name="visit_kind_once",
                violation_error_message="Cette visite est déjà prévue ou faite pour ce parcours.",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(started_at__isnull=False, ended_at__gt=F("started_at")),
                name="visit_ends_after_start",
                violation_error_message="La fin de la visite doit suivre son début.",
            ),
            models.CheckConstraint(
                condition=~Q(state=VisitState.ENDED) | Q(ended_at__isnull=False), name="visit_ended_is_dated"
            ),
            models.CheckConstraint(
                condition=~Q(state=VisitState.NOT_DONE) | ~Q(not_done_reason=""), name="visit_not_done_has_reason"
            ),
            models.CheckConstraint(
                condition=(Q(kind=VisitKind.V3) & ~Q(motive="")) | (~Q(kind=VisitKind.V3) & Q(motive="")),
                name="visit_third_has_motive",
                violation_error_message="La visite 3 demande un motif.",
            ),
            models.CheckConstraint(
                condition=Q(is_joint=False) | Q(kind=VisitKind.V3, not_joint_reason=""),
                name="visit_joint_is_third",
                violation_error_message="Seule la visite 3 se fait avec la PMI.",
            ),
            models.CheckConstraint(
                condition=Q(is_joint=True, partner_state=PartnerState.ASKED)
                | Q(is_joint=True, partner_state=PartnerState.CONFIRMED, partner__isnull=False)
                | Q(is_joint=False, partner_state__in=["", PartnerState.CANCELLED]),
                name="visit_partner_of_joint",
            ),
            models.CheckConstraint(
                condition=Q(partner_reason="") | Q(partner_state=PartnerState.CANCELLED),
                name="visit_partner_reason_of_a_no",
            ),
        ]


def form_title(code: str, version: str) -> str:
    """A form and its version, as named on reports and in answers of the API."""
    return f"{code} {version}"


class ReportForm(models.Model):
    """One version of the report form: a FHIR R4 Questionnaire, imported without deployment (R154)."""

    code = models.CharField("formulaire", max_length=40)
    version = models.CharField("version", max_length=40)
    definition = models.JSONField("questionnaire FHIR R4")
    valid_from = models.DateTimeField("utilisable à partir du")

    class Meta:
        verbose_name = "formulaire de compte rendu"
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="report_form_version_once")]

    def __str__(self) -> str:
        return form_title(self.code, self.version)


# Whoever opened a report reads it again for a day: the page notes the reading as soon as it is shown.
READ_AGAIN = timedelta(days=1)


def arrives_late(at: datetime) -> Q:
    """Deliveries that arrive once another territory, or the PMI alone, follows the family: until they are read."""
    left_at = models.functions.Coalesce("family__moved_at", "report__visit__pathway__team_ends_at")
    arrives = Q(delivered_at=None) | Q(delivered_at__gte=left_at)
    is_to_read = Q(opened_at=None) | Q(opened_at__gt=at - READ_AGAIN)
    return arrives & is_to_read & Q(models.lookups.LessThanOrEqual(left_at, at))


class ReportQuerySet(models.QuerySet["Report"]):
    """Reads of reports."""

    def visible_to(self, member: Member) -> "ReportQuerySet":
        """Reports of the visits she may know of, and those that she hands over, or receives, when the family left."""
        return self.filter(visit__in=Visit.objects.visible_to(member)) | self.handed_late(member)

    def handed_late(self, member: Member) -> "ReportQuerySet":
        """Signed reports of families followed elsewhere, on their way from her or to her team."""
        arriving = Delivery.objects.filter(arrives_late(clock.now()), report=OuterRef("pk"))
        if member.role == Role.REFERRING_TEAM:
            return self.signed().filter(Exists(arriving.filter(structure=member.structure_id)))
        return self.signed().filter(Exists(arriving), author=member)

    def signed(self) -> "ReportQuerySet":
        """Reports that were signed."""
        return self.filter(state=ReportState.SIGNED)


class Report(FamilyRow):
    """What the AP wrote. `answers` holds what is not sealed; `revision` guards a draft open on two screens, and
    `screen` is the one that saved last: a saving whose answer was lost on the road is not a conflict.

    `typed` keeps, in a draft only, what was typed and cannot be read yet ("38,"), by path: nothing is lost.
    A database trigger refuses any change of a signed report.
    """

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="+", verbose_name="visite")
    form = models.ForeignKey(ReportForm, on_delete=models.PROTECT, related_name="+", verbose_name="formulaire")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="auteure")
    answers = models.JSONField("réponses", default=dict)
    typed = models.JSONField("saisies à reprendre", default=dict)
    context = models.JSONField("contexte", default=dict)
    state = models.CharField("état", max_length=6, choices=ReportState.choices, default=ReportState.DRAFT)
    revision = models.PositiveIntegerField("révision", default=1)
    screen = models.CharField("écran", max_length=36, blank=True)
    saved_at = models.DateTimeField("gardé le")
    signed_at = models.DateTimeField("signé le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(ReportQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(ReportQuerySet)()

    class Meta:
        verbose_name = "compte rendu"
        indexes = [models.Index(fields=["territory", "family"], name="report_of_family")]
        constraints = [
            models.UniqueConstraint(
                fields=["visit"],
                name="report_once_per_visit",
                violation_error_message="Cette visite a déjà un compte rendu.",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT, signed_at=None)
                | Q(state=ReportState.SIGNED, signed_at__isnull=False),
                name="report_signed_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT) | Q(typed={}),
                name="report_signed_is_read",
            ),
        ]


class SealedAnswersQuerySet(models.QuerySet["SealedAnswers"]):
    """Reads of the sealed compartment."""

    def visible_to(self, member: Member) -> "SealedAnswersQuerySet":
        """Sealed answers of signed reports she may know of; a draft is its author's."""
        return self.filter(report__in=Report.objects.visible_to(member).signed())


class SealedAnswers(FamilyRow):
    """The S3 answers of a report: named readers, no print, no export, no tablet cache (design.md 3.12).

    `first_answers` keeps the value that raised an alert as it was first entered, with its instant (E1, P12).
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+", verbose_name="compte rendu")
    answers = models.JSONField("réponses protégées", default=dict)
    typed = models.JSONField("saisies à reprendre", default=dict)
    first_answers = models.JSONField("premières valeurs", default=dict)

    objects: ClassVar[Any] = ScopedManager.from_queryset(SealedAnswersQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(SealedAnswersQuerySet)()

    class Meta:
        verbose_name = "réponses protégées"
        constraints = [models.UniqueConstraint(fields=["report"], name="sealed_once_per_report")]


class Addendum(FamilyRow):
    """A correction or completion of a signed report, with its reason; the first version stays readable (W10)."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+", verbose_name="compte rendu")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="auteure")
    at = models.DateTimeField("le")
    reason = models.CharField("motif", max_length=120)
    text = models.TextField("texte", max_length=2000)

    append_only = True

    class Meta:
        verbose_name = "complément"
        ordering = ["at"]
        indexes = [models.Index(fields=["territory", "report"], name="addendum_of_report")]


class DeliveryQuerySet(OfFamiliesQuerySet):
    """Reads of deliveries."""

    def arrived(self) -> "DeliveryQuerySet":
        """Deliveries that are in their inbox."""
        return self.filter(delivered_at__isnull=False)

    def of_reports(self) -> "DeliveryQuerySet":
        """Deliveries of signed reports, those of their addenda left out."""
        return self.filter(addendum=None)

    def to_read(self) -> "DeliveryQuerySet":
        """Unopened deliveries. An addendum to what waits to be read is read with it, and does not wait beside it."""
        same = Delivery.objects.filter(report=OuterRef("report"), structure=OuterRef("structure"), opened_at=None)
        return self.filter(Q(addendum=None) | ~Exists(same.filter(pk__lt=OuterRef("pk"))), opened_at=None)


class Delivery(FamilyRow, OutboxRow):
    """One report for one structure: sent (signed and handed over), delivered (in the inbox), opened, each dated.

    An addendum is a new version, with a delivery of its own: `addendum` is None for the report as it was signed.
    `fingerprint` is the SHA-256 of the document as delivered: the proof of what was handed over.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="+", verbose_name="compte rendu")
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="équipe")
    addendum = models.ForeignKey(
        Addendum, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="complément"
    )
    channel = models.CharField("canal", max_length=10, choices=DeliveryChannel.choices, default=DeliveryChannel.INBOX)
    delivered_at = models.DateTimeField("remis le", null=True)
    opened_at = models.DateTimeField("ouvert le", null=True)
    opened_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="ouvert par"
    )
    fingerprint = models.CharField("empreinte", max_length=64, blank=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(DeliveryQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(DeliveryQuerySet)()

    class Meta:
        verbose_name = "remise"
        indexes = [
            models.Index(
                fields=["territory", "next_attempt_at"],
                condition=Q(state__in=["queued", "claimed"]),
                name="delivery_ready",
            ),
            models.Index(fields=["territory", "structure", "-delivered_at"], name="delivery_inbox"),
            # The pilots' inbox has no structure; what waits to be read stays small however much was delivered.
            models.Index(fields=["territory", "-delivered_at"], name="delivery_recent"),
            models.Index(
                fields=["territory", "structure", "delivered_at"],
                condition=Q(opened_at=None, delivered_at__isnull=False),
                name="delivery_unread",
            ),
            models.Index(fields=["territory", "report"], name="delivery_of_report"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["territory", "dedup_key"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(opened_at=None) | Q(delivered_at__isnull=False, opened_by__isnull=False),
                name="delivery_opened_after_arrival",
            ),
        ]


# Deviations of visits made here, of families that another territory has taken over since.
LEFT_MADE = Q(
    family__moved_at__isnull=False,
    visit__state=VisitState.ENDED,
    pathway__state__in=[*RUNNING, PathwayState.CLOSED, PathwayState.MOVED],
)


class DeviationQuerySet(OfFamiliesQuerySet):
    """Reads of deviations."""

    def visible_to(self, member: Member) -> "DeviationQuerySet":
        """Those of the families she may know of, and those of the visits she made that are still to be explained."""
        known: Any = super().visible_to(member)
        return known | self.filter(LEFT_MADE, visit__ap=member, reason="", lifted_at=None)

    def standing(self) -> "DeviationQuerySet":
        """Those that apply. In mourning only what was said before stays: nothing is asked about it (A38)."""
        mourned = Q(pathway__birth__is_silent=True) | Q(pathway__state=PathwayState.BEREAVED)
        return self.filter(lifted_at=None).exclude(mourned, reason="")

    def to_code(self) -> "DeviationQuerySet":
        """Those that wait for a reason: nothing more is asked about a family that stopped, or lives elsewhere, but why
        a visit was made here as it was, before she left."""
        waiting = self.filter(lifted_at=None, reason="", pathway__birth__is_silent=False)
        here = Q(family__moved_at=None) & ~Q(pathway__state__in=STOPPED)
        return waiting.filter(here | LEFT_MADE)


def _reasons_of_their_kind() -> Q:
    """Nothing yet, or one of the list of the kind."""
    found = Q(reason="")
    for kind, reasons in DEVIATION_REASONS.items():
        found |= Q(kind=kind, reason__in=reasons.values)
    return found


class Deviation(FamilyRow):
    """One way in which a pathway differs from the protocol; never deleted, its coding may be corrected.

    `visit` None where a visit is missing. `on` is the local day it is about: that of the visit, the last of its window
    where it is missing. `first_day` and `last_day` are the window, None for a delay or a joint visit; `minutes` (real),
    `least` and `most` (limits) tell a duration. `reason` "" until somebody says why; `coded_by` None when the reason
    was given while planning. `lifted_at`: it no longer applies, `lifted_why` says why.
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="visite")
    kind = models.CharField("écart", max_length=12, choices=DeviationKind.choices)
    on = models.DateField("jour")
    first_day = models.DateField("du", null=True)
    last_day = models.DateField("au", null=True)
    minutes = models.PositiveSmallIntegerField("minutes", null=True)
    least = models.PositiveSmallIntegerField("au moins (min)", null=True)
    most = models.PositiveSmallIntegerField("au plus (min)", null=True)
    detected_at = models.DateTimeField("relevé le")
    reason = models.CharField("motif", max_length=15, blank=True)
    source = models.CharField("origine du motif", max_length=6, choices=CodingSource.choices, blank=True)
    note = models.CharField("précision", max_length=DEVIATION_NOTE_LETTERS, blank=True)
    coded_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par")
    coded_at = models.DateTimeField("motif noté le", null=True)
    lifted_at = models.DateTimeField("sans objet depuis", null=True)
    lifted_why = models.CharField("pourquoi sans objet", max_length=7, choices=Lifted.choices, blank=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(DeviationQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(DeviationQuerySet)()

    class Meta:
        verbose_name = "écart au protocole"
        verbose_name_plural = "écarts au protocole"
        indexes = [
            models.Index(fields=["territory", "-on"], name="deviation_recent"),
            models.Index(fields=["territory", "family"], name="deviation_of_family"),
            # The number in the menu: what waits stays small however much was ever coded.
            models.Index(fields=["territory", "-on"], condition=Q(reason="", lifted_at=None), name="deviation_to_code"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "kind"],
                name="deviation_once_per_visit",
                violation_error_message="Cet écart est déjà relevé pour cette visite.",
            ),
            models.UniqueConstraint(
                fields=["pathway", "kind"],
                condition=Q(visit=None),
                name="deviation_once_per_pathway",
                violation_error_message="Cet écart est déjà relevé pour ce parcours.",
            ),
            models.CheckConstraint(
                condition=Q(visit=None, kind__in=[*MISSED_KINDS.values(), DeviationKind.EPDS])
                | Q(
                    visit__isnull=False,
                    kind__in=["DURATION", "WINDOW", "EPDS", "JOINT", "LATE"],
                ),
                name="deviation_of_a_visit",
            ),
            models.CheckConstraint(
                condition=~Q(kind=DeviationKind.DURATION)
                | Q(minutes__isnull=False, least__isnull=False, most__isnull=False),
                name="deviation_duration_has_minutes",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[DeviationKind.WINDOW, *MISSED_KINDS.values()])
                | Q(first_day__isnull=False, last_day__gte=F("first_day")),
                name="deviation_has_its_window",
            ),
            models.CheckConstraint(
                condition=_reasons_of_their_kind(),
                name="deviation_reason_of_its_kind",
                violation_error_message="Ce motif n’explique pas cet écart : choisissez-en un de la liste.",
            ),
            models.CheckConstraint(
                condition=Q(reason="", source="", coded_at=None, coded_by=None, note="")
                | (~Q(reason="") & ~Q(source="") & Q(coded_at__isnull=False)),
                name="deviation_coded_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_why="") | (Q(lifted_at__isnull=False) & ~Q(lifted_why="")),
                name="deviation_lifted_has_why",
            ),
        ]
