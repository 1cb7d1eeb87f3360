"""The SQL of the indicators: expected figures on a fixture, and the same answer as the pure rule on any row."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from copa.kernel import clock, scope
from copa.kernel.quarters import Quarter
from pathways.enums import NeedSource
from pathways.models import Need, Orientation, Pathway, ProgrammeRules, Proposal
from pathways.rules import Window
from pathways.rules.orientations import Loop, Sent
from reporting import counts
from reporting.counts import COUNTERS, Period
from reporting.rules import indicators
from reporting.rules.indicators import ADHESION, LOOP_OF, LOST, REPORT_IN_TIME, TWO_VISITS, Counts, Part, VisitDay
from territories.models import Member
from tests import factories
from tests.cast import LAGON, inside
from visits.models import Visit
from visits.rules import promised_kinds, report_due_at

PARIS = "Europe/Paris"
T3 = Quarter(2026, 3)
AT = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
PERIOD = Period(T3, PARIS, AT)
SECOND = timedelta(seconds=1)


def ap() -> Member:
    return Member.objects.with_role("ap").order_by("pk").first()


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 10, 0, tzinfo=UTC)


def reported(ended_at: datetime, after: timedelta | None, kind: str = "V1") -> Visit:
    """A visit that ended then, with its report delivered so long after (None: never)."""
    pathway = factories.make_pathway(factories.make_birth(at=ended_at - timedelta(days=5)), ap=ap())
    delivered_at = None if after is None else ended_at + after
    return factories.make_visit(pathway, kind, "ended", ended_at=ended_at, report_delivered_at=delivered_at)


def proposed(on: date, answer: str) -> Proposal:
    birth = factories.make_birth(at=noon(7, 1))
    return factories.make_proposal(birth, answer=answer, proposed_on=on)


def born(day: date, state: str = "active", zone: str = PARIS, version: str = "v2", **fields: object) -> Pathway:
    """A pathway of a birth on that day; its window is D+2 to D+21."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone))
    rules = ProgrammeRules.objects.get(code=version)
    return factories.make_pathway(factories.make_birth(at=at), ap=ap(), state=state, rules=rules, **fields)


def visited(pathway: Pathway, *days: int, zone: str = PARIS) -> Pathway:
    """V1, V2… of the pathway, ended at noon on these days after the birth."""
    for kind, day in zip(("V1", "V2", "V3"), days, strict=False):
        on = pathway.birth.day + timedelta(days=day)
        factories.make_visit(
            pathway, kind, "ended", ended_at=datetime(on.year, on.month, on.day, 12, tzinfo=ZoneInfo(zone))
        )
    return pathway


# ---- P02 ---------------------------------------------------------------------------------------------------
def test_adhesion_on_a_fixture(vallees) -> None:
    for answer in ["YES"] * 5 + ["NO"] * 2 + ["PENDING"] * 3:
        proposed(date(2026, 8, 15), answer)

    assert counts.adhesion(PERIOD) == Counts(5, 7, 3)


def test_adhesion_takes_the_first_and_the_last_day_and_no_other(vallees) -> None:
    for on in (date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1)):
        proposed(on, "YES")

    assert counts.adhesion(PERIOD) == Counts(2, 2, 0)


# ---- P09 ---------------------------------------------------------------------------------------------------
def test_reports_in_time_on_a_fixture(vallees) -> None:
    # I8a: 16 of 18 in time.
    for day in range(1, 17):
        reported(noon(9, day), timedelta(hours=20))
    reported(noon(9, 17), timedelta(hours=24, seconds=1))
    reported(noon(9, 18), None)

    assert counts.report_in_time(PERIOD) == Counts(16, 18, 0)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(hours=24) - SECOND, Counts(1, 1)),
        (timedelta(hours=24), Counts(1, 1)),
        (timedelta(hours=24) + SECOND, Counts(0, 1)),
        (None, Counts(0, 1)),
    ],
)
def test_exactly_24_hours_is_in_time(vallees, after: timedelta | None, expected: Counts) -> None:
    reported(noon(9, 1), after)

    assert counts.report_in_time(PERIOD) == expected


