"""The sealed compartment of a family's screening: S3 answers and signals, for their named readers only."""

from dataclasses import dataclass
from datetime import datetime

from pathways.enums import GridDomain, GridValue, Presence, SafeCall, ScreenedPerson, SealedDomain
from pathways.models import Family, SealedGridAnswer, SealedSignal
from pathways.reads.facts.names import Directory
from pathways.reads.facts.words import words
from pathways.rules.screening import was_alone


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedAnswer:
    """One S3 answer. `is_latest`: nothing newer was said of this factor; `is_flagged`: the partner was there (G3)."""

    domain: str
    label: str
    value: str
    is_present: bool
    about: str
    comment: str
    presence: str
    was_alone: bool
    is_flagged: bool
    author: str
    at: datetime
    is_latest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalLine:
    """What an AP told the team, in her words."""

    domains: str
    facts: str
    presence: str
    was_alone: bool
    is_flagged: bool
    safe_call: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedScreening:
    """Everything sealed about a family, the latest first; reaching it was logged by `fetch`."""

    answers: tuple[SealedAnswer, ...]
    signals: tuple[SignalLine, ...]


def sealed_screening(family: Family) -> SealedScreening:
    """The compartment of a family. Four queries."""
    answers = SealedGridAnswer.objects.filter(family=family).select_related("factor").order_by("-at", "-pk")
    signals = SealedSignal.objects.filter(family=family).order_by("-at", "-pk")
    directory = Directory()
    directory.expect(people=[row.author_id for rows in (answers, signals) for row in rows])
    seen: set[tuple[str, str, int | None]] = set()
    lines = []
    for row in answers:
        key = (row.factor.code, row.person, row.child_id)
        lines.append(_answer(row, directory, is_latest=key not in seen))
        seen.add(key)
    return SealedScreening(answers=tuple(lines), signals=tuple(_signal(row, directory) for row in signals))


def _answer(row: SealedGridAnswer, directory: Directory, *, is_latest: bool) -> SealedAnswer:
    return SealedAnswer(
        domain=words(GridDomain, row.factor.domain),
        label=row.factor.label,
        value=words(GridValue, row.value),
        is_present=row.value == GridValue.PRESENT,
        about=words(ScreenedPerson, row.person),
        comment=row.comment,
        presence=words(Presence, row.presence),
        was_alone=was_alone(row.presence),
        is_flagged=row.presence == Presence.PARTNER_NEAR,
        author=directory.name(row.author_id),
        at=row.at,
        is_latest=is_latest,
    )


def _signal(row: SealedSignal, directory: Directory) -> SignalLine:
    return SignalLine(
        domains=", ".join(words(SealedDomain, code) for code in row.domains),
        facts=row.facts,
        presence=words(Presence, row.presence),
        was_alone=was_alone(row.presence),
        is_flagged=row.presence == Presence.PARTNER_NEAR,
        safe_call=words(SafeCall, row.safe_call),
        author=directory.name(row.author_id),
        at=row.at,
    )
