"""The agenda that writes itself: families whose situation calls for the next meeting (documents.md 3; peers.md 23)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from pathways import perms, rules
from pathways.enums import SIGN_KINDS, MeetingCause
from pathways.models import Alert, Decision, Family, MeetingItem, PmiRelay, StaffMeeting
from pathways.models.alerts import IS_OPEN
from pathways.reads.names import mothers_of
from territories.models import Member

# What one page offers; the others come back once these are dealt with.
LIMIT = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one family belongs on the agenda. `words` never tell what is sealed."""

    family_id: int
    cause: str
    words: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A family to put on the agenda, with every reason; `cause` is the first one's."""

    public_id: UUID
    name: str
    reference: str
    cause: str
    reasons: tuple[str, ...]


@dataclass(slots=True)
class _Found:
    cause: str
    words: list[str] = field(default_factory=list)


# A subject names the families it wants to speak about, among those this member may speak about.
Source = Callable[[Member, datetime, date], Iterable[Reason]]


def suggestions(meeting: StaffMeeting, member: Member, *, at: datetime, today: date) -> list[Suggestion]:
    """Families to put on the agenda of this meeting, the most urgent subject first; those on it already left out."""
    found: dict[int, _Found] = {}
    for source in SOURCES:
        for reason in source(member, at, today):
            found.setdefault(reason.family_id, _Found(reason.cause)).words.append(reason.words)
    known = MeetingItem.objects.filter(meeting=meeting).order_by().values("family")
    hers = perms.PUT_ON_AGENDA.rows(member).filter(pk__in=found).exclude(pk__in=known)
    rows = {family.pk: family for family in hers.only("pk", "public_id", "reference").order_by("pk")}
    keys = [key for key in found if key in rows][:LIMIT]
    mothers = mothers_of(keys)
    return [_suggestion(rows[key], mothers[key].name, found[key]) for key in keys]


def _suggestion(family: Family, name: str, found: _Found) -> Suggestion:
    return Suggestion(family.public_id, name, family.reference, found.cause, tuple(dict.fromkeys(found.words)))


def _alerts(member: Member, at: datetime, today: date) -> Iterable[Reason]:
    """Signs that nobody has taken yet, and those taken since the last days."""
    rows = perms.SEE_ALERTS.rows(member).filter(kind__in=SIGN_KINDS)
    recent = Q(acknowledged_at__gte=at - timedelta(days=7))
    for alert in rows.filter(IS_OPEN | recent).order_by("raised_at", "pk")[:LIMIT]:
        yield Reason(family_id=alert.family_id, cause=MeetingCause.ALERT, words=_alert_words(alert))


def _alert_words(alert: Alert) -> str:
    return "Alerte prise cette semaine" if alert.acknowledged_at else "Alerte sans réponse"


def _relays(member: Member, at: datetime, today: date) -> Iterable[Reason]:
    """Relays that the PMI has not accepted a week after their day."""
    late = perms.SEE_RELAYS.rows(member) & PmiRelay.objects.shown().waiting()
    late = late.filter(due_on__lte=today - timedelta(days=rules.RELAY_LATE_DAYS))
    # Older ones are the affair of the list of forgotten relays.
    late = late.filter(due_on__gte=today - timedelta(days=rules.WARD_DAYS))
    for relay in late.order_by("due_on", "pk")[:LIMIT]:
        yield Reason(family_id=relay.family_id, cause=MeetingCause.RELAY, words="Relais PMI sans réponse")


def _decisions(member: Member, at: datetime, today: date) -> Iterable[Reason]:
    """What an earlier meeting decided and nobody has done in time."""
    late = perms.SETTLE_DECISION.rows(member) & Decision.objects.open().filter(due_on__lt=today)
    for decision in late.order_by("due_on", "pk")[:LIMIT]:
        yield Reason(family_id=decision.family_id, cause=MeetingCause.TEAM, words="Décision en retard")


SOURCES: tuple[Source, ...] = (_alerts, _relays, _decisions)
