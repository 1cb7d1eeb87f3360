"""A household and its adults."""

from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from copa.kernel import clock
from copa.kernel.lookups import Prefix
from copa.kernel.prepared import Existing, Prepared
from copa.kernel.scope import ScopedManager, current_territory_id
from pathways.enums import DayPrecision, IsolationMethod
from pathways.models.base import FamilyRow, OfFamiliesQuerySet, keeps_records, knows_every_family
from pathways.models.grants import FamilyGrant
from pathways.models.pathways import Pathway
from pathways.models.relays import PmiRelay
from pathways.rules import NAME_LETTERS
from territories.enums import Role
from territories.models import Commune, Member, Structure, Territory, TerritoryRow

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")

# Those the PMI takes the family over from: once the overlap is over, it leaves their reach.
_HANDS_OVER = frozenset({Role.AP, Role.REFERRING_TEAM})


def within_reach(rows: Rows, member: Member, *, family: str = "family", unless: Q | None = None) -> Rows:
    """Rows of the families that have not left this member: the one rule of a file and of every list that names it.

    One that another territory follows is left as a record, to the binôme alone (A38); one that the PMI alone follows
    has left the referring team and the AP. `family` is the way to the family from these rows, "pk" from families.
    Rows that meet `unless` stay though their family has left: what is still to be answered here.
    """
    if keeps_records(member):
        return rows
    is_here = Q(**{"moved_at" if family == "pk" else f"{family}__moved_at": None})
    here = rows.filter(is_here if unless is None else is_here | unless)
    if member.role not in _HANDS_OVER:
        return here
    kept = ~Q(Existing(_handed_over, family=F(family), at=clock.now()))
    return here.filter(kept if unless is None else kept | unless)


@Prepared
def _handed_over(family: Any, at: Any) -> Any:
    return PmiRelay.objects.handed_over(at).filter(family=family).values_list("pk")


class FamilyQuerySet(models.QuerySet["Family"]):
    """Reads of families."""

    def visible_to(self, member: Member) -> "FamilyQuerySet":
        """Families this member may know of (404 for any other): by role, by assignment, by grant, by relay."""
        if knows_every_family(member):
            return within_reach(self, member, family="pk")  # type: ignore[no-any-return]
        return self.filter(moved_at=None).followed_near(member)

    def followed_near(self, member: Member) -> "FamilyQuerySet":
        """Those near this member: of her structure, assigned, granted or handed to her."""
        mine = Pathway.objects.filter(family=OuterRef("pk"))
        if member.role in {Role.AP, Role.REFERRING_TEAM}:
            # Colleagues of a structure know of each other's families; acting on one is another question.
            known = Exists(mine.filter(Q(carrier=member.structure_id) | Q(ap=member)))
            held = within_reach(self.filter(known | Q(maternity=member.structure_id)), member, family="pk")
            return held | self.opened_in_emergency(member) if member.role == Role.REFERRING_TEAM else held
        if member.role == Role.PMI_STAFF:
            relays = PmiRelay.objects.shown().filter(family=OuterRef("pk"), sector__structure=member.structure_id)
            return self.filter(Exists(relays) | Exists(FamilyGrant.objects.running_for(member, OuterRef("pk"))))
        return self.filter(Exists(FamilyGrant.objects.running_for(member, OuterRef("pk"))))

    def opened_in_emergency(self, member: Member) -> "FamilyQuerySet":
        """Families that this member opened in an emergency, for three hours."""
        return self.filter(Exists(FamilyGrant.objects.running_for(member, OuterRef("pk")).in_emergency()))


