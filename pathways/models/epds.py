"""The EPDS: ten values of 0 to 3, a total only when they are all there, the thresholds it was read with (domain.md 3).

No wording stands here: keys only, and the wording file a territory with permission loads for itself (L01).
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from copa.kernel.scope import ScopedManager
from pathways.enums import EpdsReason, EpdsStatus, Presence, ScreenedPerson, ScreeningSource
from pathways.models.base import FamilyRow, OfFamiliesQuerySet
from pathways.models.pathways import Pathway
from pathways.rules.screening import EPDS_ITEMS
from territories.models import Member, TerritoryRow


class EpdsThresholds(TerritoryRow):
    """The cut-offs a territory's pilots validated, from an instant on; each result keeps those it was read with."""

    version = models.CharField("version", max_length=20)
    watch = models.PositiveSmallIntegerField("à surveiller à partir de")
    alert = models.PositiveSmallIntegerField("suggestion à l’équipe à partir de")
    high = models.PositiveSmallIntegerField("appel le jour même à partir de")
    # A37: other cut-offs for the co-parent; None: his total is kept, and nothing reads it.
    coparent_watch = models.PositiveSmallIntegerField("co-parent : à surveiller à partir de", null=True)
    coparent_alert = models.PositiveSmallIntegerField("co-parent : suggestion à l’équipe à partir de", null=True)
    coparent_high = models.PositiveSmallIntegerField("co-parent : appel le jour même à partir de", null=True)
    # A37: never offered to the co-parent unless the pilots say so.
    offers_coparent = models.BooleanField("proposé aussi au co-parent", default=False)
    validated_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="validés par")
    valid_from = models.DateTimeField("valables à partir du")

    append_only = True

    class Meta:
        verbose_name = "seuils de l’EPDS"
        indexes = [models.Index(fields=["territory", "-valid_from"], name="epds_thresholds_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "version"],
                name="epds_thresholds_once",
                violation_error_message="Cette version existe déjà : donnez-lui un autre nom.",
            ),
            models.CheckConstraint(
                condition=Q(watch__gte=1, alert__gte=F("watch"), high__gte=F("alert"), high__lte=30),
                name="epds_thresholds_in_order",
                violation_error_message="Les trois seuils vont dans l’ordre, de 1 à 30.",
            ),
            models.CheckConstraint(
                condition=Q(coparent_watch=None, coparent_alert=None, coparent_high=None)
                | Q(
                    coparent_watch__gte=1,
                    coparent_alert__gte=F("coparent_watch"),
                    coparent_high__gte=F("coparent_alert"),
                    coparent_high__lte=30,
                ),
                name="epds_thresholds_of_coparent_in_order",
                violation_error_message="Les trois seuils du co-parent vont ensemble et dans l’ordre, de 1 à 30.",
            ),
        ]


class EpdsWording(TerritoryRow):
    """The scale as a territory may print it, loaded from its own file; the last one loaded in a language stands.

    `items` maps each key to its text and its four options, each with its points: never counted by position (E1).
    """

    language = models.CharField("langue", max_length=5)
    title = models.CharField("titre", max_length=120)
    permission = models.CharField("autorisation", max_length=200)
    items = models.JSONField("questions")
    loaded_at = models.DateTimeField("chargée le")

    append_only = True

    class Meta:
        verbose_name = "texte de l’EPDS"
        indexes = [models.Index(fields=["territory", "language", "-loaded_at"], name="epds_wording_latest")]


class EpdsScreeningQuerySet(OfFamiliesQuerySet):
    """Reads of screenings."""

    def filled_by_mother(self) -> "EpdsScreeningQuerySet":
        """Those the mother filled in, at a visit or elsewhere: what follows asks for no other (A09, R058)."""
        return self.filter(status=EpdsStatus.DONE, person=ScreenedPerson.MOTHER)


