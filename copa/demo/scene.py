"""The lives of a territory in the order of births: the population, and a few families staged around this very hour.

The staged families give every page something to show today: births to propose, answers awaited, visits of the known
AP and of her neighbour, a report nearly late and one late, open alerts, relays that wait. What professionals do around
them (needs, screening, meetings, pauses) is written by `copa.demo.care`, which finds them by the name of their script.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from heapq import merge
from random import Random

from copa.demo.lives import Baby, Call, Handover, Life, Sign
from copa.demo.people import Post
from copa.demo.places import MATERNITY, PMI
from copa.demo.population import Drawer
from territories.enums import Role
from visits.enums import ThirdVisitMotive

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
# A territory with fewer births has no staged families: they would be most of it.
ENOUGH_BIRTHS = 60
# Total 12: at the cut-off that suggests a word of the team, and nothing at the tenth answer.
LOW_MOOD = (1, 1, 2, 2, 1, 2, 1, 1, 1, 0)


def lives(drawer: Drawer, births: int, at: datetime, days: int, seed: str) -> Iterator[Life]:
    """Every life of a territory, `births` in all, over the last `days` days."""
    scripts = SCRIPTS if births >= ENOUGH_BIRTHS else ()
    count = births - len(scripts)
    stage = Stage(drawer, at)
    staged = [stage.play(count + rank, hours, script) for rank, (hours, script) in enumerate(scripts, start=1)]
    rng = Random(f"{seed}:{drawer.place.slug}:births")
    # The day before, so that the same people come out at any hour of the day.
    newest = at.replace(hour=0, minute=0, second=0, microsecond=0)
    moments = sorted(newest - int(days * 1440 * rng.random()) * MINUTE for _ in range(count))
    drawn = (drawer.draw(number, moment) for number, moment in enumerate(moments, start=1))
    return merge(drawn, sorted(staged, key=_born), key=_born)


def staged_numbers(births: int) -> dict[str, list[int]]:
    """The numbers of the staged lives by the name of their script; nothing in a territory that has none."""
    found: dict[str, list[int]] = {}
    scripts = SCRIPTS if births >= ENOUGH_BIRTHS else ()
    for rank, (_, script) in enumerate(scripts, start=1):
        found.setdefault(script.__name__, []).append(births - len(scripts) + rank)
    return found


def _born(life: Life) -> datetime:
    return life.born_at


class Stage:
    """Makes staged lives: at the maternity of the known accounts, in the sector of the known PMI."""

    def __init__(self, drawer: Drawer, at: datetime) -> None:
        self.drawer, self.at = drawer, at
        place, team = drawer.place, drawer.team
        self.maternity = place.of_kind(MATERNITY)[0]
        service = place.of_kind(PMI)[0].name
        self.villages = [village for village in place.villages if village.pmi == service]
        self.ap, self.neighbour = [post for post in team.of(Role.AP, self.maternity.name) if post.is_known]
        for post in (self.ap, self.neighbour):
            drawer.calendar.fill(post, drawer.calendar.local_day(at))
        self.team = team.known(Role.REFERRING_TEAM)
        self.midwife = team.known(Role.LIBERAL_MIDWIFE)
        self.doctor = team.known(Role.OUTSIDE_PROFESSIONAL)

    def play(self, number: int, hours: float, script: "Script") -> Life:
        """The staged life of a birth `hours` hours ago."""
        drawer = self.drawer
        rng = Random(f"{drawer.seed}:{drawer.place.slug}:staged:{number}")
        born_at = (self.at - hours * HOUR).replace(minute=rng.randrange(60))
        life = drawer.birth(number, born_at, rng)
        life.maternity = life.carrier = self.maternity
        life.village = rng.choice(self.villages)
        life.recorded_at = born_at + 2 * HOUR
        life.left_how, life.left_at = "STANDARD", born_at + 80 * HOUR
        script(self, life, rng)
        return life

    # ---- Steps --------------------------------------------------------------------------------------------
    def propose(self, life: Life, hours_after: float) -> None:
        """CoPa is presented in her room; no answer yet."""
        life.proposed_at, life.proposed_when = life.born_at + hours_after * HOUR, "STAY"
        life.proposed_by = self.team

    def include(self, life: Life, rng: Random, ap: Post | None = None, hours_after: float = 24) -> None:
        """She says yes, agrees to every recipient, and is included; `ap` None leaves the AP to be named."""
        self.propose(life, hours_after - 6)
        life.answer, life.answered_at = "YES", life.born_at + (hours_after - 2) * HOUR
        self.drawer.inclusion(life, rng)
        assert life.agreed is not None
        assert life.included_at is not None
        life.agreed.recipients = dict.fromkeys(life.agreed.recipients, "YES")
        life.agreed.by = ap or self.team
        life.ap = ap or self.ap
        life.ap_since = life.included_at + HOUR if ap else None
        life.midwife = self.midwife

    def plan(self, life: Life, kind: str, moment: datetime, *, minutes: int = 75) -> Call:
        """A visit planned at a moment that may have come or not."""
        assert life.included_at is not None
        noted_at = max(life.included_at, min(moment, self.at) - 5 * DAY)
        call = Call(kind=kind, noted_at=min(noted_at, self.at - HOUR), planned_at=moment, minutes=minutes)
        life.calls.append(call)
        return call

    def done(self, life: Life, kind: str, ended_at: datetime, *, after: float | None = 8) -> Call:
        """A visit that ended; its report is signed `after` hours later (None: not yet) and not opened."""
        call = self.plan(life, kind, (ended_at - 80 * MINUTE).replace(minute=0))
        call.started_at, call.ended_at = ended_at - 76 * MINUTE, ended_at
        call.signed_at = ended_at + after * HOUR if after is not None else None
        if kind == "V2":
            call.epds = (0, 1, 0, 1, 1, 0, 0, 1, 0, 0)
        return call

    def later_today(self, hours: float) -> datetime:
        """A quarter of an hour later today; at night a plain hour of the same day."""
        local = self.at.astimezone(self.drawer.place.zone)
        wanted = local + hours * HOUR
        if wanted.date() != local.date() or not 8 <= wanted.hour < 19:
            hour = 14 if hours < 2 else 16
            return local.replace(hour=hour, minute=15).astimezone(self.at.tzinfo)
        return wanted.replace(minute=wanted.minute // 15 * 15).astimezone(self.at.tzinfo)

    def another_day(self, days: int, hour: int) -> datetime:
        """This local hour, some days from now."""
        local = (self.at + days * DAY).astimezone(self.drawer.place.zone)
        return local.replace(hour=hour, minute=0).astimezone(self.at.tzinfo)


Script = Callable[[Stage, Life, Random], None]


# ---- Before the inclusion -----------------------------------------------------------------------------------
def newborn(stage: Stage, life: Life, rng: Random) -> None:
    """Nobody has presented CoPa yet."""


def gone_home(stage: Stage, life: Life, rng: Random) -> None:
    """Nobody has presented CoPa, and they have gone home early."""
    life.left_how, life.left_at = "EARLY", stage.at - 3 * HOUR


def not_offered(stage: Stage, life: Life, rng: Random) -> None:
    """They left before anybody could present CoPa; the team has said why."""
    life.left_how, life.left_at = "EARLY", stage.at - 9 * HOUR


def thinking(stage: Stage, life: Life, rng: Random) -> None:
    """CoPa was presented, she is thinking about it."""
    stage.propose(life, 12)


def to_include(stage: Stage, life: Life, rng: Random) -> None:
    """She has just said yes; nobody has included her."""
    stage.propose(life, 12)
    life.answer, life.answered_at = "YES", stage.at - 3 * HOUR


# ---- Under way ----------------------------------------------------------------------------------------------
def without_ap(stage: Stage, life: Life, rng: Random) -> None:
    """Included, no AP named yet."""
    stage.include(life, rng)


def ultra_early(stage: Stage, life: Life, rng: Random) -> None:
    """Home after less than a day, and no AP for the visit that must follow."""
    life.left_how, life.left_at = "ULTRA_EARLY", life.born_at + 18 * HOUR
    stage.include(life, rng, hours_after=14)


def second_to_plan(stage: Stage, life: Life, rng: Random) -> None:
    """The first visit is done, the second has no date and the window closes."""
    stage.include(life, rng, stage.neighbour)
    stage.done(life, "V1", stage.another_day(-9, 11))


def second_missed(stage: Stage, life: Life, rng: Random) -> None:
    """The second visit of the known AP fell through, and the window has closed: nobody has said why."""
    stage.include(life, rng, stage.ap)
    stage.done(life, "V1", stage.another_day(-17, 14))
    stage.plan(life, "V2", stage.another_day(-6, 9)).missed_why = "SERVICE_CANCELLED"


def started(stage: Stage, life: Life, rng: Random) -> None:
    """The known AP is with the family now."""
    stage.include(life, rng, stage.ap)
    stage.done(life, "V1", stage.another_day(-7, 15))
    call = stage.plan(life, "V2", stage.at - 30 * MINUTE)
    call.started_at, call.ended_at = stage.at - 25 * MINUTE, stage.at + 50 * MINUTE
    call.epds = (0, 1, 1, 0, 1, 0, 0, 0, 1, 0)


def just_left(stage: Stage, life: Life, rng: Random) -> None:
    """The known AP left an hour and a half ago, after a short visit; her report is a draft."""
    stage.include(life, rng, stage.ap)
    call = stage.done(life, "V1", stage.at - 95 * MINUTE, after=None)
    call.started_at = stage.at - 133 * MINUTE
    stage.plan(life, "V2", stage.another_day(8, 10))


def next_today(stage: Stage, life: Life, rng: Random) -> None:
    """Her next visit today."""
    stage.include(life, rng, stage.ap)
    stage.plan(life, "V1", stage.later_today(1.5))
    stage.plan(life, "V2", stage.another_day(7, 14))


def last_today(stage: Stage, life: Life, rng: Random) -> None:
    """Her last visit today, the second of this family, whom an outside doctor follows too."""
    stage.include(life, rng, stage.ap)
    stage.done(life, "V1", stage.another_day(-6, 10))
    stage.plan(life, "V2", stage.later_today(3.25))
    life.doctor = stage.doctor


def tomorrow(stage: Stage, life: Life, rng: Random) -> None:
    """Her first visit tomorrow."""
    stage.include(life, rng, stage.ap)
    stage.plan(life, "V1", stage.another_day(1, 9))
    stage.plan(life, "V2", stage.another_day(8, 9))


def nearly_late(stage: Stage, life: Life, rng: Random) -> None:
    """Her report is due in four hours."""
    stage.include(life, rng, stage.ap)
    stage.done(life, "V1", stage.at - 20 * HOUR, after=None)


def late(stage: Stage, life: Life, rng: Random) -> None:
    """The neighbour's report is two hours late, not a word written."""
    stage.include(life, rng, stage.neighbour)
    stage.done(life, "V1", stage.another_day(-8, 14))
    call = stage.done(life, "V2", stage.at - 26 * HOUR - 10 * MINUTE, after=None)
    call.has_draft = False


