"""The coordinator's worklist: what waits for a decision, and the 21 days of every family under way.

Every number is served by a partial index or by the births of the last 21 days; none depends on how many families
the territory has ever followed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window

from copa.kernel import clock
from copa.kernel.french import day as short_day
from copa.kernel.french import hour
from copa.kernel.look import Thread
from pathways.enums import SIGN_KINDS, AlertKind, ProposalAnswer
from pathways.models import Alert, Birth, Discharge, Family, Pathway, Proposal, day_of
from pathways.reads.births import PERIOD_DAYS
from pathways.rules import PROPOSAL_HORIZON_DAYS
from visits import rules
from visits.enums import VisitKind, VisitState
from visits.models import Visit
from visits.reads.alert_words import alert_facts, alert_label
from visits.reads.households import Household, child_age, households
from visits.reads.thread import RUNNING, mini_thread, short_kind

TOP = 3
PAGE = 25
TODO, WEEK, END, ALL = "a-traiter", "semaine", "fin", "toutes"
VIEWS = (TODO, WEEK, END, ALL)
# Sorting is by the last day of the window, the only order an index gives (pathway_active_window).
ORDERS = {"jour": ("-window_to", "-pk"), "-jour": ("window_to", "pk")}


@dataclass(frozen=True, slots=True)
class Task:
    """One row of a card: a family, a line about it, and its state; `due_at` set draws the 24-hour clock instead."""

    household: Household
    public_id: UUID
    text: str
    state: str = ""
    icon: str = "clock"
    words: str = ""
    due_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A number, its three most urgent rows; `urgent` counts the part of it that cannot wait."""

    total: int
    rows: tuple[Task, ...] = ()
    urgent: int = 0


@dataclass(frozen=True, slots=True)
class SignAlert:
    """The danger sign that has waited longest. `facts` is "" when the alert is protected."""

    public_id: UUID
    household: Household
    age: str
    kind: str
    facts: str
    raised_by: str
    raised_at: datetime
    answer_due_at: datetime | None
    waiting: timedelta
    phone: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What the coordinator has to decide about a family: words with their icon, and the page where she does it."""

    state: str
    icon: str
    words: str
    page: str = ""
    public_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PathwayRow:
    """One family under way."""

    household: Household
    day: int
    thread: Thread
    ap: str
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pathways each filter of the table holds."""

    todo: int
    week: int
    end: int
    every: int


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks of the table; None keeps everything."""

    view: str = TODO
    ap: UUID | None = None
    maternity: UUID | None = None
    sector: UUID | None = None
    order: str = "-jour"
    page: str = "1"

    def as_q(self) -> Q:
        """The filter on pathways, without the view."""
        asked = {"ap__public_id": self.ap, "carrier__public_id": self.maternity}
        wanted = Q(**{key: value for key, value in asked.items() if value})
        return wanted & Q(family__commune__sector__public_id=self.sector) if self.sector else wanted


@dataclass(frozen=True)
class Worklist:
    """The whole page."""

    waiting: int
    births: Card
    proposals: Card
    unplanned: Card
    reports: Card
    alerts: Card
    sign_alert: SignAlert | None
    counts: Counts
    last_birth_at: datetime | None
    page: Page[Any]
    rows: list[PathwayRow] = field(default_factory=list)

    @property
    def on_course(self) -> int:
        """Families under way about whom nothing is to be decided."""
        return self.counts.every - self.counts.todo


def worklist(*, filters: Filters, at: datetime, zone: str) -> Worklist:
    """Everything the page shows, in a number of queries that depends on nothing."""
    today = clock.local_date(at, zone)
    found = {
        "births": _births(today),
        "proposals": _proposals(today),
        "unplanned": list(_with_total(_unplanned().select_related("ap__user").order_by("window_to", "pk"))[:TOP]),
        "reports": _reports(),
        "alerts": _alerts(),
    }
    under_way = with_facts(Pathway.objects.active().filter(filters.as_q()), at, zone)
    page = _page(under_way, filters)
    pathways = list(page.object_list)
    families = {row.family_id for rows in found.values() for row in rows} | {row.family_id for row in pathways}
    homes = households(families)
    return Worklist(
        waiting=_waiting(today),
        births=_card(found["births"], [_birth_task(row, homes, today) for row in found["births"]]),
        proposals=_card(found["proposals"], [_proposal_task(row, homes, today) for row in found["proposals"]]),
        unplanned=_card(found["unplanned"], [_unplanned_task(row, homes, today) for row in found["unplanned"]]),
        reports=_report_card(found["reports"], homes, at),
        alerts=_card(found["alerts"], [_alert_task(row, homes, at) for row in found["alerts"]]),
        sign_alert=_sign_alert(found["alerts"], homes, at, today),
        counts=_counts(under_way),
        last_birth_at=Family.objects.order_by("-pk").values_list("created_at", flat=True).first(),
        page=page,
        rows=_rows(pathways, homes, at, today, zone),
    )


# ---- What waits ------------------------------------------------------------------------------------------
def _with_total(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each row carries how many there are in all: one query for a card."""
    counted: QuerySet[Any] = rows.annotate(total=Window(Count("pk")))
    return counted