class EpdsScreening(FamilyRow):
    """The EPDS proposed once, to the mother unless her territory also proposes it to the co-parent (A37).

    `day` is D+n, `total` None unless the ten values are there (E2); the thresholds beside it are those of that day.
    `presence` says who was near; `reason` why it was not done. `repeat_on` is the local date from which it is proposed
    again, None when nothing calls for it. The values themselves are sealed: see `EpdsValues`.
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+", verbose_name="parcours")
    person = models.CharField("personne", max_length=8, choices=ScreenedPerson.choices, default=ScreenedPerson.MOTHER)
    status = models.CharField("état", max_length=8, choices=EpdsStatus.choices)
    reason = models.CharField("pourquoi pas", max_length=12, choices=EpdsReason.choices, blank=True)
    presence = models.CharField("entourage", max_length=12, choices=Presence.choices, blank=True)
    language = models.CharField("langue", max_length=5, blank=True)
    at = models.DateTimeField("le")
    day = models.SmallIntegerField("jour")
    recorded_at = models.DateTimeField("noté le")
    author = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    source = models.CharField("source", max_length=8, choices=ScreeningSource.choices)
    source_id = models.UUIDField("visite", null=True)
    total = models.PositiveSmallIntegerField("total", null=True)
    thresholds_version = models.CharField("version des seuils", max_length=20, blank=True)
    watch = models.PositiveSmallIntegerField("seuil : à surveiller", null=True)
    alert = models.PositiveSmallIntegerField("seuil : suggestion", null=True)
    high = models.PositiveSmallIntegerField("seuil : appel", null=True)
    repeat_on = models.DateField("à reproposer à partir du", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(EpdsScreeningQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(EpdsScreeningQuerySet)()

    append_only = True

    class Meta:
        verbose_name = "questionnaire EPDS"
        indexes = [
            models.Index(fields=["territory", "family", "-at"], name="epds_of_family"),
            models.Index(
                fields=["territory", "repeat_on"], condition=Q(repeat_on__isnull=False), name="epds_repeat_due"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["territory", "source_id"], name="epds_once_per_visit"),
            models.CheckConstraint(
                condition=Q(person__in=[ScreenedPerson.MOTHER, ScreenedPerson.COPARENT]), name="epds_of_an_adult"
            ),
            models.CheckConstraint(condition=Q(total=None) | Q(total__lte=30), name="epds_total_up_to_thirty"),
            models.CheckConstraint(
                condition=Q(status=EpdsStatus.DONE, reason="")
                | (~Q(status=EpdsStatus.DONE) & ~Q(reason="") & Q(total=None)),
                name="epds_not_done_with_a_reason",
                violation_error_message="Dites pourquoi le questionnaire n’est pas rempli.",
            ),
            models.CheckConstraint(
                condition=Q(total=None)
                | (Q(watch__isnull=False, alert__isnull=False, high__isnull=False) & ~Q(thresholds_version=""))
                # Where the territory has set no cut-off for the co-parent (A37).
                | Q(person=ScreenedPerson.COPARENT, watch=None, alert=None, high=None, thresholds_version=""),
                name="epds_total_with_its_thresholds",
            ),
        ]


def _item() -> Any:
    return models.PositiveSmallIntegerField(null=True)


class EpdsValues(FamilyRow):
    """The ten values as they were first entered: sealed, and never changed (E1, P12). None where one was left empty."""

    screening = models.ForeignKey(EpdsScreening, on_delete=models.PROTECT, related_name="+", verbose_name="EPDS")
    i01 = _item()
    i02 = _item()
    i03 = _item()
    i04 = _item()
    i05 = _item()
    i06 = _item()
    i07 = _item()
    i08 = _item()
    i09 = _item()
    i10 = _item()

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    append_only = True

    class Meta:
        verbose_name = "valeurs de l’EPDS"
        constraints = [
            models.UniqueConstraint(fields=["screening"], name="epds_values_once"),
            *(
                models.CheckConstraint(
                    condition=Q(**{key: None}) | Q(**{f"{key}__lte": 3}),
                    name=f"epds_{key}_from_0_to_3",
                    violation_error_message="Chaque réponse vaut 0, 1, 2 ou 3.",
                )
                for key in EPDS_ITEMS
            ),
        ]


class EpdsCorrection(FamilyRow):
    """« Erreur de recopie »: asked by somebody, accepted or not by the team; nothing closes by it (alerts.md 5.5)."""

    screening = models.ForeignKey(EpdsScreening, on_delete=models.PROTECT, related_name="+", verbose_name="EPDS")
    item = models.CharField("réponse", max_length=3)
    value = models.PositiveSmallIntegerField("valeur lue sur la feuille")
    reason = models.CharField("motif", max_length=200)
    asked_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="demandée par")
    asked_at = models.DateTimeField("demandée le")
    is_accepted = models.BooleanField("acceptée", null=True)
    decided_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="décidée par"
    )
    decided_at = models.DateTimeField("décidée le", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "correction de l’EPDS"
        indexes = [models.Index(fields=["territory", "screening"], name="epds_correction_of")]
        constraints = [
            models.CheckConstraint(condition=Q(item__in=EPDS_ITEMS), name="epds_correction_of_an_item"),
            models.CheckConstraint(condition=Q(value__lte=3), name="epds_correction_from_0_to_3"),
            models.CheckConstraint(
                condition=Q(is_accepted=None, decided_by=None, decided_at=None)
                | Q(is_accepted__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="epds_correction_decided_by_somebody",
            ),
        ]
