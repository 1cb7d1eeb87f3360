"""The calendar of a family: for the mother and each child, what is due, what is known, the next first."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from copa.kernel.french import NBSP, full_day, full_stop, inner, moment
from copa.kernel.french import day as short_day
from copa.kernel.prepared import Prepared
from pathways.enums import (
    CalendarAnchor,
    CalendarCondition,
    CalendarDuty,
    CalendarSource,
    CalendarStatus,
    CalendarSubject,
    CertificateStatus,
    DischargeKind,
    HalfDay,
    PathwayState,
    ProposalContext,
    StepKind,
)
from pathways.models import Birth, CalendarItem, CalendarRule, Child, Death, Discharge, MidwifeVisit, Pathway, Proposal
from pathways.reads.deaths import mother_name
from pathways.rules import (
    EARLY_INTERVIEW,
    NO_MILESTONE,
    RUNNING,
    Due,
    LineState,
    Milestones,
    due_of,
    is_in_mourning,
    is_of_birth,
    line_state,
)
from pathways.signals import visits_asked

# What lies further ahead is folded away: the next weeks are what the page is opened for.
SOON = timedelta(days=70)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the calendar for one person.

    `key` is what a form sends of the child, "" for the mother; `badge` is (state, icon, words). `certificate` is ""
    where the line has none, `certificate_words` what is known of it. `note` says who noted it, "" when nobody did.
    """

    code: str
    key: str
    label: str
    who: str
    basis: str
    duty: str
    duty_label: str
    when: str
    state: LineState
    badge: tuple[str, str, str]
    status: str
    note: str
    certificate: str
    certificate_words: str
    is_noted: bool


@dataclass(frozen=True, slots=True)
class Somebody:
    """The mother or a child, with her lines: the near ones, and those far ahead."""

    name: str
    lines: tuple[Line, ...]
    later: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ExpectedVisit:
    """A half-day on which the midwife is expected."""

    public_id: UUID
    on: date
    half: str

    @property
    def words(self) -> str:
        """As "mar. 3 nov., le matin"."""
        return f"{short_day(self.on)}, {self.half.lower()}"


@dataclass(frozen=True)
class FamilyCalendar:
    """The calendar around the last birth. `prado` is None while nobody asked; `is_quiet`: in mourning."""

    birth: Birth
    people: tuple[Somebody, ...]
    programme: tuple[Line, ...]
    midwife: tuple[ExpectedVisit, ...]
    prado: bool | None
    is_quiet: bool
    overdue: int


def calendar_of(family_id: int, *, state: str, today: date, zone: str) -> FamilyCalendar | None:
    """The calendar of the last birth, None for a family without one; always the same number of queries.

    `state` is the state of its pathway, "" without one.
    """
    birth = Birth.objects.filter(family=family_id).order_by("-at", "-pk").first()
    if birth is None:
        return None
    around = _Around(birth, today, zone, is_quiet=is_in_mourning(is_silent=birth.is_silent, state=state))
    people = tuple(around.people())
    programme = () if around.is_quiet else tuple(around.lines(CalendarSubject.FAMILY, None))
    shown = [line for somebody in people for line in somebody.lines]
    return FamilyCalendar(
        birth=birth,
        people=people,
        programme=programme,
        midwife=expected_visits(birth.pk),
        prado=birth.is_prado,
        is_quiet=around.is_quiet,
        overdue=sum(line.state == LineState.OVERDUE for line in shown),
    )


def expected_visits(birth_id: int) -> tuple[ExpectedVisit, ...]:
    """When the midwife is expected, in order."""
    rows = MidwifeVisit.objects.filter(birth=birth_id).order_by("on", "-half")
    return tuple(ExpectedVisit(row.public_id, row.on, str(HalfDay(row.half).label)) for row in rows)


@dataclass(frozen=True, slots=True)
class _Visits:
    """What the calendar counts from the visits of one pathway: the kinds made, and the days."""

    kinds: frozenset[str]
    milestones: Milestones


