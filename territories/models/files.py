"""Documents that the people of a territory keep beside a register: a signed convention, a protocol, minutes."""

from typing import Any, ClassVar

from django.db import models

from copa.kernel.scope import ScopedManager
from territories.models.base import Member, TerritoryRow


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    """Reads of documents; whoever may open the register opens them by it."""

    def without_content(self) -> "StoredFileQuerySet":
        """Their names and fingerprints alone."""
        return self.defer("content")


class StoredFile(TerritoryRow):
    """A PDF as it was sent, never changed: another one takes its place. `digest` is the SHA-256 of its bytes."""

    append_only = True

    name = models.CharField("fichier", max_length=120)
    content = models.BinaryField("contenu")
    size = models.PositiveIntegerField("taille")
    digest = models.CharField("empreinte", max_length=64)
    stored_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="déposé par")
    stored_at = models.DateTimeField("déposé le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(StoredFileQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(StoredFileQuerySet)()

    class Meta:
        verbose_name = "document"

    def __str__(self) -> str:
        return self.name
