"""The coordinator's worklist: what waits for a decision, and the 21 days of every family under way.

Every number is served by a partial index or by recent births; none depends on how many families the territory has
ever followed (see `under_way`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q

from copa.kernel import clock
from copa.kernel.french import NBSP, delay, hour, plural
from copa.kernel.french import day as short_day
from copa.kernel.look import Thread
from copa.kernel.prepared import Prepared, among
from pathways.enums import SIGN_KINDS, AlertKind, ProposalAnswer
from pathways.models import Alert, Birth, Discharge, Family, Pathway, Proposal
from pathways.perms import SEE_ALERTS
from pathways.reads.births import PERIOD_DAYS
from pathways.rules import PROPOSAL_HORIZON_DAYS, day_of
from territories.models import full_name
from visits import perms
from visits.models import Visit
from visits.reads.alert_words import alert_facts, alert_label, answer_delay
from visits.reads.households import Household, child_age, households
from visits.reads.thread import mini_thread, short_kind
from visits.reads.under_way import UnderWay, under_way
from visits.rules import ClockState, report_clock

TOP = 3
PAGE = 25
TODO, WEEK, END, ALL = "a-traiter", "semaine", "fin", "toutes"
VIEWS = (TODO, WEEK, END, ALL)
# Sorting is by the last day of the window, the only order an index gives (pathway_active_window).
ORDERS = ("jour", "-jour")


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
    """The most vital danger sign, the oldest of them. `facts` is "" when the alert is protected.

    `total` counts it with all the others that wait.
    """

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
    total: int

    @property
    def title(self) -> str:
        """How many wait, in words."""
        if self.total == 1:
            return "Une alerte attend une réponse"
        return f"{plural(self.total, 'alerte')} attendent une réponse, voici la plus urgente"

    @property
    def words(self) -> str:
        """What was seen, as a sentence with its full stop."""
        told = f"{self.kind}{NBSP}: {self.facts}" if self.facts else self.kind
        return f"{told.rstrip('.')}."


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be decided about a family: words with their icon, and the page where those who hold `perm` do it."""

    state: str
    icon: str
    words: str
    page: str
    perm: str
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

    @property
    def is_whole(self) -> bool:
        """Whether no AP, team or sector is asked for."""
        return not (self.ap or self.maternity or self.sector)

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
    births = _births(since=today - timedelta(days=PROPOSAL_HORIZON_DAYS))
    proposals = _proposals(since=today - timedelta(days=PERIOD_DAYS))
    reports = _reports()
    alerts = sorted(_alerts(), key=lambda alert: (alert.kind not in SIGN_KINDS, answer_delay(alert)))
    signs = {alert.pathway_id for alert in alerts if alert.kind in SIGN_KINDS}
    everyone = under_way(with_alert=signs, at=at, zone=zone)
    lacking = [pathway for pathway in everyone if pathway.missing]
    kept = everyone if filters.is_whole else _kept(everyone, filters)
    page = _page(kept, filters)
    waiting = (births, proposals, reports, alerts, lacking)
    shown = _shown([*page.object_list, *lacking[:TOP]], [row for rows in waiting[:4] for row in rows[:TOP]], alerts[:1])
    return Worklist(
        waiting=len({row.family_id for rows in waiting for row in rows}),
        births=Card(len(births), tuple(_birth_task(row, shown.homes, today) for row in births[:TOP])),
        proposals=Card(len(proposals), tuple(_proposal_task(row, shown.homes, today) for row in proposals[:TOP])),
        unplanned=Card(len(lacking), tuple(_unplanned_task(row, shown, today) for row in lacking[:TOP])),
        reports=_report_card(reports, shown.homes, at),
        alerts=Card(len(alerts), tuple(_alert_task(row, shown.homes, at) for row in alerts[:TOP])),
        sign_alert=_sign_alert(alerts, shown, at, today),
        counts=_counts(kept),
        last_birth_at=Family.objects.order_by("-pk").values_list("created_at", flat=True).first(),
        page=page,
        rows=[_row(pathway, shown, today, zone) for pathway in page.object_list],
    )


@dataclass(frozen=True, slots=True)
class _Shown:
    """Names behind the rows that are shown, and those only; both by key."""

    pathways: Mapping[int, Any]
    homes: Mapping[int, Household]

    def ap_of(self, pathway: UnderWay) -> str:
        """The name of the AP; "" while nobody is named."""
        return "" if pathway.ap_id is None else full_name(*self.pathways[pathway.pk][-3:])


def _shown(pathways: list[UnderWay], others: list[Any], alerts: list[Any]) -> _Shown:
    """`alerts` are those whose pathway is told too."""
    keys = [*(pathway.pk for pathway in pathways), *(alert.pathway_id for alert in alerts)]
    homes = households([row.family_id for row in (*pathways, *others)])
    return _Shown({row.pk: row for row in _pathways(keys=keys)}, homes)