def visits_of(pathway: Pathway | None) -> _Visits:
    """The visits made, here or in another territory before. The last one is known once no other is to come."""
    if pathway is None:
        return _Visits(frozenset(), NO_MILESTONE)
    answers: list[tuple[Any, Any]] = visits_asked.send(Pathway, pathway=pathway)
    made = pathway.with_elsewhere([visit for _, part in answers for visit in part["visits"]])
    days = {visit["kind"]: date.fromisoformat(visit["on"]) for visit in made}
    is_third_left = pathway.is_third_decided and StepKind.V3 not in days and pathway.state != PathwayState.CLOSED
    is_over = StepKind.V2 in days and not is_third_left and not any(part["is_to_come"] for _, part in answers)
    last_on = max(days.values()) if is_over else None
    return _Visits(frozenset(days), Milestones(second_on=days.get(StepKind.V2), last_on=last_on))


class _Around:
    """The rules of one birth, what is known of each line, and who of the birth is alive."""

    def __init__(self, birth: Birth, today: date, zone: str, *, is_quiet: bool) -> None:
        self.birth, self.is_quiet, self.today, self.zone = birth, is_quiet, today, zone
        self.discharge = Discharge.objects.filter(birth=birth).first()
        self.pathway = Pathway.objects.filter(birth=birth).select_related("rules", "territory").order_by("-pk").first()
        self.visits = visits_of(self.pathway)
        rules = CalendarRule.objects.order_by("position")
        self.rules = [rule for rule in rules if is_of_birth(birth.day, rule.births_from, rule.births_to)]
        people = ("noted_by__user",)
        items = CalendarItem.objects.filter(birth=birth).select_related(*people).order_by("pk")
        self.items = {(item.child_id, item.code): item for item in items}

    def people(self) -> Iterable[Somebody]:
        """The mother unless she died, then each child that is followed: nothing is told of the dead (A38)."""
        if not Death.objects.of_mothers().filter(birth=self.birth).exists():
            yield self._somebody(mother_name(self.birth), CalendarSubject.MOTHER, None)
        for child in Child.objects.filter(birth=self.birth, closed_at=None).order_by("rank"):
            yield self._somebody(child.shown_name, CalendarSubject.CHILD, child)

    def _somebody(self, name: str, subject: str, child: Child | None) -> Somebody:
        lines = list(self.lines(subject, child))
        far = {line.code for line in lines if line.state == LineState.TO_COME and self._is_far(line.code, child)}
        near = tuple(line for line in lines if line.code not in far)
        return Somebody(name, near, tuple(line for line in lines if line.code in far))

    def _is_far(self, code: str, child: Child | None) -> bool:
        due = self._due(next(rule for rule in self.rules if rule.code == code), child)
        return due is not None and due.window.first > self.today + SOON

    def lines(self, subject: str, child: Child | None) -> list[Line]:
        """The next first, then what is done."""
        found = [
            (self._rank(rule, child), self._line(rule, child))
            for rule in self.rules
            if rule.subject == subject and self._holds(rule)
        ]
        return [line for _, line in sorted(found, key=lambda one: one[0])]

    def _holds(self, rule: CalendarRule) -> bool:
        if rule.condition == CalendarCondition.PRADO:
            return bool(self.birth.is_prado)
        if rule.condition == CalendarCondition.ULTRA_EARLY:
            return self.discharge is not None and self.discharge.kind == DischargeKind.ULTRA_EARLY
        if rule.condition == CalendarCondition.THIRD_VISIT:
            return self._may_have_third()
        if rule.condition == CalendarCondition.FOLLOWED:
            return self.pathway is not None and self.pathway.state in RUNNING | {PathwayState.CLOSED}
        return True

    def _may_have_third(self) -> bool:
        """Whether a third visit is decided, or may still be, and is not made: else there is nothing to expect."""
        pathway = self.pathway
        if pathway is None or pathway.state not in RUNNING or StepKind.V3 in self.visits.kinds:
            return False
        has_third = pathway.rules.max_visits > pathway.rules.planned_visits
        may_be_decided: bool = has_third and self.today <= pathway.window_to
        return bool(pathway.is_third_decided) or may_be_decided

    def _rank(self, rule: CalendarRule, child: Child | None) -> tuple[int, date, int]:
        state, due = self._state(rule, child), self._due(rule, child)
        place = _ORDER[LineState.PASSED if rule.duty == CalendarDuty.INFORMATION else state]
        return place, due.window.last if due else date.max, rule.position

    def _due(self, rule: CalendarRule, child: Child | None) -> Due | None:
        left_at = self.discharge.at if self.discharge else None
        milestones = replace(self.visits.milestones, exam_on=self._exam_on(child))
        return due_of(rule.facts, self.birth.day, left_at, self.zone, milestones)

    def _exam_on(self, child: Child | None) -> date | None:
        """The last day on which an examination with a health certificate is known to be done."""
        codes = {rule.code for rule in self.rules if rule.certificate}
        known = (self.items.get((child.pk, code)) for code in codes) if child else ()
        return max((one.on for one in known if one and one.on and one.status == CalendarStatus.DONE), default=None)

    def _state(self, rule: CalendarRule, child: Child | None) -> LineState:
        item = self.items.get((child.pk if child else None, rule.code))
        return line_state(self._due(rule, child), item.status if item else "", self.today, is_quiet=self.is_quiet)

    def _line(self, rule: CalendarRule, child: Child | None) -> Line:
        item = self.items.get((child.pk if child else None, rule.code))
        due, state = self._due(rule, child), self._state(rule, child)
        return Line(
            code=rule.code,
            key=str(child.public_id) if child else "",
            label=rule.label,
            who=rule.who,
            basis=rule.legal_basis,
            duty=rule.duty,
            duty_label=rule.get_duty_display(),
            when=_dates(rule, due),
            state=state,
            badge=_badge(rule, due, state, item),
            status=item.status if item else "",
            note=_note(item),
            certificate=_CERTIFICATES.get(rule.certificate, rule.certificate),
            certificate_words=_certificate(item),
            is_noted=rule.is_noted,
        )