@pytest.mark.parametrize(("late_by", "denominator"), [(-SECOND, 0), (timedelta(0), 0), (SECOND, 1)])
def test_report_is_not_counted_before_its_24_hours_have_passed(vallees, late_by: timedelta, denominator: int) -> None:
    visit = reported(noon(9, 1), None)
    reported(noon(9, 1), timedelta(hours=1))

    found = counts.report_in_time(Period(T3, PARIS, visit.report_due_at + late_by))

    assert found.denominator == 2 * denominator


def test_reports_fall_in_the_quarter_by_the_local_end_of_the_visit(vallees) -> None:
    midnight = datetime(2026, 9, 30, 22, 0, tzinfo=UTC)
    reported(midnight - SECOND, timedelta(hours=1))
    reported(midnight, None)

    assert counts.report_in_time(PERIOD) == Counts(1, 1)
    assert counts.report_in_time(Period(T3.next, PARIS, AT)) == Counts(0, 1)


def test_visits_without_an_outcome_are_missing(vallees) -> None:
    pathway = born(date(2026, 9, 1))
    factories.make_visit(pathway, "V1", "started", started_at=noon(9, 5), planned_at=noon(9, 5))
    factories.make_visit(pathway, "V2", "planned", planned_at=noon(9, 12))
    factories.make_visit(pathway, "V3", "not_done", planned_at=noon(9, 12))

    assert counts.report_in_time(PERIOD) == Counts(0, 0, 2)


# ---- P04 ---------------------------------------------------------------------------------------------------
def test_two_visits_on_a_fixture(vallees) -> None:
    day = date(2026, 8, 20)  # D+21 is 10 September
    for _ in range(4):
        visited(born(day, "closed"), 4, 21)
    visited(born(day), 2, 14)
    visited(born(day), 4, 22)
    visited(born(day), 1, 14)
    visited(born(day, "closed"), 4)
    visited(born(day, "withdrawn"), 4)
    born(day, "suspended")
    visited(born(day, "bereaved"), 4, 12)

    assert counts.two_visits(PERIOD) == Counts(5, 8, 2)


def test_two_visits_are_three_under_v1(vallees) -> None:
    day = date(2026, 8, 20)
    visited(born(day, "closed", version="v1"), 4, 12)
    visited(born(day, "closed", version="v1"), 4, 12, 20)
    visited(born(day, "closed", version="v2"), 4, 12)

    assert counts.two_visits(PERIOD) == Counts(2, 3)


@pytest.mark.parametrize(("today", "denominator"), [(date(2026, 9, 10), 0), (date(2026, 9, 11), 1)])
def test_two_visits_are_asked_the_day_after_the_last(vallees, today: date, denominator: int) -> None:
    visited(born(date(2026, 8, 20)), 4, 12)

    at = datetime(today.year, today.month, today.day, 0, 30, tzinfo=ZoneInfo(PARIS))

    assert counts.two_visits(Period(T3, PARIS, at)).denominator == denominator


def test_window_is_one_of_local_days(vallees) -> None:
    pathway = visited(born(date(2026, 8, 20)), 4)
    # 22:30 UTC on D+21 is already D+22 in Paris.
    factories.make_visit(pathway, "V2", "ended", ended_at=datetime(2026, 9, 10, 22, 30, tzinfo=UTC))

    assert counts.two_visits(PERIOD) == Counts(0, 1)


def test_days_are_those_of_the_other_ocean(cast) -> None:
    with scope.opened(inside(LAGON)):
        pathway = visited(born(date(2026, 8, 20), zone="Indian/Reunion"), 4, zone="Indian/Reunion")
        # 19:30 UTC on D+21 is 23:30 on Réunion: still D+21.
        factories.make_visit(pathway, "V2", "ended", ended_at=datetime(2026, 9, 10, 19, 30, tzinfo=UTC))

        assert counts.two_visits(Period(T3, "Indian/Reunion", AT)) == Counts(1, 1)


