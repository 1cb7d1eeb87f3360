"""The protocols of a territory: common rules of work, every version kept (R090)."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from copa.kernel.scope import ScopedManager
from territories.models.base import Member, TerritoryRow
from territories.models.files import StoredFile


class ProtocolQuerySet(models.QuerySet["Protocol"]):
    """Reads of protocols."""

    def visible_to(self, member: Member) -> "ProtocolQuerySet":
        """Common rules are known to whoever works in the territory."""
        return self.all()


class Protocol(TerritoryRow):
    """One protocol by its title; what it says stands in its versions."""

    title = models.CharField("titre", max_length=160)

    objects: ClassVar[Any] = ScopedManager.from_queryset(ProtocolQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(ProtocolQuerySet)()

    class Meta:
        verbose_name = "protocole"
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "title"],
                name="protocol_once",
                violation_error_message="Ce protocole existe déjà\u00a0: publiez-en une nouvelle version.",
            ),
            models.CheckConstraint(
                condition=~Q(title=""), name="protocol_is_named", violation_error_message="Écrivez son titre."
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProtocolVersionQuerySet(models.QuerySet["ProtocolVersion"]):
    """Reads of versions; the day is the territory's."""

    def visible_to(self, member: Member) -> "ProtocolVersionQuerySet":
        """Older versions stay readable: somebody worked under them."""
        return self.all()

    def begun(self, day: date) -> "ProtocolVersionQuerySet":
        """Those that have held by this day, the one in force last."""
        return self.filter(valid_from__lte=day).order_by("protocol_id", "valid_from", "number")


class ProtocolVersion(TerritoryRow):
    """One version, in words, as a PDF or both; published once and never changed."""

    append_only = True

    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="+", verbose_name="protocole")
    number = models.PositiveSmallIntegerField("version")
    valid_from = models.DateField("valable à partir du")
    words = models.TextField("texte", max_length=20_000, blank=True)
    document = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="document"
    )
    published_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="publié par")
    published_at = models.DateTimeField("publié le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(ProtocolVersionQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(ProtocolVersionQuerySet)()

    class Meta:
        verbose_name = "version d’un protocole"
        verbose_name_plural = "versions d’un protocole"
        constraints = [
            models.UniqueConstraint(
                fields=["protocol", "number"],
                name="protocol_version_once",
                violation_error_message="Une autre version vient d’être publiée\u00a0: rechargez la page.",
            ),
            models.CheckConstraint(
                condition=~Q(words="") | Q(document__isnull=False),
                name="protocol_version_says_something",
                violation_error_message="Écrivez le texte, ou envoyez le PDF.",
            ),
        ]

    def __str__(self) -> str:
        return f"protocol {self.protocol_id}, version {self.number}"
