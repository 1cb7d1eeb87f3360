"""Draws lives with the rates of domain.md 8.2. Pure: a random source in, values out."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from math import exp, log, sqrt
from random import Random
from typing import TypeVar

from copa.demo import names, rates, signs
from copa.demo.lives import Adult, Agreed, Baby, Call, Handover, Life
from copa.demo.people import Post, Team
from copa.demo.places import House, Place
from copa.demo.rates import Rates
from territories.enums import Role
from visits.enums import ThirdVisitMotive
from visits.rules import report_due_at

T = TypeVar("T")
DAY = timedelta(days=1)
# The hours at which an AP rings: five visits a day at most.
SLOTS = (9 * 60, 10 * 60 + 45, 13 * 60 + 30, 15 * 60 + 15, 17 * 60)
PROGRAMME_V2_FROM = date(2025, 12, 1)
# Why the third visit was asked for in the report, and what is written on it when it is planned.
_MOTIVES = {"VULNERABILITY": ThirdVisitMotive.VULNERABILITY, "PARENTS": ThirdVisitMotive.PARENTS_REQUEST}


def pick(rng: Random, choices: Sequence[tuple[T, float]]) -> T:
    """One of the choices by its share; shares need not add up to one."""
    point = rng.random() * sum(share for _, share in choices)
    for value, share in choices:
        point -= share
        if point < 0:
            return value
    return choices[-1][0]


def lognormal(rng: Random, mean: float, spread: float) -> float:
    """A lognormal draw with this mean and standard deviation (not those of its logarithm)."""
    variance = log(1 + (spread / mean) ** 2)
    return exp(rng.gauss(log(mean) - variance / 2, sqrt(variance)))


def hours(value: float) -> timedelta:
    """So many hours, to the second."""
    return timedelta(seconds=round(value * 3600))


class Calendar:
    """Who is where: an AP has five slots a day, taken in the order in which visits are drawn."""

    def __init__(self, place: Place) -> None:
        self._zone = place.zone
        self._taken: dict[tuple[str, date], int] = {}

    def moment(self, day: date, minute: int) -> datetime:
        """The instant of a local hour, in UTC."""
        local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=self._zone)
        return local.astimezone(UTC)

    def slot(self, ap: Post, day: date) -> datetime:
        """The AP's next free slot of the day, or of the first later day that has one."""
        used = self._taken.get((ap.email, day), 0)
        if used >= len(SLOTS):
            return self.slot(ap, day + DAY)
        self._taken[ap.email, day] = used + 1
        return self.moment(day, SLOTS[used])

    def fill(self, ap: Post, day: date) -> None:
        """Leave no slot free on this day."""
        self._taken[ap.email, day] = len(SLOTS)

    def local_day(self, at: datetime) -> date:
        """The local date of an instant."""
        return at.astimezone(self._zone).date()

    def opening_hours(self, at: datetime, rng: Random) -> datetime:
        """The instant itself when it lies between 8 and 18 h, else a moment of the next such day."""
        local = at.astimezone(self._zone)
        if 8 <= local.hour < 18:
            return at
        day = local.date() if local.hour < 8 else local.date() + DAY
        return self.moment(day, 8 * 60 + rng.randrange(180))


