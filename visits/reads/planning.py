"""The week of each AP, the families nobody has planned yet, and the page that plans one of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Case, Count, ExpressionWrapper, F, Func, IntegerField, OuterRef, Q, Value, When

from copa.kernel import clock
from copa.kernel.french import listed, moment
from copa.kernel.holidays import day_note
from pathways.enums import StepKind
from pathways.models import Pathway, PmiRelay
from pathways.reads.calendar import ExpectedVisit, expected_visits
from pathways.reads.facts.names import name_columns, name_of
from pathways.reads.transfers import visit_words
from pathways.rules import PlannedStep, Window, day_of, kinds_of, ultra_early_advice
from territories.models import HistoryEvent, Member, User
from visits import perms, rules
from visits.enums import (
    COUNTED_KINDS,
    STANDARD_KINDS,
    VISIT_RUNNING,
    NotJointReason,
    ThirdVisitMotive,
    VisitKind,
    VisitState,
)
from visits.models import Visit
from visits.reads.choices import Ap, aps_of, listed_aps, named_aps, performers_of
from visits.reads.households import Household, household_of, households_of
from visits.reads.plan import made_elsewhere, plan_of
from visits.reads.thread import pmi_words, short_kind
from visits.reads.under_way import missing_kinds
from visits.reads.windows import stay_reason, window_of

PAGE = 25
UNPLANNED_SHOWN = 12
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """One visit in a cell of the week."""

    public_id: UUID
    kind: str
    state: str
    at: datetime
    length: timedelta
    household: Household
    is_outside: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class DayHead:
    """A day of the week: its note says « dimanche » or « férié »; it never closes the day (R074)."""

    on: date
    note: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """The visits of one AP on one day."""

    head: DayHead
    visits: tuple[PlannedVisit, ...]


@dataclass(frozen=True, slots=True)
class ApWeek:
    """One row: an AP and her seven days."""

    name: str
    structure: str
    cells: tuple[Cell, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Unplanned:
    """A family under way that lacks one of the visits its version promises."""

    pathway_id: UUID
    household: Household
    day: int
    missing: str
    until: date
    days_left: int
    ap: str


@dataclass(frozen=True)
class Week:
    """The page. `monday` is the first day shown, `aps` are those one may choose from."""

    monday: date
    days: tuple[DayHead, ...]
    rows: tuple[ApWeek, ...]
    page: Page[Any]
    aps: list[tuple[str, str]]
    unplanned: tuple[Unplanned, ...]
    unplanned_total: int

    @property
    def before(self) -> date:
        return self.monday - timedelta(days=WEEK_DAYS)

    @property
    def after(self) -> date:
        return self.monday + timedelta(days=WEEK_DAYS)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=WEEK_DAYS - 1)


def week_of(
    member: Member, *, on: date | None, ap: UUID | None, page: str, at: datetime, zone: str, region: str
) -> Week:
    """The week that holds the local day `on` (today when None), for the APs this member plans for."""
    today = clock.local_date(at, zone)
    monday = (on or today) - timedelta(days=(on or today).weekday())
    days = tuple(_head(monday + timedelta(days=n), today, region) for n in range(WEEK_DAYS))
    aps = listed_aps(perms.planned_aps(aps_of(monday), member))
    shown = Paginator([one for one in aps if ap in (None, one.public_id)], PAGE).get_page(page)
    visits = _visits(member, shown.object_list, monday, zone)
    allowed = perms.CHANGE_VISIT.rows(member).filter(pk__in=[visit.pk for visit in visits])
    changeable = set(allowed.order_by("pk").values_list("pk", flat=True))
    lacking = _lacking(member)
    births = {visit.pathway__birth_id: visit.family_id for visit in visits}
    homes = households_of(births | {pathway.birth_id: pathway.family_id for pathway in lacking})
    return Week(
        monday=monday,
        days=days,
        rows=tuple(_row(one, days, visits, homes, changeable, zone) for one in shown.object_list),
        page=shown,
        aps=[one.as_choice for one in aps],
        unplanned=tuple(_missing_row(row, homes, today) for row in lacking),
        unplanned_total=lacking[0].total if lacking else 0,
    )


def _head(on: date, today: date, region: str) -> DayHead:
    return DayHead(on, day_note(on, region), on == today)


_COLUMNS = (
    "pk",
    "public_id",
    "kind",
    "state",
    "planned_at",
    "planned_minutes",
    "family_id",
    "pathway__birth_id",
    "pathway__window_from",
    "pathway__window_to",
    "window_reason",
    "ap_id",
)


def _visits(member: Member, aps: Iterable[Ap], monday: date, zone: str) -> list[Any]:
    first = clock.day_bounds(monday, zone)[0]
    last = clock.day_bounds(monday + timedelta(days=WEEK_DAYS), zone)[0]
    visits = perms.SEE_VISITS.rows(member).filter(state__in=VISIT_RUNNING, ap__in=[ap.pk for ap in aps])
    of_week = visits.filter(planned_at__gte=first, planned_at__lt=last)
    return list(of_week.order_by("planned_at", "pk").values_list(*_COLUMNS, named=True))


def _lacking(member: Member) -> list[Any]:
    """The families this member plans for that lack a visit (`rules.kinds_to_make`), the nearest end of window first.

    UNPLANNED_SHOWN of them; each row knows the `total`. The visits of a pathway are looked up one pathway under way at
    a time: an EXISTS for each kind would make PostgreSQL hash every visit ever made.
    """
    running = Visit.objects.running().alias(wanted=_wanted_of_outer())
    is_wanted = Q(kind__in=STANDARD_KINDS) | Q(kind=VisitKind.V3, wanted__gt=len(STANDARD_KINDS))
    counting = running.filter(is_wanted, pathway=OuterRef("pk"))
    fixed = ArraySubquery(counting.order_by("kind").values("kind"))
    # What another territory made before is promised no more.
    made = sum((Case(When(_made(kind), then=1), default=0) for kind in COUNTED_KINDS), start=Value(0))
    number = Func(fixed, function="cardinality", output_field=IntegerField()) + made
    plannable = perms.PLAN_VISIT.rows(member).annotate(wanted=_WANTED).alias(number=number)
    plannable = plannable.filter(number__lt=F("wanted"))
    rows = plannable.annotate(fixed=fixed, total=models.Window(Count("pk"))).order_by("window_to", "pk")
    columns = (
        "public_id",
        "family_id",
        "birth_id",
        "window_to",
        "birth__day",
        "fixed",
        "total",
        "elsewhere",
        "ap_id",
        "wanted",
    )
    return list(rows.values_list(*columns, *name_columns("ap"), named=True)[:UNPLANNED_SHOWN])


def _made(kind: str) -> Q:
    """Whether another territory made this visit, among those to make here."""
    return made_elsewhere(kind) & Q(wanted__gte=COUNTED_KINDS.index(VisitKind(kind)) + 1)


# As `rules.kinds_to_make`: how many of V1, V2 and V3 are to be made.
_WANTED = Case(
    When(is_third_decided=True, then=Value(len(COUNTED_KINDS))),
    default=F("rules__planned_visits"),
    output_field=IntegerField(),
)


def _wanted_of_outer() -> Any:
    return ExpressionWrapper(OuterRef("wanted"), output_field=IntegerField())


def _row(
    ap: Ap, days: Iterable[DayHead], visits: list[Any], homes: dict[int, Household], changeable: set[int], zone: str
) -> ApWeek:
    by_day: dict[date, list[PlannedVisit]] = {}
    for visit in visits:
        if visit.ap_id == ap.pk:
            day = clock.local_date(visit.planned_at, zone)
            window = Window(visit.pathway__window_from, visit.pathway__window_to)
            home, may_change = homes[visit.pathway__birth_id], visit.pk in changeable
            planned = _planned(visit, home, is_outside=_is_outside(visit, day, window), may_change=may_change)
            by_day.setdefault(day, []).append(planned)
    cells = tuple(Cell(head, tuple(by_day.get(head.on, ()))) for head in days)
    return ApWeek(ap.name, ap.structure, cells, sum(map(len, by_day.values())))


def _is_outside(visit: Any, day: date, window: Window) -> bool:
    """With its reason, or because a corrected day of birth moved the days of the pathway away from it."""
    return bool(visit.window_reason) or (visit.kind != VisitKind.ULTRA_EARLY and not window.holds(day))


def _planned(visit: Any, household: Household, *, is_outside: bool, may_change: bool) -> PlannedVisit:
    return PlannedVisit(
        public_id=visit.public_id,
        kind=short_kind(visit.kind),
        state=visit.state,
        at=visit.planned_at,
        length=timedelta(minutes=visit.planned_minutes),
        household=household,
        is_outside=is_outside,
        may_change=may_change,
    )


def _missing_row(pathway: Any, homes: dict[int, Household], today: date) -> Unplanned:
    promised = rules.promised_kinds(pathway.wanted, kinds_of(pathway.elsewhere))
    return Unplanned(
        pathway_id=pathway.public_id,
        household=homes[pathway.birth_id],
        day=day_of(pathway.birth__day, today),
        missing=listed(missing_kinds(pathway.fixed, promised)),
        until=pathway.window_to,
        days_left=(pathway.window_to - today).days,
        ap=name_of(pathway, "ap"),
    )


# ---- Planning one family ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class KindToPlan:
    """A visit the form may plan: its code, its French name, the first and last local days, the motives to choose."""

    kind: str
    label: str
    first: date
    last: date
    length: timedelta
    is_optional: bool
    motives: tuple[tuple[str, str], ...]
    # Who of the PMI may be asked to come, "" when nobody may; None for a visit that is never made with the PMI.
    joint_pmi: str | None = None
    # Between which instants it is best made (A06), never enforced; None where the version advises nothing.
    advised: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class NotedDay:
    """A Sunday or a holiday within the window."""

    on: date
    note: str


@dataclass(frozen=True)
class PlanPage:
    """What the planning form of a family needs. `ap_id` is "" while nobody is named.

    `offered_reason` is why a date may lie outside the window, "" when nothing says so. `elsewhere` are visits that
    another territory made before, in French.
    """

    household: Household
    day: int
    window: Window
    kinds: tuple[KindToPlan, ...]
    existing: tuple[PlannedVisit, ...]
    aps: list[tuple[str, str]]
    ap_id: str
    notes: tuple[NotedDay, ...]
    offered_reason: str
    midwife: tuple[ExpectedVisit, ...]
    elsewhere: tuple[str, ...] = ()


def plan_page(pathway: Pathway, member: Member, *, at: datetime, zone: str, region: str) -> PlanPage:
    """The visits this pathway still lacks, those it has, and who may make them."""
    today = clock.local_date(at, zone)
    found = Pathway.objects.select_related("ap", "rules", "territory", "birth", "carrier").get(pk=pathway.pk)
    visits = list(Visit.objects.running().filter(pathway=found).order_by("planned_at", "pk"))
    home = household_of(found.birth_id, found.family_id)
    window = Window(found.window_from, found.window_to)
    kinds = tuple(_kinds(found, {visit.kind for visit in visits}))
    is_third = any(kind.kind == VisitKind.V3 for kind in kinds)
    # R077: the third visit of a PMI's pathway may be made by whoever takes the relay there.
    team = perms.assignable_aps(aps_of(today), member, found)
    aps = perms.assignable_to_third(performers_of(today), member, found) if is_third else team
    return PlanPage(
        household=home,
        day=day_of(found.birth.day, today),
        window=window,
        kinds=kinds,
        existing=tuple(
            replace(
                _planned(
                    visit,
                    home,
                    is_outside=_is_outside(visit, clock.local_date(visit.planned_at, zone), window),
                    may_change=False,
                ),
                # « faite » stands beside the hour at which it was made.
                at=visit.started_at or visit.planned_at,
            )
            for visit in visits
        ),
        aps=named_aps(aps),
        ap_id=str(found.ap.public_id) if found.ap else "",
        notes=_notes(window, today, region),
        offered_reason=stay_reason(found),
        midwife=expected_visits(found.birth_id),
        elsewhere=visit_words(found.elsewhere),
    )


def _kinds(pathway: Pathway, running: set[str]) -> list[KindToPlan]:
    """The promised visits first; one more once each has a place; the ultra-early one after such a discharge only."""
    steps = [step for step in plan_of(pathway) if step.kind in VisitKind.values and step.kind not in running]
    promised = [step for step in steps if not step.is_optional]
    early = [step for step in steps if step.kind == StepKind.ULTRA_EARLY]
    extra = [step for step in steps if step.motives][:1]
    return [_kind(step, pathway) for step in [*early, *(promised or extra)]]


def _kind(step: PlannedStep, pathway: Pathway) -> KindToPlan:
    is_early, version = step.kind == StepKind.ULTRA_EARLY, pathway.rules
    # The days of V1 to V3 as frozen at inclusion.
    window = step.window if is_early else Window(pathway.window_from, pathway.window_to)
    advice = ultra_early_advice(pathway.birth.at, version.ultra_early_from_hours, version.ultra_early_to_hours)
    return KindToPlan(
        kind=step.kind,
        label=str(step.kind.label),
        first=window.first,
        last=window.last,
        length=timedelta(minutes=step.minutes),
        is_optional=step.is_optional,
        motives=tuple(choice for choice in ThirdVisitMotive.choices if choice[0] in step.motives),
        joint_pmi=_joint_pmi(pathway) if step.kind == StepKind.V3 else None,
        advised=advice if is_early else None,
    )


def _joint_pmi(pathway: Pathway) -> str:
    """The PMI that may be asked to come along: with the mother's agreement only (A16)."""
    relays = PmiRelay.objects.shown().filter(pathway=pathway).order_by("pk")
    return str(relays.values_list("sector__structure__name", flat=True).first() or "")


