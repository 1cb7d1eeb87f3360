"""Every row the file of a family is made of, read once: a fixed number of queries, nothing the reader may not know."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from copa.kernel import clock
from copa.kernel.prepared import Prepared, together
from pathways.enums import PathwayState
from pathways.models import Alert, CareCircleMember, CarriedReport, EarlyCall, Family
from pathways.perms import SEE_ALERTS, SEE_CALENDAR, SEE_LIVING_CHILD, reads_in_emergency_only
from pathways.reads.alert_rows import is_silenced
from pathways.reads.calendar import KnownLine, known_of, known_rows
from pathways.reads.facts import FACT_READS, BirthFacts, Directory, FamilyFacts, PathwayFacts, facts_of
from pathways.reads.standing import circle_on
from pathways.reads.story import told
from pathways.reads.told import Told
from pathways.rules import is_in_mourning
from territories.models import Member
from visits import perms, rules
from visits.enums import VISIT_RUNNING, VisitKind, VisitState
from visits.models import Addendum, Delivery, Deviation, Report, Visit

# Who comes home or calls there: the team, the liberal midwife, the PMI (columns of inclusion.md 2).
HOME_LETTERS = "ELM"
# Who reads where a child was born (inclusion.md 2, incl.birth.place): the others read who follows it.
PLACE_LETTERS = "EM"


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit of the family, whatever became of it."""

    pk: int
    public_id: UUID
    pathway_id: int
    kind: str
    ap_id: int
    planned_at: datetime
    planned_minutes: int
    window_reason: str
    motive: str
    partner_state: str
    partner_reason: str
    state: str
    started_at: datetime | None
    ended_at: datetime | None
    not_done_reason: str
    report_due_at: datetime | None
    report_delivered_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignedReport:
    """A signed report with its visit; `answers` are those outside the sealed compartment."""

    visit: VisitRow
    pk: int
    public_id: UUID
    author_id: int
    answers: Mapping[str, Any]
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A report on its way to a structure; dates are None until the step happened."""

    report_id: int
    structure_id: int
    sent_at: datetime | None
    opened_at: datetime | None
    opened_by_id: int | None


@dataclass(frozen=True, slots=True)
class AddendumRow:
    """A completion of a signed report."""

    report: SignedReport
    author_id: int
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DeviationRow:
    """A deviation from the protocol that stands; `minutes` and `least` tell a duration."""

    kind: str
    minutes: int | None
    least: int | None
    reason: str
    detected_at: datetime


@dataclass(frozen=True, slots=True)
class CarriedRow:
    """A report of a visit made in another territory, which came with the file `received`."""

    received: UUID
    kind: str
    on: date
    written_in: str
    author: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class EarlyRow:
    """A call for a visit after an ultra-early discharge, which nobody has answered (R054)."""

    pathway_id: int
    first_day: date
    last_day: date


@dataclass(frozen=True, kw_only=True)
class Material:
    """The rows. `carried` are those that she reads alone.

    `readable` and `sealed` hold keys of reports: those she reads, those whose protected part she reads.

    `circle` is empty for whoever stands outside the team. `letter` is the column of the documents this reader reads by
    (documents.md 1): E inside the team, L, M, G or P outside it. `directory` knows every person and structure the rows
    point at. `is_emergency`: it alone lets her read. `sees_living_child`: its mother died, she follows it.
    """

    facts: FamilyFacts
    visits: list[VisitRow]
    reports: list[SignedReport]
    readable: frozenset[int]
    deliveries: list[DeliveryRow]
    addenda: list[AddendumRow]
    alerts: list[Alert]
    # Of these, the signs of somebody who died, of which this reader is told nothing more (alerts.md 6.1).
    silent_alerts: frozenset[int]
    told: list[Told]
    sealed: frozenset[int]
    letter: str
    calendar: list[KnownLine] | None
    directory: Directory
    deviations: list[DeviationRow]
    circle: list[CareCircleMember]
    early: list[EarlyRow]
    carried: list[CarriedRow]
    is_emergency: bool
    sees_living_child: bool
    zone: str
    at: datetime
    today: date

    @property
    def is_inside(self) -> bool:
        """Whether this reader belongs to the team, or answers for the territory: the others read what is theirs."""
        return self.letter == "E"

    def place_of(self, birth: BirthFacts) -> str:
        """Where this birth took place, for whoever reads it; for the others the maternity that follows it."""
        return birth.place if self.letter in PLACE_LETTERS else birth.maternity

    @property
    def early_days(self) -> tuple[date, date] | None:
        """The days of the visit that an ultra-early discharge asks for and nobody has planned; None when none is.

        For the team, and for the liberal midwife it is arranged with (R054); nobody else outside.
        """
        pathway = self.facts.pathway
        if pathway is None or self.letter not in "EL" or pathway.state != PathwayState.ACTIVE:
            return None
        if any(one.kind == VisitKind.ULTRA_EARLY and one.state in VISIT_RUNNING for one in self.visits):
            return None
        wanted = (one for one in self.early if one.pathway_id == pathway.pk and one.last_day >= self.today)
        return next(((max(one.first_day, self.today), one.last_day) for one in wanted), None)


def to_make(pathway: PathwayFacts) -> tuple[str, ...]:
    """The visits of this pathway that somebody has to plan (`rules.kinds_to_make`)."""
    return rules.kinds_to_make(
        pathway.planned_visits, pathway.kinds_elsewhere, is_third_decided=pathway.is_third_decided
    )


def is_quiet(facts: FamilyFacts) -> bool:
    """Mourning: no congratulation, no age, nothing to plan (A38)."""
    is_silent = facts.birth is not None and facts.birth.is_silent
    return is_in_mourning(is_silent=is_silent, state=facts.pathway.state if facts.pathway else "")


def material_of(family: Family, member: Member, at: datetime, zone: str) -> Material:
    """Two queries of prepared rows, names included, and one per permission that decides what is shown."""
    key = family.pk
    found = together(*_READS, *FACT_READS, family=key, keys=[key], at=at)
    known, signed, sent, added, lines, deviations, early, carried = found[: len(_READS)]
    visits = {row.pk: VisitRow(*row) for row in known}
    reports = {row[0]: SignedReport(visits[visit], *row) for visit, *row in signed}
    deliveries = [DeliveryRow(*row) for row in sent]
    addenda = [AddendumRow(reports[report], *row) for report, *row in added]
    alerts, silent = _alerts(key, member)
    authors = [row.author_id for row in reports.values()] + [row.author_id for row in addenda]
    directory = _directory(deliveries, alerts)
    directory.expect(people=(*authors, *(visit.ap_id for visit in visits.values())), places=[member.structure_id])
    facts = facts_of(found[len(_READS) :], directory)[key]
    letter, today = perms.reader_letter(member, key), clock.local_date(at, zone)
    return Material(
        facts=facts,
        visits=[_as_left(visit, facts) for visit in visits.values()],
        reports=list(reports.values()),
        readable=_readable(key, member),
        deliveries=deliveries,
        addenda=addenda,
        alerts=alerts,
        silent_alerts=silent,
        told=told(family, member),
        sealed=_sealed(key, member),
        letter=letter,
        calendar=known_of(lines) if SEE_CALENDAR.is_held_by(member) else None,
        directory=directory,
        deviations=[DeviationRow(*row) for row in deviations],
        circle=circle_on(key, today) if letter == "E" else [],
        early=[EarlyRow(*row) for row in early],
        carried=_read_carried(key, member, [CarriedRow(*row) for row in carried]),
        is_emergency=reads_in_emergency_only(member, family.public_id),
        sees_living_child=_sees_living_child(facts, member),
        zone=zone,
        at=at,
        today=today,
    )


def _directory(deliveries: list[DeliveryRow], alerts: list[Alert]) -> Directory:
    """Those who received something or answered."""
    directory = Directory()
    directory.expect(people=(row.opened_by_id for row in deliveries), places=(row.structure_id for row in deliveries))
    directory.expect(people=(alert.acknowledged_by_id for alert in alerts))
    return directory


def _alerts(family: int, member: Member) -> tuple[list[Alert], frozenset[int]]:
    """Those she sees, and the keys of those she is told nothing more of."""
    alerts = list(SEE_ALERTS.rows(member).with_dead().filter(family=family).order_by("raised_at", "pk"))
    return alerts, frozenset(one.pk for one in alerts if is_silenced(one, member))


def _sees_living_child(facts: FamilyFacts, member: Member) -> bool:
    """Asked in mourning alone, of a birth with a child alive."""
    if facts.birth is None or not is_quiet(facts) or all(one.is_closed for one in facts.children):
        return False
    return SEE_LIVING_CHILD.is_held_by(member) and bool(
        SEE_LIVING_CHILD.rows(member).filter(pk=facts.birth.pk).exists()
    )


def _as_left(visit: VisitRow, facts: FamilyFacts) -> VisitRow:
    """A visit that nobody makes any more is off, before the job writes so: the family is followed elsewhere."""
    has_moved = facts.pathway is not None and facts.pathway.state == PathwayState.MOVED
    is_off = has_moved and visit.state == VisitState.PLANNED
    return replace(visit, state=VisitState.CANCELLED) if is_off else visit


def _readable(family: int, member: Member) -> frozenset[int]:
    return frozenset(perms.READ_REPORT.rows(member).filter(family=family).order_by().values_list("pk", flat=True))


def _sealed(family: int, member: Member) -> frozenset[int]:
    """Drafts among them: they meet the signed reports only."""
    held = perms.READ_SEALED.rows(member).filter(family=family).exclude(answers={})
    return frozenset(held.order_by().values_list("report", flat=True))


def _read_carried(family: int, member: Member, rows: list[CarriedRow]) -> list[CarriedRow]:
    """Those she reads; asked of a family that came from elsewhere alone."""
    if not rows:
        return []
    hers = set(perms.READ_CARRIED.rows(member).filter(family=family).order_by().values_list("public_id", flat=True))
    return [row for row in rows if row.received in hers]


@Prepared
def _carried(family: Any) -> Any:
    rows = CarriedReport.objects.filter(family=family).order_by("on", "pk")
    return rows.values_list("received__public_id", "kind", "on", "written_in", "author", "received__received_at")


@Prepared
def _visits(family: Any) -> Any:
    names = VisitRow.__dataclass_fields__
    return Visit.objects.filter(family=family).order_by("planned_at", "pk").values_list(*names)


@Prepared
def _early(family: Any) -> Any:
    names = EarlyRow.__dataclass_fields__
    return EarlyCall.objects.filter(family=family).waiting().order_by("first_day", "pk").values_list(*names)


@Prepared
def _reports(family: Any) -> Any:
    signed = Report.objects.filter(family=family).signed().order_by("signed_at", "pk")
    return signed.values_list("visit_id", "pk", "public_id", "author_id", "answers", "signed_at")


@Prepared
def _deliveries(family: Any) -> Any:
    names = DeliveryRow.__dataclass_fields__
    return Delivery.objects.filter(family=family).of_reports().order_by("delivered_at", "pk").values_list(*names)


@Prepared
def _addenda(family: Any) -> Any:
    rows = Addendum.objects.filter(family=family).order_by("at", "pk")
    return rows.values_list("report_id", "author_id", "at", "reason")


@Prepared
def _deviations(family: Any) -> Any:
    names = DeviationRow.__dataclass_fields__
    standing = Deviation.objects.filter(family=family).standing()
    return standing.order_by("detected_at", "pk").values_list(*names)


# What one exchange of prepared rows brings, in the order in which `material_of` unpacks it.
_READS = (_visits, _reports, _deliveries, _addenda, known_rows, _deviations, _early, _carried)
