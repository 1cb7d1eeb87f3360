"""Who lives where, and how to reach them: what stands before anybody calls or rings."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from copa.kernel.french import NBSP, inner, listed
from copa.kernel.prepared import Prepared, among
from pathways.enums import FRENCH, LANGUAGE_WORDS, AccessNeed, ContactHours, WishedChannel
from pathways.models import CoParent, Death, HospitalStay, Mother
from pathways.reads.facts.words import by
from pathways.rules import born_words


def tongue_and_needs(language: str, access_needs: Collection[str]) -> tuple[str, list[str]]:
    """The language of a mother, "" for French and while nobody has asked, and what helps her, in words."""
    tongue = LANGUAGE_WORDS.get(language, language) if language not in {"", FRENCH} else ""
    return tongue, [str(one.label) for one in AccessNeed if one in access_needs and one != AccessNeed.NONE]


@dataclass(frozen=True, slots=True, kw_only=True)
class MotherFacts:
    """`name` is the one in use; `noted_phone` is E.164 or "", what the file keeps whatever happened (to correct it).

    Whoever is about to reach her asks `phone` and `email`: "" from the moment her death is noted (A38).
    """

    public_id: UUID
    name: str
    birth_name: str
    first_names: str
    birth_on: date
    birth_precision: str
    noted_phone: str
    noted_email: str
    language: str
    access_needs: tuple[str, ...]
    has_died: bool
    is_in_hospital: bool

    @property
    def phone(self) -> str:
        """E.164 or "": the number she is called at."""
        return "" if self.has_died else self.noted_phone

    @property
    def email(self) -> str:
        """Where she is written to, or ""."""
        return "" if self.has_died else self.noted_email

    @property
    def born(self) -> str:
        """As "17 mai 1994", or only what is known of it."""
        return born_words(self.birth_on, self.birth_precision)

    @property
    def helps(self) -> str:
        """What helps her, as "Arabe, interprète"; "" for French and nothing else, while nobody has asked, and once she
        has died.
        """
        if self.has_died:
            return ""
        tongue, needs = tongue_and_needs(self.language, self.access_needs)
        first, *others = [one for one in (tongue, *needs) if one] or [""]
        return ", ".join([first, *(inner(one) for one in others)])

    @property
    def full_name(self) -> str:
        return f"{self.first_names} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoParentFacts:
    """The other parent; `name` is the family name."""

    name: str
    first_names: str
    phone: str

    @property
    def full_name(self) -> str:
        return f"{self.first_names} {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """Safe-contact rules; `line` is what the screens say before anybody calls.

    `is_over`: her death is noted. What she wished stays in the file, and is no longer said to whoever calls (A38).
    """

    may_sms: bool
    may_email: bool
    may_call: bool | None
    may_space: bool
    is_refused: bool
    is_discreet: bool
    no_voice_mail: bool
    # Asked of her team alone: no line says it.
    is_phone_shared: bool
    # From when nobody rings or writes without the team; None without that rule.
    through_team_since: datetime | None
    hours: tuple[str, ...]
    is_over: bool

    @property
    def is_through_team(self) -> bool:
        """Whether whoever would ring or write goes through the team."""
        return self.through_team_since is not None and not self.is_over

    @property
    def ways(self) -> tuple[str, ...]:
        """Codes of WishedChannel she chose; empty while nobody has asked."""
        if self.is_refused:
            return (WishedChannel.NONE,)
        said = {
            WishedChannel.SMS: self.may_sms,
            WishedChannel.EMAIL: self.may_email,
            WishedChannel.CALL: self.may_call,
            WishedChannel.SPACE: self.may_space,
        }
        return tuple(code for code, is_wished in said.items() if is_wished) if self.may_call is not None else ()

    @property
    def ways_words(self) -> str:
        """As "SMS et appel"; "" while nobody has asked, and once there is nobody to tell."""
        return "" if self.is_over else listed([inner(str(WishedChannel(code).label)) for code in self.ways])

    @property
    def line(self) -> str:
        """As "Par SMS ou appel. Le matin seulement. Pas de message vocal. Messages discrets."."""
        if self.is_over:
            return "Voyez d’abord l’équipe de référence."
        if self.is_refused:
            return "Ne la contactez pas entre les visites."
        parts = [f"Préfère : {self.ways_words}."] if self.ways else []
        if self.is_through_team:
            parts = ["Passez par l’équipe de référence avant tout appel ou message."]
        parts += [self._hours]
        parts += ["Pas d’appel."] if self.may_call is False else []
        parts += ["Pas de message vocal."] if self.no_voice_mail else []
        parts += ["Messages discrets."] if self.is_discreet else []
        return " ".join(parts)

    @property
    def _hours(self) -> str:
        given = [str(one.label) for one in ContactHours if one in self.hours and one != ContactHours.ANY]
        if not self.hours:
            return f"Heures{NBSP}: à lui demander."
        if ContactHours.ANY in self.hours or not given:
            return f"{ContactHours.ANY.label}."
        first, *others = given
        return f"{listed([first, *(inner(one) for one in others)])} seulement."


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeFacts:
    """A family at its door. `isolated` is None before the first inclusion."""

    pk: int
    public_id: UUID
    mother: MotherFacts
    address: str
    commune: str
    access_hint: str
    isolated: bool | None
    contact: ContactFacts

    @property
    def name(self) -> str:
        """The name of the family on every screen."""
        return self.mother.name

    @property
    def place(self) -> str:
        """Address and commune on one line; "" when neither is known."""
        return ", ".join(part for part in (self.address, self.commune) if part)


_MOTHER = ("public_id", "birth_name", "first_names", "birth_on", "birth_precision", "language")
_RULES = (
    "may_sms",
    "may_email",
    "may_call",
    "may_space",
    "is_discreet",
    "no_voice_mail",
    "is_phone_shared",
    "through_team_since",
)
_FAMILY = (
    "public_id",
    "reference",
    "address",
    "access_hint",
    "is_isolated",
    "contact_hours",
    "is_contact_refused",
    "created_at",
    "commune__name",
    "commune__postal_code",
    "commune__sector__name",
    "commune__sector__structure_id",
    *_RULES,
)


def homes(keys: Iterable[int]) -> dict[int, HomeFacts]:
    """The homes of these families by primary key; one query."""
    return {row.family_id: HomeFacts(**home_of(row)) for row in home_rows(keys=list(set(keys)))}


@Prepared
def home_rows(keys: Any) -> Any:
    """The columns of the mothers and of their families."""
    family = (f"family__{name}" for name in _FAMILY)
    died = Death.objects.of_mothers().filter(family=OuterRef("family"))
    away = HospitalStay.objects.running().filter(family=OuterRef("family"), child=None)
    mothers = Mother.objects.filter(among("family", keys)).order_by("pk")
    return mothers.annotate(has_died=Exists(died), is_in_hospital=Exists(away)).values_list(
        *("family_id", "used_name", "access_needs", "phone", "email", "has_died", "is_in_hospital"), *_MOTHER, *family
    )


def home_of(row: Any) -> dict[str, Any]:
    """The fields of HomeFacts in a row of `home_rows`."""
    mother = {name: getattr(row, name) for name in _MOTHER}
    rules = {name: getattr(row, f"family__{name}") for name in _RULES}
    return {
        "pk": row.family_id,
        "public_id": row.family__public_id,
        "mother": MotherFacts(
            name=row.used_name or row.birth_name,
            access_needs=tuple(row.access_needs),
            noted_phone=row.phone,
            noted_email=row.email,
            has_died=row.has_died,
            is_in_hospital=row.is_in_hospital and not row.has_died,
            **mother,
        ),
        "address": row.family__address,
        "commune": row.family__commune__name or "",
        "access_hint": row.family__access_hint,
        "isolated": row.family__is_isolated,
        "contact": ContactFacts(
            hours=tuple(row.family__contact_hours),
            is_refused=row.family__is_contact_refused,
            is_over=row.has_died,
            **rules,
        ),
    }


def coparents_of(rows: list[Any]) -> dict[int, tuple[CoParentFacts, ...]]:
    """The other parents by family, in the order they were written, from the rows of `coparent_rows`."""
    return {key: tuple(_coparent(row) for row in group) for key, group in by("family_id", rows).items()}


@Prepared
def coparent_rows(keys: Any) -> Any:
    """The columns of the other parents."""
    parents = CoParent.objects.filter(among("family", keys)).order_by("family_id", "pk")
    return parents.values_list("family_id", "first_names", "name", "phone")


def _coparent(row: Any) -> CoParentFacts:
    return CoParentFacts(name=row.name, first_names=row.first_names, phone=row.phone)