# Coded as the forms of the child's health record are; said as parents say them.
_CERTIFICATES = {"CS8": "du 8e\u00a0jour", "CS9": "du 9e\u00a0mois", "CS24": "du 24e\u00a0mois"}
_ORDER = {
    LineState.OVERDUE: 0,
    LineState.OPEN: 1,
    LineState.PLANNED: 1,
    LineState.TO_COME: 2,
    LineState.PASSED: 3,
    LineState.REFUSED: 4,
    LineState.DONE: 5,
}


def _dates(rule: CalendarRule, due: Due | None) -> str:
    if due is None:
        return "après la sortie" if rule.anchor == CalendarAnchor.DISCHARGE else rule.words
    if due.due_at is not None:
        return f"avant {moment(due.due_at)}"
    if due.window.first == due.window.last:
        return f"le {full_day(due.window.first)}"
    return f"du {full_day(due.window.first)} au {full_day(due.window.last)}"


def _badge(rule: CalendarRule, due: Due | None, state: LineState, item: CalendarItem | None) -> tuple[str, str, str]:
    on = f" le {full_day(item.on)}" if item and item.on else ""
    if rule.duty == CalendarDuty.INFORMATION:
        return "none", "info", "pour information"
    if item and item.status == CalendarStatus.MISSED:
        return "none", "x", "pas fait"
    if state == LineState.OVERDUE and item and item.status == CalendarStatus.PLANNED:
        return "bad", "alert", f"en retard, rendez-vous pris{on}"
    if state == LineState.OPEN and rule.duty in {CalendarDuty.OPTIONAL, CalendarDuty.PROGRAMME}:
        return "info", "calendar", "possible maintenant"
    if state == LineState.TO_COME and due is None:
        return "none", "todo", "rien de noté"
    return {
        LineState.OVERDUE: ("bad", "alert", "en retard"),
        LineState.OPEN: ("warn", "clock", "à faire maintenant"),
        LineState.PLANNED: ("info", "calendar", f"prévu{on}"),
        LineState.TO_COME: ("none", "todo", "à venir"),
        LineState.PASSED: ("none", "history", "dates passées"),
        LineState.REFUSED: ("none", "x", "refusé"),
        LineState.DONE: ("ok", "check", f"fait{on}"),
    }[state]


def _note(item: CalendarItem | None) -> str:
    """As "Vu dans le carnet de santé, noté par Amal Martin mar. 3 nov. à 14 h"."""
    if item is None:
        return ""
    said = str(CalendarSource(item.source).label)
    if item.status == CalendarStatus.UNKNOWN:
        said = f"On ne sait pas{NBSP}: {said[0].lower()}{said[1:]}"
    if item.professional_kind:
        said = f"{said}, {inner(item.get_professional_kind_display())}"
    if item.professional:
        said = f"{said}, {item.professional}"
    if item.is_transmitted is not None:
        said = f"{said}, {'transmis' if item.is_transmitted else 'pas transmis'}"
    return f"{said}, noté par {item.noted_by.user.get_full_name()} {moment(item.noted_at)}"