@Prepared
def _pathways(keys: Any) -> Any:
    found = Pathway.objects.filter(among("pk", keys)).order_by("pk")
    return found.values_list("pk", "birth__day", "carrier__phone", *_names("ap"))


def _names(member: str) -> tuple[str, str, str]:
    """The columns that `full_name` takes, of the member at the end of this path."""
    return f"{member}__user__first_name", f"{member}__user__last_name", f"{member}__user__email"


# ---- What waits ------------------------------------------------------------------------------------------
# Each list is read whole, as slim rows: its families count in the title, its first three stand on a card.
@Prepared
def _births(since: Any) -> Any:
    """Births to whom CoPa was not presented and still may be: those who went home first, then the oldest."""
    discharged = Discharge.objects.filter(birth=OuterRef("pk"))
    births = Birth.objects.not_proposed().filter(day__gte=since).annotate(has_left=Exists(discharged))
    rows = births.order_by("-has_left", "at", "pk")
    return rows.values_list("public_id", "family_id", "at", "day", "maternity__name", "has_left")


@Prepared
def _proposals(since: Any) -> Any:
    """Proposals without an answer, and those answered yes that no inclusion has followed; same births as the list."""
    included = Pathway.objects.filter(birth=OuterRef("birth"))
    recent = Proposal.objects.filter(birth__day__gte=since, birth__is_silent=False)
    is_open = Q(answer=ProposalAnswer.PENDING) | (Q(answer=ProposalAnswer.YES) & ~Exists(included))
    rows = recent.filter(is_open).order_by(F("ask_again_on").asc(nulls_last=True), "proposed_on", "pk")
    columns = ("family_id", "answer", "proposed_on", "ask_again_on", "birth__public_id", "birth__day")
    return rows.values_list(*columns)


@Prepared
def _reports() -> Any:
    """Visits whose report has not reached the referring team, the nearest deadline first."""
    owed = Visit.objects.report_missing().order_by("report_due_at", "pk")
    return owed.values_list("family_id", "kind", "report_due_at", "ended_at", *_names("ap"))


@Prepared
def _alerts() -> Any:
    """Open alerts, the one that has waited longest first.

    Without their pathways: joined to them, PostgreSQL would begin with every pathway that each team ever carried.
    """
    columns = ("public_id", "family_id", "pathway_id", "kind", "code", "is_sealed", "facts")
    rows = Alert.objects.open().order_by("raised_at", "pk")
    return rows.values_list(*columns, "raised_at", "answer_due_at", *_names("raised_by"))


def _report_card(visits: list[Any], homes: Mapping[int, Household], at: datetime) -> Card:
    late = ClockState.LATE
    urgent = sum(report_clock(visit.report_due_at, None, at).state == late for visit in visits)
    return Card(len(visits), tuple(_report_task(visit, homes) for visit in visits[:TOP]), urgent)


# ---- Rows of the cards -----------------------------------------------------------------------------------
def _birth_task(birth: Any, homes: Mapping[int, Household], today: date) -> Task:
    state, words = ("bad", "déjà sortie") if birth.has_left else ("", f"J{day_of(birth.day, today)}")
    home = homes[birth.family_id]
    text = f"{home.child_names or 'bébé'}, {short_day(birth.at)} à {hour(birth.at)}, {birth.maternity__name}"
    return Task(home, birth.public_id, text, state, "clock", words)


def _proposal_task(proposal: Any, homes: Mapping[int, Household], today: date) -> Task:
    home = homes[proposal.family_id]
    text = f"présenté {short_day(proposal.proposed_on)}, J{day_of(proposal.birth__day, today)}"
    if proposal.answer == ProposalAnswer.YES:
        return Task(home, proposal.birth__public_id, f"oui, {text}", "warn", "check", "à inclure")
    again = proposal.ask_again_on
    if again is None:
        return Task(home, proposal.birth__public_id, text, "", "clock", "veut réfléchir")
    state = "warn" if again <= today else ""
    return Task(home, proposal.birth__public_id, text, state, "clock", f"en reparler {short_day(again)}")


def _unplanned_task(pathway: UnderWay, shown: _Shown, today: date) -> Task:
    home = shown.homes[pathway.family_id]
    text = f"{' et '.join(pathway.missing)} à fixer d’ici au {short_day(pathway.window_to)}"
    if home.is_isolated:
        text += ", zone isolée"
    if pathway.ap_id is None:
        return Task(home, pathway.public_id, text, "bad", "user", "personne")
    days_left = (pathway.window_to - today).days
    state = "bad" if days_left < 0 else ("warn" if days_left <= 7 else "")
    words = "dates passées" if days_left < 0 else f"encore {days_left}{NBSP}j"
    return Task(home, pathway.public_id, text, state, "calendar", words)