def test_other_territory_is_not_counted(vallees) -> None:
    with scope.opened(inside(LAGON)):
        visited(born(date(2026, 8, 20)), 4, 12)
        reported(noon(9, 1), timedelta(hours=1))
        proposed(date(2026, 8, 1), "YES")

    assert [count(PERIOD) for count in COUNTERS.values()] == [Counts(0, 0)] * len(COUNTERS)


# ---- I9 and P23 --------------------------------------------------------------------------------------------
def spotted(pathway: Pathway, code: str = "PERINEUM", *targets: str, seen: bool = True, month: int = 8) -> None:
    """A need of the pathway, oriented to these types, which led to a first contact or not."""
    about = "FAMILY" if code == "HOUSING" else "MOTHER"
    need = factories.make_need(pathway, code, about=about, spotted_at=noon(month, 25))
    for target in targets:
        state = "SEEN" if seen else "SENT"
        factories.make_orientation(need, target_type=target, state=state, proposed_at=noon(month, 26))


def test_loop_on_the_example_of_the_research(vallees) -> None:
    # domain.md, I9: spotted 5, oriented 4, followed 2 strict / 3 extended; the social ones are counted apart.
    pathways = [born(date(2026, 8, 20), "closed") for _ in range(5)]
    spotted(pathways[0], "PERINEUM", "REHAB", "LIBERAL_MIDWIFE")
    spotted(pathways[1], "PERINEUM", "GP")
    spotted(pathways[2], "PERINEUM", "PSYCHOLOGIST")
    spotted(pathways[3], "PERINEUM", "GP", seen=False)
    spotted(pathways[4], "PERINEUM")
    spotted(pathways[4], "HOUSING", "HOUSING")

    found = {code: COUNTERS[code](PERIOD) for code in ("I9", "I9E", "I9S")}

    assert found == {"I9": Counts(2, 5), "I9E": Counts(3, 5), "I9S": Counts(1, 1)}


def test_needs_fall_in_the_quarter_by_the_day_they_were_spotted(vallees) -> None:
    pathway = born(date(2026, 8, 20), "closed")
    for month in (6, 8, 10):
        factories.make_need(pathway, "PERINEUM", spotted_at=noon(month, 25), state="MET")

    assert COUNTERS["I9"](PERIOD) == Counts(0, 1)


def test_need_of_a_sealed_mind_counts_and_stays_nameless(vallees) -> None:
    spotted(born(date(2026, 8, 20), "closed"), "MIND_SEALED", "UPB")
    spotted(born(date(2026, 8, 20), "closed"), "VIOLENCE_SEALED", "UPB")

    assert (COUNTERS["I9"](PERIOD), COUNTERS["I9S"](PERIOD)) == (Counts(1, 1), Counts(0, 0))


def test_lost_families_on_a_fixture(vallees) -> None:
    day = date(2026, 8, 20)
    visited(born(day, "closed", closing_reason="UNREACHABLE"), 4)
    born(day, "no_news")
    visited(born(day, "closed", closing_reason="UNREACHABLE"), 4, 12)
    born(day, "closed", closing_reason="FAMILY_WISH")
    born(day, "withdrawn")
    born(day)
    born(day, "bereaved")
    born(date(2026, 10, 10), "no_news")

    assert counts.lost(PERIOD) == Counts(2, 5, 1)


def test_same_needs_in_two_cohorts_give_two_values(vallees) -> None:
    """N2: the adhesion of the second quarter, the need of the third."""
    spotted(born(date(2026, 6, 25), "closed", closing_reason="UNREACHABLE"), "PERINEUM", "GP", month=7)

    assert (COUNTERS["I9"](PERIOD).denominator, counts.lost(PERIOD).denominator) == (1, 0)
    assert counts.lost(Period(T3.previous, PARIS, AT)) == Counts(1, 1)


