"""What pauses or stops a pathway: hospital stays, withdrawals, attempts to reach a family, steps after a death."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from copa.kernel.scope import ScopedManager
from pathways.enums import AftercareStep, ContactChannel, ContactResult, Patient, Ward
from pathways.models.base import FamilyRow, OfFamiliesQuerySet
from pathways.models.births import Birth, Child
from pathways.models.deaths import Death
from pathways.models.pathways import Pathway
from territories.models import Member


class HospitalStayQuerySet(OfFamiliesQuerySet):
    """Reads of stays."""

    def running(self) -> "HospitalStayQuerySet":
        """Stays that are not over."""
        return self.filter(ends_on=None)


class HospitalStay(FamilyRow):
    """The mother or one child in hospital. `child` None for the mother; `ends_on` None while it lasts.

    `Child.is_hospitalised` and a suspended pathway follow from these rows; `pathways.actions.stays` writes them.
    `noted_by` None: ticked with the birth or the coordinates. `is_pausing`: noting it suspended the visits.
    """

    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    person = models.CharField("personne", max_length=6, choices=Patient.choices)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="enfant")
    ward = models.CharField("service", max_length=10, choices=Ward.choices, blank=True)
    place = models.CharField("établissement", max_length=80, blank=True)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True)
    is_pausing = models.BooleanField("visites suspendues", default=False)
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="noté par")
    noted_at = models.DateTimeField("noté le")
    ended_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="fin notée par"
    )
    ended_at = models.DateTimeField("fin notée le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(HospitalStayQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(HospitalStayQuerySet)()

    class Meta:
        verbose_name = "hospitalisation"
        indexes = [
            models.Index(fields=["territory", "birth"], name="stay_of_birth"),
            models.Index(fields=["territory", "starts_on"], condition=Q(ends_on=None), name="stay_running"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["child"],
                condition=Q(ends_on=None),
                name="stay_of_child_once",
                violation_error_message="Une hospitalisation de cet enfant est déjà en cours.",
            ),
            models.UniqueConstraint(
                fields=["birth"],
                condition=Q(ends_on=None, person=Patient.MOTHER),
                name="stay_of_mother_once",
                violation_error_message="Une hospitalisation de la mère est déjà en cours.",
            ),
            models.CheckConstraint(
                condition=Q(person=Patient.MOTHER, child=None) | Q(person=Patient.CHILD, child__isnull=False),
                name="stay_names_its_child",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="stay_ends_after_start",
                violation_error_message="Le retour précède l’entrée à l’hôpital.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None, ended_at=None) | Q(ends_on__isnull=False, ended_at__isnull=False),
                name="stay_end_is_dated",
            ),
        ]


class Withdrawal(FamilyRow):
    """The family stopped, without a reason (L12). `undone_at` None unless it was a slip of the hand, the same day.

    `files_closed_at`: when it ended the openings of the file by name, None while it ended none.
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="noté par")
    noted_at = models.DateTimeField("noté le")
    files_closed_at = models.DateTimeField("dossiers refermés le", null=True)
    undone_at = models.DateTimeField("annulé le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "arrêt demandé"
        indexes = [models.Index(fields=["territory", "family"], name="withdrawal_of_family")]
        constraints = [
            models.UniqueConstraint(fields=["pathway"], condition=Q(undone_at=None), name="withdrawal_once"),
        ]


class ContactAttempt(FamilyRow):
    """Somebody tried to reach the family; never changed afterwards."""

    append_only = True

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    at = models.DateTimeField("le")
    channel = models.CharField("moyen", max_length=8, choices=ContactChannel.choices)
    result = models.CharField("résultat", max_length=12, choices=ContactResult.choices)
    by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    noted_at = models.DateTimeField("noté le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "tentative de contact"
        ordering = ["at"]
        indexes = [models.Index(fields=["territory", "pathway", "at"], name="contact_of_pathway")]


class AftercareDone(FamilyRow):
    """A step after a death, done by a person; once per death and step. `who` follows the child, "" for other steps."""

    death = models.ForeignKey(Death, on_delete=models.PROTECT, related_name="+", verbose_name="décès")
    step = models.CharField("étape", max_length=16, choices=AftercareStep.choices)
    who = models.CharField("qui suit l’enfant", max_length=120, blank=True, db_default="")
    done_at = models.DateTimeField("fait le")
    done_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="fait par")

    class Meta:
        verbose_name = "suivi après un décès"
        constraints = [
            models.UniqueConstraint(
                fields=["death", "step"],
                name="aftercare_step_once",
                violation_error_message="C’est déjà noté comme fait.",
            ),
            models.CheckConstraint(
                condition=Q(step=AftercareStep.CHILD_FOLLOWED) ^ Q(who=""),
                name="aftercare_says_who_follows",
                violation_error_message="Écrivez qui suit l’enfant.",
            ),
        ]