def unread(stage: Stage, life: Life, rng: Random) -> None:
    """A report arrived this morning, nobody has opened it."""
    stage.include(life, rng, stage.neighbour)
    stage.done(life, "V1", stage.at - 9 * HOUR, after=6)
    stage.plan(life, "V2", stage.another_day(6, 15))


def child_alert(stage: Stage, life: Life, rng: Random) -> None:
    """The neighbour has seen a pale child eighteen minutes ago; nobody has answered."""
    stage.include(life, rng, stage.neighbour)
    call = stage.plan(life, "V1", stage.at - 45 * MINUTE)
    call.started_at, call.ended_at = stage.at - 40 * MINUTE, stage.at + 35 * MINUTE
    call.signs.append(Sign("CHILD_VITAL", "CHILD_BLUE_GREY", 22, None))


def mother_alert(stage: Stage, life: Life, rng: Random) -> None:
    """A mother's painful scar, told three hours ago, waits for an answer."""
    stage.include(life, rng, stage.ap)
    call = stage.done(life, "V1", stage.at - 150 * MINUTE, after=1)
    call.signs.append(Sign("MOTHER_URGENT", "MOTHER_SCAR", 40, None))
    stage.plan(life, "V2", stage.another_day(7, 11))


def protected_alert(stage: Stage, life: Life, rng: Random) -> None:
    """A protected situation told yesterday evening, not taken."""
    stage.include(life, rng, stage.neighbour)
    stage.done(life, "V1", stage.another_day(-7, 10))
    call = stage.done(life, "V2", stage.at - 16 * HOUR, after=2)
    call.signs.append(Sign("PROTECTED", "HOME_VIOLENCE_TOLD", 35, None))


