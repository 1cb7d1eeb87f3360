"""Relays to the PMI: for the PMI those of her service, for the others those of the families they follow."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, When
from django.utils import timezone

from copa.kernel import clock
from copa.kernel.french import full_day
from copa.kernel.paging import counted_page
from copa.kernel.prepared import Prepared, among
from pathways import perms, rules
from pathways.enums import Agreement, ContactKind, Recipient, RelayOutcome, RelayState, RelayStepKind
from pathways.models import Pathway, PmiRelay, RecipientConsent, RelayContact, RelayStep, RelayTask
from pathways.reads.facts import last_births
from pathways.reads.facts.names import Directory
from pathways.reads.facts.words import words
from pathways.reads.names import children_of, mothers_of
from territories.models import HistoryEvent, Member, PmiSector, User

PAGE = 25
PERIOD = timedelta(days=90)
_ENDINGS = frozenset({RelayStepKind.DECLINED, RelayStepKind.NOT_NEEDED})


class RelayShelf(StrEnum):
    """Which relays a page shows; the value stands in the address. TODO holds those of GROUPS, the most urgent first."""

    TODO = "a-faire"
    WAITING = "a-accepter"
    LATE = "plus-de-7-jours"
    QUESTIONED = "questions"
    DECLINED = "declines"
    ACCEPTED = "acceptes"
    NO_CONTACT = "sans-contact"
    CLOSED = "sans-suite"
    NOT_AGREED = "sans-accord"
    OLD = "anciens"


# What somebody has to do about, in the order of its urgency.
GROUPS = (
    RelayShelf.LATE,
    RelayShelf.QUESTIONED,
    RelayShelf.DECLINED,
    RelayShelf.NO_CONTACT,
    RelayShelf.WAITING,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayRow:
    """One relay in a list. `sector` and `pmi` are "" while the commune has none; `next_contact_on` None until accepted.

    `reply` is the team's last answer, "" without a question or while it waits. `has_changed`: somebody of it died and a
    child is followed, its team is spoken to first.
    """

    public_id: UUID
    family_id: UUID
    family: str
    children: str
    commune: str
    day_number: int
    due_on: date
    is_late: bool
    is_handed: bool
    sector: str
    pmi: str
    carrier: str
    state: str
    state_label: str
    is_agreed: bool
    question: str
    reply: str
    answered_by: str
    next_contact_on: date | None
    is_contact_late: bool
    is_ended_unmet: bool
    is_contact_after_asked: bool
    has_changed: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A question of the PMI, or an answer of the referring team; `who` is "" for the service itself."""

    is_question: bool
    text: str
    who: str
    at: datetime


