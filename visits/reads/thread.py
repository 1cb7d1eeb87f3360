"""The 21 days of a pathway as the one drawing that stands everywhere (look/README.md 1)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from copa.kernel import clock
from copa.kernel.french import NBSP, day_alone, full_day, hour, inner, of
from copa.kernel.look import LAST_DAY, Bead, Lane, Thread
from pathways.rules import day_of
from visits.enums import STANDARD_KINDS, VISIT_RUNNING, PartnerReason, PartnerState, VisitKind, VisitState

# Where a visit that nobody has fixed yet is drawn: the middle of its half of the window.
_USUAL_DAY = {VisitKind.V1: 7, VisitKind.V2: 14, VisitKind.V3: 21}
LABELS = {VisitKind.ULTRA_EARLY: "U"}
_NAMES = {VisitKind.ULTRA_EARLY: "visite ultra-précoce"}


def short_kind(kind: str) -> str:
    """As written in a bead: "V1", "V2", "V3", "U"."""
    return LABELS.get(VisitKind(kind), kind)


def named_kind(kind: str) -> str:
    """As a sentence says it, feminine: "V1", "visite ultra-précoce"."""
    return _NAMES.get(VisitKind(kind), kind)


def pmi_words(partner_state: str, partner_reason: str) -> str:
    """The part of the PMI in a joint visit, as one sentence without its stop; "" when it has none (R047)."""
    if not partner_state:
        return ""
    why = f"{NBSP}: {inner(PartnerReason(partner_reason).label)}" if partner_reason else ""
    return f"{PartnerState(partner_state).label}{why}"


class VisitLike(Protocol):
    """A visit, or a row that carries what the thread draws."""

    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def planned_at(self) -> datetime: ...
    @property
    def started_at(self) -> datetime | None: ...


def visit_at(visit: VisitLike) -> datetime:
    """When a visit took place or will: its real start once it has one."""
    return visit.started_at or visit.planned_at


def mini_thread(
    *,
    birth_day: date,
    visits: Iterable[VisitLike],
    today: date,
    zone: str,
    is_active: bool = True,
    promised: Sequence[str] = STANDARD_KINDS,
    elsewhere: Iterable[Mapping[str, str]] = (),
) -> Thread:
    """The thread of a list: visits done and planned, and the next one to fix of those `promised`, while it runs.

    `elsewhere` are visits that another territory made before, as {"kind", "on"}.
    """
    running = [visit for visit in visits if visit.state in VISIT_RUNNING]
    beads = [_bead_elsewhere(visit, birth_day, today) for visit in elsewhere]
    beads += [_bead(visit, birth_day, today, zone) for visit in running]
    today_day = day_of(birth_day, today)
    if is_active:
        beads += missing_beads(
            {visit.kind for visit in running}, max([today_day, *(bead.day for bead in beads)]), promised
        )
    return Thread(beads=beads, today_day=today_day if is_active else None)


def missing_beads(running_kinds: set[str], last_day: int, promised: Sequence[str] = STANDARD_KINDS) -> list[Bead]:
    """The first promised visit nobody has fixed, drawn where it would usually stand, after `last_day`."""
    for kind in promised:
        if kind not in running_kinds:
            place = min(max(_USUAL_DAY[VisitKind(kind)], last_day + 1), LAST_DAY)
            return [Bead(day=place, label=kind, state="late", caption=f"{kind} à fixer")]
    return []


def _bead(visit: VisitLike, birth_day: date, today: date, zone: str) -> Bead:
    at = visit_at(visit)
    on = clock.local_date(at, zone)
    is_today = on == today
    # Under a bead there is little room.
    name = "Ultra-précoce" if visit.kind == VisitKind.ULTRA_EARLY else visit.kind
    state = "done" if visit.state == VisitState.ENDED else ("today" if is_today else "planned")
    if visit.state == VisitState.ENDED:
        caption = f"{name} faite"
    elif is_today:
        caption = f"{name} à {hour(at)}"
    else:
        caption = f"{name} prévue"
    sub = "aujourd’hui" if is_today else _under(on, today)
    return Bead(day=day_of(birth_day, on), label=short_kind(visit.kind), state=state, caption=caption, sub=sub)


def _under(on: date, today: date) -> str:
    """The day under a bead: of another year it leaves its weekday, there is no room for both."""
    return day_alone(on) if on.year == today.year else full_day(on)


def _bead_elsewhere(visit: Mapping[str, str], birth_day: date, today: date) -> Bead:
    on, label = date.fromisoformat(visit["on"]), short_kind(visit["kind"])
    caption = f"{label} faite ailleurs"
    return Bead(day=day_of(birth_day, on), label=label, state="done", caption=caption, sub=_under(on, today))


def file_thread(
    *,
    birth_day: date,
    visits: Iterable[VisitLike],
    today: date,
    zone: str,
    relay_on: date | None,
    name: str,
    is_active: bool,
    promised: Sequence[str] = STANDARD_KINDS,
    lanes: Sequence[Lane] = (),
    elsewhere: Iterable[Mapping[str, str]] = (),
    early_on: date | None = None,
    relay_refusal: str = "",
) -> Thread:
    """The thread of a family file: the birth, the visits with their days, the relay to the PMI.

    `early_on` is the day of an ultra-early visit that nobody has planned, None when none is asked for. `relay_refusal`
    is why the relay does not leave, for whoever may know her answers; "" when it does.
    """
    mini = mini_thread(
        birth_day=birth_day,
        visits=visits,
        today=today,
        zone=zone,
        is_active=is_active,
        promised=promised,
        elsewhere=elsewhere,
    )

    def bead(on: date, label: str, caption: str, sub: str = "", **look: str) -> Bead:
        return Bead(day=day_of(birth_day, on), label=label, caption=caption, sub=sub or _under(on, today), **look)

    beads = [bead(birth_day, "Naissance", "Naissance", kind="birth", state="done"), *mini.beads]
    if early_on is not None:
        beads.append(bead(early_on, "U", "Ultra-précoce à fixer", state="late"))
    if relay_on is not None:
        beads.append(bead(relay_on, "Relais", "Relais PMI", relay_refusal, kind="relay"))
    return Thread(beads=beads, today_day=mini.today_day, lanes=lanes, label=f"Les 21 jours {of(name)}")