def low_mood(stage: Stage, life: Life, rng: Random) -> None:
    """At the second visit the questionnaire calls for a word of the team, which has not decided yet."""
    stage.include(life, rng, stage.ap)
    stage.done(life, "V1", stage.another_day(-9, 10))
    call = stage.done(life, "V2", stage.another_day(-2, 16), after=4)
    call.epds = LOW_MOOD


def twins_apart(stage: Stage, life: Life, rng: Random) -> None:
    """Twins: one is home, the other has gone back to hospital."""
    first = life.babies[0]
    first.weight_g = 2480
    life.babies = [first, Baby("Lison" if first.first_name != "Lison" else "Maël", "female", 2210)]
    life.mode = "CAESAREAN"
    stage.include(life, rng, stage.ap)
    stage.done(life, "V1", stage.another_day(-3, 14))
    stage.plan(life, "V2", stage.another_day(5, 14))


def mother_away(stage: Stage, life: Life, rng: Random) -> None:
    """The mother is in hospital since yesterday: her visits wait."""
    stage.include(life, rng, stage.neighbour)
    stage.done(life, "V1", stage.another_day(-4, 10))
    stage.plan(life, "V2", stage.another_day(3, 10))
    life.stopped_at, life.stopped_how = stage.another_day(-1, 16), "suspended"


def silent(stage: Stage, life: Life, rng: Random) -> None:
    """After the first visit nobody answers any more; the team has declared her without news."""
    stage.include(life, rng, stage.neighbour)
    stage.done(life, "V1", stage.another_day(-12, 11))
    stage.plan(life, "V2", stage.another_day(-5, 11))
    life.stopped_at, life.stopped_how = stage.another_day(-6, 18), "no_news"