# ---- The same answer as the rule -----------------------------------------------------------------------------
def adhesion_by_rule(period: Period) -> Counts:
    rows = Proposal.objects.order_by("pk")
    return indicators.counted(
        indicators.proposal_part(row.answer) for row in rows if Quarter.of(row.proposed_on) == period.quarter
    )


def reports_by_rule(period: Period) -> Counts:
    found = []
    for visit in Visit.objects.order_by("pk"):
        reference = visit.started_at or visit.planned_at
        day = clock.local_date(visit.ended_at or reference, period.zone)
        part = indicators.visit_part(visit.state, reference, visit.report_due_at, visit.report_delivered_at, period.at)
        found.append(part if Quarter.of(day) == period.quarter else Part.OUT)
    return indicators.counted(found)


def pathways_by_rule(period: Period) -> Counts:
    found = []
    for pathway in Pathway.objects.select_related("rules").order_by("pk"):
        days = [
            VisitDay(v.kind, v.state, clock.local_date(v.ended_at or v.planned_at, period.zone))
            for v in Visit.objects.filter(pathway=pathway).order_by("pk")
        ]
        window = Window(pathway.window_from, pathway.window_to)
        promised = promised_kinds(pathway.rules.planned_visits)
        is_elsewhere = bool(pathway.elsewhere)
        part = indicators.pathway_part(
            pathway.state, window, days, period.today, promised=promised, is_begun_elsewhere=is_elsewhere
        )
        found.append(part if Quarter.of(pathway.window_to) == period.quarter else Part.OUT)
    return indicators.counted(found)


def needs_by_rule(loop: Loop) -> Callable[[Period], Counts]:
    def counted(period: Period) -> Counts:
        found = []
        for need in Need.objects.select_related("pathway").order_by("pk"):
            sent = [
                Sent(one.target_type, one.sent_at, one.first_contact_on)
                for one in Orientation.objects.filter(need=need).order_by("pk")
            ]
            window = Window(need.pathway.window_from, need.pathway.window_to)
            part = indicators.need_part(
                loop,
                need.code,
                sent,
                state=need.pathway.state,
                window=window,
                today=period.today,
                is_received=need.source == NeedSource.MOVED,
            )
            found.append(
                part if Quarter.of(clock.local_date(need.spotted_at, period.zone)) == period.quarter else Part.OUT
            )
        return indicators.counted(found)

    return counted


def lost_by_rule(period: Period) -> Counts:
    found = []
    for pathway in Pathway.objects.order_by("pk"):
        second = Visit.objects.filter(pathway=pathway, kind="V2", state="ended").exists()
        second |= "V2" in pathway.kinds_elsewhere
        window = Window(pathway.window_from, pathway.window_to)
        part = indicators.adhesion_end_part(
            pathway.state, pathway.closing_reason, window, period.today, has_second=second
        )
        joined = clock.local_date(pathway.included_at, period.zone)
        found.append(part if Quarter.of(joined) == period.quarter else Part.OUT)
    return indicators.counted(found)


BY_RULE: dict[str, Callable[[Period], Counts]] = {
    **{code: needs_by_rule(loop) for code, loop in LOOP_OF.items()},
    LOST.code: lost_by_rule,
    ADHESION.code: adhesion_by_rule,
    REPORT_IN_TIME.code: reports_by_rule,
    TWO_VISITS.code: pathways_by_rule,
}
# Around the edges that matter: 24 h to the second, midnight in Paris, the ends of the window and of the quarter.
DELAYS = [None, timedelta(hours=1), timedelta(hours=24) - SECOND, timedelta(hours=24), timedelta(hours=24) + SECOND]
HOURS = [timedelta(hours=10), timedelta(hours=22) - SECOND, timedelta(hours=22), timedelta(hours=22, minutes=30)]