def _certificate(item: CalendarItem | None) -> str:
    if item is None or not item.certificate:
        return "pas regardé"
    words = str(CertificateStatus(item.certificate).label).lower()
    return f"{words} le {full_day(item.certificate_on)}" if item.certificate_on else words


# ---- One line, for its form -----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Target:
    """A line somebody is about to note: of the mother when `child` is None. `item` is what is known, if anything."""

    rule: CalendarRule
    birth: Birth
    child: Child | None
    name: str
    item: CalendarItem | None

    @property
    def key(self) -> str:
        """What a form sends of the child, "" for the mother."""
        return str(self.child.public_id) if self.child else ""

    def early_words(self, on: date, zone: str) -> str:
        """What to tell whoever notes it done on this day, before its dates; "" when it may be (K08: when it counts)."""
        discharge = Discharge.objects.filter(birth=self.birth).first()
        due = due_of(self.rule.facts, self.birth.day, discharge.at if discharge else None, zone)
        if due is None or on >= due.accepted_from:
            return ""
        return f"C’est avant ses dates, à partir du {full_stop(full_day(due.accepted_from))} Vérifiez le jour."


def target_of(family_id: int, code: str, key: UUID | None) -> Target | None:
    """The line of this code, of one child or (key None) of the mother; None when the calendar has no such line."""
    birth = Birth.objects.filter(family=family_id).order_by("-at", "-pk").first()
    if birth is None:
        return None
    child = Child.objects.filter(birth=birth, public_id=key).first() if key else None
    subject = CalendarSubject.CHILD if key else CalendarSubject.MOTHER
    rules = CalendarRule.objects.filter(code=code, subject=subject, is_noted=True).order_by("position")
    rule = next((one for one in rules if is_of_birth(birth.day, one.births_from, one.births_to)), None)
    if rule is None or (key and child is None):
        return None
    item = CalendarItem.objects.filter(birth=birth, child=child, code=code).first()
    return Target(rule, birth, child, child.shown_name if child else mother_name(birth), item)


# ---- The early prenatal interview -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class EarlyInterview:
    """What is known of it before the inclusion asks (R223): `status` DONE or MISSED, `on` None without a day."""

    status: str
    on: date | None
    professional_kind: str = ""
    is_transmitted: bool | None = None


def early_interview(birth: Birth) -> EarlyInterview | None:
    """What the calendar says; else that CoPa was presented in it, which dates it; None when nothing is known."""
    said = Q(status__in=[CalendarStatus.DONE, CalendarStatus.MISSED])
    item = CalendarItem.objects.filter(said, birth=birth, child=None, code=EARLY_INTERVIEW).first()
    if item is not None:
        return EarlyInterview(item.status, item.on, item.professional_kind, item.is_transmitted)
    presented = Proposal.objects.filter(birth=birth, context=ProposalContext.EPP).first()
    return EarlyInterview(CalendarStatus.DONE, presented.proposed_on) if presented else None


# ---- For the layers above -------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class KnownLine:
    """What is known of one child's line. `is_seen`: in the booklet, or a professional's word."""

    child_id: UUID
    code: str
    status: str
    is_seen: bool
    has_certificate: bool


@Prepared
def known_rows(family: Any) -> Any:
    """The rows that `known_of` reads: what is known of all the children of a family."""
    return CalendarItem.objects.filter(family=family, child__isnull=False).order_by("pk").values_list(*_KNOWN)


_KNOWN = ("child__public_id", "code", "status", "source", "certificate")


def known_of(rows: Iterable[Any]) -> list[KnownLine]:
    """What these rows say."""
    seen = {CalendarSource.BOOKLET, CalendarSource.PROFESSIONAL}
    return [
        KnownLine(
            child, code, status, status == CalendarStatus.DONE and source in seen, cert == CertificateStatus.FILLED
        )
        for child, code, status, source, cert in rows
    ]


def midwife_expected(birth_id: int, on: date, halves: Iterable[str]) -> str:
    """The half-day on which the midwife is expected too, in French; "" when she is not (R069)."""
    row = MidwifeVisit.objects.filter(birth=birth_id, on=on, half__in=list(halves)).order_by("-half").first()
    return str(HalfDay(row.half).label).lower() if row else ""