def _not_proposed(today: date) -> QuerySet[Any]:
    """Births to whom CoPa was not presented and still may be."""
    first = today - timedelta(days=PROPOSAL_HORIZON_DAYS)
    births: QuerySet[Any] = Birth.objects.not_proposed().filter(day__gte=first)
    return births


def _births(today: date) -> list[Any]:
    """The three most urgent births without a proposal: those who went home first, then the oldest."""
    discharged = Discharge.objects.filter(birth=OuterRef("pk"))
    births = _not_proposed(today).select_related("maternity")
    marked = _with_total(births.annotate(has_left=Exists(discharged)))
    return list(marked.order_by("-has_left", "at", "pk")[:TOP])


def _open_proposals(today: date) -> QuerySet[Any]:
    """Proposals without an answer, and those answered yes that no inclusion has followed; same births as the list."""
    included = Pathway.objects.filter(birth=OuterRef("birth"))
    first = today - timedelta(days=PERIOD_DAYS)
    recent = Proposal.objects.filter(birth__day__gte=first, birth__is_silent=False)
    is_open = Q(answer=ProposalAnswer.PENDING) | (Q(answer=ProposalAnswer.YES) & ~Exists(included))
    rows: QuerySet[Any] = recent.filter(is_open)
    return rows


def _proposals(today: date) -> list[Any]:
    rows = _with_total(_open_proposals(today).select_related("birth"))
    return list(rows.order_by(F("ask_again_on").asc(nulls_last=True), "proposed_on", "pk")[:TOP])


def _running(kind: str) -> Exists:
    return Exists(Visit.objects.filter(pathway=OuterRef("pk"), kind=kind, state__in=RUNNING))


def _unplanned() -> QuerySet[Any]:
    """Pathways under way that lack a running V1 or V2 (R045)."""
    pathways = Pathway.objects.active().annotate(has_v1=_running(VisitKind.V1), has_v2=_running(VisitKind.V2))
    rows: QuerySet[Any] = pathways.filter(Q(has_v1=False) | Q(has_v2=False))
    return rows


def _reports() -> list[Any]:
    owed = _with_total(Visit.objects.report_missing()).select_related("ap__user")
    return list(owed.order_by("report_due_at", "pk")[:TOP])


def _alerts() -> list[Any]:
    """Open alerts, signs first, then the one that has waited longest."""
    rows = _with_total(Alert.objects.open()).select_related("pathway__carrier", "raised_by__user")
    signs = Q(kind__in=SIGN_KINDS)
    return list(rows.annotate(is_sign=signs).order_by("-is_sign", "raised_at", "pk")[:TOP])


def _waiting(today: date) -> int:
    """Families about whom somebody has to decide something, each counted once."""
    families = _not_proposed(today).values_list("family_id")
    others = [
        _open_proposals(today).values_list("family_id"),
        _unplanned().values_list("family_id"),
        Visit.objects.report_missing().values_list("family_id"),
        Alert.objects.open().values_list("family_id"),
    ]
    return int(families.union(*others).count())


def _card(rows: list[Any], tasks: list[Task]) -> Card:
    return Card(total=rows[0].total if rows else 0, rows=tuple(tasks))


