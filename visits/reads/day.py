"""The AP's day: the tour in order, the next stop unfolded, the reports she owes, the signs of her families."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from copa.kernel import clock
from copa.kernel.french import NBSP, inner, listed
from copa.kernel.prepared import Prepared, among, together
from pathways.enums import SIGN_KINDS, PathwayState
from pathways.models import Child
from pathways.perms import SEE_ALERTS
from pathways.reads.alert_rows import AlertRow, most_urgent_first
from pathways.reads.alerts import answered_signs
from pathways.reads.epds import filled_by_mother
from pathways.reads.facts import HomeFacts, homes
from pathways.reads.team_lines import Number, numbers_now
from pathways.rules import STOPPED, epds_moment, is_in_mourning
from territories.models import Member, Structure
from visits import rules
from visits.enums import NotDoneReason, ReportState, VisitKind, VisitState
from visits.models import Report, Visit
from visits.perms import SEE_DAY
from visits.reads.alert_words import alert_facts, alert_label
from visits.reads.households import child_age, followed_children
from visits.reads.leaving import missing_to_leave
from visits.reads.standing import stop_words
from visits.reads.thread import named_kind, pmi_words, short_kind

# What the family file and the tour repeat of the last report: what the AP promised for the next visit (R076).
TELL = "next.tell"
OWED_SHOWN = 25
# A visit entered and never left stays on the page that long.
OPEN_DELAY = timedelta(days=60)
# A family seen within this time is hers to worry about: its team stands on the emergency page.
RECENT_DELAY = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One visit of the tour. `gap` is the time planned since the stop before, None unless both are to come.

    `is_clashing`: it begins before the one before it ends. `age` is "" when the birth is unknown; `told` is what the
    last report promised, with its visit in `told_at`. `is_quiet`: in mourning, no first name, no age, nothing to do;
    `notice` is what she must know of a pathway that has stopped, else ""; `has_changed`: a child died, said neutrally.
    `pmi`: the part of the PMI in a joint visit still to make, `cancelled`: why she does not go, or
    that it is to plan again; "" otherwise.
    """

    public_id: UUID
    kind: str
    state: str
    planned_at: datetime
    length: timedelta
    started_at: datetime | None
    ended_at: datetime | None
    not_done_reason: str
    report_due_at: datetime | None
    report_delivered_at: datetime | None
    has_report: bool
    is_signed: bool
    family: HomeFacts
    children: str
    age: str
    has_epds: bool
    gap: timedelta | None
    is_clashing: bool
    is_next: bool
    told: str
    told_at: str
    is_quiet: bool
    has_changed: bool
    notice: str
    pmi: str = ""
    cancelled: str = ""

    @property
    def shown_at(self) -> datetime:
        """The hour in the margin: the real one once she is in."""
        return self.started_at or self.planned_at

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens at the door: made, not made, or cancelled."""
        return self.state not in {VisitState.PLANNED, VisitState.STARTED}

    @property
    def owes_report(self) -> bool:
        """Whether its report has still to reach the referring team."""
        return self.report_due_at is not None and self.report_delivered_at is None


@dataclass(frozen=True, slots=True)
class Sign:
    """An open danger sign of one of her families; `is_mine`: she ticked it, its procedure is hers to read.

    `is_left`: another territory follows the family, its file has no page here.
    """

    public_id: UUID
    family_id: UUID
    family: str
    kind: str
    facts: str
    raised_at: datetime
    answer_due_at: datetime | None
    phone: str
    is_mine: bool
    is_left: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A referring team to call."""

    name: str
    phone: str
    what: str = ""


@dataclass(frozen=True)
class Day:
    """The whole page. `owed` are her visits of other days whose report is not delivered; `answered` the signs that
    somebody has taken; `missing` what she waits for before she may leave the home she is in, "" for nothing; `gone` the
    hours of visits that fell when another territory took the family over: no more of it.
    """

    on: date
    today: date
    stops: list[Stop]
    owed: list[Stop]
    signs: list[Sign]
    answered: list[AlertRow]
    missing: str = ""
    gone: tuple[datetime, ...] = ()

    @property
    def is_today(self) -> bool:
        return self.on == self.today

    @property
    def kept(self) -> int:
        """Visits of the day, those that fell left out."""
        return sum(stop.state != VisitState.CANCELLED for stop in self.stops)

    @property
    def answered_here(self) -> list[AlertRow]:
        """What the team answers about the family she is with now: it cannot wait below the tour."""
        return [row for row in self.answered if row.family_id in self._at_home_with]

    @property
    def is_at_home(self) -> bool:
        """Whether she is with a family now."""
        return bool(self._at_home_with)

    @property
    def signs_here(self) -> list[Sign]:
        """The signs of the family she is with now: before everything else."""
        return [sign for sign in self.signs if sign.family_id in self._at_home_with]

    @property
    def signs_elsewhere(self) -> list[Sign]:
        """Those of her other families."""
        return [sign for sign in self.signs if sign.family_id not in self._at_home_with]

    @property
    def answered_elsewhere(self) -> list[AlertRow]:
        """What it answers about her other families."""
        return [row for row in self.answered if row.family_id not in self._at_home_with]

    @property
    def _at_home_with(self) -> set[UUID]:
        return {stop.family.public_id for stop in self.stops if stop.state == VisitState.STARTED}

    @property
    def left(self) -> int:
        """Visits still to make."""
        return sum(stop.state in {VisitState.PLANNED, VisitState.STARTED} for stop in self.stops)

    @property
    def before(self) -> date:
        return self.on - timedelta(days=1)

    @property
    def after(self) -> date:
        return self.on + timedelta(days=1)


