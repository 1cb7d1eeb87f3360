"""Rules of screening: what the EPDS adds up to, what it suggests, what its repeat is due. Pure functions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pathways.enums import EpdsStatus, GridDomain, ObservationReader, Presence, Recipient, SafeCall

EPDS_ITEMS = tuple(f"i{number:02d}" for number in range(1, 11))
EPDS_POINTS = range(4)
# visit-report.md, epds.i10: the tenth is copied first, so that what it says is told even if she stops there.
EPDS_ASKED = (EPDS_ITEMS[-1], *EPDS_ITEMS[:-1])
# domain.md 3.2: the cut-offs in use in France; a territory may validate others.
EPDS_WATCH, EPDS_ALERT, EPDS_HIGH = 9, 11, 13
# E1, P12: any thought of harming herself is told at once, whatever the total. No territory may raise it.
EPDS_ITEM10_MIN = 1
DEFAULT_THRESHOLDS_VERSION = "CoPa 2026.1"
# A10: before D+7 the week she is asked about would include the birth.
EPDS_FROM_DAY = 7
# domain.md 3.4: proposed again two weeks later.
EPDS_REPEAT_DELAY = timedelta(days=14)
EPDS_SOURCE = (
    "Échelle de dépression postnatale d’Édimbourg (EPDS)\u00a0: Cox, Holden et Sagovsky, 1987\u202f; "
    "version française\u00a0: Guedeney et Fermanian, 1998."
)

# alerts.md 1: how long the team has to answer an alert of each family.
MIND_VITAL_DELAY = timedelta(minutes=5)
PROTECTED_DELAY = timedelta(minutes=30)
# alerts.md 5.5: whom its procedure calls, in order; the alert book says the same.
MIND_VITAL_CALLS = ("TEAM", "15", "3114")
ITEM_10_ALERT = "MIND_VITAL:EPDS_ITEM10"
SIGNAL_ALERT = "PROTECTED:PROTECTED_SIGNAL"

# domain.md 4.2: the domains of the sealed compartment, and those whose presence calls the team together (G2).
SEALED_DOMAINS = frozenset({GridDomain.V3, GridDomain.V4, GridDomain.V7})
TEAM_DOMAINS = frozenset({GridDomain.V3, GridDomain.V4})
# As whom each kind outside the team receives what is written about a family: the mother's answer for it decides (A16).
RECIPIENT_OF_READER: dict[str, str] = {
    ObservationReader.LIBERAL_MIDWIFE: Recipient.LIBERAL_MIDWIFE,
    ObservationReader.PMI: Recipient.PMI,
}
# Families of signs after which a call may put her in danger (A36): violence, control, danger at home.
ASK_BEFORE_CALLING = frozenset({"PROTECTED", "DANGER_NOW"})
# G3, A36: she could speak freely.
ALONE = frozenset({Presence.ALONE, Presence.BABY_ONLY})


def item_10_cause(whose: str = "") -> str:
    """Why the alert of the tenth answer is there; `whose` as " du co-parent", "" for the mother (A37)."""
    said = "la dixième réponse vaut 1 ou plus. Les réponses sont dans le repérage dès que le questionnaire est remis."
    return f"Questionnaire EPDS{whose}\u00a0: {said}"


# Her words stand in the compartment, once.
_SIGNALLED = "Une situation protégée est signalée. Ce qui en est dit est dans la partie protégée du repérage."


def sealed_cause(code: str) -> str:
    """What raised a sealed alert of this code, whichever way it came in; "" for a sign that has its own words.

    A number and a button have no words on the form.
    """
    return {ITEM_10_ALERT: item_10_cause(), SIGNAL_ALERT: _SIGNALLED}.get(code, "")


def may_leave_traces(safe_call: str | None) -> bool:
    """After a protected sign, only a yes lets anybody write to her or leave a message; no answer is a no (A36)."""
    return safe_call == SafeCall.YES


class EpdsLevel(StrEnum):
    """Where a total stands; none of them is a diagnosis."""

    BELOW = "below"
    WATCH = "watch"
    ALERT = "alert"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The cut-offs of a territory and their version, as stored with each result."""

    version: str = DEFAULT_THRESHOLDS_VERSION
    watch: int = EPDS_WATCH
    alert: int = EPDS_ALERT
    high: int = EPDS_HIGH

    def level(self, total: int) -> EpdsLevel:
        """Where this total stands; each cut-off belongs to the level it opens."""
        if total >= self.high:
            return EpdsLevel.HIGH
        if total >= self.alert:
            return EpdsLevel.ALERT
        return EpdsLevel.WATCH if total >= self.watch else EpdsLevel.BELOW


def epds_values(raw: Mapping[str, object]) -> dict[str, int | None]:
    """The ten values by key; None for one left empty. Raises ValueError for anything but integers 0 to 3 (E1)."""
    unknown = set(raw) - set(EPDS_ITEMS)
    if unknown:
        raise ValueError(f"no item of the scale: {sorted(unknown)}")
    values: dict[str, int | None] = {}
    for key in EPDS_ITEMS:
        value = raw.get(key)
        # A bool is an int in Python, and True would count for a point.
        if value is not None and (type(value) is not int or value not in EPDS_POINTS):
            raise ValueError(f"{key} is not 0, 1, 2 or 3")
        values[key] = value if isinstance(value, int) else None
    return values


def epds_total(values: Mapping[str, int | None]) -> int | None:
    """The sum of ten values, 0 to 30; None as soon as one is missing: nothing is made up (E2)."""
    given = [value for key in EPDS_ITEMS if (value := values.get(key)) is not None]
    return sum(given) if len(given) == len(EPDS_ITEMS) else None


def arithmetic(values: Sequence[int | None], total: int | None) -> str:
    """The sum as it is shown, "0 + 1 + … = 7"; "" without a total."""
    if total is None:
        return ""
    return f"{' + '.join(str(value) for value in values)} = {total}"


def is_item_10_alarming(value: int | None) -> bool:
    """Whether the tenth answer raises the alert, whatever the nine others (domain.md 3.3)."""
    return value is not None and value >= EPDS_ITEM10_MIN


def is_early_for_epds(day: int) -> bool:
    """Whether D+n is too early for the scale: a warning, never a refusal (A10)."""
    return day < EPDS_FROM_DAY


def epds_repeat_on(
    *, status: str, total: int | None, thresholds: Thresholds | None, day: int, on: date, is_asked: bool, presence: str
) -> date | None:
    """The local date from which it is proposed again; None when nothing calls for it.

    A result at the first cut-off or above, one asked too early, one without a total, one given with somebody beside
    her (A36), or because somebody asks. `thresholds` None: nothing reads this total (A37).
    """
    if status != EpdsStatus.DONE:
        return on + EPDS_REPEAT_DELAY if is_asked else None
    is_positive = total is not None and thresholds is not None and thresholds.level(total) != EpdsLevel.BELOW
    if is_asked or is_positive or total is None or is_early_for_epds(day) or not was_alone(presence):
        return on + EPDS_REPEAT_DELAY
    return None


def was_alone(presence: str) -> bool:
    """Whether she was seen alone; « pas noté » is not alone."""
    return presence in ALONE


def calls_team(domains: Collection[str]) -> bool:
    """Whether one of these domains, present, calls the team together (G2)."""
    return bool(TEAM_DOMAINS & set(domains))
