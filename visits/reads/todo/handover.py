"""Relays, files to open, transmissions to the PMI, families other territories offer, families nobody reaches."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Max

from copa.kernel import clock
from copa.kernel.french import day as short_day
from copa.kernel.french import inner, phone, plural
from pathways import perms
from pathways.enums import CircleRole, PathwayState, RelayOutcome, RelayState
from pathways.reads.openings import waits_for_file
from pathways.reads.relays import to_propose
from pathways.reads.stops import silent_attempts
from pathways.reads.transfers import calls_to_make, incoming
from pathways.rules import FIRST_CONTACT_DAYS, day_of, has_open_question, is_relay_late, is_without_news
from territories.models import Member
from visits import perms as visit_perms
from visits import rules
from visits.reads.todo.base import Now, Subject, Waiting

_RELAY = (
    *("public_id", "family_id", "state", "sector_id", "due_on", "next_contact_on", "answered_at"),
    *("question", "reply", "is_agreed", "outcome", "outcome_at"),
)
_ENDED_UNMET = "Relais terminé sans contact, à reprendre"


def relays_of_pmi(member: Member, now: Now) -> Iterator[Waiting]:
    """For the PMI: relays to accept, then families it accepted and has not met."""
    if not perms.ANSWER_RELAY.is_held_by(member):
        return
    hers = perms.ANSWER_RELAY.rows(member).filter(due_on__gte=now.today - rules.TODO_PERIOD, family__moved_at=None)
    found = hers.filter(state=RelayState.WAITING) | hers.without_contact()
    for relay in found.order_by("due_on", "pk").values_list(*_RELAY, named=True):
        is_new = relay.state == RelayState.WAITING
        yield _relay(
            relay,
            "Accepter le relais" if is_new else "Rencontrer la famille",
            relay.due_on if is_new else _first_contact(relay, now),
        )


def _first_contact(relay: Any, now: Now) -> date:
    """The day the PMI gave, else within a week of accepting (documents.md 2)."""
    due: date = relay.next_contact_on
    return due or clock.local_date(relay.answered_at, now.zone) + timedelta(days=FIRST_CONTACT_DAYS)


def relays_of_team(member: Member, now: Now) -> Iterator[Waiting]:
    """For the referring team: questions, relays declined, without a sector, or that the PMI leaves unanswered."""
    if not perms.DECIDE_RELAY.is_held_by(member):
        return
    hers = perms.DECIDE_RELAY.rows(member)
    # Taken by a PMI that did not wait for the answer: it is owed all the same.
    open_ones = hers.unsettled() | hers.running().with_open_question().filter(is_agreed=True)
    # And the ones the PMI had accepted before the mother took her yes back: nobody follows the child any more.
    open_ones |= hers.running().taken_back()
    # And those whose PMI ended its follow-up of a family it has not met.
    open_ones |= hers.running().ended_unmet()
    recent = open_ones.filter(due_on__gte=now.today - rules.TODO_PERIOD, family__moved_at=None)
    for relay in recent.order_by("due_on", "pk").values_list(*_RELAY, named=True):
        words = _team_words(relay, now.today)
        if words:
            # The reason the PMI gives, without having met the family: the team reads it before it calls.
            detail = inner(RelayOutcome(relay.outcome).label) if words == _ENDED_UNMET else ""
            yield replace(_relay(relay, words, _team_due(relay, now)), detail=detail)


def _team_due(relay: Any, now: Now) -> date | None:
    """The day of the relay; once the PMI has ended it, some days from what it wrote."""
    if relay.outcome_at:
        return clock.local_date(relay.outcome_at, now.zone) + timedelta(days=rules.ANSWER_DAYS)
    due: date = relay.due_on
    return due if relay.is_agreed else None


def _team_words(relay: Any, today: date) -> str:
    """What the team has to do about a relay; "" while the PMI has it in time."""
    if not relay.is_agreed:
        return "Relais retiré par la mère, à reprendre"
    if relay.state == RelayState.DECLINED:
        return "Relais décliné, à reprendre"
    if has_open_question(relay.state, question=relay.question, reply=relay.reply):
        return "Répondre à la PMI"
    if relay.outcome:
        return _ENDED_UNMET
    if relay.sector_id is None:
        return "Choisir la PMI du relais"
    return "Relais sans réponse de la PMI" if is_relay_late(relay.due_on, today) else ""


def relays_to_propose(member: Member, now: Now) -> Iterator[Waiting]:
    """For the referring team: three weeks have come, and the mother has not said whether the PMI may take over."""
    if not perms.DECIDE_RELAY.is_held_by(member):
        return
    recent = perms.DECIDE_RELAY.rows(member).filter(due_on__gte=now.today - rules.TODO_PERIOD, family__moved_at=None)
    for relay in to_propose(recent, now.today).order_by("due_on", "pk").values_list(*_RELAY, "answer", named=True):
        detail = "elle avait répondu plus tard" if relay.answer else "jamais proposé"
        yield replace(_relay(relay, "Proposer le relais de la PMI", relay.due_on), detail=detail)


def _relay(relay: Any, words: str, due: date | None) -> Waiting:
    return Waiting(
        subject=Subject.RELAYS,
        family_id=relay.family_id,
        words=words,
        due=due,
        page="pathways:relay",
        public_id=relay.public_id,
    )


def transmissions(member: Member, now: Now) -> Iterator[Waiting]:
    """What was handed to the PMI and nobody has taken, on a basis that stands; nothing says on which."""
    rows = perms.TAKE_TRANSMISSION.rows(member).standing().filter(taken_at=None, family__moved_at=None)
    for public_id, family_id, sent_at in rows.order_by("sent_at", "pk").values_list(
        "public_id", "family_id", "sent_at"
    ):
        yield Waiting(
            subject=Subject.HANDOVERS,
            family_id=family_id,
            words="Prendre la transmission",
            due=clock.local_date(sent_at, now.zone) + timedelta(days=rules.ANSWER_DAYS),
            page="pathways:transmission",
            public_id=public_id,
        )


def transfers(member: Member, now: Now) -> Iterator[Waiting]:
    """Families that another territory offers, to be answered within days: nobody visits them meanwhile; no name before
    the offer is opened."""
    if not perms.ANSWER_TRANSFER.is_held_by(member):
        return
    for one in incoming(member, now.zone):
        yield Waiting(
            subject=Subject.HANDOVERS,
            family_id=None,
            words="Accepter ou non une famille qui arrive",
            detail=f"{one.origin}, J{day_of(one.born_on, now.today)}, visites jusqu’au {short_day(one.visits_until)}",
            due=clock.local_date(one.offered_at, now.zone) + timedelta(days=rules.ANSWER_DAYS),
            page="pathways:answer_transfer",
            public_id=one.public_id,
        )


def openings(member: Member, now: Now) -> Iterator[Waiting]:
    """Files to open to somebody of the circle: the mother agrees, and whoever added her could not (R044, R076)."""
    if not perms.OPEN_FAMILY_TO.is_held_by(member):
        return
    rows = waits_for_file(now.at, now.today).filter(family__in=perms.OPEN_FAMILY_TO.rows(member))
    recent = rows.filter(waits_since__gte=now.at - rules.TODO_PERIOD).order_by("waits_since", "pk")
    for person in recent.select_related("family", "member__user"):
        yield Waiting(
            subject=Subject.COORDINATION,
            family_id=person.family_id,
            words="Décider d’ouvrir le dossier",
            detail=f"{person.full_name}, {inner(CircleRole(person.role).label)}",
            due=clock.local_date(person.waits_since, now.zone) + timedelta(days=rules.ANSWER_DAYS),
            page="pathways:circle",
            public_id=person.family.public_id,
        )


def calls_of_before(member: Member, now: Now) -> Iterator[Waiting]:
    """Families who came from another territory, whose team of before asks to be called: it does not write why."""
    if not perms.ANSWER_TRANSFER.is_held_by(member):
        return
    for one in calls_to_make(now.at):
        yield Waiting(
            subject=Subject.HANDOVERS,
            family_id=one.family_id,
            words="Appeler l’équipe qui suivait la famille",
            detail=f"{one.team}, {phone(one.phone)}" if one.phone else one.team,
            due=one.called_at,
            page="visits:family",
            public_id=one.family_key,
            is_danger=True,
        )


def unreached(member: Member, now: Now) -> Iterator[Waiting]:
    """Families who have not answered: to be called again, then the team's decision (stops, P23)."""
    if not perms.NOTE_CONTACT.is_held_by(member):
        return
    followed = perms.NOTE_CONTACT.rows(member).filter(state=PathwayState.ACTIVE, family__moved_at=None)
    attempts = silent_attempts(now.zone).filter(pathway__in=followed, at__gte=now.at - rules.TODO_PERIOD)
    decides = perms.DECLARE_NO_NEWS.is_held_by(member)
    columns = ("pathway__family_id", "pathway__public_id", "count", "days")
    for row in attempts.annotate(last_at=Max("at")).values_list(*columns, "last_at", named=True):
        last_on = clock.local_date(row.last_at, now.zone)
        is_enough = is_without_news(attempts=row.count, days=row.days)
        yield Waiting(
            subject=Subject.CONTACTS,
            family_id=row.pathway__family_id,
            words="Décider de noter « sans nouvelles »" if is_enough and decides else "Rappeler la famille",
            detail=plural(row.count, "appel sans réponse,appels sans réponse"),
            due=last_on if is_enough else last_on + timedelta(days=rules.CALL_AGAIN_DAYS),
            page="pathways:contact",
            public_id=row.pathway__public_id,
        )


def without_news(member: Member, now: Now) -> Iterator[Waiting]:
    """Families without news whose days have passed: the team closes the pathway, or notes her return."""
    if not visit_perms.CLOSE_PATHWAY.is_held_by(member):
        return
    rows: Any = visit_perms.CLOSE_PATHWAY.rows(member)
    lost: Any = rows.filter(state=PathwayState.NO_NEWS, window_to__lt=now.today, family__moved_at=None)
    for public_id, family_id, window_to in lost.order_by("window_to", "pk").values_list(
        "public_id", "family_id", "window_to"
    ):
        yield Waiting(
            subject=Subject.CONTACTS,
            family_id=family_id,
            words="Clore le parcours, ou noter son retour",
            detail="sans nouvelles",
            due=window_to,
            page="visits:close_pathway",
            public_id=public_id,
        )