def day_of(member: Member, *, on: date | None, at: datetime, zone: str) -> Day:
    """The day of this AP, `on` a local date (None for today); the same number of queries for any tour."""
    today = clock.local_date(at, zone)
    on = on or today
    planned = _tour(member, on, zone, with_open=on == today)
    tour = [visit for visit in planned if not visit.is_gone]
    owed = _owed(member, but={visit.pk for visit in tour})
    alerts = _open_signs(member)
    numbers = _numbers(alerts, member, at)
    around = _Around([*tour, *owed], zone, {alert.family_id for alert in alerts})
    answered = answered_signs(member, at)
    return Day(
        on=on,
        today=today,
        stops=_stops(tour, around, today),
        owed=[_stop(visit, around, today) for visit in owed],
        signs=[_sign(alert, around.homes[alert.family_id], numbers, member) for alert in alerts],
        answered=answered,
        missing=_missing(tour) if alerts or any(row.is_to_close for row in answered) else "",
        gone=tuple(visit.planned_at for visit in planned if visit.is_gone),
    )


def _missing(tour: list[Any]) -> str:
    """What holds her where she is now; asked only while a sign of hers runs."""
    here = [visit for visit in tour if visit.state == VisitState.STARTED]
    return " ".join(filter(None, (missing_to_leave(visit) for visit in here)))


# Visits that fell when another territory took the family over: its yes closes the file, the job that cancels what was
# planned comes within the minute. Nothing but their hours, which were hers, is shown.
_GONE = Q(family__moved_at__isnull=False) & (
    Q(state=VisitState.PLANNED) | Q(state=VisitState.CANCELLED, fell_at__gte=F("family__moved_at"))
)


def _tour(member: Member, on: date, zone: str, *, with_open: bool) -> list[Any]:
    """Her visits of the day, and today those she has entered and not left, whenever they were planned.

    And those that fell with a move, which are marked (`is_gone`).
    """
    first, last = clock.day_bounds(on, zone)
    # What was cancelled stays in sight (`_stops`), but for a family that another territory follows: it shows nothing.
    wanted = Q(planned_at__gte=first) & (~Q(state=VisitState.CANCELLED, pathway__state=PathwayState.MOVED) | _GONE)
    # The range of dates is what the index of her days serves; without its lower end it would read her whole past.
    since = first
    if with_open:
        wanted |= Q(state=VisitState.STARTED)
        since = first - OPEN_DELAY
    hers = SEE_DAY.rows(member) | Visit.objects.filter(_GONE, ap=member)
    mine = _with_birth(hers.filter(planned_at__gte=since, planned_at__lt=last))
    mine = mine.annotate(is_gone=Case(When(_GONE, then=True), default=False))
    # In the order of the hours she reads: the real ones of the visits she has entered (`Stop.shown_at`).
    return list(mine.filter(wanted).order_by(Coalesce("started_at", "planned_at"), "pk"))


def _owed(member: Member, *, but: set[int]) -> list[Visit]:
    mine: Any = SEE_DAY.rows(member)
    owed = _with_birth(mine.report_missing().exclude(pk__in=but))
    return list(owed.order_by("report_due_at", "pk")[:OWED_SHOWN])


def _with_birth(visits: Any) -> Any:
    return visits.annotate(
        birth_id=F("pathway__birth_id"),
        born_on=F("pathway__birth__day"),
        is_silent=F("pathway__birth__is_silent"),
        has_changed=Exists(Child.objects.filter(birth=OuterRef("pathway__birth"), closed_at__isnull=False)),
        epds_visit=F("pathway__rules__epds_visit"),
        epds_moves=F("pathway__rules__epds_moves_to_third"),
        pathway_state=F("pathway__state"),
        stopped_at=F("pathway__closed_at"),
    )