def relay_talk(relay: PmiRelay) -> tuple[Said, ...]:
    """Questions and answers of a relay, the first one first, from the database's own trace: the row holds the last."""
    events = HistoryEvent.objects.filter(table_name=PmiRelay._meta.db_table, row_id=relay.pk).order_by("pk")
    said = [
        (column, event.after[column], event)
        for event in events
        for column in ("question", "reply")
        if event.after.get(column)
    ]
    actors = {event.actor: int(event.actor.removeprefix("user:")) for *_, event in said if "user:" in event.actor}
    users = {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=set(actors.values())).order_by("pk")}
    return tuple(
        Said(column == "question", text, users.get(actors.get(event.actor, 0), ""), event.happened_at)
        for column, text, event in said
    )


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about a relay or a contact after it, for its page; `where` names the new sector, "" otherwise, `kind`
    is that of a step."""

    at: datetime
    title: str
    text: str
    who: str
    where: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayFollowUp:
    """What was decided and done about one relay, the latest first, and until when the PMI may follow (R061).

    `first_contact_by` counts from the acceptance, from today before it. `pmi_until` is the last local day on which the
    PMI keeps the family: `horizon`, sooner once `is_over`. `team_until` is that of the team after the acceptance, None
    while both teams keep the family without an end. `outcome_on` is None for what was noted without its day.
    """

    state: str
    steps: tuple[Decided, ...]
    contacts: tuple[Decided, ...]
    tasks: tuple[tuple[str, date], ...]
    handed_at: datetime | None
    started_at: datetime | None
    outcome: str
    outcome_on: date | None
    outcome_words: str
    is_over: bool
    horizon: date
    pmi_until: date
    team_until: date | None
    first_contact_by: date
    is_contact_after_asked: bool

    @property
    def last_reason(self) -> str:
        """Why the relay was declined or closed the last time, "" when nobody did."""
        return next((step.text for step in self.steps if step.kind in _ENDINGS), "")


def follow_up(relay: PmiRelay, today: date, zone: str) -> RelayFollowUp:
    """Five queries, however much happened."""
    found = PmiRelay.objects.select_related("pathway__birth").get(pk=relay.pk)
    steps = RelayStep.objects.filter(relay=found).select_related("by__user", "to_sector__structure")
    contacts = list(RelayContact.objects.filter(relay=found).select_related("by__user").order_by("-on", "-pk"))
    tasks = RelayTask.objects.filter(relay=found).order_by("rank").values_list("text", "due_on")
    is_over = found.outcome in rules.RELAY_ENDS
    team_ends_at = None if is_over else found.pathway.team_ends_at
    horizon = rules.sixth_birthday(found.pathway.birth.day)
    return RelayFollowUp(
        state=found.state,
        steps=tuple(_step(step) for step in steps.order_by("-at", "-pk")),
        contacts=tuple(_contact(contact) for contact in contacts),
        tasks=tuple(tasks),
        handed_at=found.handed_at,
        started_at=found.started_at,
        outcome=words(RelayOutcome, found.outcome),
        outcome_on=found.outcome_on,
        outcome_words=found.outcome_words,
        is_over=is_over,
        horizon=horizon,
        pmi_until=_last_day(found.ends_at, zone) or horizon,
        team_until=_last_day(team_ends_at, zone),
        first_contact_by=rules.first_contact_by(_accepted_on(found) or today),
        is_contact_after_asked=_is_after_asked(found) and not any(one.has_met for one in contacts),
    )


def to_propose(relays: Any, today: date) -> Any:
    """Those of these relays whose day has come and to which the mother has said neither yes nor no (A11, R164).

    `answer` is "LATER" when she put it off, None when nobody asked her.
    """
    hers = RecipientConsent.objects.filter(family=OuterRef("family"), recipient=Recipient.PMI).order_by()
    due = relays.running().waiting().filter(is_agreed=False, due_on__lte=today)
    asked = due.annotate(answer=Subquery(hers.values("answer")[:1]))
    return asked.filter(Q(answer=None) | Q(answer=Agreement.LATER))


def _last_day(ends_at: datetime | None, zone: str) -> date | None:
    return clock.local_date(ends_at - timedelta(seconds=1), zone) if ends_at else None


def overlap_days(relay: PmiRelay) -> int:
    """How long both teams keep a family together, by the rules of its pathway."""
    days: int = Pathway.objects.values_list("rules__relay_overlap_days", flat=True).get(pk=relay.pathway_id)
    return days


def _accepted_on(relay: Any) -> date | None:
    return timezone.localdate(relay.answered_at) if relay.state == RelayState.ACCEPTED else None


def _is_after_asked(relay: Any) -> bool:
    """Whether the contact that an accepted relay announces comes later than the team asks for a first one."""
    accepted_on, day = _accepted_on(relay), relay.next_contact_on
    return accepted_on is not None and day is not None and day > rules.first_contact_by(accepted_on)


def _step(step: RelayStep) -> Decided:
    where = step.to_sector.structure.name if step.to_sector else ""
    who = step.by.user.get_full_name() if step.by else ""
    return Decided(step.at, words(RelayStepKind, step.kind), step.reason, who, where, step.kind)


def _contact(contact: RelayContact) -> Decided:
    met = "" if contact.has_met else "La famille n’était pas là."
    title = f"{words(ContactKind, contact.kind)}, {full_day(contact.on)}"
    return Decided(contact.at, title, met, contact.by.user.get_full_name())


def other_sectors(relay: PmiRelay) -> list[tuple[str, str]]:
    """The other sectors of the territory, each with its PMI, for a list to choose from."""
    sectors = PmiSector.objects.exclude(pk=relay.sector_id).order_by("name", "pk")
    rows = sectors.values_list("public_id", "name", "structure__name")
    return [(str(public_id), f"{name}, {pmi}") for public_id, name, pmi in rows]


def sectors_of(member: Member) -> list[tuple[str, str]]:
    """The sectors whose relays this member may see, as key and name; her service's own for the PMI."""
    sectors = PmiSector.objects.order_by("name", "pk")
    if perms.ANSWER_RELAY.is_held_by(member):
        sectors = sectors.filter(structure=member.structure_id)
    return [(str(key), name) for key, name in sectors.values_list("public_id", "name")]


