"""What reaches the PMI after a refusal, on one of three bases (A17); the information préoccupante (alerts.md 6.2)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from copa.kernel.scope import ScopedManager
from pathways.enums import Agreement, ConcernLevel, ConcernSource, PmiBasis, Recipient
from pathways.models.base import FamilyRow, of_visible_families
from pathways.models.births import Birth, Child
from pathways.models.consents import RecipientConsent
from pathways.models.families import within_reach
from territories.enums import EMR, Role
from territories.models import DirectoryEntry, Member, Structure

_TOLD = Q(are_parents_told=True, not_told_reason="") | (Q(are_parents_told=False) & ~Q(not_told_reason=""))
_TOLD_WORDS = "Dites si les parents sont informés, et sinon pourquoi."


class ConcernQuerySet(models.QuerySet["Concern"]):
    """Reads of informations préoccupantes."""

    def visible_to(self, member: Member) -> "ConcernQuerySet":
        """Nobody but the medical team and the PMI doctor learns that one exists (G5)."""
        return of_visible_families(self, member) if member.role in EMR else self.none()


class Concern(FamilyRow):
    """An information préoccupante, sealed (S3): written by the medical team or the PMI doctor, sent to the CRIP.

    `child` is None when it is about all the children of the birth.
    """

    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="enfant")
    noticed_on = models.DateField("constaté le")
    source = models.CharField("source", max_length=16, choices=ConcernSource.choices)
    level = models.CharField("danger ou risque", max_length=6, choices=ConcernLevel.choices)
    facts = models.TextField("faits")
    are_parents_told = models.BooleanField("parents informés")
    not_told_reason = models.TextField("pourquoi pas", blank=True)
    # The name is copied: the paper says to whom it went even once the entry has changed. No entry: the prosecutor.
    sent_to = models.CharField("transmise à", max_length=120)
    entry = models.ForeignKey(
        DirectoryEntry, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="dans l’annuaire"
    )
    sent_on = models.DateField("transmise le")
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="écrite par")
    written_at = models.DateTimeField("écrite le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(ConcernQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(ConcernQuerySet)()

    class Meta:
        verbose_name = "information préoccupante"
        verbose_name_plural = "informations préoccupantes"
        indexes = [models.Index(fields=["territory", "birth"], name="concern_of_birth")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(facts=""), name="concern_has_facts", violation_error_message="Écrivez les faits."
            ),
            models.CheckConstraint(condition=_TOLD, name="concern_parents_told", violation_error_message=_TOLD_WORDS),
        ]


class PmiTransmissionQuerySet(models.QuerySet["PmiTransmission"]):
    """Reads of transmissions."""

    def visible_to(self, member: Member) -> "PmiTransmissionQuerySet":
        """The medical team, the PMI doctor, and the PMI service it was made to unless it carries a concern."""
        if member.role == Role.PMI_STAFF:
            here = within_reach(self, member)
            return here.exclude(basis=PmiBasis.CONCERN).filter(structure=member.structure_id)  # type: ignore[no-any-return]
        return of_visible_families(self, member) if member.role in EMR else self.none()

    def with_ended(self) -> "PmiTransmissionQuerySet":
        """Each with `is_ended`: it rested on the mother's agreement, and she has said no to the PMI since (A17)."""
        hers = RecipientConsent.objects.filter(family=OuterRef("family"), recipient=Recipient.PMI, named="")
        refused = hers.filter(answer=Agreement.NO, at__gt=OuterRef("sent_at"))
        ended = Q(Exists(refused), basis=PmiBasis.MOTHER_AGREES)
        return self.annotate(is_ended=models.ExpressionWrapper(ended, output_field=models.BooleanField()))

    def standing(self) -> "PmiTransmissionQuerySet":
        """Those whose basis has not ended."""
        return self.with_ended().filter(is_ended=False)


class PmiTransmission(FamilyRow):
    """What was handed to the PMI of the sector although the mother refused CoPa. The facts are sealed (S3).

    `concern` goes with the basis CONCERN and with no other; `taken_at` None until the PMI has taken it.
    """

    birth = models.ForeignKey(Birth, on_delete=models.PROTECT, related_name="+", verbose_name="naissance")
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="PMI")
    basis = models.CharField("fondement", max_length=14, choices=PmiBasis.choices)
    facts = models.TextField("faits", blank=True)
    are_parents_told = models.BooleanField("parents informés")
    not_told_reason = models.TextField("pourquoi pas", blank=True)
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, null=True, related_name="+")
    sent_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="transmise par")
    sent_at = models.DateTimeField("transmise le")
    taken_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="prise par"
    )
    taken_at = models.DateTimeField("prise le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(PmiTransmissionQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(PmiTransmissionQuerySet)()

    class Meta:
        verbose_name = "transmission à la PMI"
        verbose_name_plural = "transmissions à la PMI"
        indexes = [
            models.Index(fields=["territory", "birth"], name="transmission_of_birth"),
            models.Index(fields=["territory", "structure", "-sent_at"], name="transmission_of_pmi"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(basis__in=PmiBasis.values),
                name="transmission_has_a_basis",
                violation_error_message="Sans fondement, rien n’est transmis à la PMI.",
            ),
            models.CheckConstraint(
                condition=Q(basis=PmiBasis.MOTHER_AGREES) | ~Q(facts=""),
                name="transmission_has_facts",
                violation_error_message="Écrivez les faits qui fondent cette transmission.",
            ),
            models.CheckConstraint(
                condition=_TOLD, name="transmission_parents_told", violation_error_message=_TOLD_WORDS
            ),
            models.CheckConstraint(
                condition=Q(basis=PmiBasis.CONCERN, concern__isnull=False)
                | (~Q(basis=PmiBasis.CONCERN) & Q(concern=None)),
                name="transmission_concern_written",
                violation_error_message="Écrivez d’abord l’information préoccupante.",
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None, taken_by=None) | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="transmission_taken_by_somebody",
            ),
        ]