class _Around:
    """What surrounds some visits, four queries: the homes, the children followed, the reports, the other visits.

    Each visit carries what `_with_birth` adds; `zone` is the territory's.
    """

    def __init__(self, visits: list[Any], zone: str, others: Set[int] = frozenset()) -> None:
        self.zone = zone
        families = {visit.family_id for visit in visits}
        self.homes: dict[int, HomeFacts] = homes(families | others)
        self.children = followed_children((visit.birth_id for visit in visits), tells_situation=True)
        self.of_visit: dict[int, Any] = {}
        self.of_pathway: dict[int, list[Any]] = {}
        pathways = list({visit.pathway_id for visit in visits})
        reports, running, filled = together(_reports, _running, filled_by_mother, pathways=pathways)
        self.running = {(one.pathway_id, one.kind): one for one in running}
        self.filled: dict[int, list[datetime]] = {}
        for one in filled:
            self.filled.setdefault(one.pathway_id, []).append(one.at)
        for report in reports:
            self.of_visit[report.visit_id] = report
            self.of_pathway.setdefault(report.visit__pathway_id, []).append(report)

    def has_epds(self, visit: Any) -> bool:
        """Whether the mood questionnaire is proposed at this visit (R056, A09), as the report will ask."""
        second = self.running.get((visit.pathway_id, VisitKind.V2))
        third = self.running.get((visit.pathway_id, VisitKind.V3))
        third_before = rules.was_third_before_second(second, third)
        moment = epds_moment(
            visit.kind, visit.epds_visit, moves_to_third=visit.epds_moves, third_decided_before_v2=third_before
        )
        at = visit.started_at or visit.planned_at
        done = [clock.local_date(one, self.zone) for one in self.filled.get(visit.pathway_id, ()) if one < at]
        return rules.is_epds_due(moment, done_on=max(done, default=None), day=clock.local_date(at, self.zone))

    def is_replaced(self, visit: Visit) -> bool:
        """Whether a visit was cancelled and the same one stands at another moment: nothing is left to know of it."""
        return _has_fallen(visit) and (visit.pathway_id, visit.kind) in self.running

    def told(self, visit: Visit) -> tuple[str, str]:
        """What the last report signed before this visit promised, and at which visit; "" and "" when nothing was."""
        for report in reversed(self.of_pathway.get(visit.pathway_id, [])):
            if report.state == ReportState.SIGNED and report.visit__planned_at < visit.planned_at:
                return report.told or "", short_kind(report.visit__kind)
        return "", ""


@Prepared
def _reports(pathways: Any) -> Any:
    reports = Report.objects.filter(among("visit__pathway", pathways)).order_by("visit__planned_at", "pk")
    told = reports.annotate(told=KeyTextTransform(TELL, "answers"))
    columns = ("visit_id", "visit__pathway_id", "visit__kind", "visit__planned_at", "state", "told")
    return told.values_list(*columns)


@Prepared
def _running(pathways: Any) -> Any:
    visits = Visit.objects.running().filter(among("pathway", pathways)).order_by("pk")
    return visits.values_list("pathway_id", "kind", "started_at", "decided_at")


def _stops(tour: list[Visit], around: _Around, today: date) -> list[Stop]:
    following = next((v for v in tour if v.state == VisitState.STARTED), None)
    following = following or next((v for v in tour if v.state == VisitState.PLANNED), None)
    stops = []
    before: Visit | None = None
    for visit in tour:
        if around.is_replaced(visit):
            continue
        gap = _gap(before, visit)
        is_next = following is not None and visit.pk == following.pk
        stops.append(_stop(visit, around, today, gap=gap, is_next=is_next))
        before = before if visit.state == VisitState.CANCELLED else visit
    # Where she is comes first: on a phone the rest of the tour would push « Je sors » out of sight.
    return sorted(stops, key=lambda stop: stop.state != VisitState.STARTED)


def _gap(before: Visit | None, visit: Visit) -> timedelta | None:
    """The time planned between two visits to come; None once one of them has begun: its real hours are others."""
    if before is None or {before.state, visit.state} != {VisitState.PLANNED}:
        return None
    return visit.planned_at - before.planned_at - timedelta(minutes=before.planned_minutes)