@dataclass(frozen=True, slots=True)
class Listed:
    """What is asked of the list; `today` is local, `sector` None for all of them."""

    member: Member
    shelf: RelayShelf
    today: date
    sector: UUID | None = None

    def rows(self) -> Any:
        """Every relay she may see there, whatever the shelf."""
        rows = perms.SEE_RELAYS.rows(self.member)
        return rows.filter(sector__public_id=self.sector) if self.sector else rows


@dataclass(frozen=True, slots=True)
class RelayGroup:
    """Relays of a page that ask for the same; `total` counts those of the other pages too."""

    shelf: str
    total: int
    rows: list[RelayRow]


def groups_of(asked: Listed, rows: list[RelayRow], counts: dict[str, int]) -> list[RelayGroup]:
    """The rows of a page under what they ask for; one group for any shelf but TODO."""
    if asked.shelf != RelayShelf.TODO:
        return [RelayGroup(asked.shelf.value, counts[asked.shelf], rows)] if rows else []
    found = groupby(rows, key=lambda row: _group(row, asked.today))
    return [RelayGroup(shelf.value, counts[shelf], list(of_shelf)) for shelf, of_shelf in found]


def _group(row: RelayRow, today: date) -> RelayShelf:
    if row.state == RelayState.ACCEPTED:
        return RelayShelf.NO_CONTACT
    if rules.is_relay_late(row.due_on, today):
        return RelayShelf.LATE
    if row.state == RelayState.DECLINED:
        return RelayShelf.DECLINED
    return RelayShelf.QUESTIONED if row.state == RelayState.QUESTIONED else RelayShelf.WAITING


def relay_rows(asked: Listed, *, total: int, page: str) -> "Page[RelayRow]":
    """One page of a shelf, the relay due first at the top; accepted and old ones the latest first.

    `total` is the number of relays that `shelf_counts` found there.
    """
    shelf, today = asked.shelf, asked.today
    relays = _shelf(asked.rows(), shelf, today)
    order: tuple[str, ...] = ("-due_on", "-pk") if shelf in {RelayShelf.ACCEPTED, RelayShelf.OLD} else ("due_on", "pk")
    if shelf == RelayShelf.TODO:
        relays, order = relays.annotate(urgency=_urgency(today)), ("urgency", *order)
    # The keys first: what a row shows lies in six more tables, and joining them took longer to plan than to read.
    keys = relays.order_by(*order).values_list("pk", flat=True)
    found = counted_page(keys, per_page=PAGE, total=total, asked=page)
    found.object_list = rows_of(list(found), today)
    return found


def shelf_counts(asked: Listed) -> dict[str, int]:
    """How many relays stand on each shelf; keys are the values of RelayShelf.

    OLD is a part of LATE.
    """
    rows, today = asked.rows(), asked.today
    counts: dict[str, int] = {one.value: 0 for one in RelayShelf}
    is_old = Q(due_on__lt=today - PERIOD)
    late = rows.late(today).order_by().aggregate(all=Count("pk"), old=Count("pk", filter=is_old))
    counts[RelayShelf.LATE], counts[RelayShelf.OLD] = late["all"], late["old"]
    counts[RelayShelf.NO_CONTACT] = _shelf(rows, RelayShelf.NO_CONTACT, today).count()
    others = _recent(rows, today).exclude(_is_late(today)).order_by()
    for is_agreed, state, number in others.values_list("is_agreed", "state").annotate(number=Count("pk")):
        counts[_SHELF_OF[state] if is_agreed else RelayShelf.NOT_AGREED] += number
    counts[RelayShelf.TODO] = sum(counts[one] for one in GROUPS)
    return counts


def _urgency(today: date) -> Case:
    """The place of a relay's group in GROUPS."""
    places = {shelf: place for place, shelf in enumerate(GROUPS)}
    return Case(
        When(_is_late(today), then=places[RelayShelf.LATE]),
        *(When(state=_STATE_OF[one], then=places[one]) for one in GROUPS if one in _STATE_OF),
        default=places[RelayShelf.NO_CONTACT],
        output_field=IntegerField(),
    )


