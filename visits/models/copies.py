"""Copies of reports: what left towards those outside the team the mother agreed to (R076, R105, R110)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from copa.kernel.scope import ScopedManager
from pathways.enums import Recipient
from pathways.models import FamilyRow, OfFamiliesQuerySet
from territories.enums import Role
from territories.models import Member, Structure, User


class ReportCopyQuerySet(OfFamiliesQuerySet):
    """Reads of copies."""

    def addressed_to(self, member: Member) -> "ReportCopyQuerySet":
        """Those that she received by name, or her PMI service did."""
        hers = Q(user=member.user_id)
        if member.role == Role.PMI_STAFF and member.structure_id is not None:
            hers |= Q(structure=member.structure_id)
        return self.filter(hers)

    def of_reports(self) -> "ReportCopyQuerySet":
        """Copies of signed reports, those of their addenda left out."""
        return self.filter(addendum=None)

    def to_read(self) -> "ReportCopyQuerySet":
        """Unopened ones. An addendum to what waits to be read is read with it, and does not wait beside it."""
        same = ReportCopy.objects.filter(report=OuterRef("report"), address=OuterRef("address"), opened_at=None)
        return self.filter(Q(addendum=None) | ~Exists(same.filter(pk__lt=OuterRef("pk"))), opened_at=None)


class ReportCopy(FamilyRow):
    """One report, or one of its addenda, for one recipient outside the team who was agreed to when it left.

    `user` reads it here by name, `structure` is a PMI service that does, neither for somebody who opens it by a
    one-time link (`AnswerLink.copy_id`). `address` is where she was told, `message` the public id of that mail, None
    where the team's own mailbox is hers. `opened_by` is None for a reading by link. `fingerprint` is the SHA-256 of
    what was handed over.
    """

    report = models.ForeignKey("visits.Report", on_delete=models.PROTECT, related_name="+", verbose_name="compte rendu")
    addendum = models.ForeignKey(
        "visits.Addendum", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="complément"
    )
    recipient = models.CharField("destinataire", max_length=24, choices=Recipient.choices)
    to = models.CharField("à qui", max_length=160)
    address = models.EmailField("adresse")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="lectrice")
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="service de PMI"
    )
    message = models.UUIDField("message", null=True)
    fingerprint = models.CharField("empreinte", max_length=64)
    sent_at = models.DateTimeField("remis le")
    opened_at = models.DateTimeField("ouvert le", null=True)
    opened_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="ouvert par"
    )

    objects: ClassVar[Any] = ScopedManager.from_queryset(ReportCopyQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(ReportCopyQuerySet)()

    class Meta:
        verbose_name = "copie d’un compte rendu"
        verbose_name_plural = "copies de comptes rendus"
        indexes = [
            models.Index(fields=["territory", "report"], name="copy_of_report"),
            models.Index(fields=["territory", "user", "-sent_at"], condition=Q(user__isnull=False), name="copy_inbox"),
            models.Index(
                fields=["territory", "structure", "-sent_at"],
                condition=Q(structure__isnull=False),
                name="copy_inbox_of_pmi",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "addendum", "address"],
                nulls_distinct=False,
                name="copy_once",
                violation_error_message="Cette personne a déjà reçu ce compte rendu.",
            ),
            models.CheckConstraint(condition=Q(user=None) | Q(structure=None), name="copy_of_one_reader"),
            models.CheckConstraint(
                condition=Q(opened_by=None) | Q(opened_at__isnull=False), name="copy_opened_is_dated"
            ),
        ]

    @property
    def is_by_link(self) -> bool:
        """Whether its reader has no account."""
        return self.user_id is None and self.structure_id is None