def _report_task(visit: Any, homes: Mapping[int, Household]) -> Task:
    home = homes[visit.family_id]
    text = f"{short_kind(visit.kind)}, {full_name(*visit[-3:])}"
    return Task(home, home.public_id, text, due_at=visit.report_due_at, ended_at=visit.ended_at)


def _alert_task(alert: Any, homes: Mapping[int, Household], at: datetime) -> Task:
    state = "bad" if alert.kind in SIGN_KINDS or alert.kind == AlertKind.REPORT_OVERDUE else "warn"
    words = f"{delay(at - alert.raised_at)} d’attente"
    return Task(homes[alert.family_id], alert.public_id, alert_label(alert), state, "alert", words)


def _sign_alert(alerts: list[Any], shown: _Shown, at: datetime, today: date) -> SignAlert | None:
    if not alerts or alerts[0].kind not in SIGN_KINDS:
        return None
    alert = alerts[0]
    pathway = shown.pathways[alert.pathway_id]
    return SignAlert(
        public_id=alert.public_id,
        household=shown.homes[alert.family_id],
        age=child_age(pathway.birth__day, today),
        kind=alert_label(alert),
        facts=alert_facts(alert),
        raised_by=_raiser(alert),
        raised_at=alert.raised_at,
        answer_due_at=alert.answer_due_at,
        waiting=at - alert.raised_at,
        phone=pathway.carrier__phone,
        is_late=alert.answer_due_at is not None and alert.answer_due_at < at,
        total=len(alerts),
    )


def _raiser(alert: Any) -> str:
    """Who raised it; "" when a job did."""
    names = alert[-3:]
    return full_name(*names) if any(names) else ""


# ---- The table -------------------------------------------------------------------------------------------
def _kept(everyone: list[UnderWay], filters: Filters) -> list[UnderWay]:
    """Those that the filters of AP, team and sector keep."""
    keys = set(Pathway.objects.active().filter(filters.as_q()).order_by("pk").values_list("pk", flat=True))
    return [pathway for pathway in everyone if pathway.pk in keys]


_IN_VIEW: Mapping[str, Callable[[UnderWay], bool]] = {
    TODO: lambda pathway: pathway.is_todo,
    WEEK: lambda pathway: pathway.is_of_week,
    END: lambda pathway: pathway.is_over,
    ALL: lambda pathway: True,
}


def _counts(pathways: list[UnderWay]) -> Counts:
    def held(view: str) -> int:
        return sum(map(_IN_VIEW[view], pathways))

    return Counts(todo=held(TODO), week=held(WEEK), end=held(END), every=len(pathways))


def _page(pathways: list[UnderWay], filters: Filters) -> Page[Any]:
    rows = [pathway for pathway in pathways if _IN_VIEW[filters.view](pathway)]
    return Paginator(rows[::-1] if filters.order == "jour" else rows, PAGE).get_page(filters.page)


def _row(pathway: UnderWay, shown: _Shown, today: date, zone: str) -> PathwayRow:
    born_on = shown.pathways[pathway.pk].birth__day
    return PathwayRow(
        household=shown.homes[pathway.family_id],
        day=day_of(born_on, today),
        thread=mini_thread(birth_day=born_on, visits=pathway.visits, today=today, zone=zone),
        ap=shown.ap_of(pathway),
        decision=decision(pathway, today),
    )


def decision(pathway: UnderWay, today: date) -> Decision | None:
    """The first thing to decide about a pathway; None while it goes as planned."""
    if pathway.has_alert:
        return Decision("bad", "alert", "Alerte à prendre", "pathways:alerts", SEE_ALERTS.code)
    if pathway.late_kind:
        words = f"Compte rendu {short_kind(pathway.late_kind)} en retard"
        return Decision("bad", "file", words, "visits:reports", perms.SEE_INBOX.code)
    if pathway.is_over:
        close = perms.CLOSE_PATHWAY.code
        return Decision("info", "done", "Clore le parcours", "visits:close_pathway", close, pathway.public_id)
    plan = perms.PLAN_VISIT.code
    if pathway.ap_id is None:
        return Decision("bad", "user", "Désigner une auxiliaire", "visits:plan", plan, pathway.public_id)
    if not pathway.missing:
        return None
    first = pathway.missing[0]
    if pathway.window_to < today:
        return Decision("bad", "calendar", f"{first} hors dates", "visits:plan", plan, pathway.public_id)
    words = f"Fixer {first} avant le {short_day(pathway.window_to)}"
    return Decision("warn", "calendar", words, "visits:plan", plan, pathway.public_id)