def _stop(visit: Any, around: _Around, today: date, *, gap: timedelta | None = None, is_next: bool = False) -> Stop:
    """`visit` carries what `_with_birth` adds."""
    is_quiet = is_in_mourning(is_silent=visit.is_silent, state=visit.pathway_state)
    told, told_at = ("", "") if is_quiet else around.told(visit)
    report = around.of_visit.get(visit.pk)
    return Stop(
        public_id=visit.public_id,
        kind=named_kind(visit.kind),
        state=visit.state,
        planned_at=visit.planned_at,
        length=timedelta(minutes=visit.planned_minutes),
        started_at=visit.started_at,
        ended_at=visit.ended_at,
        not_done_reason=visit.get_not_done_reason_display() if visit.not_done_reason else "",
        report_due_at=visit.report_due_at,
        report_delivered_at=visit.report_delivered_at,
        has_report=report is not None,
        is_signed=report is not None and report.state == ReportState.SIGNED,
        family=around.homes[visit.family_id],
        children="" if is_quiet else listed(around.children.get(visit.birth_id, ())),
        age="" if is_quiet else child_age(visit.born_on, today),
        has_epds=not is_quiet and around.has_epds(visit),
        gap=gap if gap is None or gap > timedelta(0) else None,
        is_clashing=gap is not None and gap < timedelta(0) and visit.state == VisitState.PLANNED,
        is_next=is_next,
        told=told,
        told_at=told_at,
        is_quiet=is_quiet,
        has_changed=visit.has_changed and not is_quiet,
        pmi=_pmi(visit) if not is_quiet else "",
        notice=stop_words(
            is_quiet=is_quiet,
            state=visit.pathway_state,
            closed_at=visit.stopped_at,
            is_owed=visit.report_due_at is not None,
            is_cancelled=visit.state == VisitState.CANCELLED,
        ),
        cancelled=_cancelled_words(visit, is_quiet=is_quiet),
    )


def _has_fallen(visit: Any) -> bool:
    """Cancelled, or said not made at the door because of a death that was none."""
    is_mistake = bool(visit.not_done_reason == NotDoneReason.NOTED_BY_MISTAKE)
    return visit.state == VisitState.CANCELLED or is_mistake


def _cancelled_words(visit: Any, *, is_quiet: bool) -> str:
    """Why she does not go, "" for a visit that stands, in mourning, or once the mother stopped (`notice` says it)."""
    if not _has_fallen(visit) or is_quiet or visit.pathway_state in STOPPED:
        return ""
    if visit.pathway_state == PathwayState.SUSPENDED:
        return "N’y allez pas : une hospitalisation est notée. La visite est à refixer au retour."
    if visit.not_done_reason == NotDoneReason.NOTED_BY_MISTAKE:
        return f"À prévoir de nouveau{NBSP}: cette visite avait été annulée par erreur. L’équipe ou vous la refixez."
    return f"N’y allez pas : visite annulée ({inner(visit.get_not_done_reason_display())})."


def _pmi(visit: Visit) -> str:
    """What the PMI has said of a visit still to make; made, its report says who came."""
    return pmi_words(visit.partner_state, visit.partner_reason) if visit.state == VisitState.PLANNED else ""


def signs_of(member: Member, at: datetime) -> list[Sign]:
    """Open danger signs of her families, where a life is in danger first."""
    alerts = _open_signs(member)
    families = homes(alert.family_id for alert in alerts)
    numbers = _numbers(alerts, member, at)
    return [_sign(alert, families[alert.family_id], numbers, member) for alert in alerts]


def _open_signs(member: Member) -> list[Any]:
    alerts: Any = SEE_ALERTS.rows(member)
    mine = alerts.open().filter(kind__in=SIGN_KINDS)
    return list(most_urgent_first(mine.select_related("pathway__carrier", "family")))


def _numbers(alerts: list[Any], member: Member, at: datetime) -> dict[int, Number]:
    """Under which number the teams of these alerts answer now; nothing is asked for none."""
    return numbers_now([alert.pathway.carrier for alert in alerts], at, member.territory) if alerts else {}


def _sign(alert: Any, family: HomeFacts, numbers: Mapping[int, Number], member: Member) -> Sign:
    """`alert` carries its team; the number is the one that answers for it now (rule A0)."""
    return Sign(
        public_id=alert.public_id,
        family_id=family.public_id,
        family=family.name,
        kind=alert_label(alert),
        facts=alert_facts(alert),
        raised_at=alert.raised_at,
        answer_due_at=alert.answer_due_at,
        phone=numbers[alert.pathway.carrier_id].phone,
        is_mine=alert.raised_by_id == member.pk,
        is_left=alert.family.moved_at is not None,
    )


def team_lines(member: Member, at: datetime) -> list[Line]:
    """Referring teams of her families under way, then her own structure, with the number that answers now.

    A team that nobody answers for, by no number, is left out.
    """
    tour = Visit.objects.filter(ap=member, planned_at__gte=at - RECENT_DELAY).values("pathway__carrier")
    teams = list(Structure.objects.filter(pk__in=tour).order_by("name", "pk"))
    if member.structure and member.structure not in teams:
        teams.append(member.structure)
    numbers = numbers_now(teams, at, member.territory)
    lines = [Line(team.name, numbers[team.pk].phone, "Équipe de référence") for team in teams]
    return [line for line in lines if line.phone]


def stop_of(visit: Visit, at: datetime, zone: str) -> Stop:
    """One visit as a stop, for the pages of a single visit."""
    found = _with_birth(Visit.objects).get(pk=visit.pk)
    return _stop(found, _Around([found], zone), clock.local_date(at, zone))
