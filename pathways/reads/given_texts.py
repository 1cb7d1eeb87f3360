"""A text as it is printed and given (inclusion.md 5 to 7): its words, whose it is, and where and when it was signed."""

from dataclasses import dataclass
from datetime import datetime

from copa.kernel.digest import digest_of
from copa.kernel.french import inner, listed
from pathways.enums import Collector, ConsentPlace
from pathways.models import AntenatalConsent, Consent, Family, Presentation
from pathways.reads.facts import FamilyFacts
from pathways.reads.facts.words import words
from pathways.texts import Reader, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """When, where and by whom an adhesion was collected, as the foot of the text says it."""

    at: datetime
    place: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenText:
    """`recipient` is the adult it is given to. `signed` None for a text nobody signs, and before she has.

    `dpo_contact` is how the territory's data protection officer is reached, "" by the coordination.
    """

    text: Text
    recipient: str
    team: str
    signed: Signed | None
    dpo_contact: str

    @property
    def is_signed_text(self) -> bool:
        """Whether boxes, date and place stand at its end: the adhesion alone."""
        return self.text.reader == Reader.ADHESION

    @property
    def digest(self) -> str:
        """Of the words given, to whom, and of the signature."""
        at = self.signed.at.isoformat() if self.signed else ""
        known = {"version": self.text.version, "team": self.team, "for": self.recipient, "signed": at}
        return digest_of(known | ({"dpo": self.dpo_contact} if self.dpo_contact else {}))


def of_family(text: Text, family: FamilyFacts, team: str, dpo_contact: str) -> GivenText:
    """For an adult of a family; signed is the last adhesion given under this very version. One query."""
    is_coparents = text.reader == Reader.COPARENT
    recipient = listed([one.full_name for one in family.coparents]) if is_coparents else family.mother.full_name
    signed = _signed(text, family)
    return GivenText(text=text, recipient=recipient, team=team, signed=signed, dpo_contact=dpo_contact)


def team_of(family: Family, facts: FamilyFacts) -> str:
    """The name of the team that a text names: the one that follows her, else her maternity."""
    return facts.pathway.carrier if facts.pathway else str(family.maternity)


def of_presentation(text: Text, presentation: Presentation, dpo_contact: str) -> GivenText:
    """For a woman before the birth; one query."""
    early = AntenatalConsent.objects.filter(presentation=presentation, text_version=text.version)
    row = early.select_related("collected_by__user").order_by("-at", "-pk").first()
    name = f"{presentation.first_names} {presentation.used_name or presentation.birth_name}"
    team = str(presentation.maternity) if presentation.maternity else ""
    signed = _as_signed(row, str(ConsentPlace.BEFORE_BIRTH.label)) if row else None
    return GivenText(text=text, recipient=name, team=team, signed=signed, dpo_contact=dpo_contact)


def _signed(text: Text, family: FamilyFacts) -> Signed | None:
    rows = Consent.objects.filter(family=family.pk, text_version=text.version, withdrawn_at=None)
    row = rows.select_related("collected_by__user").order_by("-at", "-pk").first()
    return _as_signed(row, words(ConsentPlace, row.place)) if row else None


def _as_signed(row: Consent | AntenatalConsent, place: str) -> Signed:
    return Signed(at=row.at, place=inner(place), by=collector_of(row))


def collector_of(row: Consent | AntenatalConsent) -> str:
    """Who collected an adhesion, as "Inès Martin, sage-femme": the name that was written, else that of the account."""
    name = row.collector_name or row.collected_by.user.get_full_name()
    return f"{name}, {inner(words(Collector, row.collector))}" if row.collector else str(name)
