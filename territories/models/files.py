"""Documents that the people of a territory keep beside a register: a signed convention, a protocol, minutes."""

from django.db import models

from territories.models.base import Member, TerritoryRow


class StoredFile(TerritoryRow):
    """A PDF as it was sent, never changed: another one takes its place. `digest` is the SHA-256 of its bytes."""

    append_only = True

    name = models.CharField("fichier", max_length=120)
    content = models.BinaryField("contenu")
    size = models.PositiveIntegerField("taille")
    digest = models.CharField("empreinte", max_length=64)
    stored_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="déposé par")
    stored_at = models.DateTimeField("déposé le")

    class Meta:
        verbose_name = "document"

    def __str__(self) -> str:
        return self.name