_SHELF_OF = {
    RelayState.WAITING: RelayShelf.WAITING,
    RelayState.QUESTIONED: RelayShelf.QUESTIONED,
    RelayState.ACCEPTED: RelayShelf.ACCEPTED,
    RelayState.DECLINED: RelayShelf.DECLINED,
    RelayState.NOT_NEEDED: RelayShelf.CLOSED,
}
_STATE_OF = {shelf: state for state, shelf in _SHELF_OF.items()}
_UNSETTLED = (*sorted(rules.RELAY_OPEN), RelayState.DECLINED)


def _is_late(today: date) -> Q:
    """Which running relays are on the shelf LATE, as `PmiRelayQuerySet.late` says."""
    return Q(is_agreed=True, state__in=_UNSETTLED, due_on__lt=rules.relay_late_before(today))


def _recent(relays: Any, today: date) -> Any:
    """Relays of the last PERIOD, of pathways that have not stopped and families not in mourning."""
    return relays.running().filter(due_on__gte=today - PERIOD)


def _shelf(relays: Any, shelf: RelayShelf, today: date) -> Any:
    if shelf == RelayShelf.LATE:
        return relays.late(today)
    if shelf == RelayShelf.OLD:
        return relays.late(today).filter(due_on__lt=today - PERIOD)
    recent = _recent(relays, today)
    if shelf == RelayShelf.TODO:
        met_nobody = Q(pk__in=recent.without_contact().order_by().values("pk"))
        return relays.running().filter(Q(state__in=_UNSETTLED) | met_nobody, is_agreed=True)
    if shelf == RelayShelf.NOT_AGREED:
        return recent.filter(is_agreed=False)
    if shelf == RelayShelf.NO_CONTACT:
        return recent.shown().without_contact()
    # The late ones stand on their own shelf.
    return recent.filter(is_agreed=True, state=_STATE_OF[shelf]).exclude(_is_late(today))


def rows_of(keys: list[int], today: date) -> list[RelayRow]:
    """These relays by primary key, in the same order; five queries."""
    relays = {relay.pk: relay for relay in _relays(keys=keys)}
    directory = Directory()
    for relay in relays.values():
        directory.expect(people=[relay.answered_by_id], places=[relay.pathway__carrier_id, relay.sector__structure_id])
    mothers = mothers_of(relay.family_id for relay in relays.values())
    children = children_of(relay.pathway__birth_id for relay in relays.values())
    births = last_births(relay.family_id for relay in relays.values())
    return [
        _row(
            relay,
            mothers[relay.family_id].name,
            children[relay.pathway__birth_id].words,
            directory,
            today,
            has_changed=births[relay.family_id].has_changed,
        )
        for relay in (relays[key] for key in keys)
    ]


@Prepared
def _relays(keys: Any) -> Any:
    columns = (
        "pk",
        "public_id",
        "family_id",
        "family__public_id",
        "family__commune__name",
        "pathway__birth_id",
        "pathway__birth__day",
        "pathway__carrier_id",
        "sector__name",
        "sector__structure_id",
        "due_on",
        "handed_at",
        "state",
        "is_agreed",
        "question",
        "reply",
        "answered_by_id",
        "next_contact_on",
        "answered_at",
        "outcome",
    )
    rows = PmiRelay.objects.filter(among("pk", keys)).with_met()
    return rows.order_by("pk").values_list(*columns, "is_met")


def _row(relay: Any, family: str, children: str, directory: Directory, today: date, *, has_changed: bool) -> RelayRow:
    return RelayRow(
        public_id=relay.public_id,
        family_id=relay.family__public_id,
        family=family,
        children=children,
        commune=relay.family__commune__name or "",
        day_number=rules.day_of(relay.pathway__birth__day, today),
        due_on=relay.due_on,
        is_late=relay.state in rules.RELAY_OPEN and rules.is_relay_late(relay.due_on, today),
        is_handed=relay.handed_at is not None,
        sector=relay.sector__name or "",
        pmi=directory.place(relay.sector__structure_id).name,
        carrier=directory.place(relay.pathway__carrier_id).name,
        state=relay.state,
        state_label=words(RelayState, relay.state),
        is_agreed=relay.is_agreed,
        question=relay.question,
        reply=relay.reply,
        answered_by=directory.name(relay.answered_by_id),
        next_contact_on=relay.next_contact_on,
        is_contact_late=relay.next_contact_on is not None and relay.next_contact_on < today,
        is_ended_unmet=rules.is_ended_unmet(relay.outcome, is_met=relay.is_met),
        is_contact_after_asked=not relay.is_met and _is_after_asked(relay),
        has_changed=has_changed,
    )
