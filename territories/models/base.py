"""The organisation itself: territories, structures, people and their roles, the traces and the outbox."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast

from copa.kernel.outbox import OutboxRow
from copa.kernel.scope import ScopedManager, current_territory_id
from territories.catalogue import SECRET_TYPES, TYPES, Audience, DirectoryType, Visibility
from territories.entry_facts import FACTS_CONSTRAINTS, POINT_WHOLE, EntryFacts
from territories.enums import (
    CAPACITY_ANSWERS,
    EMR,
    Capacity,
    Channel,
    Cost,
    DutyPlace,
    Known,
    MandateRole,
    Role,
    StructureKind,
    TerritoryStatus,
    Typology,
)


def _alone(column: str) -> Func:
    """The range that holds this number alone."""
    number = Cast(F(column), models.BigIntegerField())
    return Func(number, number, Value("[]"), function="int8range", output_field=BigIntegerRangeField())


class Region(models.Model):
    """An administrative region, by its INSEE code (text: leading zeros overseas)."""

    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=80)

    class Meta:
        verbose_name = "région"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TerritoryQuerySet(models.QuerySet["Territory"]):
    """Reads of territories."""

    def active(self) -> "TerritoryQuerySet":
        """Territories where families are followed now."""
        return self.filter(status=TerritoryStatus.ACTIVE)


class Territory(models.Model):
    """The wall. Its key is the value that row-level security compares."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField("adresse", unique=True)
    name = models.CharField("nom", max_length=80)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="région")
    typology = models.CharField("typologie", max_length=10, choices=Typology.choices)
    time_zone = models.CharField("fuseau horaire", max_length=40, default="Europe/Paris")
    # Region of phone numbers for `phonenumbers`: 0692… is valid as RE, not as FR (domain.md 6).
    phone_region = models.CharField("région téléphonique", max_length=2, default="FR")
    annual_births = models.PositiveIntegerField("naissances par an")
    status = models.CharField("état", max_length=10, choices=TerritoryStatus.choices, default=TerritoryStatus.PREPARING)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin", null=True, blank=True)
    # How the data protection officer is reached, as the information given to the parents says it.
    dpo_contact = models.CharField(
        "délégué à la protection des données", max_length=160, blank=True, default="", db_default="",
        help_text="Comme dans « dpo@exemple.fr, 01 99 00 00 00 ». Vide : par la coordination du territoire.",
    )  # fmt: skip

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = "territoire"
        ordering = ["name"]
        constraints = [
            # R115: a territory declares at most 10 000 births a year.
            models.CheckConstraint(
                condition=Q(annual_births__lte=10_000),
                name="territory_births_capped",
                violation_error_message="Un territoire compte au plus 10 000 naissances par an.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class TerritoryRow(models.Model):
    """What every row of a territory carries. Models with their own QuerySet redeclare both managers."""

    public_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="+", default=current_territory_id, editable=False
    )

    objects: ClassVar[Any] = ScopedManager()
    unscoped: ClassVar[Any] = models.Manager()

    class Meta:
        abstract = True


class StructureQuerySet(models.QuerySet["Structure"]):
    """Reads of structures."""

    def visible_to(self, member: "Member") -> "StructureQuerySet":
        """Whoever works in the territory knows its structures."""
        return self.all()


class Structure(TerritoryRow):
    """A maternity, CPP or PMI service; `mailbox` receives notices without health content."""

    kind = models.CharField("type", max_length=10, choices=StructureKind.choices)
    name = models.CharField("nom", max_length=120)
    finess = models.CharField("FINESS", max_length=9, blank=True)
    mailbox = models.EmailField("boîte de service", blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    # R040: what makes a structure eligible and is no other table's affair; nobody may have asked yet.
    is_authorised = models.CharField(
        "autorisée en gynécologie-obstétrique", max_length=8, choices=Known.choices, default=Known.UNKNOWN
    )
    plans_auxiliaries = models.CharField(
        "prévoit d’avoir des auxiliaires", max_length=8, choices=Known.choices, default=Known.UNKNOWN
    )

    objects: ClassVar[Any] = ScopedManager.from_queryset(StructureQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(StructureQuerySet)()

    class Meta:
        verbose_name = "structure"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "name"],
                name="structure_once_per_territory",
                violation_error_message="Cette structure existe déjà sur le territoire.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PmiSector(TerritoryRow):
    """The part of a territory that one PMI service looks after (R024)."""

    name = models.CharField("nom", max_length=80)
    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="PMI")

    class Meta:
        verbose_name = "secteur de PMI"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Commune(TerritoryRow):
    """A commune of the territory: its COG code, its PMI sector ("unassigned" when None) and isolation (A25)."""

    code = models.CharField("code commune", max_length=5)
    name = models.CharField("nom", max_length=80)
    postal_code = models.CharField("code postal", max_length=5)
    search = models.CharField(max_length=80, editable=False)
    sector = models.ForeignKey(PmiSector, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="secteur")
    is_isolated = models.BooleanField("zone isolée", default=False)
    # Where a family of this territory lives all the same: confirmed by whoever typed it, without a sector of ours.
    is_outside = models.BooleanField("hors du territoire", default=False, db_default=False)
    # Its centre, in degrees; None while nobody has loaded it: no radius then reaches it.
    latitude = models.FloatField("latitude", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)

    class Meta:
        verbose_name = "commune"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["territory", "code"], name="commune_once_per_territory"),
            models.CheckConstraint(condition=POINT_WHOLE, name="commune_point_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.postal_code})"


class UserManager(BaseUserManager["User"]):
    """Accounts are made by an administrator or a command, never by sign-up."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An account with this address as login; without a password it cannot sign in yet."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A support account; it sees no family unless it opens a territory."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


def full_name(first_name: str, last_name: str, email: str) -> str:
    """First and last name, or the address of somebody who gave neither."""
    return f"{first_name} {last_name}".strip() or email


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, by e-mail. What she may do comes from her members and mandates."""

    email = models.EmailField("adresse e-mail", unique=True)
    first_name = models.CharField("prénom", max_length=60)
    last_name = models.CharField("nom", max_length=60)
    rpps = models.CharField("RPPS", max_length=11, blank=True)
    # Professional, in E.164: an alert is told there by SMS. "" when she has given none.
    phone = models.CharField("téléphone professionnel", max_length=20, blank=True)
    is_staff = models.BooleanField("assistance", default=False)
    is_active = models.BooleanField("actif", default=True)
    joined_at = models.DateTimeField("créé le", auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        verbose_name = "utilisatrice"
        constraints = [
            models.UniqueConstraint(fields=["rpps"], condition=~Q(rpps=""), name="user_rpps_once"),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """First and last name, as printed on reports."""
        return full_name(self.first_name, self.last_name, self.email)

    def get_short_name(self) -> str:
        """First name."""
        return self.first_name


REPRESENTATIVE = "Représentante du médecin de PMI"


class MemberQuerySet(models.QuerySet["Member"]):
    """Reads of members; the day is the territory's."""

    def current(self, day: date) -> "MemberQuerySet":
        """Members whose rights run on this day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day, user__is_active=True)

    def visible_to(self, member: "Member") -> "MemberQuerySet":
        """Colleagues of the same territory know each other."""
        return self.all()

    def overlapping(self, starts_on: date, ends_on: date | None) -> "MemberQuerySet":
        """Members whose rights run on at least one of these days, both included; None for no end."""
        rows = self.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
        return rows if ends_on is None else rows.filter(starts_on__lte=ends_on)

    def with_role(self, *roles: str) -> "MemberQuerySet":
        """Members who hold one of these roles."""
        return self.filter(role__in=roles)


class Member(TerritoryRow):
    """A user in a territory, with one role and, for most roles, one structure (R028: an AP always has one)."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="utilisatrice")
    structure = models.ForeignKey(
        Structure, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="structure"
    )
    role = models.CharField("rôle", max_length=24, choices=Role.choices)
    supervisor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="responsable"
    )
    # A18: R4311-4 speaks of a nurse where the cahier des charges speaks of the medical team; both are kept.
    nurse = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", verbose_name="infirmière ou puéricultrice"
    )
    # A39: the name of the PMI doctor she stands for, "" for the doctor herself.
    represents = models.CharField("représente", max_length=120, blank=True)
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(MemberQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(MemberQuerySet)()

    class Meta:
        verbose_name = "membre"
        indexes = [models.Index(fields=["user", "territory"], name="member_of_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "user"],
                condition=Q(ends_on=None),
                name="member_once_per_territory",
                violation_error_message="Cette personne a déjà un rôle en cours sur ce territoire.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="member_ends_after_start",
                violation_error_message="La fin des droits précède leur début.",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=[Role.AP, Role.REFERRING_TEAM, Role.PMI_STAFF]) | Q(structure__isnull=False),
                name="member_has_structure",
                violation_error_message="Ce rôle s’exerce dans une structure : choisissez-la.",
            ),
            models.CheckConstraint(
                condition=Q(represents="") | Q(role=Role.PMI_DOCTOR),
                name="member_represents_a_doctor",
                violation_error_message="Seul un médecin de PMI a une représentante.",
            ),
            models.CheckConstraint(
                condition=Q(supervisor=None, nurse=None) | Q(role=Role.AP),
                name="member_supervised_is_ap",
                violation_error_message="Seule une auxiliaire a une responsable et une encadrante.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user.get_full_name()}, {self.get_role_display()}"

    def get_role_display(self) -> str:
        """Her role as it is told everywhere: whoever stands for the PMI doctor is not called a doctor (A39)."""
        return REPRESENTATIVE if self.represents else str(Role(self.role).label)

    def is_current_on(self, day: date) -> bool:
        """Whether her rights run on this local day: `MemberQuerySet.current` for a row at hand."""
        return self.user.is_active and self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)


# R206, RS18: an entry nobody has looked at for longer than this is shown « à vérifier ».
REVIEW_EVERY = timedelta(days=365)


class DirectoryEntryQuerySet(models.QuerySet["DirectoryEntry"]):
    """Reads of the directory; the day is the territory's."""

    def visible_to(self, member: Member) -> "DirectoryEntryQuerySet":
        """Every entry for the referring team; for the others those whose place is no secret (R003)."""
        return self.all() if member.role in EMR else self.open_places()

    def open_places(self) -> "DirectoryEntryQuerySet":
        """Entries whose place is no secret."""
        return self.exclude(type__in=SECRET_TYPES)

    def valid_on(self, day: date) -> "DirectoryEntryQuerySet":
        """Entries open on this day: an ended programme leaves by its dates alone (R220)."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)

    def ended_on(self, day: date) -> "DirectoryEntryQuerySet":
        """Entries that had ended by this day: readable, never chosen for a new orientation."""
        return self.filter(valid_to__lt=day)

    def to_review_on(self, day: date) -> "DirectoryEntryQuerySet":
        """Entries nobody has checked for a year."""
        return self.filter(reviewed_on__lt=day - REVIEW_EVERY)

    def covering(self, commune: str) -> "DirectoryEntryQuerySet":
        """Entries that receive families of this commune (its code): named, within their radius, or everywhere."""
        return self.filter(Q(communes__contains=[commune]) | Q(communes=[], radius_km=None))

    def receiving(self, audience: str) -> "DirectoryEntryQuerySet":
        """Entries that receive this public (a letter of Audience): ticked, or of a type that does."""
        usual = [one.code for one in TYPES.values() if Audience(audience) in one.audiences]
        return self.filter(Q(audiences__contains=[audience]) | Q(audiences=[], type__in=usual))


class DirectoryEntry(EntryFacts, TerritoryRow):
    """A resource of the territory: who, for whom, how to reach it, until when, checked when.

    `communes` are codes, empty for the whole territory; of an entry with a radius, those its radius reaches
    (`actions.sectors`), and then empty for none. `valid_to` is its last day, None while it goes on.
    """

    type = models.CharField("type", max_length=24)
    name = models.CharField("nom", max_length=120)
    search = models.CharField(max_length=120, editable=False)
    address = models.CharField("adresse", max_length=200, blank=True)
    communes = ArrayField(models.CharField(max_length=5), verbose_name="communes couvertes", default=list, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    short_number = models.CharField("numéro court", max_length=8, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    web = models.URLField("site", blank=True)
    hours = models.CharField("horaires", max_length=160, blank=True)
    delay_days = models.PositiveSmallIntegerField("attente habituelle, en jours", null=True, blank=True)
    cost = models.CharField("coût", max_length=8, choices=Cost.choices, default=Cost.UNKNOWN)
    at_home = models.BooleanField("vient à domicile", default=False)
    languages = models.CharField("langues", max_length=120, blank=True)
    wheelchair = models.CharField("accessible en fauteuil", max_length=8, choices=Known.choices, default=Known.UNKNOWN)
    accepts_without_cover = models.CharField(
        "reçoit sans couverture santé", max_length=8, choices=Known.choices, default=Known.UNKNOWN
    )
    capacity_now = models.CharField(
        "prend de nouvelles familles", max_length=8, choices=Capacity.choices, default=Capacity.UNKNOWN
    )
    # When somebody last said so, the service itself or whoever called it; None while nobody has.
    capacity_on = models.DateField("places dites le", null=True)
    valid_from = models.DateField("depuis le")
    valid_to = models.DateField("jusqu’au", null=True)
    reviewed_on = models.DateField("vérifié le")
    reviewed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="vérifié par")
    visibility = models.CharField("visible", max_length=3, choices=Visibility.choices, default=Visibility.PUBLIC)
    notes_pro = models.CharField("entre professionnels", max_length=400, blank=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(DirectoryEntryQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(DirectoryEntryQuerySet)()

    class Meta:
        verbose_name = "entrée de l’annuaire"
        indexes = [models.Index(fields=["territory", "type", "search"], name="directory_by_type")]
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "type", "name"],
                condition=Q(valid_to=None),
                name="directory_once",
                violation_error_message="Ce service est déjà dans l’annuaire.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="directory_ends_after_start",
                violation_error_message="Le dernier jour précède le premier.",
            ),
            models.CheckConstraint(
                condition=~(Q(phone="") & Q(short_number="") & Q(email="") & Q(web="")),
                name="directory_reachable",
                violation_error_message="Indiquez au moins un moyen de joindre ce service.",
            ),
            # R003: what is secret never stands in a public directory.
            models.CheckConstraint(
                condition=~Q(type__in=sorted(SECRET_TYPES)) | ~Q(visibility=Visibility.PUBLIC),
                name="directory_secret_not_public",
                violation_error_message="Ce lieu reste secret\u00a0: il ne va pas dans l’annuaire public.",
            ),
            *FACTS_CONSTRAINTS,
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind(self) -> DirectoryType:
        """Its type, with class and way in."""
        return TYPES[self.type]


class CapacityCheck(TerritoryRow):
    """The question of one month to a service of the directory, and its answer by a link without account.

    `month` is its first local day. Only the print of the token is stored. `answer` is a Capacity, "" while nobody has
    answered; `used_at` then says when. `reminded_at` is when it was asked once more.
    """

    entry = models.ForeignKey(DirectoryEntry, on_delete=models.PROTECT, related_name="+", verbose_name="service")
    month = models.DateField("mois")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    asked_at = models.DateTimeField("demandé le")
    expires_at = models.DateTimeField("jusqu’au")
    reminded_at = models.DateTimeField("rappelé le", null=True)
    used_at = models.DateTimeField("répondu le", null=True)
    answer = models.CharField("réponse", max_length=8, choices=Capacity.choices, blank=True)

    class Meta:
        verbose_name = "question sur les places"
        verbose_name_plural = "questions sur les places"
        constraints = [
            models.UniqueConstraint(fields=["entry", "month"], name="capacity_asked_once_a_month"),
            models.CheckConstraint(
                condition=Q(used_at=None, answer="") | Q(used_at__isnull=False, answer__in=[*CAPACITY_ANSWERS]),
                name="capacity_answered_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"capacity of {self.entry_id}, {self.month:%Y-%m}"


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    """Reads of the duty roster; a shift holds its first instant, not its last."""

    def visible_to(self, member: "Member") -> "DutyShiftQuerySet":
        """Who is on duty is known to the whole territory."""
        return self.all()

    def running(self, at: datetime) -> "DutyShiftQuerySet":
        """Shifts that hold this instant."""
        return self.filter(starts_at__lte=at, ends_at__gt=at)

    def between(self, first: datetime, last: datetime) -> "DutyShiftQuerySet":
        """Shifts that share an instant with [first, last)."""
        return self.filter(starts_at__lt=last, ends_at__gt=first)


class DutyShift(TerritoryRow):
    """Somebody answers for a structure, at one place of its roster, from one instant to another."""

    structure = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="structure")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", verbose_name="qui")
    place = models.PositiveSmallIntegerField("place", choices=DutyPlace.choices)
    starts_at = models.DateTimeField("de")
    ends_at = models.DateTimeField("à")

    objects: ClassVar[Any] = ScopedManager.from_queryset(DutyShiftQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(DutyShiftQuerySet)()

    class Meta:
        verbose_name = "garde"
        indexes = [models.Index(fields=["territory", "structure", "ends_at"], name="duty_of_structure")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="duty_ends_after_start",
                violation_error_message="La fin de la garde vient après son début.",
            ),
            # Ranges of one number stand for "the same": without them the index would need an extension.
            ExclusionConstraint(
                name="duty_one_at_a_time",
                expressions=[
                    (_alone("structure_id"), RangeOperators.OVERLAPS),
                    (_alone("place"), RangeOperators.OVERLAPS),
                    (
                        Func(F("starts_at"), F("ends_at"), function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="Quelqu’un tient déjà cette place à ce moment : retirez d’abord sa garde.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_place_display()}, {self.starts_at:%Y-%m-%d %H:%M}"


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Reads of mandates; the day is that of mainland France."""

    def current(self, day: date) -> "MandateQuerySet":
        """Mandates that run on this day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Mandate(models.Model):
    """A role above territories. An ARS officer has one region; national and evaluator roles have none."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="utilisatrice")
    role = models.CharField("rôle", max_length=24, choices=MandateRole.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="région")
    starts_on = models.DateField("depuis le")
    ends_on = models.DateField("jusqu’au", null=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat"
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ends_on=None), name="mandate_once"),
            models.CheckConstraint(
                condition=Q(role=MandateRole.ARS_OFFICER, region__isnull=False)
                | (~Q(role=MandateRole.ARS_OFFICER) & Q(region=None)),
                name="mandate_region_for_ars",
                violation_error_message="Une ARS a une région ; les rôles nationaux n’en ont pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"

    @property
    def region_scope(self) -> str:
        """The value of `copa.region`: one region, or every region for national roles."""
        return self.region_id or "*"


class AccessLog(TerritoryRow):
    """One line per reading of a family file and per refusal. The runtime role inserts and reads, nothing else."""

    append_only = True

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="qui")
    # Not a foreign key: the log outlives the family and lies below it. None: the object was not hers to know.
    family_id = models.BigIntegerField("famille", null=True)
    what = models.CharField("quoi", max_length=60)
    route = models.CharField("page", max_length=200)
    is_refused = models.BooleanField("refusé", default=False)
    at = models.DateTimeField("quand")

    class Meta:
        verbose_name = "lecture"
        indexes = [models.Index(fields=["territory", "family_id", "-at"], name="accesslog_of_family")]

    def __str__(self) -> str:
        return f"{self.what} by user {self.user_id}"


class HistoryEvent(models.Model):
    """One change of a sensitive row, written by a database trigger only (design.md 3.8)."""

    trigger_only = True

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    table_name = models.CharField("table", max_length=63)
    row_id = models.BigIntegerField("ligne")
    operation = models.CharField("opération", max_length=6)
    actor = models.CharField("auteur", max_length=80)
    reason = models.CharField("motif", max_length=200)
    happened_at = models.DateTimeField("quand")
    before = models.JSONField("avant")
    after = models.JSONField("après")

    objects: ClassVar[Any] = ScopedManager()
    unscoped: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = "événement d’historique"
        indexes = [models.Index(fields=["territory", "table_name", "row_id", "id"], name="history_of_row")]

    def __str__(self) -> str:
        return f"{self.operation} {self.table_name} {self.row_id}"


class OutgoingMessage(TerritoryRow, OutboxRow):
    """A mail or an SMS that has to leave. Never health content nor a name of a family (L13, alerts.md 8).

    `to` is an address or a number in E.164; an SMS has no subject. What has not left by `useless_from` stays.
    """

    channel = models.CharField("canal", max_length=10, choices=Channel.choices, default=Channel.EMAIL)
    to = models.CharField("destinataire", max_length=254)
    subject = models.CharField("objet", max_length=160, blank=True)
    body = models.TextField("texte")
    created_at = models.DateTimeField("écrit le")
    useless_from = models.DateTimeField("sans objet dès", null=True)

    class Meta:
        verbose_name = "message sortant"
        indexes = [
            # The sending job looks for what has not left yet, oldest first.
            models.Index(
                fields=["territory", "next_attempt_at"],
                condition=Q(state__in=["queued", "claimed"]),
                name="outgoing_ready",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["territory", "dedup_key"], name="outgoing_once"),
            models.CheckConstraint(
                condition=~Q(channel=Channel.SMS) | Q(to__startswith="+", subject=""), name="outgoing_sms_has_number"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dedup_key}, {self.state}"


def members_of(user: User) -> QuerySet[Member]:
    """Every membership of a user over all territories; row-level security lets each person see her own.

    Not their structures: outside the scope that table answers nothing.
    """
    rows: QuerySet[Member] = Member.unscoped.filter(user=user).select_related("territory", "user")
    return rows
