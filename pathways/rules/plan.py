"""The plan a family may expect: one pure function over the facts of a version, for v1 and v2 alike (R006)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from copa.kernel import clock
from pathways.enums import DischargeKind, EpdsMoment, StepKind
from pathways.rules.births import Window, relay_due_on, visit_window

# In their order; a version promises the first of them and may add the following ones.
VISITS = (StepKind.V1, StepKind.V2, StepKind.V3, StepKind.V4, StepKind.V5)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionFacts:
    """What a version of the programme says.

    Days count from the local day of birth (D+0). `ultra_early_minutes` 0: the version has no such visit, `epds_visit`
    "": it says nothing of the questionnaire. `extra_motives` are codes of ExtraMotive.
    """

    planned_visits: int
    max_visits: int
    visit_minutes: int
    ultra_early_minutes: int
    ultra_early_days_after: int
    window_from_day: int
    window_to_day: int
    relay_day: int
    extra_motives: tuple[str, ...]
    epds_visit: str
    epds_moves_to_third: bool


@dataclass(frozen=True, slots=True)
class WayHome:
    """The discharge as the doctor chose it; `at` is an instant."""

    kind: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One step. `first` and `last` are local days, both inclusive; `minutes` 0 for the relay.

    An optional step needs one of `motives` (codes of ExtraMotive), except the ultra-early visit: there the doctor's
    agreement with the discharge is the motive.
    """

    kind: StepKind
    minutes: int
    first: date
    last: date
    is_optional: bool = False
    motives: tuple[str, ...] = ()
    epds: EpdsMoment = EpdsMoment.NONE

    @property
    def window(self) -> Window:
        """Its local days."""
        return Window(self.first, self.last)


def expected_plan(
    version: VersionFacts,
    birth_day: date,
    discharge: WayHome | None,
    zone: str,
    *,
    third_decided_before_v2: bool | None = None,
) -> list[PlannedStep]:
    """The steps of a family, in order: the ultra-early visit, the visits, the relay to the PMI.

    `birth_day` is D+0, a local date; `discharge` None while it is not noted. `third_decided_before_v2` None while no
    third visit was decided, else whether that was before the second took place (A09).
    """
    window = visit_window(birth_day, version.window_from_day, version.window_to_day)
    steps = _ultra_early(version, discharge, zone)
    for rank, kind in enumerate(VISITS[: version.max_visits], start=1):
        is_extra = rank > version.planned_visits
        steps.append(
            PlannedStep(
                kind=kind,
                minutes=version.visit_minutes,
                first=window.first,
                last=window.last,
                is_optional=is_extra,
                motives=version.extra_motives if is_extra else (),
                epds=epds_moment(
                    kind,
                    version.epds_visit,
                    moves_to_third=version.epds_moves_to_third,
                    third_decided_before_v2=third_decided_before_v2,
                ),
            )
        )
    due_on = relay_due_on(birth_day, version.relay_day)
    return [*steps, PlannedStep(kind=StepKind.RELAY, minutes=0, first=due_on, last=due_on)]


def epds_moment(
    kind: str, epds_visit: str, *, moves_to_third: bool, third_decided_before_v2: bool | None
) -> EpdsMoment:
    """Whether this visit holds the mood questionnaire (A09, R058).

    It stands at `epds_visit`. Decided before the second visit took place, the third takes it over; decided later, the
    third offers it again, for the only screening must not be lost.
    """
    if not epds_visit:
        return EpdsMoment.NONE
    is_moved = moves_to_third and third_decided_before_v2 is True
    if kind == epds_visit:
        return EpdsMoment.NONE if is_moved else EpdsMoment.DUE
    if kind == StepKind.V3 and moves_to_third:
        return EpdsMoment.DUE if is_moved else EpdsMoment.REPEAT
    return EpdsMoment.NONE


def ultra_early_window(left_on: date, days_after: int) -> Window:
    """The local day of an ultra-early discharge and the days after it (R054, K15)."""
    return Window(left_on, left_on + timedelta(days=days_after))


def early_visit_holds(planned_at: datetime, left_at: datetime, window: Window, zone: str) -> bool:
    """Whether an early visit is made once they are home, on one of its local days (R054)."""
    # In UTC: two moments of one zone compare by the clock on the wall, which goes back in October.
    is_home = planned_at.astimezone(UTC) >= left_at.astimezone(UTC)
    return is_home and window.holds(clock.local_date(planned_at, zone))


def ultra_early_advice(birth_at: datetime, from_hours: int, to_hours: int) -> tuple[datetime, datetime] | None:
    """The instants between which the ultra-early visit is advised, in hours of life (R176, A06); never enforced.

    None where the version advises nothing (`to_hours` 0). Hours of life are elapsed time, not wall clock.
    """
    if not to_hours:
        return None
    born = birth_at.astimezone(UTC)
    return born + timedelta(hours=from_hours), born + timedelta(hours=to_hours)


def _ultra_early(version: VersionFacts, discharge: WayHome | None, zone: str) -> list[PlannedStep]:
    """Only where the doctor chose such a discharge, and under a version that has the visit."""
    if discharge is None or discharge.kind != DischargeKind.ULTRA_EARLY or not version.ultra_early_minutes:
        return []
    window = ultra_early_window(clock.local_date(discharge.at, zone), version.ultra_early_days_after)
    minutes = version.ultra_early_minutes
    kind = StepKind.ULTRA_EARLY
    return [PlannedStep(kind=kind, minutes=minutes, first=window.first, last=window.last, is_optional=True)]
