"""Relays to the PMI: for the PMI those of her service, for the others those of the families they follow."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from pathways import perms, rules
from pathways.enums import RelayState
from pathways.models import Child, Mother, PmiRelay
from pathways.reads.facts import join_names
from territories.models import Member

PAGE = 25
PERIOD = timedelta(days=90)


class RelayShelf(StrEnum):
    """Which relays a page shows; the value stands in the address."""

    WAITING = "a-accepter"
    QUESTIONED = "questions"
    ACCEPTED = "acceptes"
    NOT_AGREED = "sans-accord"
    OLD = "anciens"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayRow:
    """One relay in a list. `sector` and `pmi` are "" while the commune has none; `next_contact_on` None until accepted.

    `reply` is the team's last answer, "" without a question or while it waits.
    """

    public_id: UUID
    family_id: UUID
    family: str
    children: str
    commune: str
    day_number: int
    due_on: date
    is_overdue: bool
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


def relay_rows(member: Member, shelf: RelayShelf, today: date, page: str) -> "Page[RelayRow]":
    """One page of a shelf, the relay due first at the top; accepted and old ones the latest first; `today` is local."""
    relays = _shelf(perms.SEE_RELAYS.rows(member), shelf, today)
    order = ("-due_on", "-pk") if shelf in {RelayShelf.ACCEPTED, RelayShelf.OLD} else ("due_on", "pk")
    related = relays.select_related(
        "family__commune", "pathway__birth", "pathway__carrier", "sector__structure", "answered_by__user"
    )
    found: Page[Any] = Paginator(related.order_by(*order), PAGE).get_page(page)
    found.object_list = _rows(list(found), today)
    return found


def shelf_counts(member: Member, today: date, shelf: RelayShelf) -> dict[str, int | None]:
    """How many relays stand on each shelf; keys are the values of RelayShelf.

    What is older than PERIOD grows for ever: it is counted only when it is asked for, None otherwise.
    """
    rows = perms.SEE_RELAYS.rows(member)
    counted = [one for one in RelayShelf if one != RelayShelf.OLD or shelf == RelayShelf.OLD]
    return {one.value: _shelf(rows, one, today).count() if one in counted else None for one in RelayShelf}


def _shelf(relays: QuerySet[PmiRelay], shelf: RelayShelf, today: date) -> QuerySet[PmiRelay]:
    recent = relays.filter(due_on__gte=today - PERIOD)
    if shelf == RelayShelf.NOT_AGREED:
        running = recent.filter(is_agreed=False).exclude(pathway__birth__is_silent=True)
        return running.exclude(pathway__state__in=list(rules.STOPPED))
    if shelf == RelayShelf.OLD:
        old = relays.filter(due_on__lt=today - PERIOD).exclude(state=RelayState.ACCEPTED)
        return old.shown()  # type: ignore[attr-defined,no-any-return]
    states = {
        RelayShelf.WAITING: RelayState.WAITING,
        RelayShelf.QUESTIONED: RelayState.QUESTIONED,
        RelayShelf.ACCEPTED: RelayState.ACCEPTED,
    }
    return recent.shown().filter(state=states[shelf])  # type: ignore[attr-defined,no-any-return]


def _rows(relays: list[PmiRelay], today: date) -> list[RelayRow]:
    families = [relay.family_id for relay in relays]
    mothers = {row.family_id: row for row in Mother.objects.filter(family__in=families).order_by("pk")}
    names: dict[int, list[str]] = {}
    births = [relay.pathway.birth_id for relay in relays]
    for child in Child.objects.filter(birth__in=births).order_by("birth_id", "rank"):
        names.setdefault(child.birth_id, []).append(child.shown_name)
    return [
        _row(relay, mothers[relay.family_id].name, join_names(names.get(relay.pathway.birth_id, [])), today)
        for relay in relays
    ]


def _row(relay: PmiRelay, family: str, children: str, today: date) -> RelayRow:
    commune, sector = relay.family.commune, relay.sector
    return RelayRow(
        public_id=relay.public_id,
        family_id=relay.family.public_id,
        family=family,
        children=children,
        commune=commune.name if commune else "",
        day_number=rules.day_of(relay.pathway.birth.day, today),
        due_on=relay.due_on,
        is_overdue=relay.state != RelayState.ACCEPTED and relay.due_on < today,
        sector=sector.name if sector else "",
        pmi=sector.structure.name if sector else "",
        carrier=relay.pathway.carrier.name,
        state=relay.state,
        state_label=relay.get_state_display(),
        is_agreed=relay.is_agreed,
        question=relay.question,
        reply=relay.reply,
        answered_by=relay.answered_by.user.get_full_name() if relay.answered_by else "",
        next_contact_on=relay.next_contact_on,
    )
