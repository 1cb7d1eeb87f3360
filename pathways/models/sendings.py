"""What was told or handed to somebody outside the team, and the answer of the mother it leaves under."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from copa.kernel.scope import ScopedManager
from pathways.enums import Document, Recipient, SendingWay
from pathways.models.base import FamilyRow, OfFamiliesQuerySet
from pathways.models.orientations import Orientation
from pathways.models.pathways import Pathway
from territories.models import Member, Structure


class Sending(FamilyRow):
    """One thing that left, or waits to leave, for one recipient (R076). Written with the message it goes with.

    `to` is who received it, as people call her. `message` is the public id of its mail or SMS, asked about again when
    it leaves; None for paper and calls, which have left. `orientation` when the person answered for it alone,
    `structure` for a PMI, which may be inside the care team (A16).
    `stopped_at` once what waited was held back, with the reason.
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="parcours")
    recipient = models.CharField("destinataire", max_length=24, choices=Recipient.choices)
    named = models.CharField("nom et fonction", max_length=120, blank=True, db_default="")
    document = models.CharField("quoi", max_length=20, choices=Document.choices)
    to = models.CharField("à qui", max_length=160)
    how = models.CharField("comment", max_length=8, choices=SendingWay.choices)
    message = models.UUIDField("message", null=True)
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="service de PMI"
    )
    orientation = models.ForeignKey(
        Orientation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="orientation"
    )
    by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="par")
    at = models.DateTimeField("le")
    stopped_at = models.DateTimeField("retenu le", null=True)
    stopped_reason = models.CharField("pourquoi", max_length=200, blank=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "envoi"
        indexes = [
            models.Index(fields=["territory", "family", "-at"], name="sending_of_family"),
            models.Index(
                fields=["territory", "message"], condition=Q(message__isnull=False), name="sending_of_message"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at=None, stopped_reason="")
                | (Q(stopped_at__isnull=False, message__isnull=False) & ~Q(stopped_reason="")),
                name="sending_stopped_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} to {self.recipient}"