def _notes(window: Window, today: date, region: str) -> tuple[NotedDay, ...]:
    first = max(window.first, today)
    days = (first + timedelta(days=n) for n in range((window.last - first).days + 1))
    return tuple(NotedDay(on, note) for on in days if (note := day_note(on, region)))


# ---- Changing one visit ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Change:
    """One line of a visit's history, from the database's own trace."""

    at: datetime
    who: str
    text: str


@dataclass(frozen=True)
class ChangePage:
    """A visit to move or cancel."""

    visit: PlannedVisit
    pathway_id: UUID
    ap: str
    window: Window | None
    state_label: str
    changes: tuple[Change, ...]
    # Where the part of the PMI stands in a third visit, "" for the others; whether it may be asked to come.
    joint_words: str
    may_invite: bool


def change_page(visit: Visit) -> ChangePage:
    """The visit, its window and what happened to it."""
    found = Visit.objects.select_related("pathway__territory", "pathway__rules", "pathway__birth", "ap__user").get(
        pk=visit.pk
    )
    home = household_of(found.pathway.birth_id, found.family_id)
    day = clock.local_date(found.planned_at, found.pathway.territory.time_zone)
    window = Window(found.pathway.window_from, found.pathway.window_to)
    return ChangePage(
        visit=_planned(
            found, home, is_outside=_is_outside(found, day, window), may_change=found.state == VisitState.PLANNED
        ),
        pathway_id=found.pathway.public_id,
        ap=found.ap.user.get_full_name(),
        window=window_of(found.pathway, found.kind),
        state_label=found.get_state_display(),
        changes=tuple(_changes(found)),
        joint_words=_joint_words(found),
        may_invite=_may_invite(found),
    )


