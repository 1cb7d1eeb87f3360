"""The tablet was handed to the mother: what she was asked, and her answers until they are taken up."""

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from copa.kernel.scope import ScopedManager
from pathways.enums import HandedKind, HandedOutcome, Presence
from pathways.models.base import FamilyRow
from pathways.models.epds import EpdsWording
from pathways.models.pathways import Pathway
from pathways.rules.handings import KEPT_FOR, LEFT_AFTER
from territories.models import Member


class HandingQuerySet(models.QuerySet["Handing"]):
    """Reads of handings."""

    def visible_to(self, member: Member) -> "HandingQuerySet":
        """Those she began herself: nobody else knows of them."""
        return self.filter(author=member)

    def open(self) -> "HandingQuerySet":
        """Those whose answers were neither taken up nor erased."""
        return self.filter(closed_at=None)

    def given_back(self, at: datetime) -> "HandingQuerySet":
        """Open ones that are in the author's hands again: by the code, or left untouched for too long."""
        return self.open().filter(Q(returned_at__isnull=False) | Q(touched_at__lt=at - LEFT_AFTER))

    def expired(self, at: datetime) -> "HandingQuerySet":
        """Open ones for which nobody came within seven days."""
        return self.open().filter(begun_at__lt=at - KEPT_FOR)


class Handing(FamilyRow):
    """One handing of the tablet. Its answers stand beside it (`HandedAnswer`), and only while it is open.

    `pathway` None before an inclusion; `wording` is the text she reads, None for what has no text of its own;
    `source_id` is the public id of the visit whose report asks, None outside one. `returned_at`: the code was given,
    or five wrong ones were.
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="parcours")
    kind = models.CharField("quoi", max_length=12, choices=HandedKind.choices)
    language = models.CharField("langue", max_length=5)
    wording = models.ForeignKey(
        EpdsWording, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="texte"
    )
    presence = models.CharField("entourage", max_length=12, choices=Presence.choices, blank=True)
    source_id = models.UUIDField("visite", null=True)
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="remise par")
    begun_at = models.DateTimeField("remise le")
    touched_at = models.DateTimeField("dernier geste le")
    finished_at = models.DateTimeField("terminée le", null=True)
    returned_at = models.DateTimeField("rendue le", null=True)
    closed_at = models.DateTimeField("close le", null=True)
    outcome = models.CharField("issue", max_length=9, choices=HandedOutcome.choices, blank=True)
    wrong_codes = models.PositiveSmallIntegerField("codes faux", default=0)

    objects: ClassVar[Any] = ScopedManager.from_queryset(HandingQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(HandingQuerySet)()

    class Meta:
        verbose_name = "tablette remise à la mère"
        indexes = [
            models.Index(fields=["territory", "family"], condition=Q(closed_at=None), name="handing_open_of_family"),
            models.Index(fields=["territory", "begun_at"], condition=Q(closed_at=None), name="handing_to_erase"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["family", "author", "kind"],
                condition=Q(closed_at=None),
                name="handing_one_at_a_time",
                violation_error_message="Des réponses données sur la tablette attendent déjà : reprenez-les d’abord.",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="handing_closed_with_an_outcome",
            ),
            models.CheckConstraint(
                condition=(Q(kind=HandedKind.EPDS, wording__isnull=False, pathway__isnull=False) & ~Q(presence=""))
                | Q(kind=HandedKind.AGREEMENTS, wording=None, source_id=None, presence="", language="fr"),
                name="handing_of_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} handed {self.begun_at:%Y-%m-%d %H:%M}"


class HandedAnswer(FamilyRow):
    """One answer as she gave it; "" when she prefers not to. Sealed: its value is in no history, and it is erased."""

    handing = models.ForeignKey(Handing, on_delete=models.PROTECT, related_name="+", verbose_name="remise")
    item = models.CharField("question", max_length=32)
    value = models.CharField("réponse", max_length=12, blank=True)

    objects: ClassVar[Any] = ScopedManager()
    unscoped: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = "réponse donnée sur la tablette"
        constraints = [models.UniqueConstraint(fields=["handing", "item"], name="handed_answer_once")]

    def __str__(self) -> str:
        return f"answer to {self.item}"
