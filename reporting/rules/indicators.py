"""The indicators: their printed definition, and which part of it each single case is.

The SQL of `reporting.reads` counts the same parts over a whole quarter; a test compares the two.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pathways.enums import ClosingReason, PathwayState, ProposalAnswer
from pathways.rules import Window
from pathways.rules.orientations import Loop, Sent, is_followed, is_spotted_in
from reporting.enums import Objective
from visits.enums import VisitState
from visits.rules import REPORT_DELAY, VISIT_MAX_DELAY, ClockState, report_clock

# How long after its hour a visit without an outcome may still become an on-time one: the longest visit, then 24 h.
OUTCOME_DELAY = VISIT_MAX_DELAY + REPORT_DELAY
# A visit in one of these states, long after its hour: nobody wrote whether it took place, or when it ended.
WITHOUT_OUTCOME = (VisitState.PLANNED, VisitState.STARTED)
# Stopped or suspended before the end of the window: whether two visits would have been made is not known.
STOPPED = (PathwayState.SUSPENDED, PathwayState.WITHDRAWN, PathwayState.MOVED)


class Part(StrEnum):
    """What one case is in an indicator. OUT: another cohort, excluded, or not yet due (N10)."""

    YES = "yes"
    NO = "no"
    MISSING = "missing"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Counts:
    """An indicator counted: the denominator is YES and NO, the missing are apart (N3)."""

    numerator: int
    denominator: int
    missing: int = 0

    def __post_init__(self) -> None:
        assert 0 <= self.numerator <= self.denominator, self
        assert self.missing >= 0, self

    @property
    def rest(self) -> int:
        """Known cases outside the numerator."""
        return self.denominator - self.numerator

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.numerator + other.numerator, self.denominator + other.denominator, self.missing + other.missing
        )


NO_CASE = Counts(0, 0, 0)


def counted(parts: Iterable[Part]) -> Counts:
    """The counts of many cases."""
    found = list(parts)
    yes, no = found.count(Part.YES), found.count(Part.NO)
    return Counts(yes, yes + no, found.count(Part.MISSING))


def ratio(numerator: int | None, denominator: int | None) -> Decimal | None:
    """The rate, not rounded (0.88 for 88 %); None without a known case or when a count is masked."""
    if numerator is None or not denominator:
        return None
    return Decimal(numerator) / Decimal(denominator)


@dataclass(frozen=True, kw_only=True, slots=True)
class IndicatorDefinition:
    """An indicator as it is printed (N1, N2, N6, N9). A changed sentence is a new `version`.

    `short` is its name where room is scarce; `objective` is the aim of the programme; `cohort` says what falls in the
    quarter; `yes` and `no` name the two parts on screen; `target` is a ratio.
    """

    code: str
    label: str
    short: str
    version: str
    objective: Objective
    cohort: str
    source: str
    target: Decimal | None
    yes: str
    no: str
    numerator: str
    denominator: str
    missing: str
    excluded: str


ADHESION = IndicatorDefinition(
    code="P02",
    label="Familles qui acceptent CoPa",
    short="Acceptent",
    version="1",
    objective=Objective.PARENTS,
    cohort="propositions faites dans le trimestre",
    source="saisie des professionnels",
    target=Decimal("0.70"),
    yes="Acceptent",
    no="Refusent",
    numerator="Propositions acceptées par la mère.",
    denominator="Propositions qui ont reçu une réponse, oui ou non.",
    missing="Propositions encore sans réponse.",
    excluded="Les naissances sans proposition ne comptent pas ici. Une adhésion retirée plus tard reste acceptée.",
)
REPORT_IN_TIME = IndicatorDefinition(
    code="P09",
    label="Comptes rendus remis en 24\u00a0h",
    short="En 24\u00a0h",
    version="1",
    objective=Objective.COORDINATION,
    cohort="visites finies dans le trimestre",
    source="horloge du serveur",
    # The obligation is 100 % (R085); 90 % is the line under which a territory is helped (look/5-ars).
    target=Decimal("0.90"),
    yes="En 24\u00a0h",
    no="Plus tard",
    numerator=(
        "Comptes rendus arrivés dans la boîte de l’équipe de référence 24\u00a0heures au plus après la fin de la "
        "visite\u202f; 24\u00a0h\u00a000 est à temps, une seconde de plus est en retard."
    ),
    denominator=(
        "Visites finies, toutes sortes, dont les 24\u00a0heures sont passées. "
        "Un compte rendu jamais remis est en retard."
    ),
    missing=(
        "Visites sans issue notée plus de 30\u00a0heures après leur heure\u00a0: commencées sans fin, ou prévues "
        "sans suite. Leur horloge n’est pas connue."
    ),
    excluded=(
        "Les visites dont les 24\u00a0heures courent encore, annulées ou pas faites. "
        "L’obligation est de 100\u00a0%\u202f; l’objectif affiché est le seuil d’aide aux territoires."
    ),
)
TWO_VISITS = IndicatorDefinition(
    code="P04",
    label="Deux visites à temps",
    short="Deux visites",
    version="3",
    objective=Objective.CHILD,
    cohort="parcours dont le dernier jour de visite tombe dans le trimestre",
    source="saisie des professionnels",
    target=None,
    yes="V1 et V2",
    no="Moins",
    numerator=(
        "Parcours dont la V1 et la V2 (et la V3 sous CoPa v1) ont fini du 2ᵉ au 21ᵉ jour, jours inclus, à l’heure du "
        "territoire."
    ),
    denominator="Parcours dont le 21ᵉ jour est passé.",
    missing=(
        "Parcours suspendus, arrêtés par la famille ou par un déménagement sans ces visites, "
        "et parcours où une visite attendue n’a pas d’issue notée."
    ),
    excluded=(
        "Les parcours arrêtés par un deuil, ceux dont le 21ᵉ jour n’est pas passé, et ceux dont une visite a été faite "
        "dans un autre territoire\u00a0: elle compte là-bas."
    ),
)
_LOOP_MISSING = "Aucun\u00a0: un besoin dont la suite n’est pas connue compte comme non suivi."
_LOOP_EXCLUDED = (
    "Les parcours arrêtés par un deuil, les besoins d’un parcours dont le 21ᵉ jour n’est pas passé, et ceux qu’une "
    "famille apporte d’un autre territoire, comptés là-bas. Un contact seulement donné à la famille n’est pas une "
    "orientation. Plus de besoins repérés n’est pas un moins bon résultat\u00a0: lire toujours avec le dénominateur."
)
_LOOP_NUMERATOR = (
    "Besoins {what} orientés, dont le premier contact {whom} est daté et confirmé par ce professionnel, par l’équipe "
    "ou par les parents. Un besoin orienté deux fois compte une fois."
)


def _loop_definition(code: str, label: str, short: str, *, what: str, whom: str, spotted: str) -> IndicatorDefinition:
    """One of the three counts of I9: same cohort, same cases, another kind of professional."""
    return IndicatorDefinition(
        code=code,
        label=label,
        short=short,
        version="2",
        objective=Objective.COORDINATION,
        cohort="besoins repérés dans le trimestre",
        source="saisie des professionnels, réponse du professionnel ou parole des parents",
        # I9 is a number in the seed: no target is set.
        target=None,
        yes="Suivis",
        no="Pas suivis",
        numerator=_LOOP_NUMERATOR.format(what=what, whom=whom),
        denominator=spotted,
        missing=_LOOP_MISSING,
        excluded=_LOOP_EXCLUDED,
    )


_HEALTH_SPOTTED = "Besoins de santé repérés, avec ou sans orientation, y compris ceux du compartiment protégé."
LOOP_STRICT = _loop_definition(
    "I9",
    "Besoins de santé suivis par un professionnel de santé",
    "Santé, au sens strict",
    what="de santé",
    whom="avec un professionnel de santé",
    spotted=_HEALTH_SPOTTED,
)
LOOP_EXTENDED = _loop_definition(
    "I9E",
    "Besoins de santé suivis, psychologues compris",
    "Santé, psychologues compris",
    what="de santé",
    whom="avec un professionnel de santé, un psychologue ou un professionnel assimilé",
    spotted=_HEALTH_SPOTTED,
)
LOOP_SOCIAL = _loop_definition(
    "I9S",
    "Besoins sociaux suivis par un service social ou de parentalité",
    "Social et parentalité",
    what="sociaux",
    whom="avec un service social ou de soutien à la parentalité",
    spotted="Besoins sociaux repérés, avec ou sans orientation.",
)
LOST = IndicatorDefinition(
    code="P23",
    label="Familles perdues de vue",
    short="Perdues de vue",
    version="2",
    objective=Objective.CHILD,
    cohort="adhésions recueillies dans le trimestre",
    source="saisie des professionnels",
    target=None,
    yes="Perdues de vue",
    no="Autres",
    numerator=(
        "Parcours sans V2 faite, ici ou dans un autre territoire, que l’équipe a clos parce que la famille ne "
        "répondait plus, ou dont la famille est sans nouvelles."
    ),
    denominator="Adhésions dont le 21ᵉ jour est passé et dont la suite est connue.",
    missing="Parcours encore ouverts ou suspendus après le 21ᵉ jour, sans V2.",
    excluded="Les parcours arrêtés par un deuil, et ceux dont le 21ᵉ jour n’est pas passé.",
)
# The three that every page of figures begins with, then what stands below them.
MAIN: tuple[IndicatorDefinition, ...] = (REPORT_IN_TIME, ADHESION, TWO_VISITS)
FURTHER: tuple[IndicatorDefinition, ...] = (LOOP_STRICT, LOOP_EXTENDED, LOOP_SOCIAL, LOST)
INDICATORS: tuple[IndicatorDefinition, ...] = (*MAIN, *FURTHER)
LOOP_OF: dict[str, Loop] = {"I9": Loop.STRICT, "I9E": Loop.EXTENDED, "I9S": Loop.SOCIAL}


def proposal_part(answer: str) -> Part:
    """P02: a mother who is still thinking is neither a yes nor a no (N3)."""
    return {ProposalAnswer.YES: Part.YES, ProposalAnswer.NO: Part.NO}.get(ProposalAnswer(answer), Part.MISSING)


def report_part(due_at: datetime | None, delivered_at: datetime | None, at: datetime) -> Part:
    """P09 for an ended visit: OUT until its 24 h have passed, even when the report is already there (N10).

    Counting the early ones at once would show only successes in the last hours of a quarter.
    """
    if due_at is None or due_at >= at:
        return Part.OUT
    return Part.YES if report_clock(due_at, delivered_at, at).state == ClockState.ON_TIME else Part.NO


def visit_part(
    state: str, reference_at: datetime, due_at: datetime | None, delivered_at: datetime | None, at: datetime
) -> Part:
    """P09 for any visit; `reference_at` is the start if there was one, else the planned hour."""
    if state == VisitState.ENDED:
        return report_part(due_at, delivered_at, at)
    if state in WITHOUT_OUTCOME and reference_at + OUTCOME_DELAY < at:
        return Part.MISSING
    return Part.OUT


@dataclass(frozen=True, slots=True)
class VisitDay:
    """A visit as P04 sees it: `day` is the local day of its end, or of its plan while it has none."""

    kind: str
    state: str
    day: date


def pathway_part(
    state: str,
    window: Window,
    visits: Iterable[VisitDay],
    today: date,
    *,
    promised: Collection[str],
    is_begun_elsewhere: bool = False,
) -> Part:
    """P04: the visits its version promises ended inside the window, asked once its last day has passed (N10).

    `is_begun_elsewhere`: another territory made one of them, which counts there and is not asked for here.
    """
    if today <= window.last or state == PathwayState.BEREAVED or is_begun_elsewhere:
        return Part.OUT
    inside = [visit for visit in visits if window.holds(visit.day)]
    done = {visit.kind for visit in inside if visit.state == VisitState.ENDED}
    unknown = {visit.kind for visit in inside if visit.state in WITHOUT_OUTCOME}
    if done.issuperset(promised):
        return Part.YES
    if state in STOPPED or (done | unknown).issuperset(promised):
        return Part.MISSING
    return Part.NO


def need_part(
    loop: Loop,
    code: str,
    orientations: Iterable[Sent],
    *,
    state: str,
    window: Window,
    today: date,
    is_received: bool = False,
) -> Part:
    """I9 for one need: OUT unless it belongs to this count, until the last day of its pathway has passed (N10).

    `is_received`: it came along with a family from another territory, which has counted it.
    """
    if is_received or today <= window.last or state == PathwayState.BEREAVED or not is_spotted_in(code, loop):
        return Part.OUT
    return Part.YES if is_followed(loop, orientations) else Part.NO


def adhesion_end_part(state: str, closing_reason: str, window: Window, today: date, *, has_second: bool) -> Part:
    """P23: whether a family was lost. `has_second`: V2 took place, here or before; a stop that was said is no loss."""
    if today <= window.last or state == PathwayState.BEREAVED:
        return Part.OUT
    if has_second:
        return Part.NO
    if state == PathwayState.NO_NEWS or closing_reason == ClosingReason.UNREACHABLE:
        return Part.YES
    return Part.MISSING if state in {PathwayState.ACTIVE, PathwayState.SUSPENDED} else Part.NO
