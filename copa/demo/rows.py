"""Writes of a life what has happened by a given instant, as rows of one territory."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

import orjson

from copa.demo import rates
from copa.demo.asked import spoken
from copa.demo.journey import Journey
from copa.demo.known import Desk, Known
from copa.demo.lives import Life
from copa.demo.people import Post
from copa.demo.register import Register
from copa.demo.reports import Scribe, dashed
from pathways.enums import AftercareStep
from pathways.models import (
    AftercareDone,
    Birth,
    Child,
    CoParent,
    Death,
    Discharge,
    Family,
    FamilyWord,
    Mother,
    Proposal,
    presenter_offered,
)
from pathways.rules import REFERENCES, aftercare_steps, family_reference, name_words
from territories.enums import StructureKind

DAY = timedelta(days=1)
REFERENCE_STEP = 153_158_477
# How long the team takes to confirm what an auxiliary noted.
CONFIRMED_AFTER = timedelta(minutes=40)
# How long after a death was noted the team has taken each step.
_AFTERCARE = (
    (AftercareStep.CALL_FAMILY, timedelta(minutes=50)),
    (AftercareStep.CHILD_FOLLOWED, timedelta(minutes=60)),
    (AftercareStep.CALL_AP, timedelta(minutes=70)),
    (AftercareStep.OTHER_SERVICES, timedelta(hours=3)),
    (AftercareStep.SUPPORT, timedelta(hours=4)),
)
COVERED = orjson.dumps(["COPA", "SFL", "PMI", "SCENARIOS"]).decode()


class Writer:
    """One life after another; `at` is the instant at which the demonstration stands."""

    def __init__(self, known: Known, register: Register, scribe: Scribe, seed: str, at: datetime) -> None:
        self.known, self.register, self.seed, self.at = known, register, seed, at
        self._ids = Random()
        self._desk = Desk(known, register, scribe, at, self._uid)
        self.family_uid = ""

    def _uid(self) -> str:
        return dashed(self._ids.getrandbits(128))

    def reference(self, number: int) -> str:
        """The reference of the family of a birth of this number."""
        # Any number prime to REFERENCES scatters them without drawing one twice.
        return family_reference(self.known.slug, number * REFERENCE_STEP % REFERENCES)

    def add(self, life: Life) -> None:
        """Everything about one birth that has happened."""
        self._ids.seed(f"{self.seed}:{self.known.territory_id}:{life.number}:ids")
        family = self._family(life)
        birth, children = self._birth(life, family)
        self._words(life, family)
        self._discharge(life, family, birth)
        self._proposal(life, family, birth)
        if self._desk.is_past(life.included_at):
            Journey(self._desk, life, (family, self.family_uid), birth, children).add()

    def _family(self, life: Life) -> int:
        register, mother = self.register, life.mother
        is_included = self._desk.is_past(life.included_at)
        self.family_uid = self._uid()
        key = register[Family].add(
            self.family_uid,
            self.reference(life.number),
            self.known.houses[life.maternity.name],
            life.address,
            self.known.communes[life.village.code][0],
            life.hint,
            life.village.is_isolated if is_included else None,
            *life.contact.values(),
            min(life.recorded_at, self.at),
        )
        register[Mother].add(
            self._uid(), key, mother.birth_name, mother.used_name, mother.first_name, mother.born_on, mother.phone,
            mother.email, *(spoken(life) if is_included else ("", "[]")),
        )  # fmt: skip
        if life.coparent:
            other = life.coparent
            register[CoParent].add(self._uid(), key, other.first_name, other.birth_name, other.phone)
        return key

    def _birth(self, life: Life, family: int) -> tuple[tuple[int, list[str]], list[int]]:
        """The birth with the public ids of its children, by which reports name them, and their keys."""
        register = self.register
        maternity = self.known.houses[life.maternity.name]
        birth = register[Birth].add(
            self._uid(), family, maternity, life.born_at, life.day, life.mode, life.term_weeks, life.parity,
            self._mourned_at(life) is not None, "STRUCTURE",
        )  # fmt: skip
        has_lost_mother = life.number % 100 < rates.MOTHER_DIED * 100
        closed_at = None if has_lost_mother else self._mourned_at(life)
        refs, keys = [], []
        for rank, baby in enumerate(life.babies, start=1):
            refs.append(self._uid())
            child = (refs[-1], family, birth, rank, baby.first_name, baby.sex, baby.weight_g, closed_at)
            keys.append(register[Child].add(*child))
        self._deaths(life, family, birth, [None] if has_lost_mother else keys)
        return (birth, refs), keys

    def _mourned_at(self, life: Life) -> datetime | None:
        """When the deaths around a birth were noted; None while none has been."""
        noted_at = life.recorded_at if life.is_silent else None
        if life.stopped_how == "bereaved":
            noted_at = life.stopped_at
        if noted_at is None:
            return None
        return min(noted_at, self.at) if life.is_silent or noted_at <= self.at else None

    def _deaths(self, life: Life, family: int, birth: int, people: Sequence[int | None]) -> None:
        """One row per child, or one for the mother (None), noted by the team, or by the auxiliary and confirmed."""
        noted_at = self._mourned_at(life)
        if noted_at is None:
            return
        team = self.known.teams[life.maternity.name]
        by = team[life.number % len(team)]
        noted_by = life.ap if life.ap and not life.is_silent else by
        confirmed_at = noted_at if noted_by is by else noted_at + CONFIRMED_AFTER
        is_confirmed = confirmed_at <= self.at
        for child in people:
            death = self.register[Death].add(
                self._uid(), family, birth, "mother" if child is None else "child", child, noted_by.pk, noted_at,
                by.pk if is_confirmed else None, confirmed_at if is_confirmed else None,
            )  # fmt: skip
            self._aftercare((family, death), by, noted_at, has_lost_mother=child is None)

    def _aftercare(self, about: tuple[int, int], by: Post, noted_at: datetime, *, has_lost_mother: bool) -> None:
        """Each step a person took the same day; `about` are the keys of the family and of the death."""
        asked = aftercare_steps(has_lost_mother=has_lost_mother, has_living_child=True)
        for step, delay in _AFTERCARE:
            if step in asked and noted_at + delay <= self.at:
                who = "La PMI du secteur, le médecin traitant" if step == AftercareStep.CHILD_FOLLOWED else ""
                self.register[AftercareDone].add(self._uid(), *about, step, who, by.pk, noted_at + delay)

    def _words(self, life: Life, family: int) -> None:
        """As `pathways.actions.shared.store_words` writes them."""
        mother, other = life.mother, life.coparent
        names = [mother.birth_name, mother.used_name, mother.first_name, *(baby.first_name for baby in life.babies)]
        if other:
            names += [other.first_name, other.birth_name]
        for word in sorted(name_words(*names)):
            self.register[FamilyWord].add(family, word)

    def _discharge(self, life: Life, family: int, birth: tuple[int, list[str]]) -> None:
        uid = self._uid()
        if not self._desk.is_past(life.left_at):
            return
        team = self.known.teams[life.maternity.name]
        by = team[life.number % len(team)]
        self.register[Discharge].add(
            uid, family, birth[0], life.left_at, life.left_how, life.left_how == "ULTRA_EARLY",
            f"Dr {by.last_name}", by.pk, min(life.left_at + timedelta(minutes=25), self.at),
        )  # fmt: skip

    def _proposal(self, life: Life, family: int, birth: tuple[int, list[str]]) -> None:
        uid = self._uid()
        if not self._desk.is_past(life.proposed_at) or not self._desk.is_past(life.recorded_at):
            return
        assert life.proposed_at is not None
        assert life.proposed_by is not None
        is_answered = self._desk.is_past(life.answered_at)
        asks_again = life.day + 3 * DAY if not is_answered and life.number % 3 == 0 else None
        self.register[Proposal].add(
            uid,
            family,
            birth[0],
            life.proposed_at.astimezone(self.known.zone).date(),
            life.proposed_when,
            presenter_offered(life.proposed_by.role, StructureKind.MATERNITY),
            life.proposed_by.pk,
            life.answer if is_answered else "PENDING",
            life.answered_at if is_answered else None,
            asks_again,
            orjson.dumps([life.refusal] if is_answered and life.refusal else []).decode(),
            COVERED,
            "LEAFLET",
        )
