"""The calendar of mother and child: its rules, and only what is known of each line."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from copa.kernel.scope import ScopedManager
from pathways.enums import (
    CalendarAnchor,
    CalendarCondition,
    CalendarDuty,
    CalendarSource,
    CalendarStatus,
    CalendarSubject,
    CalendarUnit,
    CertificateStatus,
    HalfDay,
    InterviewProfessional,
)
from pathways.models.base import FamilyRow, OfFamiliesQuerySet
from pathways.models.births import Birth, Child
from pathways.rules import EARLY_INTERVIEW, CalendarFacts
from territories.models import Member


class CalendarRule(models.Model):
    """One line of the calendar, for the births of a period (domain.md 5). A change of law is a new row.

    Windows are counted by `pathways.rules.due_of`. `words` says in French when, for a line without a window or until
    what its window is counted from has happened;
    `certificate` names the health certificate of an examination; `is_noted`: somebody may note what became of it.
    """

    code = models.CharField("code", max_length=8)
    position = models.PositiveSmallIntegerField("rang")
    subject = models.CharField("pour", max_length=6, choices=CalendarSubject.choices)
    label = models.CharField("nom", max_length=80)
    anchor = models.CharField("compté depuis", max_length=10, choices=CalendarAnchor.choices)
    unit = models.CharField("unité", max_length=6, choices=CalendarUnit.choices)
    start = models.PositiveSmallIntegerField("du", null=True)
    end = models.PositiveSmallIntegerField("au", null=True)
    accepted_start = models.PositiveSmallIntegerField("compté à partir du", null=True)
    tolerance_days = models.PositiveSmallIntegerField("tolérance (jours)", null=True)
    words = models.CharField("quand", max_length=80, blank=True)
    duty = models.CharField("caractère", max_length=12, choices=CalendarDuty.choices)
    condition = models.CharField("condition", max_length=12, choices=CalendarCondition.choices, blank=True)
    who = models.CharField("par qui", max_length=80)
    legal_basis = models.CharField("source", max_length=160)
    certificate = models.CharField("certificat de santé", max_length=4, blank=True)
    is_noted = models.BooleanField("se note", default=False)
    births_from = models.DateField("naissances à partir du", null=True)
    births_to = models.DateField("naissances jusqu’au", null=True)

    class Meta:
        verbose_name = "règle du calendrier"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "births_from"], nulls_distinct=False, name="calendar_rule_once_per_period"
            ),
            models.CheckConstraint(
                condition=Q(start=None, end=None) | Q(start__isnull=False, end__gte=models.F("start")),
                name="calendar_rule_window_ordered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def facts(self) -> CalendarFacts:
        """When it is due, for the pure rules."""
        return CalendarFacts(
            anchor=self.anchor,
            unit=self.unit,
            start=self.start,
            end=self.end,
            accepted_start=self.accepted_start,
            tolerance_days=self.tolerance_days,
        )


class CalendarItem(FamilyRow):
    """What is known of one line: of the mother (`child` None) or of one child. No row: nothing is known.

    `on` is the day it was done or is planned, None when unknown. `certificate` is "" where the line has none or nobody
    looked. `professional`, `professional_kind` (RS15) and `is_transmitted` are those of the early prenatal interview
    (R223), the only line that may have been missed for good.
    """

    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="enfant")
    code = models.CharField("code", max_length=8)
    status = models.CharField("état", max_length=8, choices=CalendarStatus.choices)
    on = models.DateField("le", null=True)
    source = models.CharField("dit par", max_length=12, choices=CalendarSource.choices)
    certificate = models.CharField("certificat", max_length=10, choices=CertificateStatus.choices, blank=True)
    certificate_on = models.DateField("certificat rempli le", null=True)
    professional = models.CharField("professionnel", max_length=120, blank=True)
    professional_kind = models.CharField(
        "métier du professionnel", max_length=16, choices=InterviewProfessional.choices, blank=True
    )
    is_transmitted = models.BooleanField("transmis", null=True)
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="noté par")
    noted_at = models.DateTimeField("noté le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "ligne du calendrier"
        indexes = [models.Index(fields=["territory", "family"], name="calendar_item_of_family")]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "code"], condition=Q(child__isnull=False), name="calendar_item_of_child_once"
            ),
            models.UniqueConstraint(
                fields=["birth", "code"], condition=Q(child=None), name="calendar_item_of_mother_once"
            ),
            models.CheckConstraint(
                condition=Q(on=None) | Q(status__in=[CalendarStatus.DONE, CalendarStatus.PLANNED]),
                name="calendar_item_dated_when_known",
                violation_error_message="Seul ce qui est fait ou prévu a une date.",
            ),
            models.CheckConstraint(
                condition=Q(certificate_on=None) | Q(certificate=CertificateStatus.FILLED),
                name="calendar_item_certificate_dated_when_filled",
                violation_error_message="Seul un certificat rempli a une date.",
            ),
            models.CheckConstraint(
                condition=Q(code=EARLY_INTERVIEW) | (~Q(status=CalendarStatus.MISSED) & Q(professional_kind="")),
                name="calendar_item_missed_in_pregnancy",
                violation_error_message="« Pas fait » se note pour l’entretien prénatal précoce seulement.",
            ),
        ]


class MidwifeVisit(FamilyRow):
    """A half-day on which the liberal midwife is expected at home (K11–K13, R022): CoPa does not come at that time."""

    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    on = models.DateField("le")
    half = models.CharField("moment", max_length=9, choices=HalfDay.choices)
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="noté par")
    noted_at = models.DateTimeField("noté le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "visite de la sage-femme"
        constraints = [
            models.UniqueConstraint(
                fields=["birth", "on", "half"],
                name="midwife_visit_once",
                violation_error_message="Cette visite de la sage-femme est déjà notée.",
            )
        ]
