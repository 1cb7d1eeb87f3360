"""The list of alerts: what is open first, by urgency then age; sealed ones say only whom to call."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Exists, F, IntegerField, OuterRef, QuerySet, When

from pathways import perms
from pathways.enums import SIGN_KINDS, AlertKind
from pathways.models import Alert, Child, Mother
from pathways.reads.facts import join_names
from territories.models import Member

PAGE = 25
PERIOD = timedelta(days=90)
SEALED = "Alerte protégée\u00a0: appelez l’équipe"


class AlertShelf(StrEnum):
    """Which alerts a page shows; the value stands in the address."""

    OPEN = "ouvertes"
    TAKEN = "prises"
    ENDED = "finies"
    ALL = "toutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One alert as this member may read it. Of a sealed one she is no reader of, only whom to call.

    `urgency` is "bad" for a sign or a late report, "warn" before the deadline. `answer_due_at` None when nobody has to
    answer by a given instant; `taken_by` "" and `taken_at` None while it waits.
    """

    public_id: UUID
    family_id: UUID
    family: str
    children: str
    title: str
    facts: str
    is_hidden: bool
    is_sign: bool
    urgency: str
    raised_at: datetime
    raised_by: str
    waits_for: timedelta
    answer_due_at: datetime | None
    is_late: bool
    carrier: str
    carrier_phone: str
    taken_by: str
    taken_at: datetime | None
    instruction: str
    ended_at: datetime | None
    may_take: bool

    @property
    def is_open(self) -> bool:
        return self.taken_at is None and self.ended_at is None


def alert_rows(member: Member, shelf: AlertShelf, at: datetime, page: str) -> "Page[AlertRow]":
    """One page of a shelf. Open alerts are all there is; of the others only the last PERIOD is listed."""
    rows = _ordered(_shelf(perms.SEE_ALERTS.rows(member), shelf, at), shelf)
    found: Page[Any] = Paginator(_annotated(rows, member), PAGE).get_page(page)
    found.object_list = _rows(list(found), at)
    return found


def alert_row(member: Member, alert: Alert, at: datetime) -> AlertRow:
    """One alert."""
    rows = Alert.objects.filter(pk=alert.pk).order_by("pk")
    return _rows(list(_annotated(rows, member)), at)[0]


def shelf_counts(member: Member, at: datetime) -> dict[str, int]:
    """How many alerts stand on each shelf; keys are the values of AlertShelf."""
    rows = perms.SEE_ALERTS.rows(member)
    return {shelf.value: _shelf(rows, shelf, at).count() for shelf in AlertShelf}


def _shelf(alerts: Any, shelf: AlertShelf, at: datetime) -> Any:
    recent = alerts.filter(raised_at__gte=at - PERIOD)
    if shelf == AlertShelf.OPEN:
        return alerts.open()
    if shelf == AlertShelf.TAKEN:
        return recent.filter(acknowledged_at__isnull=False)
    if shelf == AlertShelf.ENDED:
        return recent.filter(acknowledged_at=None, ended_at__isnull=False)
    return recent


def _ordered(alerts: QuerySet[Alert], shelf: AlertShelf) -> QuerySet[Alert]:
    if shelf != AlertShelf.OPEN:
        return alerts.order_by("-raised_at", "-pk")
    rank = Case(
        When(kind__in=list(SIGN_KINDS), then=0),
        When(kind=AlertKind.REPORT_OVERDUE, then=1),
        default=2,
        output_field=IntegerField(),
    )
    return alerts.annotate(rank=rank).order_by("rank", F("answer_due_at").asc(nulls_last=True), "raised_at", "pk")


def _annotated(alerts: QuerySet[Alert], member: Member) -> QuerySet[Alert]:
    related = alerts.select_related("family", "pathway__carrier", "raised_by__user", "acknowledged_by__user")
    return related.annotate(
        may_read=Exists(perms.READ_SEALED_ALERT.rows(member).filter(pk=OuterRef("pk"))),
        may_take=Exists(perms.TAKE_ALERT.rows(member).filter(pk=OuterRef("pk"))),
    )


def _rows(alerts: list[Any], at: datetime) -> list[AlertRow]:
    """Lines of annotated alerts, in two more queries."""
    families = [alert.family_id for alert in alerts]
    mothers = {row.family_id: row for row in Mother.objects.filter(family__in=families).order_by("pk")}
    names: dict[int, list[str]] = {}
    births = [alert.pathway.birth_id for alert in alerts]
    for child in Child.objects.filter(birth__in=births).order_by("birth_id", "rank"):
        names.setdefault(child.birth_id, []).append(child.shown_name)
    return [_row(alert, mothers[alert.family_id].name, names, at) for alert in alerts]


def _row(alert: Any, family: str, names: dict[int, list[str]], at: datetime) -> AlertRow:
    is_hidden = alert.is_sealed and not alert.may_read
    is_sign = alert.kind in SIGN_KINDS
    is_open = alert.acknowledged_at is None and alert.ended_at is None
    due = alert.answer_due_at
    return AlertRow(
        public_id=alert.public_id,
        family_id=alert.family.public_id,
        family=family,
        children=join_names(names.get(alert.pathway.birth_id, [])),
        title=SEALED if is_hidden else alert.get_kind_display(),
        facts="" if is_hidden else alert.facts,
        is_hidden=is_hidden,
        is_sign=is_sign,
        urgency="warn" if alert.kind == AlertKind.REPORT_DUE_SOON else "bad",
        raised_at=alert.raised_at,
        raised_by=_name(alert.raised_by),
        waits_for=at - alert.raised_at,
        answer_due_at=due,
        is_late=is_open and due is not None and due < at,
        carrier=alert.pathway.carrier.name,
        carrier_phone=alert.pathway.carrier.phone,
        taken_by=_name(alert.acknowledged_by),
        taken_at=alert.acknowledged_at,
        instruction="" if is_hidden else alert.instruction,
        ended_at=alert.ended_at,
        may_take=is_open and alert.may_take,
    )


def _name(member: Member | None) -> str:
    return member.user.get_full_name() if member else ""