def _report_card(rows: list[Any], homes: Mapping[int, Household], at: datetime) -> Card:
    total = rows[0].total if rows else 0
    late = Visit.objects.report_overdue(at).count()
    return Card(total=total, rows=tuple(_report_task(row, homes) for row in rows), urgent=late)


# ---- Rows of the cards -----------------------------------------------------------------------------------
def _birth_task(birth: Any, homes: Mapping[int, Household], today: date) -> Task:
    state, words = ("bad", "déjà sortie") if birth.has_left else ("", f"J{day_of(birth.day, today)}")
    home = homes[birth.family_id]
    text = f"{home.child_names or 'bébé'}, {short_day(birth.at)} à {hour(birth.at)}, {birth.maternity.name}"
    return Task(home, birth.public_id, text, state, "clock", words)


def _proposal_task(proposal: Any, homes: Mapping[int, Household], today: date) -> Task:
    home = homes[proposal.family_id]
    text = f"présenté {short_day(proposal.proposed_on)}, J{day_of(proposal.birth.day, today)}"
    if proposal.answer == ProposalAnswer.YES:
        return Task(home, proposal.birth.public_id, f"oui, {text}", "warn", "check", "à inclure")
    again = proposal.ask_again_on
    if again is None:
        return Task(home, proposal.birth.public_id, text, "", "clock", "veut réfléchir")
    state = "warn" if again <= today else ""
    return Task(home, proposal.birth.public_id, text, state, "clock", f"en reparler {short_day(again)}")


def _unplanned_task(pathway: Any, homes: Mapping[int, Household], today: date) -> Task:
    missing = [kind for kind, has in (("V1", pathway.has_v1), ("V2", pathway.has_v2)) if not has]
    home = homes[pathway.family_id]
    text = f"{' et '.join(missing)} à fixer d’ici au {short_day(pathway.window_to)}"
    if home.is_isolated:
        text += ", zone isolée"
    if pathway.ap is None:
        return Task(home, pathway.public_id, text, "bad", "user", "personne")
    days_left = (pathway.window_to - today).days
    state = "bad" if days_left < 0 else ("warn" if days_left <= 7 else "")
    words = "dates passées" if days_left < 0 else f"encore {days_left} j"
    return Task(home, pathway.public_id, text, state, "calendar", words)


def _report_task(visit: Any, homes: Mapping[int, Household]) -> Task:
    home = homes[visit.family_id]
    text = f"{short_kind(visit.kind)}, {visit.ap.user.get_full_name()}"
    return Task(home, home.public_id, text, due_at=visit.report_due_at, ended_at=visit.ended_at)


def _alert_task(alert: Any, homes: Mapping[int, Household], at: datetime) -> Task:
    state = "bad" if alert.kind in SIGN_KINDS or alert.kind == AlertKind.REPORT_OVERDUE else "warn"
    words = f"depuis {hour(alert.raised_at)}"
    return Task(homes[alert.family_id], alert.public_id, alert_label(alert), state, "alert", words)


def _sign_alert(alerts: list[Any], homes: Mapping[int, Household], at: datetime, today: date) -> SignAlert | None:
    alert = next((one for one in alerts if one.kind in SIGN_KINDS), None)
    if alert is None:
        return None
    born_on = Birth.objects.filter(pk=alert.pathway.birth_id).values_list("day", flat=True).get()
    return SignAlert(
        public_id=alert.public_id,
        household=homes[alert.family_id],
        age=child_age(born_on, today),
        kind=alert_label(alert),
        facts=alert_facts(alert),
        raised_by=alert.raised_by.user.get_full_name() if alert.raised_by else "",
        raised_at=alert.raised_at,
        answer_due_at=alert.answer_due_at,
        waiting=at - alert.raised_at,
        phone=alert.pathway.carrier.phone,
        is_late=alert.answer_due_at is not None and alert.answer_due_at < at,
    )


