"""The list of alerts: what is open first, by urgency then age."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.paginator import Page
from django.db.models import Count, Q, QuerySet

from copa.kernel.paging import counted_page
from pathways import perms
from pathways.enums import SIGN_KINDS
from pathways.models import Alert
from pathways.models.alerts import IS_ENDED_TAKEN, IS_OPEN, IS_TO_CLOSE, IS_UNSAID
from pathways.reads.alert_rows import AlertRow, most_urgent_first, rows_of
from pathways.rules.ladder import RETURN_WITHIN
from territories.models import Member

PAGE = 25
PERIOD = timedelta(days=90)
# What a family file repeats of alerts that are over.
FAMILY_PERIOD = timedelta(days=7)


class AlertShelf(StrEnum):
    """Which alerts a page shows; the value stands in the address."""

    OPEN = "ouvertes"
    TAKEN = "prises"
    CLOSED = "closes"
    ENDED = "finies"
    ALL = "toutes"


def alert_rows(member: Member, shelf: AlertShelf, at: datetime, *, total: int, page: str) -> "Page[AlertRow]":
    """One page of a shelf. Open alerts are all there is; of the others only the last PERIOD is listed.

    `total` is the number of alerts that `shelf_counts` found there.
    """
    rows = _ordered(_shelf(perms.SEE_ALERTS.rows(member), shelf, at), shelf)
    # The keys first: joined to what a row shows, the open alerts would be sought among every pathway of the team.
    found = counted_page(rows.values_list("pk", flat=True), per_page=PAGE, total=total, asked=page)
    found.object_list = rows_of(list(found), member, at)
    return found


def answered_signs(member: Member, at: datetime, *, family_id: int | None = None) -> list[AlertRow]:
    """Signs of her families, or of this one, that somebody answers: not over, or over less than a day ago; the
    latest first.
    """
    recent = Q(closed_at__gte=at - RETURN_WITHIN)
    recent |= IS_ENDED_TAKEN & Q(ended_at__gte=at - RETURN_WITHIN)
    found = perms.SEE_ALERTS.rows(member).filter(IS_TO_CLOSE | recent, kind__in=SIGN_KINDS)
    if family_id is not None:
        found = found.filter(family=family_id)
    keys = list(found.order_by("-acknowledged_at", "-pk").values_list("pk", flat=True)[:PAGE])
    return _silent_once(rows_of(keys, member, at))


def recent_signs(alerts: list[Alert], member: Member, at: datetime) -> list[AlertRow]:
    """Of the alerts of one family she may see: the signs open or being answered, those closed less than a week ago."""
    shown = [one for one in alerts if one.kind in SIGN_KINDS and _is_recent(one, at)]
    shown.sort(key=lambda one: (one.raised_at, one.pk), reverse=True)
    return _silent_once(rows_of([one.pk for one in shown[:PAGE]], member, at))


def _silent_once(rows: list[AlertRow]) -> list[AlertRow]:
    """The same, with one line a family for all that has fallen silent."""
    seen: set[UUID] = set()
    kept = []
    for row in rows:
        if not (row.is_silent and row.family_id in seen):
            kept.append(row)
        if row.is_silent:
            seen.add(row.family_id)
    return kept


def _is_recent(alert: Alert, at: datetime) -> bool:
    if alert.closed_at:
        return alert.closed_at >= at - FAMILY_PERIOD
    if alert.ended_at:
        return alert.acknowledged_at is not None and alert.ended_at >= at - FAMILY_PERIOD
    return True


def shelf_counts(member: Member, at: datetime) -> dict[str, int]:
    """How many alerts stand on each shelf, in one query; keys are the values of AlertShelf."""
    rows = perms.SEE_ALERTS.rows(member)
    counted = {shelf.name: Count("pk", filter=_condition(shelf, at)) for shelf in AlertShelf}
    on_a_shelf = IS_OPEN | IS_TO_CLOSE | _condition(AlertShelf.ALL, at)
    numbers = rows.filter(on_a_shelf).aggregate(**counted)
    return {shelf.value: numbers[shelf.name] for shelf in AlertShelf}


def _shelf(alerts: Any, shelf: AlertShelf, at: datetime) -> Any:
    return alerts.filter(_condition(shelf, at))


def _condition(shelf: AlertShelf, at: datetime) -> Q:
    """What makes an alert stand on this shelf."""
    recent = Q(raised_at__gte=at - PERIOD)
    is_sign = Q(kind__in=SIGN_KINDS)
    conditions = {
        # What was taken and not closed within a day comes back (alerts.md 5.5).
        # What was taken by name alone is not answered yet (alerts.md 1): the others see whose it is.
        AlertShelf.OPEN: IS_OPEN | IS_UNSAID | (IS_TO_CLOSE & Q(acknowledged_at__lte=at - RETURN_WITHIN)),
        AlertShelf.TAKEN: IS_TO_CLOSE,
        # A reminder that was taken is settled.
        AlertShelf.CLOSED: recent & (Q(closed_at__isnull=False) | (Q(acknowledged_at__isnull=False) & ~is_sign)),
        AlertShelf.ENDED: recent & (Q(acknowledged_at=None, ended_at__isnull=False) | IS_ENDED_TAKEN),
        AlertShelf.ALL: recent,
    }
    return conditions[shelf]


def _ordered(alerts: QuerySet[Alert], shelf: AlertShelf) -> QuerySet[Alert]:
    return most_urgent_first(alerts) if shelf == AlertShelf.OPEN else alerts.order_by("-raised_at", "-pk")