class Family(TerritoryRow):
    """A household around one or more births; its names are searched through `FamilyWord`."""

    reference = models.CharField("référence", max_length=12)
    maternity = models.ForeignKey(Structure, on_delete=models.PROTECT, related_name="+", verbose_name="maternité")
    address = models.CharField("adresse", max_length=200, blank=True)
    commune = models.ForeignKey(Commune, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="commune")
    access_hint = models.CharField("pour vous trouver", max_length=120, blank=True)
    # Computed from the commune and frozen at inclusion (R124); None before.
    is_isolated = models.BooleanField("zone isolée", null=True)
    isolated_on = models.DateField("zone isolée décidée le", null=True)
    isolated_method = models.CharField(
        "zone isolée décidée par", max_length=8, choices=IsolationMethod.choices, blank=True, db_default=""
    )
    # Safe-contact rules, obeyed by every channel (inclusion.md 3). None of them is a health fact.
    # Codes of ContactHours; empty while nobody has asked.
    contact_hours = models.JSONField("heures d’appel", default=list, db_default=[])
    # None while nobody has asked: an unanswered question forbids no call.
    may_call = models.BooleanField("appels acceptés", null=True)
    may_space = models.BooleanField("espace parents accepté", default=False, db_default=False)
    # She does not want to be contacted between the visits: no channel is left.
    is_contact_refused = models.BooleanField("aucun contact entre les visites", default=False, db_default=False)
    may_email = models.BooleanField("e-mails acceptés", default=False)
    may_sms = models.BooleanField("SMS acceptés", default=False)
    is_discreet = models.BooleanField("messages discrets", default=False)
    no_voice_mail = models.BooleanField("pas de message vocal", default=False)
    # A36: she says that somebody else reads her phone. Discretion follows from it; it outlives a change of her mind.
    is_phone_shared = models.BooleanField("quelqu’un d’autre lit ce téléphone", default=False, db_default=False)
    # A rule of its own, beside what she wished: a call or a message could put her in danger (A36). Nobody reads why.
    through_team_since = models.DateTimeField("pas d’appel sans l’équipe, depuis le", null=True)
    created_at = models.DateTimeField("créée le")
    # Another territory follows her since: nothing stays readable here but the record, for the binôme alone.
    moved_at = models.DateTimeField("suivie ailleurs depuis", null=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(FamilyQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(FamilyQuerySet)()

    class Meta:
        verbose_name = "famille"
        indexes = [
            models.Index(fields=["territory", "-id"], name="family_recent"),
            models.Index(fields=["territory", "maternity"], name="family_maternity"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["territory", "reference"], name="family_reference_once"),
            models.CheckConstraint(
                condition=Q(is_contact_refused=False)
                | Q(may_sms=False, may_email=False, may_call=False, may_space=False),
                name="family_refused_contact_is_whole",
                violation_error_message="Ne pas la contacter ne va avec aucun autre choix.",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def traced_family_id(self) -> int:
        """Whose file is read when this row is."""
        return int(self.pk)


class FamilyWordQuerySet(models.QuerySet["FamilyWord"]):
    """Reads of the words of names, as keys of families."""

    def beginning(self, letters: str) -> models.QuerySet[Any, Any]:
        """Families one of whose names has a word that begins so; `letters` is one of `rules.name_words`."""
        return self.filter(Prefix(F("word"), letters)).values("family")

    def same(self, word: str) -> models.QuerySet[Any, Any]:
        """Families one of whose names has this word."""
        return self.filter(word=word).values("family")


class FamilyWord(models.Model):
    """One word of the names of a family: mother, co-parents, children. Written by `store_words` alone.

    A row per word, because `^@` on a B-tree is the only prefix search whose index row-level security leaves usable
    (stack.md 2.1). It repeats columns that have a history, so it has none.
    """

    # Both are first in an index below: one of their own would only cost writes.
    territory = models.ForeignKey(
        Territory,
        on_delete=models.PROTECT,
        related_name="+",
        default=current_territory_id,
        editable=False,
        db_index=False,
    )
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="+", db_index=False)
    word = models.CharField(max_length=NAME_LETTERS, editable=False)

    objects: ClassVar[Any] = ScopedManager.from_queryset(FamilyWordQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(FamilyWordQuerySet)()

    class Meta:
        verbose_name = "mot d’un nom"
        indexes = [
            models.Index(
                fields=["territory", "word", "family"],
                name="family_word_search",
                opclasses=["uuid_ops", "text_pattern_ops", "int8_ops"],
            )
        ]
        constraints = [models.UniqueConstraint(fields=["family", "word"], name="family_word_once")]

    def __str__(self) -> str:
        return self.word


class Mother(FamilyRow):
    """The woman who gave birth. Phone is E.164; the local register stays the maternity's."""

    birth_name = models.CharField("nom de naissance", max_length=80)
    used_name = models.CharField("nom utilisé", max_length=80, blank=True)
    first_names = models.CharField("prénoms", max_length=80)
    # Its first day when only a month or a year is known.
    birth_on = models.DateField("née le")
    birth_precision = models.CharField(
        "précision", max_length=5, choices=DayPrecision.choices, default=DayPrecision.DAY, db_default=DayPrecision.DAY
    )
    phone = models.CharField("téléphone", max_length=20, blank=True)
    email = models.EmailField("adresse e-mail", blank=True)
    # R228: codes of LANGUAGES ("" while nobody has asked) and of AccessNeed.
    language = models.CharField("langue", max_length=8, blank=True, db_default="")
    access_needs = models.JSONField("ce qui l’aide", default=list, db_default=[])

    class Meta:
        verbose_name = "mère"
        indexes = [
            models.Index(fields=["territory", "birth_on"], name="mother_birth_on"),
            models.Index(fields=["territory", "phone"], name="mother_phone"),
        ]
        constraints = [models.UniqueConstraint(fields=["family"], name="mother_once_per_family")]

    def __str__(self) -> str:
        return f"{self.first_names} {self.name}"

    @property
    def name(self) -> str:
        """The name she uses."""
        return self.used_name or self.birth_name


class CoParent(FamilyRow):
    """The other parent; never sees what concerns the mother alone (A36)."""

    first_names = models.CharField("prénoms", max_length=80)
    name = models.CharField("nom", max_length=80)
    phone = models.CharField("téléphone", max_length=20, blank=True)

    objects: ClassVar[Any] = ScopedManager.from_queryset(OfFamiliesQuerySet)()
    unscoped: ClassVar[Any] = models.Manager.from_queryset(OfFamiliesQuerySet)()

    class Meta:
        verbose_name = "co-parent"
        indexes = [models.Index(fields=["territory", "phone"], name="coparent_phone")]

    def __str__(self) -> str:
        return f"{self.first_names} {self.name}"