def any_pathway(dice: random.Random) -> None:
    at = datetime(2026, 6, 1, 9, tzinfo=UTC) + timedelta(days=dice.randrange(140))
    states = ["active", "active", "closed", "closed", "suspended", "withdrawn", "moved", "bereaved", "no_news"]
    birth = factories.make_birth(at=at)
    answer = dice.choice(["YES", "YES", "NO", "PENDING"])
    factories.make_proposal(birth, answer=answer, proposed_on=birth.day + timedelta(days=dice.randrange(4)))
    rules = ProgrammeRules.objects.get(code=dice.choice(["v1", "v2", "v2"]))
    made = dice.choice([[]] * 4 + [["V1"], ["V1", "V2"]])
    elsewhere = [{"kind": kind, "on": birth.day.isoformat()} for kind in made]
    pathway = factories.make_pathway(birth, ap=ap(), state=dice.choice(states), rules=rules, elsewhere=elsewhere)
    for kind in dice.sample(["V1", "V2", "V3"], dice.randrange(4)):
        any_visit(dice, pathway, kind)
    if pathway.state == "closed" and dice.random() < 0.5:
        Pathway.objects.filter(pk=pathway.pk).update(closing_reason="UNREACHABLE")
    for code in dice.sample(["PERINEUM", "HOUSING", "MIND_SEALED"], dice.randrange(3)):
        any_need(dice, pathway, code)


def any_need(dice: random.Random, pathway: Pathway, code: str) -> None:
    at = datetime.combine(pathway.birth.day, datetime.min.time(), tzinfo=UTC) + timedelta(days=dice.randrange(30))
    about = "FAMILY" if code == "HOUSING" else "MOTHER"
    source = dice.choice(["FREE", "REPORT", "MOVED"])
    need = factories.make_need(pathway, code, about=about, spotted_at=at + dice.choice(HOURS), source=source)
    for target in dice.sample(["GP", "PSYCHOLOGIST", "HOUSING"], dice.randrange(3)):
        state = dice.choice(["PROPOSED", "ACCEPTED", "SENT", "SEEN", "GIVEN"])
        factories.make_orientation(need, target_type=target, state=state, proposed_at=at)


def any_visit(dice: random.Random, pathway: Pathway, kind: str) -> None:
    midnight = datetime.combine(pathway.birth.day, datetime.min.time(), tzinfo=UTC)
    moment = midnight + timedelta(days=dice.choice([1, 2, 5, 20, 21, 22])) + dice.choice(HOURS)
    state = dice.choice(["ended"] * 5 + ["planned", "started", "not_done", "cancelled"])
    if state != "ended":
        started = {"started_at": moment + timedelta(minutes=5)} if state == "started" else {}
        factories.make_visit(pathway, kind, state, planned_at=moment, **started)
        return
    after = dice.choice(DELAYS)
    visit = factories.make_visit(pathway, kind, state, ended_at=moment)
    assert visit.report_due_at == report_due_at(moment)
    if after is not None:
        Visit.objects.filter(pk=visit.pk).update(report_delivered_at=moment + after)


@pytest.mark.parametrize("seed", range(4))
def test_sql_gives_the_same_answer_as_the_rule(vallees, seed: int) -> None:
    dice = random.Random(seed)
    for _ in range(40):
        any_pathway(dice)
    due = list(Visit.objects.filter(report_due_at__isnull=False).order_by("pk").values_list("report_due_at", flat=True))
    # Also at the very instants when a deadline is reached, and a second around them.
    moments = [AT, *(dice.choice(due) + around for around in (-SECOND, timedelta(0), SECOND))]
    periods = [Period(quarter, PARIS, at) for quarter in (T3.previous, T3, T3.next) for at in moments]

    by_sql = {(code, period): count(period) for code, count in COUNTERS.items() for period in periods}
    by_rule = {(code, period): count(period) for code, count in BY_RULE.items() for period in periods}

    assert by_sql == by_rule
    assert any(count.numerator and count.missing for count in by_sql.values())
