"""Whether a referring team can be reached, by which number, and the page where a territory says so (rule A0)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from copa.kernel import clock
from copa.kernel.access import Perm
from copa.kernel.french import NBSP
from pathways.enums import LineDay
from pathways.models import TeamLine
from pathways.rules.team_lines import ALWAYS, MIDNIGHT, WORKING, LineHours, open_spans
from territories.enums import DutyPlace, StructureKind
from territories.models import DutyShift, Member, Structure, Territory
from territories.reads.duty import Gap, gaps_between


@dataclass(frozen=True, slots=True)
class Line:
    """How a structure answers now: its hours, and whose line answers when its own is closed (None: nobody's)."""

    structure: Structure
    hours: LineHours
    relay: Structure | None = None
    since: datetime | None = None
    set_by: str = ""


def first_gap(carrier: Structure, first: datetime, last: datetime, territory: Territory) -> Gap | None:
    """The first stretch of [first, last) at which nobody of this team can be reached; None when somebody always can.

    Its own line, that of the maternity it names, or somebody on duty who has a number.
    """
    own = _line_of(carrier)
    spans = [*_answers(own, first, last, territory), *_on_duty([carrier.pk], first, last)]
    if own.relay is not None:
        spans += [*_answers(_line_of(own.relay), first, last, territory), *_on_duty([own.relay.pk], first, last)]
    gaps = gaps_between(sorted(spans), first, last)
    return gaps[0] if gaps else None


def answering_now(carrier: Structure, at: datetime, territory: Territory) -> Structure | None:
    """Whose line answers for this team at this instant: its own while it is open, then the one it names (rule A0).

    None while both are closed.
    """
    return answering([carrier], at, territory)[carrier.pk]


def answering(carriers: Iterable[Structure], at: datetime, territory: Territory) -> dict[int, Structure | None]:
    """The same for several teams, by key. Two queries at most."""
    own = lines_of(carriers)
    closed = {key: line.relay for key, line in own.items() if not _is_open(line, at, territory)}
    relays = lines_of(relay for relay in closed.values() if relay is not None) if any(closed.values()) else {}
    found: dict[int, Structure | None] = {}
    for key, line in own.items():
        relay = closed.get(key)
        is_relayed = relay is not None and _is_open(relays[relay.pk], at, territory)
        found[key] = line.structure if key not in closed else relay if is_relayed else None
    return found


def number_now(carrier: Structure, at: datetime, territory: Territory) -> str:
    """The number (E.164) that answers for this team at this instant; its own when none is known to, "" without any.

    The line that answers, else whoever is on duty first.
    """
    return numbers_now([carrier], at, territory)[carrier.pk].phone


@dataclass(frozen=True, slots=True)
class Number:
    """Whom a team is called by; `phone` is E.164, "" when none is known."""

    name: str
    phone: str


def numbers_now(carriers: Iterable[Structure], at: datetime, territory: Territory) -> dict[int, Number]:
    """Under which name and number each of these teams answers now, by key; as many queries for any number."""
    teams = {one.pk: one for one in carriers}
    lines = answering(teams.values(), at, territory)
    closed = numbers_closed([teams[key] for key, line in lines.items() if line is None], at, territory)
    return {key: Number(line.name, line.phone) if line else closed[key] for key, line in lines.items()}


def numbers_closed(teams: Sequence[Structure], at: datetime, territory: Territory) -> dict[int, Number]:
    """The same for teams whose lines are known to be closed: whoever is on duty first, else their own number."""
    people = _first_on_duty([team.pk for team in teams], at, territory) if teams else {}
    return {team.pk: people.get(team.pk) or Number(team.name, team.phone) for team in teams}


def _first_on_duty(structures: list[int], at: datetime, territory: Territory) -> dict[int, Number]:
    """Whoever is on duty first and has a number, where no line answers; under the name of her team."""
    shifts = DutyShift.objects.running(at).filter(structure__in=structures, place=DutyPlace.FIRST)
    day = clock.local_date(at, territory.time_zone)
    found: dict[int, Number] = {}
    for shift in shifts.exclude(member__user__phone="").select_related("member__user", "structure").order_by("pk"):
        if shift.member.is_current_on(day):
            found.setdefault(shift.structure_id, Number(shift.structure.name, shift.member.user.phone))
    return found


def _line_of(structure: Structure) -> Line:
    return lines_of([structure])[structure.pk]


def lines_of(structures: Iterable[Structure]) -> dict[int, Line]:
    """The line of each of these structures, by key. One query."""
    known = {one.pk: one for one in structures}
    rows = TeamLine.objects.filter(structure__in=list(known)).order_by("structure_id", "-valid_from", "-pk")
    latest = rows.distinct("structure_id").select_related("relay", "set_by__user")
    said = {row.structure_id: _said(known[row.structure_id], row) for row in latest}
    return {key: said.get(key) or Line(one, _usual(one)) for key, one in known.items()}


def _said(structure: Structure, row: TeamLine) -> Line:
    hours = LineHours(frozenset(row.days), row.opens, row.closes)
    return Line(structure, hours, row.relay, row.valid_from, row.set_by.user.get_full_name())


def _usual(structure: Structure) -> LineHours:
    return ALWAYS if structure.kind == StructureKind.MATERNITY else WORKING


def _answers(line: Line, first: datetime, last: datetime, territory: Territory) -> list[tuple[datetime, datetime]]:
    """When the line itself answers; never without a number."""
    if not line.structure.phone:
        return []
    zone, region = territory.time_zone, territory.region_id
    return [span for span in open_spans(line.hours, first, last, zone=zone, region=region) if span[1] > first]


def _is_open(line: Line, at: datetime, territory: Territory) -> bool:
    return any(starts_at <= at < ends_at for starts_at, ends_at in _answers(line, at, at, territory))


def _on_duty(structures: list[int], first: datetime, last: datetime) -> list[tuple[datetime, datetime]]:
    """When somebody of the team who has a number is on duty."""
    shifts = DutyShift.objects.between(first, last).filter(structure__in=structures).exclude(place=DutyPlace.AP)
    reachable = shifts.exclude(member__user__phone="").filter(member__user__is_active=True)
    return list(reachable.order_by("starts_at", "pk").values_list("starts_at", "ends_at"))


# ---- The page ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One structure as the page shows it; `since` None: as the programme says. `relay` "" when nobody answers then."""

    public_id: UUID
    name: str
    phone: str
    when: str
    relay: str
    relay_id: UUID | None
    since: datetime | None
    by: str
    may_set: bool
    days: tuple[int, ...]
    opens: time
    closes: time


def line_rows(member: Member, perm: Perm) -> list[LineRow]:
    """Every structure of the territory in scope by name; `perm` says which she may set. Three queries."""
    structures = list(Structure.objects.order_by("name", "pk"))
    mine = set(perm.rows(member).values_list("pk", flat=True))
    lines = lines_of(structures)
    return [_row(lines[one.pk], may_set=one.pk in mine) for one in structures]


def line_row(structure: Structure) -> LineRow:
    """The line of one structure that she may set."""
    return _row(_line_of(structure), may_set=True)


def possible_relays(structure: Structure) -> list[tuple[str, str]]:
    """The other teams that have a line, maternities first: (public id, name)."""
    others = list(Structure.objects.exclude(pk=structure.pk).exclude(phone="").order_by("name", "pk"))
    others.sort(key=lambda one: one.kind != StructureKind.MATERNITY)
    return [(str(one.public_id), one.name) for one in others]


def _row(line: Line, *, may_set: bool) -> LineRow:
    return LineRow(
        public_id=line.structure.public_id,
        name=line.structure.name,
        phone=line.structure.phone,
        when=in_words(line.hours),
        relay=line.relay.name if line.relay else "",
        relay_id=line.relay.public_id if line.relay else None,
        since=line.since,
        by=line.set_by,
        may_set=may_set,
        days=tuple(sorted(line.hours.days)),
        opens=line.hours.opens,
        closes=line.hours.closes,
    )


def team_words(team: str, answers: str) -> str:
    """What a team is called where it stands among the people of a family; `answers` is whose number rings now (A0)."""
    other = "" if answers == team else f", {answers} répond à cette heure"
    return f"Équipe médicale de référence{other}"


def in_words(hours: LineHours) -> str:
    """« jour et nuit, tous les jours », « lundi à samedi, de 7 h à 21 h »."""
    if hours.opens == hours.closes == MIDNIGHT:
        span = "jour et nuit"
    else:
        span = f"de {_hour(hours.opens)} à {_hour(hours.closes)}"
    return f"{_days(hours.days)}, {span}"


def _hour(at: time) -> str:
    minutes = f"{NBSP}{at.minute:02}" if at.minute else ""
    return f"{at.hour}{NBSP}h{minutes}"


def _days(days: frozenset[int]) -> str:
    if days == frozenset(LineDay.values):
        return "Tous les jours"
    names = [str(LineDay(day).label).lower() for day in sorted(days)]
    week = [day for day in sorted(days) if day != LineDay.HOLIDAY]
    if len(week) > 2 and week == list(range(week[0], week[-1] + 1)):
        names = [f"{names[0]} à {names[len(week) - 1]}", *names[len(week) :]]
    return ", ".join(names).capitalize()