def _joint_words(visit: Visit) -> str:
    if visit.kind != VisitKind.V3:
        return ""
    label = pmi_words(visit.partner_state, visit.partner_reason)
    return str(label or (NotJointReason(visit.not_joint_reason).label if visit.not_joint_reason else "Sans la PMI"))


def _may_invite(visit: Visit) -> bool:
    is_alone = visit.kind == VisitKind.V3 and not visit.is_joint and visit.state == VisitState.PLANNED
    return is_alone and visit.not_joint_reason != NotJointReason.AP_FROM_PMI and bool(_joint_pmi(visit.pathway))


def _changes(visit: Visit) -> list[Change]:
    events = list(HistoryEvent.objects.filter(table_name="visits_visit", row_id=visit.pk).order_by("id"))
    users = {event.actor: int(event.actor.removeprefix("user:")) for event in events if event.actor.startswith("user:")}
    names = {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=set(users.values())).order_by("pk")}
    changes = [
        Change(event.happened_at, names.get(users.get(event.actor, 0), "Le service"), _said(event)) for event in events
    ]
    return [change for change in changes if change.text]


def _said(event: HistoryEvent) -> str:
    """The event in words; "" for a change that is nobody's business here (deadlines of alerts)."""
    after = event.after
    if event.operation == "insert":
        return f"prévue {moment(datetime.fromisoformat(after['planned_at']))}"
    words = []
    if "planned_at" in after:
        words.append(f"déplacée à {moment(datetime.fromisoformat(after['planned_at']))}")
    if "state" in after:
        words.append(str(VisitState(after["state"]).label).lower())
    if "ap_id" in after and event.operation == "update":
        words.append("confiée à une autre auxiliaire")
    return ", ".join(words)