def hard_to_reach(stage: Stage, life: Life, rng: Random) -> None:
    """Three calls on three days without an answer; the team has not decided yet."""
    stage.include(life, rng, stage.ap)
    stage.done(life, "V1", stage.another_day(-10, 15))


# ---- At the end ---------------------------------------------------------------------------------------------
def _both_done(stage: Stage, life: Life, rng: Random, ap: Post) -> None:
    stage.include(life, rng, ap)
    first = stage.done(life, "V1", stage.another_day(-15, 11))
    second = stage.done(life, "V2", stage.another_day(-6, 16), after=5)
    for call in (first, second):
        assert call.signed_at is not None
        call.opened_at = call.signed_at + 2 * HOUR


def relay_waits(stage: Stage, life: Life, rng: Random) -> None:
    """Both visits done, the PMI has not answered; the pathway may be closed."""
    _both_done(stage, life, rng, stage.ap)


def relay_questioned(stage: Stage, life: Life, rng: Random) -> None:
    """The PMI asked something this morning."""
    _both_done(stage, life, rng, stage.neighbour)
    life.handover = Handover(stage.at - 4 * HOUR, is_question=True)
    life.doctor = stage.doctor


def relay_forgotten(stage: Stage, life: Life, rng: Random) -> None:
    """The PMI has not answered for ten days."""
    stage.include(life, rng, stage.neighbour)
    _read(stage.done(life, "V1", stage.another_day(-24, 11)), stage.done(life, "V2", stage.another_day(-15, 14)))


def relay_followed(stage: Stage, life: Life, rng: Random) -> None:
    """The PMI accepted a fortnight ago and has met the family."""
    stage.include(life, rng, stage.ap)
    _read(stage.done(life, "V1", stage.another_day(-33, 11)), stage.done(life, "V2", stage.another_day(-24, 14)))
    life.handover = Handover(stage.at - 14 * DAY)
    life.closed_at, life.closing = stage.at - 10 * DAY, "COMPLETE"


def relay_declined(stage: Stage, life: Life, rng: Random) -> None:
    """The PMI could not take it: the relay is the team's again."""
    stage.include(life, rng, stage.ap)
    _read(stage.done(life, "V1", stage.another_day(-20, 11)), stage.done(life, "V2", stage.another_day(-12, 14)))


def third_with_pmi(stage: Stage, life: Life, rng: Random) -> None:
    """A third visit is planned with the PMI, in two days."""
    stage.include(life, rng, stage.ap)
    first = stage.done(life, "V1", stage.another_day(-14, 11))
    second = stage.done(life, "V2", stage.another_day(-5, 14), after=5)
    second.third = "PARENTS"
    _read(first, second)
    call = stage.plan(life, "V3", stage.another_day(2, 10))
    call.motive = ThirdVisitMotive.PARENTS_REQUEST


def _read(*calls: Call) -> None:
    for call in calls:
        assert call.signed_at is not None
        call.opened_at = call.signed_at + 2 * HOUR


def just_closed(stage: Stage, life: Life, rng: Random) -> None:
    """Closed this morning, with its line."""
    _both_done(stage, life, rng, stage.ap)
    life.closed_at, life.closing = stage.at - 2 * HOUR, "COMPLETE"
    life.coordinated = False
    life.handover = Handover(stage.at - 30 * HOUR)


# (hours since the birth, script), the newest first.
SCRIPTS: tuple[tuple[float, Script], ...] = (
    (7, newborn),
    (13, newborn),
    (27, newborn),
    (38, gone_home),
    (22, thinking),
    (40, thinking),
    (52, thinking),
    (29, not_offered),
    (44, to_include),
    (21, ultra_early),
    (70, without_ap),
    (104, tomorrow),
    (110, next_today),
    (130, just_left),
    (140, nearly_late),
    (125, child_alert),
    (150, mother_alert),
    (160, unread),
    (13 * 24, started),
    (12 * 24, last_today),
    (16 * 24, second_to_plan),
    (14 * 24, late),
    (15 * 24, protected_alert),
    (20 * 24, relay_waits),
    (21 * 24 + 5, relay_waits),
    (22 * 24, relay_questioned),
    (23 * 24, just_closed),
    (25 * 24, second_missed),
    (24 * 24 + 9, second_missed),
    (9 * 24, twins_apart),
    (10 * 24 + 3, mother_away),
    (15 * 24 + 7, low_mood),
    (17 * 24, silent),
    (14 * 24 + 5, hard_to_reach),
    (19 * 24, third_with_pmi),
    (26 * 24, relay_declined),
    (31 * 24, relay_forgotten),
    (40 * 24, relay_followed),
)
