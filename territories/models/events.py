"""Groups, workshops and open mornings of a territory, with their dates (R226). No family, nothing counted in I9."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from copa.kernel.scope import ScopedManager
from territories.catalogue import SEALED_NEEDS, SECRET_TYPES, Audience, Visibility
from territories.enums import EMR, EventKind, Known, Registration
from territories.models.base import Commune, DirectoryEntry, Member, TerritoryRow
from territories.rules import OLDEST_CHILD

_CANCELLED_WHOLE = Q(cancelled_at=None, cancelled_by=None, cancel_reason="") | (
    Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancel_reason="")
)


class GroupEventQuerySet(models.QuerySet["GroupEvent"]):
    """Reads of groups and workshops; `at` is an instant."""

    def visible_to(self, member: Member) -> "GroupEventQuerySet":
        """Whoever reads the directory; what a secret place holds stays as secret as the place (R003)."""
        return self.all() if member.role in EMR else self.of_open_places()

    def of_open_places(self) -> "GroupEventQuerySet":
        """Those whose organiser is no secret place."""
        return self.filter(Q(entry=None) | ~Q(entry__type__in=SECRET_TYPES))

    def coming(self, at: datetime) -> "GroupEventQuerySet":
        """Those with a date that is not over, cancelled or not: who meant to come has to learn it."""
        return self.filter(Exists(GroupEventDate.objects.filter(event=OuterRef("pk"), ends_at__gt=at)))

    def past(self, at: datetime) -> "GroupEventQuerySet":
        """Those whose last date is over."""
        return self.exclude(Exists(GroupEventDate.objects.filter(event=OuterRef("pk"), ends_at__gt=at)))

    def by_next_date(self, at: datetime) -> "GroupEventQuerySet":
        """In the order of their next date, cancelled or not."""
        ahead = GroupEventDate.objects.filter(event=OuterRef("pk"), ends_at__gt=at).order_by("starts_at")
        return self.annotate(next_at=Subquery(ahead.values("starts_at")[:1])).order_by("next_at", "pk")

    def by_last_date(self) -> "GroupEventQuerySet":
        """The one that was held last comes first."""
        dates = GroupEventDate.objects.filter(event=OuterRef("pk")).order_by("-ends_at")
        return self.annotate(last_at=Subquery(dates.values("ends_at")[:1])).order_by("-last_at", "pk")

    def near(self, commune: str) -> "GroupEventQuerySet":
        """Those held in this commune (its code), or by a service that receives its families where it is."""
        covering = DirectoryEntry.objects.covering(commune)
        return self.filter(Q(commune__code=commune) | Q(commune=None, entry__in=covering))

    def for_age(self, months: int) -> "GroupEventQuerySet":
        """Those for a child of this age in months, both ends included; one without an age is for all."""
        young = Q(child_age_from=None) | Q(child_age_from__lte=months)
        return self.filter(young, Q(child_age_to=None) | Q(child_age_to__gte=months))


class GroupEvent(TerritoryRow):
    """What brings parents together, held once or many times.

    `entry` is the service that organises it, None for nobody of the directory; `commune` None where that service is.
    `theme` is the code of a need, "" for none. `cancelled_at` once all that was still to come is cancelled.
    """

    kind = models.CharField("type", max_length=12, choices=EventKind.choices)
    name = models.CharField("nom", max_length=120)
    entry = models.ForeignKey(
        DirectoryEntry, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="organisé par"
    )
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="commune")
    address = models.CharField("adresse", max_length=200, blank=True)
    access_text = models.CharField("pour venir", max_length=200, blank=True)
    audiences = ArrayField(models.CharField(max_length=1, choices=Audience.choices), verbose_name="publics")
    child_age_from = models.PositiveSmallIntegerField("âge de l’enfant, dès, en mois", null=True)
    child_age_to = models.PositiveSmallIntegerField("âge de l’enfant, jusqu’à, en mois", null=True)
    theme = models.CharField("thème", max_length=24, blank=True)
    registration = models.CharField("inscription", max_length=10, choices=Registration.choices)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    link = models.URLField("lien d’inscription", blank=True)
    wheelchair = models.CharField("accessible", max_length=8, choices=Known.choices, default=Known.UNKNOWN)
    visibility = models.CharField("visible", max_length=3, choices=Visibility.choices)
    words = models.CharField("ce qui s’y passe", max_length=600, blank=True)
    written_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="écrit par")
    written_at = models.DateTimeField("écrit le")
    cancelled_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="annulé par"
    )
    cancelled_at = models.DateTimeField("annulé le", null=True)
    cancel_reason = models.CharField("motif", max_length=200, blank=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(GroupEventQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(GroupEventQuerySet)()

    class Meta:
        verbose_name = "groupe ou atelier"
        verbose_name_plural = "groupes et ateliers"
        constraints = [
            models.CheckConstraint(
                condition=Q(entry__isnull=False) | (Q(commune__isnull=False) & ~Q(address="")),
                name="event_somewhere",
                violation_error_message="Choisissez qui l’organise, ou écrivez la commune et l’adresse.",
            ),
            models.CheckConstraint(
                condition=Q(audiences__contained_by=[one.value for one in Audience]) & ~Q(audiences=[]),
                name="event_audiences",
                violation_error_message="Choisissez pour qui il est.",
            ),
            models.CheckConstraint(
                condition=Q(child_age_from=None) | Q(child_age_to=None) | Q(child_age_to__gte=F("child_age_from")),
                name="event_ages",
                violation_error_message="L’âge le plus grand vient après l’âge le plus petit.",
            ),
            models.CheckConstraint(
                condition=(Q(child_age_from=None) | Q(child_age_from__lte=OLDEST_CHILD))
                & (Q(child_age_to=None) | Q(child_age_to__lte=OLDEST_CHILD)),
                name="event_age_of_a_child",
                violation_error_message="Dix-huit ans au plus, soit 216 mois.",
            ),
            # A sealed need is no theme that a list may show (S3).
            models.CheckConstraint(
                condition=~Q(theme__in=sorted(SEALED_NEEDS)),
                name="event_theme_not_sealed",
                violation_error_message="Choisissez un thème de la liste.",
            ),
            models.CheckConstraint(
                condition=~Q(registration=Registration.PHONE) | ~Q(phone=""),
                name="event_phone_given",
                violation_error_message="Indiquez le numéro où l’on s’inscrit.",
            ),
            models.CheckConstraint(
                condition=~Q(registration=Registration.LINK) | ~Q(link=""),
                name="event_link_given",
                violation_error_message="Indiquez l’adresse de la page où l’on s’inscrit.",
            ),
            models.CheckConstraint(
                condition=~Q(registration=Registration.REQUIRED) | Q(entry__isnull=False) | ~Q(phone="") | ~Q(link=""),
                name="event_registration_reachable",
                violation_error_message="Indiquez un numéro ou une page où l’on s’inscrit.",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=[Visibility.PUBLIC, Visibility.PROFESSIONAL]), name="event_visibility"
            ),
            models.CheckConstraint(condition=_CANCELLED_WHOLE, name="event_cancelled_whole"),
        ]

    def __str__(self) -> str:
        return self.name


class GroupEventDateQuerySet(models.QuerySet["GroupEventDate"]):
    """Reads of dates."""

    def visible_to(self, member: Member) -> "GroupEventDateQuerySet":
        """Those of the events she may read."""
        return self.filter(event__in=GroupEvent.objects.visible_to(member))


class GroupEventDate(TerritoryRow):
    """One date, from one instant to another of the same local day; a cancelled one stays, with its reason."""

    event = models.ForeignKey(GroupEvent, on_delete=models.PROTECT, related_name="+", verbose_name="groupe ou atelier")
    starts_at = models.DateTimeField("de")
    ends_at = models.DateTimeField("à")
    cancelled_by = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="annulée par"
    )
    cancelled_at = models.DateTimeField("annulée le", null=True)
    cancel_reason = models.CharField("motif", max_length=200, blank=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(GroupEventDateQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(GroupEventDateQuerySet)()

    class Meta:
        verbose_name = "date d’un groupe ou atelier"
        verbose_name_plural = "dates des groupes et ateliers"
        indexes = [models.Index(fields=["territory", "ends_at"], name="event_date_coming")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="event_date_ends_after_start",
                violation_error_message="L’heure de fin vient après celle du début.",
            ),
            # A date that was cancelled may be put back: as another row.
            models.UniqueConstraint(
                fields=["event", "starts_at"],
                condition=Q(cancelled_at=None),
                name="event_date_once",
                violation_error_message="Une de ces dates est déjà notée\u00a0: retirez-la de la répétition.",
            ),
            models.CheckConstraint(condition=_CANCELLED_WHOLE, name="event_date_cancelled_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}, {self.starts_at:%Y-%m-%d %H:%M}"
