"""The reports a team received, and those that are still owed to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet

from copa.kernel.outbox import OutboxState
from copa.kernel.prepared import Prepared, among
from pathways.models import Alert
from pathways.reads.facts.names import Directory
from territories.models import Member
from visits import perms
from visits.enums import ReportState, VisitKind
from visits.models import Addendum, Delivery, Report, Visit
from visits.reads.alert_words import is_vital
from visits.reads.households import Household, households_of
from visits.reads.report import short_kind
from visits.rules import ClockState, ReportClock, report_clock

PAGE = 25
UNREAD, READ, COMPLETED, OWED, LATE = "a-lire", "lus", "completes", "attendus", "en-retard"
# An answered vital sign stays marked that long in the lists.
SIGN_RECENT_DELAY = timedelta(days=3)
VIEWS = (UNREAD, READ, COMPLETED, OWED, LATE)


@dataclass(frozen=True)
class Filters:
    """What is asked for: one of VIEWS, a VisitKind or "", a page number as typed."""

    view: str = UNREAD
    kind: str = ""
    page: str = "1"

    @property
    def is_received(self) -> bool:
        """Whether the list shows reports that arrived, or visits whose report is owed."""
        return self.view in {UNREAD, READ, COMPLETED}


@dataclass(frozen=True)
class Counts:
    """How many wait behind each filter, of the kind of visit asked for.

    The reports already read are not counted: their number only grows.
    """

    unread: int
    owed: int
    late: int


class Sign(StrEnum):
    """A vital sign raised at the visit of a report: nobody has answered it, or it was answered lately."""

    OPEN = "open"
    RECENT = "recent"


@dataclass(frozen=True)
class Received:
    """One report in the inbox, or its addendum that waits to be read. `sign` is None without a vital sign to see."""

    report_id: UUID
    short_kind: str
    household: Household
    author: str
    team: str
    due_at: datetime | None
    ended_at: datetime | None
    first_delivered_at: datetime | None
    delivered_at: datetime | None
    opened_at: datetime | None
    opened_by: str
    completed_at: datetime | None
    is_addendum: bool
    sign: Sign | None

    @property
    def is_completed_since(self) -> bool:
        """Whether something was added after it was opened."""
        return bool(self.opened_at and self.completed_at and self.completed_at > self.opened_at)


@dataclass(frozen=True)
class Owed:
    """One visit whose report has not arrived. `draft_saved_at` is None while nothing is written.

    `signed_at` says that the AP did her part: the report is on its way, or `is_stuck`, given up after its last attempt.
    """

    visit_id: UUID
    family_id: UUID
    short_kind: str
    household: Household
    ap: str
    due_at: datetime | None
    ended_at: datetime | None
    clock: ReportClock
    draft_saved_at: datetime | None
    signed_at: datetime | None
    is_stuck: bool


@dataclass(frozen=True)
class Inbox:
    """One page of the list. `received` or `owed` is filled, never both."""

    filters: Filters
    counts: Counts
    page: Page[int]
    received: tuple[Received, ...] = ()
    owed: tuple[Owed, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.received and not self.owed


def inbox(member: Member, filters: Filters, at: datetime) -> Inbox:
    """The list asked for, 25 a page; the number of queries depends on the filter, never on the rows."""
    # Read rather than counted twice: they are few, and the clock says which of them are late.
    due = list(_visits(member, Filters(OWED, filters.kind), at).values_list("report_due_at", flat=True))
    counts = Counts(
        unread=_deliveries(member, Filters(UNREAD, filters.kind)).count(),
        owed=len(due),
        late=sum(report_clock(due_at, None, at).state == ClockState.LATE for due_at in due),
    )
    if filters.is_received:
        page = _page(_deliveries(member, filters), filters)
        return Inbox(filters, counts, page, received=_received(list(page.object_list), at))
    page = _page(_visits(member, filters, at), filters)
    return Inbox(filters, counts, page, owed=_owed(list(page.object_list), at))


def _page(rows: QuerySet[Delivery] | QuerySet[Visit], filters: Filters) -> Page[int]:
    return Paginator(rows.values_list("pk", flat=True), PAGE).get_page(filters.page)


def _deliveries(member: Member, filters: Filters) -> QuerySet[Delivery]:
    """To read: those with a vital sign, then the one that has waited longest. Read and completed: the last one."""
    rows: Any = perms.SEE_INBOX.rows(member)
    if filters.view == UNREAD:
        rows = rows.to_read()
    elif filters.view == READ:
        rows = rows.of_reports().filter(opened_at__isnull=False)
    else:
        # Addenda are few: the list starts from them.
        rows = rows.of_reports().filter(report__in=Addendum.objects.order_by().values("report"))
    if filters.kind:
        rows = rows.filter(report__visit__kind=filters.kind)
    if filters.view == UNREAD:
        # A life in danger does not wait behind the ordinary reports of the night.
        signs = Alert.objects.filter(is_vital(), subject_id=OuterRef("report__visit__public_id"))
        rows = rows.alias(waits=Exists(signs.open()), is_vital=Exists(signs)).order_by(
            "-waits", "-is_vital", "delivered_at", "pk"
        )
    else:
        rows = rows.order_by("-delivered_at", "pk")
    ordered: QuerySet[Delivery] = rows
    return ordered


def _visits(member: Member, filters: Filters, at: datetime) -> QuerySet[Visit]:
    """Owed to the teams this member answers for, the most urgent first."""
    rows: Any = perms.SEE_OWED.rows(member)
    rows = rows.report_overdue(at) if filters.view == LATE else rows.report_missing()
    if filters.kind:
        rows = rows.filter(kind=filters.kind)
    ordered: QuerySet[Visit] = rows.order_by("report_due_at", "pk")
    return ordered


def _received(keys: list[int], at: datetime) -> tuple[Received, ...]:
    rows = {row.pk: row for row in _delivered(keys=keys)}
    directory = Directory()
    for row in rows.values():
        directory.expect(people=[row.report__author_id, row.opened_by_id], places=[row.structure_id])
    homes = households_of({row.report__visit__pathway__birth_id: row.family_id for row in rows.values()})
    completed = dict(_completions(keys=[row.report_id for row in rows.values()]))
    signs = _signs({row.report__visit__public_id for row in rows.values()}, at)
    return tuple(_received_row(rows[key], homes, completed, directory, signs) for key in keys)


def _signs(visits: set[UUID], at: datetime) -> dict[UUID, Sign]:
    """The vital sign to see of each of these visits: the unanswered ones, and those of the last days."""
    alerts = Alert.objects.filter(is_vital(), subject_id__in=visits)
    recent = alerts.filter(raised_at__gte=at - SIGN_RECENT_DELAY).order_by("pk")
    found = dict.fromkeys(recent.values_list("subject_id", flat=True), Sign.RECENT)
    return found | dict.fromkeys(alerts.open().order_by("pk").values_list("subject_id", flat=True), Sign.OPEN)


@Prepared
def _delivered(keys: Any) -> Any:
    columns = (
        "pk",
        "family_id",
        "report_id",
        "addendum_id",
        "structure_id",
        "delivered_at",
        "opened_at",
        "opened_by_id",
        "report__public_id",
        "report__author_id",
        "report__visit__kind",
        "report__visit__public_id",
        "report__visit__pathway__birth_id",
        "report__visit__ended_at",
        "report__visit__report_due_at",
        "report__visit__report_delivered_at",
    )
    return Delivery.objects.filter(among("pk", keys)).order_by("pk").values_list(*columns)


@Prepared
def _completions(keys: Any) -> Any:
    """The reports that were completed, the last addendum of each coming last."""
    return Addendum.objects.filter(among("report", keys)).order_by("at").values_list("report_id", "at")


def _received_row(
    row: Any,
    homes: dict[int, Household],
    completed: dict[int, datetime],
    directory: Directory,
    signs: dict[UUID, Sign],
) -> Received:
    return Received(
        report_id=row.report__public_id,
        short_kind=short_kind(row.report__visit__kind),
        household=homes[row.report__visit__pathway__birth_id],
        author=directory.name(row.report__author_id),
        team=directory.place(row.structure_id).name,
        due_at=row.report__visit__report_due_at,
        ended_at=row.report__visit__ended_at,
        first_delivered_at=row.report__visit__report_delivered_at,
        delivered_at=row.delivered_at,
        opened_at=row.opened_at,
        opened_by=directory.name(row.opened_by_id),
        completed_at=completed.get(row.report_id),
        is_addendum=row.addendum_id is not None,
        sign=signs.get(row.report__visit__public_id),
    )


def _owed(keys: list[int], at: datetime) -> tuple[Owed, ...]:
    rows = Visit.objects.filter(pk__in=keys).select_related("ap__user", "family", "pathway").order_by("pk")
    by_key = {row.pk: row for row in rows}
    homes = households_of({row.pathway.birth_id: row.family_id for row in by_key.values()})
    written = Report.objects.filter(visit__in=keys).order_by("pk").only("visit", "state", "saved_at", "signed_at")
    reports = {report.visit_id: report for report in written}
    failed = Delivery.objects.filter(report__visit__in=keys, state=OutboxState.FAILED).order_by("pk")
    stuck = set(failed.values_list("report__visit_id", flat=True))
    return tuple(_owed_row(by_key[key], homes, reports.get(key), at, is_stuck=key in stuck) for key in keys)


def _owed_row(row: Visit, homes: dict[int, Household], report: Report | None, at: datetime, *, is_stuck: bool) -> Owed:
    return Owed(
        visit_id=row.public_id,
        family_id=row.family.public_id,
        short_kind=short_kind(row.kind),
        household=homes[row.pathway.birth_id],
        ap=row.ap.user.get_full_name(),
        due_at=row.report_due_at,
        ended_at=row.ended_at,
        clock=report_clock(row.report_due_at, row.report_delivered_at, at),
        draft_saved_at=report.saved_at if report and report.state == ReportState.DRAFT else None,
        signed_at=report.signed_at if report else None,
        is_stuck=is_stuck,
    )


def kinds() -> list[tuple[str, str]]:
    """The visits one may filter by."""
    return [("", "Toutes les visites"), *VisitKind.choices]
