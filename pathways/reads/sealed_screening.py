"""The sealed compartment of a family's screening: S3 answers and signals, for their named readers only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from copa.kernel import trace
from pathways import perms
from pathways.enums import AlertFamily, GridDomain, GridValue, Presence, SafeCall, ScreenedPerson, SealedDomain
from pathways.models import Alert, Family, SealedGridAnswer, SealedSignal
from pathways.reads.alert_rows import sealed_words
from pathways.reads.facts.names import Directory
from pathways.reads.facts.words import words
from pathways.rules.screening import was_alone
from territories.models import Member


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
class CauseLine:
    """Why a protected alert of this family was raised. `taken_by` "" while nobody has taken it."""

    alert_id: UUID
    words: str
    raised_by: str
    at: datetime
    taken_by: str
    is_closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedScreening:
    """Everything sealed about a family, the latest first; reaching it was logged by `fetch`."""

    answers: tuple[SealedAnswer, ...]
    signals: tuple[SignalLine, ...]
    causes: tuple[CauseLine, ...]


def sealed_screening(family: Family, member: Member) -> SealedScreening:
    """The compartment of a family; of its protected alerts, those this member may read. Six queries."""
    answers = SealedGridAnswer.objects.filter(family=family).select_related("factor").order_by("-at", "-pk")
    signals = SealedSignal.objects.filter(family=family).order_by("-at", "-pk")
    directory = Directory()
    directory.expect(people=[row.author_id for rows in (answers, signals) for row in rows])
    alerts = list(perms.READ_SEALED_ALERT.rows(member).filter(family=family, is_sealed=True).order_by("-raised_at"))
    directory.expect(people=[key for one in alerts for key in (one.raised_by_id, one.acknowledged_by_id)])
    seen: set[tuple[str, str, int | None]] = set()
    lines = []
    for row in answers:
        key = (row.factor.code, row.person, row.child_id)
        lines.append(_answer(row, directory, is_latest=key not in seen))
        seen.add(key)
    return SealedScreening(
        answers=tuple(lines),
        signals=tuple(_signal(row, directory) for row in signals),
        causes=_causes(alerts, directory, family),
    )


def _causes(alerts: list[Alert], directory: Directory, family: Family) -> tuple[CauseLine, ...]:
    if alerts:
        trace.note(trace.Note(what=perms.READ_SEALED_ALERT.code, family_id=family.pk))
    words_of = sealed_words(alerts)
    return tuple(
        CauseLine(
            alert_id=one.public_id,
            words=words_of[one.pk] or words(AlertFamily, one.family_code),
            raised_by=directory.name(one.raised_by_id),
            at=one.raised_at,
            taken_by=directory.name(one.acknowledged_by_id),
            is_closed=one.closed_at is not None,
        )
        for one in alerts
    )


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