# ---- The table -------------------------------------------------------------------------------------------
def with_facts(pathways: QuerySet[Any], at: datetime, zone: str) -> QuerySet[Any]:
    """Pathways with what decides about them: visits there, alerts, reports owed, whether they may be closed."""
    today = clock.local_date(at, zone)
    monday = today - timedelta(days=today.weekday())
    week = clock.day_bounds(monday, zone)[0], clock.day_bounds(monday + timedelta(days=7), zone)[0]
    mine = Visit.objects.filter(pathway=OuterRef("pk"))
    coming = mine.filter(state__in=[VisitState.PLANNED, VisitState.STARTED])
    signs = Alert.objects.open().filter(pathway=OuterRef("pk"), kind__in=SIGN_KINDS)
    marked = pathways.annotate(
        has_v1=_running(VisitKind.V1),
        has_v2=_running(VisitKind.V2),
        has_alert=Exists(signs),
        is_coming=Exists(coming),
        is_report_late=Exists(mine.report_overdue(at)),
        is_report_owed=Exists(mine.report_missing()),
        is_of_week=Exists(mine.running().filter(planned_at__gte=week[0], planned_at__lt=week[1])),
    )
    is_over = Q(is_coming=False, is_report_owed=False, has_alert=False) & (
        Q(has_v1=True, has_v2=True) | Q(window_to__lt=today)
    )
    lacks = Q(ap=None) | Q(has_v1=False) | Q(has_v2=False)
    is_todo = lacks | Q(has_alert=True) | Q(is_report_late=True) | is_over
    rows: QuerySet[Any] = marked.annotate(is_over=is_over, is_todo=is_todo)
    return rows


_OF_VIEW = {TODO: Q(is_todo=True), WEEK: Q(is_of_week=True), END: Q(is_over=True), ALL: Q()}


def _counts(pathways: QuerySet[Any]) -> Counts:
    names = {"todo": TODO, "week": WEEK, "end": END}
    found = pathways.aggregate(
        every=Count("pk"), **{name: Count("pk", filter=_OF_VIEW[view]) for name, view in names.items()}
    )
    return Counts(**found)


def _page(pathways: QuerySet[Any], filters: Filters) -> Page[Any]:
    rows = pathways.filter(_OF_VIEW[filters.view]).select_related("ap__user", "birth")
    return Paginator(rows.order_by(*ORDERS[filters.order]), PAGE).get_page(filters.page)


def _rows(
    pathways: list[Any], homes: Mapping[int, Household], at: datetime, today: date, zone: str
) -> list[PathwayRow]:
    visits: dict[int, list[Visit]] = {}
    for visit in Visit.objects.running().filter(pathway__in=pathways).order_by("planned_at"):
        visits.setdefault(visit.pathway_id, []).append(visit)
    return [
        PathwayRow(
            household=homes[pathway.family_id],
            day=day_of(pathway.birth.day, today),
            thread=mini_thread(birth_day=pathway.birth.day, visits=visits.get(pathway.pk, []), today=today, zone=zone),
            ap=pathway.ap.user.get_full_name() if pathway.ap else "",
            decision=decision(pathway, visits.get(pathway.pk, []), at, today),
        )
        for pathway in pathways
    ]


def decision(pathway: Any, visits: list[Visit], at: datetime, today: date) -> Decision | None:
    """The first thing to decide about a pathway annotated by `with_facts`; None while it goes as planned."""
    if pathway.has_alert:
        return Decision("bad", "alert", "Alerte à prendre", "pathways:alerts")
    late = next((v for v in visits if _is_late(v, at)), None)
    if late is not None:
        return Decision("bad", "file", f"Compte rendu {short_kind(late.kind)} en retard", "visits:reports")
    if pathway.is_over:
        return Decision("info", "done", "Clore le parcours", "visits:close_pathway", pathway.public_id)
    if pathway.ap is None:
        return Decision("bad", "user", "Désigner une auxiliaire", "visits:plan", pathway.public_id)
    return _planning_decision(pathway, today)


def _is_late(visit: Visit, at: datetime) -> bool:
    return rules.report_clock(visit.report_due_at, visit.report_delivered_at, at).state == rules.ClockState.LATE


def _planning_decision(pathway: Any, today: date) -> Decision | None:
    missing = next((kind for kind, has in (("V1", pathway.has_v1), ("V2", pathway.has_v2)) if not has), None)
    if missing is None:
        return None
    if pathway.window_to < today:
        return Decision("bad", "calendar", f"{missing} hors dates", "visits:plan", pathway.public_id)
    words = f"Fixer {missing} avant le {short_day(pathway.window_to)}"
    return Decision("warn", "calendar", words, "visits:plan", pathway.public_id)
