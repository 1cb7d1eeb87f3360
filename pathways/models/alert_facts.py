"""What a sealed alert is about, beside the alert and not in it."""

from typing import Any, ClassVar

from django.db import models

from copa.kernel.scope import ScopedManager
from pathways.models.alerts import Alert
from pathways.models.base import FamilyRow, OfFamiliesQuerySet


class SealedAlertFacts(FamilyRow):
    """The sign of an S3 alert in words (alerts.md 1): on the page of that alert alone, for its named readers."""

    alert = models.OneToOneField(Alert, on_delete=models.PROTECT, related_name="+", verbose_name="alerte")
    words = models.CharField("faits", max_length=400)

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    append_only = True

    class Meta:
        verbose_name = "faits d’une alerte protégée"