class Drawer:
    """Draws the lives of one territory, in the order of their births."""

    def __init__(self, place: Place, team: Team, seed: str, shares: Rates) -> None:
        self.place, self.team, self.seed, self.shares = place, team, seed, shares
        self.calendar = Calendar(place)
        self._maternities = [(house, house.births) for house in place.houses if house.births]
        self._carriers = [(house, house.pathways) for house in place.houses if house.pathways and not house.births]
        self._villages = [(village, village.share) for village in place.villages]
        self._turn: dict[str, int] = {}

    def draw(self, number: int, born_at: datetime, shape: Callable[[Life, Random], None] | None = None) -> Life:
        """The life of the birth of this number; `shape` bends it before the programme begins (scenes)."""
        rng = Random(f"{self.seed}:{self.place.slug}:{number}")
        life = self.birth(number, born_at, rng)
        self.stay(life, rng)
        if shape is not None:
            shape(life, rng)
        if life.is_silent:
            return life
        self.proposal(life, rng)
        if life.answer == "YES":
            self.inclusion(life, rng)
            self.visits(life, rng)
            self.ending(life, rng)
            self.handover(life, rng)
        return life

    # ---- The birth ----------------------------------------------------------------------------------------
    def birth(self, number: int, born_at: datetime, rng: Random) -> Life:
        maternity = pick(rng, self._maternities)
        village = pick(rng, self._villages)
        mother = self._mother(rng, born_at)
        return Life(
            number=number,
            born_at=born_at,
            day=self.calendar.local_day(born_at),
            recorded_at=born_at + hours(2 + rng.random() * 10),
            maternity=maternity,
            carrier=self._carrier(maternity, rng),
            village=village,
            address=f"{rng.randrange(1, 90)} {rng.choice(names.STREETS)}",
            hint=rng.choice(names.HINTS) if rng.random() < 0.3 else "",
            mother=mother,
            coparent=self._coparent(mother, rng) if rng.random() < rates.COPARENT else None,
            babies=self._babies(rng),
            mode=pick(rng, rates.MODES),
            parity="FIRST" if rng.random() < self.shares.first_child else "ALREADY",
            term_weeks=self._term(rng),
            is_vulnerable=rng.random() < rates.VULNERABLE,
            wants_breast=rng.random() < rates.WANTS_BREAST,
            left_at=born_at,
            left_how="STANDARD",
            contact=self._contact(rng),
            theme=rng.randrange(1_000_000),
        )

    def _carrier(self, maternity: House, rng: Random) -> House:
        """The maternity itself, or a CPP or PMI that carries a part of the pathways."""
        aside = sum(share for _, share in self._carriers)
        return pick(rng, self._carriers) if rng.random() < aside else maternity

    def _mother(self, rng: Random, born_at: datetime) -> Adult:
        years = 35 + rng.random() * 8 if rng.random() < rates.OLDER_THAN_35 else 19 + rng.random() * 16
        first, last = rng.choice(names.WOMEN), rng.choice(names.SURNAMES)
        used = rng.choice(names.SURNAMES) if rng.random() < 0.3 else ""
        return Adult(
            first_name=first,
            birth_name=last,
            used_name=used,
            phone=self.place.phone(rng.randrange(10_000)),
            email=f"parent{rng.randrange(10**6)}@familles.example" if rng.random() < 0.6 else "",
            born_on=born_at.date() - timedelta(days=int(years * 365.25)),
        )

    def _coparent(self, mother: Adult, rng: Random) -> Adult:
        name = mother.used_name or rng.choice(names.SURNAMES)
        first = rng.choice(names.MEN if rng.random() < 0.96 else names.WOMEN)
        return Adult(first_name=first, birth_name=name, phone=self.place.phone(rng.randrange(10_000)))

    @staticmethod
    def _term(rng: Random) -> int:
        if rng.random() < rates.PRETERM:
            return min(36, max(26, round(rng.gauss(34.5, 2))))
        return min(42, max(37, round(rng.gauss(39.4, 1.1))))

    @staticmethod
    def _babies(rng: Random) -> list[Baby]:
        count = 2 if rng.random() < rates.TWINS else 1
        babies = []
        for _ in range(count):
            sex = "female" if rng.random() < 0.488 else "male"
            named = rng.choice(names.GIRLS if sex == "female" else names.BOYS)
            weight = int(min(5200, max(900, rng.gauss(3300 if count == 1 else 2450, 430))))
            babies.append(Baby(named if rng.random() < 0.94 else "", sex, weight))
        return babies

    @staticmethod
    def _contact(rng: Random) -> dict[str, object]:
        hours = pick(rng, (("ANY", 0.7), ("MORNING", 0.1), ("AFTERNOON", 0.12), ("EVENING", 0.08)))
        may_email, may_sms = rng.random() < 0.5, rng.random() < 0.85
        is_discreet, no_voice_mail = rng.random() < 0.04, rng.random() < 0.1
        # Few want nothing between the visits; whoever reads both her messages is rarely called.
        is_refused = no_voice_mail and not (may_email or may_sms)
        return {
            "contact_hours": json.dumps([hours, "EVENING"] if hours == "MORNING" else [hours]),
            "may_email": may_email,
            "may_sms": may_sms,
            "may_call": not is_refused and (hours == "ANY" or not (may_email and may_sms)),
            "may_space": may_email and hours != "ANY",
            "is_contact_refused": is_refused,
            "is_discreet": is_discreet,
            "no_voice_mail": no_voice_mail,
        }

    def stay(self, life: Life, rng: Random) -> None:
        """When and how they leave: inside the category's hours, in the daytime when the hours allow."""
        life.left_how = pick(rng, rates.DISCHARGES)
        first, last = rates.STAYS[life.left_how][life.mode == "CAESAREAN"]
        for _ in range(8):
            life.left_at = life.born_at + hours(first + rng.random() * (last - first))
            if 10 <= life.left_at.astimezone(self.place.zone).hour < 18:
                break
        life.is_silent = rng.random() < rates.BEREAVED

    # ---- Yes or no ----------------------------------------------------------------------------------------
    def proposal(self, life: Life, rng: Random) -> None:
        when = pick(rng, rates.PROPOSED)
        says_yes = rng.random() < rates.ADHESION[life.parity]
        thinks = hours(rng.random() * 30 + (rng.random() < rates.THINKING) * 120)
        if when == "NEVER":
            return
        if when == "BEFORE":
            life.proposed_at = life.born_at - hours(24 * (10 + rng.random() * 120))
            life.proposed_when = pick(rng, (("EPP", 0.3), ("CONSULTATION", 0.3), ("BIRTH_PREP", 0.4)))
            # R064: an auxiliary presents it during the stay only.
            life.proposed_by = self.in_turn(Role.REFERRING_TEAM, life.maternity.name)
        else:
            life.proposed_at = self.calendar.opening_hours(life.recorded_at + hours(1 + rng.random() * 14), rng)
            life.proposed_when = "STAY"
            life.proposed_by = self.collector(life, rng)
        life.answered_at = self.calendar.opening_hours(max(life.recorded_at, life.proposed_at) + thinks, rng)
        life.answer = "YES" if says_yes else "NO"
        life.refusal = "" if says_yes or rng.random() < 0.35 else pick(rng, rates.REFUSALS)

    def collector(self, life: Life, rng: Random) -> Post:
        role = Role.AP if rng.random() < 0.4 else Role.REFERRING_TEAM
        return self.in_turn(role, life.maternity.name)

    def in_turn(self, role: str, house: str | None) -> Post:
        """Colleagues share the work: each in her turn."""
        posts = self.team.of(role, house) or self.team.of(role)
        key = f"{role}:{house}"
        self._turn[key] = self._turn.get(key, -1) + 1
        return posts[self._turn[key] % len(posts)]

    def inclusion(self, life: Life, rng: Random) -> None:
        assert life.answered_at is not None
        life.included_at = max(life.answered_at, life.recorded_at) + timedelta(minutes=rng.randrange(5, 90))
        recipients = {
            recipient: "YES" if rng.random() < share else ("NO" if rng.random() < 0.75 else "LATER")
            for recipient, share in rates.RECIPIENTS.items()
        }
        life.agreed = Agreed(
            at=life.included_at - timedelta(minutes=3),
            by=self.collector(life, rng),
            place="ROOM" if life.included_at < life.left_at else "HOME",
            mode=pick(rng, (("SCREEN", 0.8), ("PAPER", 0.15), ("ORAL", 0.05))),
            recipients=recipients,
            opposed=rng.random() < rates.EVALUATION_OPPOSED,
        )
        life.ap = self.in_turn(Role.AP, life.carrier.name)
        life.ap_since = life.included_at + hours(rng.random() * 20)
        if rng.random() < rates.MIDWIFE_KNOWN:
            life.midwife = self.in_turn(Role.LIBERAL_MIDWIFE, None)
        if rng.random() < 0.02:
            life.doctor = self.in_turn(Role.OUTSIDE_PROFESSIONAL, None)

    # ---- The visits ---------------------------------------------------------------------------------------
    def visits(self, life: Life, rng: Random) -> None:
        assert life.ap is not None
        assert life.ap_since is not None
        first_day = self.first_day(life, rng)
        second_day = self.second_day(life, first_day, rng)
        noted = life.ap_since + hours(rng.random() * 12)
        if life.left_how == "ULTRA_EARLY" and noted < life.left_at + DAY:
            self.call(life, "ULTRA_EARLY", self.calendar.local_day(life.left_at) + DAY, noted, rng)
        first = self.call(life, "V1", first_day, noted, rng)
        both = rng.random() < 0.75
        second = self.call(life, "V2", second_day, noted if both else (first.ended_at or noted), rng)
        third = self._third(life, rng)
        if rng.random() < rates.ONE_VISIT_ONLY:
            self.miss(second, rng)
        elif third:
            second.third = third
            day = max(second_day + DAY, min(life.day + 21 * DAY, second_day + rng.randrange(2, 6) * DAY))
            self.call(life, "V3", day, second.ended_at or noted, rng, _MOTIVES[third])
        signs.draw(life, rng)

    @staticmethod
    def _third(life: Life, rng: Random) -> str:
        """Why a third visit follows, "" when none does; the first version of the programme had three for everybody."""
        share = rates.V3_VULNERABLE / rates.VULNERABLE if life.is_vulnerable else 0.0
        is_needed, is_wished = rng.random() < share, rng.random() < rates.V3_WISHED
        if is_needed:
            return "VULNERABILITY"
        return "PARENTS" if is_wished or life.day < PROGRAMME_V2_FROM else ""

    def first_day(self, life: Life, rng: Random) -> date:
        """V1: D+6 in the middle, at home, never before D+2 nor before the AP knows of it."""
        assert life.ap_since is not None
        drawn = life.day + max(2, round(rng.gauss(*rates.V1_DAY))) * DAY
        home = self.calendar.local_day(max(life.left_at, life.ap_since)) + DAY
        return max(drawn, home)

    @staticmethod
    def second_day(life: Life, first_day: date, rng: Random) -> date:
        """V2: about eight days later, by D+21 for 96 of 100 families."""
        drawn = first_day + max(2, round(rng.gauss(*rates.V2_AFTER))) * DAY
        last = life.day + 21 * DAY
        if rng.random() >= rates.V2_IN_WINDOW:
            return max(drawn, last + rng.randrange(1, 7) * DAY)
        return max(first_day + DAY, min(drawn, last))

    def call(self, life: Life, kind: str, day: date, noted_at: datetime, rng: Random, motive: str = "") -> Call:
        assert life.ap is not None
        planned_at = self.calendar.slot(life.ap, day)
        day = self.calendar.local_day(planned_at)
        is_long = kind == "ULTRA_EARLY"
        noted_at = min(noted_at, planned_at - hours(2))
        call = Call(kind=kind, noted_at=noted_at, planned_at=planned_at, minutes=135 if is_long else 75, motive=motive)
        outside = not is_long and not 2 <= (day - life.day).days <= 21
        call.window_reason = pick(rng, (("FAMILY_DATE", 3), ("NO_AP", 2), ("CHILD_HOSPITAL", 1))) if outside else ""
        lasted = lognormal(rng, *(rates.ULTRA_EARLY_MINUTES if is_long else rates.MINUTES))
        call.started_at = planned_at + timedelta(minutes=max(-10, round(rng.gauss(3, 6))))
        call.ended_at = call.started_at + timedelta(minutes=round(min(lasted, 240)))
        self._report(call, rng)
        if not is_long and rng.random() < rates.MISSED_ONCE:
            self._missed_before(life, call, rng)
        life.calls.append(call)
        return call

    @staticmethod
    def _report(call: Call, rng: Random) -> None:
        assert call.ended_at is not None
        point, spread = rng.random(), rng.random()
        call.has_draft = rng.random() < 0.8
        opening = rng.random(), lognormal(rng, 7, 6)
        if point < rates.ON_TIME:
            call.signed_at = call.ended_at + hours(min(23.7, lognormal(rng, 8, 7)))
        elif point < rates.ON_TIME + rates.LATE:
            call.signed_at = report_due_at(call.ended_at) + hours(0.05 + 23.9 * spread)
        else:
            call.found_at = call.ended_at + hours(72 + 216 * spread)
        waits = opening[1] + 0.05 if opening[0] < rates.OPENED else 24 * (3 + 6 * spread)
        call.opened_at = (call.signed_at or call.found_at or call.ended_at) + hours(waits)

    def _missed_before(self, life: Life, call: Call, rng: Random) -> None:
        """The same visit was planned earlier and nobody was there, or it was called off."""
        assert life.ap is not None
        before = call.planned_at - rng.randrange(1, 3) * DAY
        if before <= call.noted_at or self.calendar.local_day(before) < life.day + 2 * DAY:
            return
        missed = Call(
            kind=call.kind, noted_at=call.noted_at, planned_at=before, minutes=call.minutes, motive=call.motive
        )
        self.miss(missed, rng)
        call.noted_at = before + hours(1)
        life.calls.append(missed)

    @staticmethod
    def miss(call: Call, rng: Random) -> None:
        call.started_at = call.ended_at = call.signed_at = call.opened_at = None
        call.missed_why = pick(rng, rates.MISSES)

    # ---- How it ends --------------------------------------------------------------------------------------
    def ending(self, life: Life, rng: Random) -> None:
        assert life.included_at is not None
        last = max(call.ended_at or call.planned_at for call in life.calls)
        done = {call.kind for call in life.calls if call.ended_at}
        waits = hours(36 + rng.random() * 96)
        if not done.issuperset({"V1", "V2"}):
            waits = hours(96 + rng.random() * 144)
        reports = [call.signed_at or call.found_at for call in life.calls if call.ended_at]
        life.closed_at = self.calendar.opening_hours(max([last, *filter(None, reports)]) + waits, rng)
        life.closing = "COMPLETE" if done.issuperset({"V1", "V2"}) else pick(rng, rates.ENDINGS)
        self._stop(life, rng)

    @staticmethod
    def _stop(life: Life, rng: Random) -> None:
        """A stop comes at any moment between inclusion and the last visit; what follows it does not happen."""
        assert life.included_at is not None
        assert life.agreed is not None
        stops = (
            ("withdrawn", rates.WITHDRAWN),
            ("moved", rates.MOVED),
            ("suspended", rates.SUSPENDED),
            ("bereaved", rates.BEREAVED_LATER),
        )
        stop = pick(rng, (*stops, ("", 1 - sum(share for _, share in stops))))
        last = max(call.planned_at for call in life.calls)
        moment = life.included_at + hours((last - life.included_at).total_seconds() / 3600 * rng.random())
        if not stop:
            return
        under_way = [c for c in life.calls if c.started_at and c.ended_at and c.started_at <= moment <= c.ended_at]
        life.stopped_at = (under_way[0].ended_at or moment) + timedelta(minutes=30) if under_way else moment
        life.stopped_how = stop
        life.closed_at, life.closing = None, ""
        if stop == "withdrawn":
            life.agreed.withdrawn_at = life.stopped_at

    @staticmethod
    def handover(life: Life, rng: Random) -> None:
        """The PMI answers around D+21, when the mother agreed and the commune has a sector."""
        assert life.agreed is not None
        point, days, hour = rng.random(), rng.randrange(-5, 4), rng.random()
        if life.agreed.recipients["PMI"] != "YES" or life.village.pmi is None:
            return
        at = life.born_at + hours(24 * (21 + days) + hour)
        if point < rates.RELAY_ACCEPTED:
            life.handover = Handover(at)
        elif point < rates.RELAY_ACCEPTED + rates.RELAY_QUESTIONED:
            life.handover = Handover(at, is_question=True)
