"""The register of conventions and partnerships (R035, R042, R071), and the inclusions made outside of them."""

from datetime import date, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from copa.kernel.scope import ScopedManager
from territories.enums import PartnershipKind, StructureKind
from territories.models.base import Member, Structure, TerritoryRow
from territories.models.files import StoredFile
from territories.rules import ENDS_SOON_DAYS


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    """Reads of the register; the day is the territory's."""

    def visible_to(self, member: Member) -> "PartnershipQuerySet":
        """What a territory has agreed on is known to whoever works in it."""
        return self.all()

    def running(self, day: date) -> "PartnershipQuerySet":
        """Those in force on this day, both ends included."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def ending_soon(self, day: date) -> "PartnershipQuerySet":
        """Those whose last day is this one, or one of the ENDS_SOON_DAYS that follow (R035)."""
        return self.filter(ends_on__gte=day, ends_on__lte=day + timedelta(days=ENDS_SOON_DAYS))

    def with_a_maternity(self) -> "PartnershipQuerySet":
        """Formal conventions that a maternity of the territory has signed (R042)."""
        maternity = PartnershipParty.objects.filter(partnership=OuterRef("pk"), structure__kind=StructureKind.MATERNITY)
        return self.filter(Exists(maternity), kind=PartnershipKind.CONVENTION)

    def of_party(self, structure: Structure) -> "PartnershipQuerySet":
        """Those that this structure has signed."""
        return self.filter(Exists(PartnershipParty.objects.filter(partnership=OuterRef("pk"), structure=structure)))


class Partnership(TerritoryRow):
    """What structures of the territory, and others named in words, have agreed on.

    `ends_on` is its last day, None while it has none. `inclusion_procedure` says how families are found and included
    when the auxiliaries are those of a CPP or of the PMI (R071). `document` is the signed text.
    """

    # What is typed of one beside its parties and its document.
    TYPED: ClassVar[tuple[str, ...]] = (
        "kind", "title", "scope", "inclusion_procedure", "other_parties", "has_ars_support", "signed_on", "signed_by",
        "starts_on", "ends_on",
    )  # fmt: skip

    kind = models.CharField("type", max_length=12, choices=PartnershipKind.choices)
    title = models.CharField("titre", max_length=160)
    scope = models.TextField("objet", max_length=2000)
    inclusion_procedure = models.TextField("repérage et inclusion", max_length=4000, blank=True)
    other_parties = models.CharField("autres parties", max_length=400, blank=True)
    has_ars_support = models.BooleanField("avec l’appui de l’ARS", default=False)
    signed_on = models.DateField("signée le")
    signed_by = models.CharField("signataires", max_length=400)
    starts_on = models.DateField("en vigueur du")
    ends_on = models.DateField("au", null=True)
    document = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="document signé"
    )
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="inscrite par")
    written_at = models.DateTimeField("inscrite le")

    objects: ClassVar[Any] = ScopedManager.from_queryset(PartnershipQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(PartnershipQuerySet)()

    class Meta:
        verbose_name = "convention ou partenariat"
        verbose_name_plural = "conventions et partenariats"
        indexes = [
            # The job that tells of what ends soon.
            models.Index(fields=["territory", "ends_on"], name="partnership_ending")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="partnership_ends_after_start",
                violation_error_message="Le dernier jour précède le premier.",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(scope="") & ~Q(signed_by=""),
                name="partnership_is_told",
                violation_error_message="Écrivez le titre, l’objet et les signataires.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PartnershipParty(TerritoryRow):
    """One structure of the territory that signed."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="+", verbose_name="convention")
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")

    class Meta:
        verbose_name = "partie à une convention"
        verbose_name_plural = "parties à une convention"
        constraints = [models.UniqueConstraint(fields=["partnership", "structure"], name="partnership_party_once")]

    def __str__(self) -> str:
        return f"structure {self.structure_id} in partnership {self.partnership_id}"


class ConventionGap(TerritoryRow):
    """An inclusion carried by a CPP or the PMI on a day that no convention covered (R042); nobody was refused.

    `family_id` is no foreign key: the register lies below families and outlives them.
    """

    append_only = True

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    included_on = models.DateField("incluse le")
    family_id = models.BigIntegerField("famille")
    noted_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    noted_at = models.DateTimeField("quand")

    class Meta:
        verbose_name = "inclusion hors convention"
        verbose_name_plural = "inclusions hors convention"
        indexes = [models.Index(fields=["territory", "structure", "-included_on"], name="convention_gap_recent")]

    def __str__(self) -> str:
        return f"inclusion of {self.included_on} outside a convention"
