"""What each adult was told about her data (RGPD), and the co-parent's own answer (L12, A36)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from copa.kernel.scope import ScopedManager
from pathways.enums import Agreement, NoticeForm
from pathways.models.base import FamilyRow, OfFamiliesQuerySet
from pathways.models.families import CoParent
from territories.models import Member


class InformationNotice(FamilyRow):
    """One information given to one adult: which text, in which form, when, by whom. It stays what it was.

    `coparent` None for the mother. It is not her adhesion: a new text is a new row.
    """

    coparent = models.ForeignKey(CoParent, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="à")
    version = models.CharField("version du texte", max_length=40)
    form = models.CharField("forme", max_length=12, choices=NoticeForm.choices)
    given_at = models.DateTimeField("remise le")
    given_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="remise par")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "information remise"
        verbose_name_plural = "informations remises"
        indexes = [models.Index(fields=["territory", "family", "given_at"], name="notice_of_family")]

    def __str__(self) -> str:
        return self.version


class CoParentConsent(FamilyRow):
    """Whether the co-parent wishes to be followed too: his own answer, which opens nothing of the mother's.

    `is_safe` says that she was asked alone and finds it safe for her (inclusion.md 8); without it there is no yes.
    The last answer counts, history keeps the others.
    """

    coparent = models.ForeignKey(CoParent, on_delete=models.PROTECT, related_name="+", verbose_name="co-parent")
    answer = models.CharField("réponse", max_length=6, choices=Agreement.choices)
    is_safe = models.BooleanField("sans danger pour elle", default=False)
    at = models.DateTimeField("le")
    collected_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="recueilli par")

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "adhésion du co-parent"
        verbose_name_plural = "adhésions des co-parents"
        constraints = [
            models.UniqueConstraint(fields=["coparent"], name="coparent_consent_once"),
            models.CheckConstraint(
                condition=~Q(answer=Agreement.YES) | Q(is_safe=True),
                name="coparent_consent_safe",
                violation_error_message="Demandez d’abord à la mère, seule, si c’est sans danger pour elle.",
            ),
        ]

    def __str__(self) -> str:
        return self.answer
