"""The agenda that writes itself: families whose situation calls for the next meeting (documents.md 3; peers.md 23)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from copa.kernel.french import full_day
from pathways import perms, rules
from pathways.enums import MeetingCause, SuggestionCause, SuggestionKind
from pathways.models import Decision, Family, MeetingItem, PmiRelay, StaffMeeting
from pathways.reads.alert_watch import alerts_for_agenda
from pathways.reads.names import mothers_of
from pathways.reads.suggestions import changed_grids, families_with_suggestions
from territories.models import Member

# What one page offers; the others come back once these are dealt with.
LIMIT = 60
# Of the relays that have waited for months, how many stand below the others; the page says how many there are.
FORGOTTEN_LIMIT = 20
# How long a change of the grid is told to the next meeting; the team may conclude before.
GRID_PERIOD = timedelta(days=14)


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


@dataclass(frozen=True, slots=True)
class Offered:
    """What may be put on an agenda. `forgotten` are the first of the `forgotten_total` families of old relays."""

    families: list[Suggestion]
    forgotten: list[Suggestion]
    forgotten_total: int


@dataclass(slots=True)
class _Found:
    cause: str
    words: list[str] = field(default_factory=list)


# A subject names the families it wants to speak about, among those this member may speak about.
Source = Callable[[Member, datetime, date], Iterable[Reason]]


def suggestions(meeting: StaffMeeting, member: Member, *, at: datetime, today: date) -> Offered:
    """Families to put on the agenda of this meeting, the most urgent subject first; those on it already left out.

    A relay that has waited for months is offered with what else is told of its family, else below the others.
    """
    found: dict[int, _Found] = {}
    for source in SOURCES:
        for reason in source(member, at, today):
            found.setdefault(reason.family_id, _Found(reason.cause)).words.append(reason.words)
    near = list(found)
    for reason in _old_relays(member, today):
        found.setdefault(reason.family_id, _Found(reason.cause)).words.append(reason.words)
    known = MeetingItem.objects.filter(meeting=meeting).order_by().values("family")
    hers = perms.PUT_ON_AGENDA.rows(member).filter(pk__in=found).exclude(pk__in=known)
    rows = {family.pk: family for family in hers.only("pk", "public_id", "reference").order_by("pk")}
    first = [key for key in near if key in rows][:LIMIT]
    old = [key for key in found if key in rows and key not in set(near)]
    shown = old[:FORGOTTEN_LIMIT]
    mothers = mothers_of([*first, *shown])
    named = {key: _suggestion(rows[key], mothers[key].name, found[key]) for key in (*first, *shown)}
    return Offered([named[key] for key in first], [named[key] for key in shown], len(old))


def _suggestion(family: Family, name: str, found: _Found) -> Suggestion:
    return Suggestion(family.public_id, name, family.reference, found.cause, tuple(dict.fromkeys(found.words)))


def _alerts(member: Member, at: datetime, today: date) -> Iterable[Reason]:
    """Signs nobody has taken, and those taken that nobody has closed within a day (alerts.md 5.5)."""
    for alert in alerts_for_agenda(member, at):
        words = "Alerte prise, pas encore close" if alert.taken_at else "Alerte sans réponse"
        yield Reason(family_id=alert.family_id, cause=MeetingCause.ALERT, words=words)


def _suggested(member: Member, at: datetime, today: date) -> Iterable[Reason]:
    """Third visits to decide, and what calls for a talk of the team; of the grid the latter says nothing."""
    for one in families_with_suggestions(member, at):
        if one.kind == SuggestionKind.THIRD_VISIT:
            yield Reason(family_id=one.family_id, cause=_CAUSE[one.cause], words="Troisième visite à décider")
        else:
            cause = MeetingCause.EPDS if one.cause == SuggestionCause.EPDS else MeetingCause.TEAM
            yield Reason(family_id=one.family_id, cause=cause, words="Point d’équipe demandé")


_CAUSE: dict[str, str] = {
    SuggestionCause.GRID: MeetingCause.GRID,
    SuggestionCause.EPDS: MeetingCause.EPDS,
    # The co-parent's own result is told to nobody at the table with hers.
    SuggestionCause.COPARENT_EPDS: MeetingCause.TEAM,
    SuggestionCause.PARENTS_REQUEST: MeetingCause.PARENTS_REQUEST,
    SuggestionCause.TEAM: MeetingCause.TEAM,
}


def _grids(member: Member, at: datetime, today: date) -> Iterable[Reason]:
    """What has become present in the open grid since it was first gone through."""
    for family_id in changed_grids(member, since=at - GRID_PERIOD):
        yield Reason(family_id=family_id, cause=MeetingCause.GRID, words="Le repérage a changé")


def _relays(member: Member, at: datetime, today: date) -> Iterable[Reason]:
    """Relays that the PMI has not accepted more than a week after their day (documents.md 3)."""
    late = _unanswered(member).filter(due_on__lt=rules.relay_late_before(today), due_on__gte=_old_before(today))
    for relay in late.order_by("due_on", "pk")[:LIMIT]:
        yield Reason(family_id=relay.family_id, cause=MeetingCause.RELAY, words="Relais PMI sans réponse")


def _old_relays(member: Member, today: date) -> Iterable[Reason]:
    """Those that have waited for longer: all of them, for the page says how many, the last to have become so first."""
    old = _unanswered(member).filter(due_on__lt=_old_before(today)).order_by("-due_on", "-pk")
    for family_id, due_on in old.values_list("family_id", "due_on"):
        words = f"Relais PMI sans réponse, à faire le {full_day(due_on)}"
        yield Reason(family_id=family_id, cause=MeetingCause.RELAY, words=words)


def _unanswered(member: Member) -> Any:
    return perms.SEE_RELAYS.rows(member) & PmiRelay.objects.shown().waiting()


def _old_before(today: date) -> date:
    """Relays due before this day stand below the others: a meeting speaks of what is near first."""
    return today - timedelta(days=rules.WARD_DAYS)


def _decisions(member: Member, at: datetime, today: date) -> Iterable[Reason]:
    """What an earlier meeting decided and nobody has done in time."""
    late = perms.SETTLE_DECISION.rows(member) & Decision.objects.owed().filter(due_on__lt=today)
    for decision in late.order_by("due_on", "pk")[:LIMIT]:
        yield Reason(family_id=decision.family_id, cause=MeetingCause.TEAM, words="Décision en retard")


SOURCES: tuple[Source, ...] = (_alerts, _suggested, _grids, _relays, _decisions)
