"""What waits for an answer, beyond the list of alerts: told on every page, and to the next meeting."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q

from pathways import perms
from pathways.enums import SIGN_KINDS
from pathways.models.alerts import IS_OPEN, IS_TO_CLOSE
from pathways.reads.alert_rows import most_urgent_first, title_for
from pathways.reads.names import mothers_of
from pathways.rules.ladder import RETURN_WITHIN
from territories.models import Member


@dataclass(frozen=True, slots=True)
class AgendaAlert:
    """An alert for the agenda of the next meeting: open, or taken and not closed within a day (alerts.md 5.5)."""

    public_id: UUID
    family_id: int
    pathway_id: int
    title: str
    raised_at: datetime
    taken_at: datetime | None


def alerts_for_agenda(member: Member, at: datetime) -> list[AgendaAlert]:
    """Signs that a meeting has to speak of, the oldest first, as this member may read them. One query."""
    late = IS_TO_CLOSE & Q(acknowledged_at__lte=at - RETURN_WITHIN)
    found = perms.SEE_ALERTS.rows(member).filter(IS_OPEN | late, kind__in=SIGN_KINDS)
    # Of a family that another territory follows nothing is said at a meeting: the sign is answered, no more.
    found = found.filter(family__moved_at=None)
    shown = found.annotate(may_read=Exists(perms.READ_SEALED_ALERT.rows(member).filter(pk=OuterRef("pk"))))
    return [
        AgendaAlert(
            public_id=alert.public_id,
            family_id=alert.family_id,
            pathway_id=alert.pathway_id,
            title=title_for(alert, member, is_hidden=alert.is_sealed and not alert.may_read),
            raised_at=alert.raised_at,
            taken_at=alert.acknowledged_at,
        )
        for alert in shown.order_by("raised_at", "pk")
    ]


@dataclass(frozen=True, slots=True)
class WatchedSign:
    """The sign to take first, as a page may name it; `may_take`: her tap takes it."""

    public_id: UUID
    family: str
    title: str
    may_take: bool


@dataclass(frozen=True, slots=True)
class Watch:
    """What every page says to those who answer: how many alerts are open, the oldest sign, the one to take first."""

    open: int = 0
    signs: int = 0
    oldest_at: datetime | None = None
    first: WatchedSign | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What `open_counts` finds, nothing where it finds no row."""

    open: int = 0
    signs: int = 0
    oldest_at: datetime | None = None


_IS_SIGN = Q(kind__in=SIGN_KINDS)


def open_counts(member: Member, **named: Any) -> Any:
    """The open alerts this member may see, on the index of what is open: a query of one row at most, for whoever puts
    it beside others. After the columns `named`, the fields of Counted."""
    rows: Any = perms.SEE_ALERTS.rows(member).open().order_by().values(**named)
    return rows.annotate(
        number=Count("pk"), signs=Count("pk", filter=_IS_SIGN), oldest=Min("raised_at", filter=_IS_SIGN)
    )


def watch(member: Member, counted: Counted) -> Watch:
    """The open alerts this member may see, `counted` before (`open_counts`).

    Two queries while a sign waits, for those who are told of it on every page; none for the others.
    """
    is_told = bool(counted.signs) and perms.WATCH_ALERTS.is_held_by(member)
    signs: Any = perms.SEE_ALERTS.rows(member).open().filter(_IS_SIGN)
    first = _to_take_first(signs, member) if is_told else None
    return Watch(counted.open, counted.signs, counted.oldest_at, first)


def _to_take_first(signs: Any, member: Member) -> WatchedSign | None:
    """The most urgent of these signs, then the oldest; None when somebody took it meanwhile."""
    asked = signs.annotate(
        may_read=Exists(perms.READ_SEALED_ALERT.rows(member).filter(pk=OuterRef("pk"))),
        may_take=Exists(perms.TAKE_ALERT.rows(member).filter(pk=OuterRef("pk"))),
    )
    alert: Any = most_urgent_first(asked).first()
    if alert is None:
        return None
    title = title_for(alert, member, is_hidden=alert.is_sealed and not alert.may_read)
    return WatchedSign(alert.public_id, mothers_of([alert.family_id])[alert.family_id].name, title, alert.may_take)
