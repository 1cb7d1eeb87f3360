"""What the engine must know about a visit that is not typed in the form.

The form definition names these facts `ctx.*` (and `child.ctx.*` for one child); the caller reads them from the
database, the engine only compares them. Nothing here reads a clock: `now` is given once per operation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from visits.questionnaire.alerts import RaisedAlert

# The questions that name a service of the directory: around the family, and for a need.
AROUND, FOR_NEED = "res.entry.service", "need.item.entry"
SERVICES = (AROUND, FOR_NEED)
# The language of the EPDS sheet: beside French, those that the territory has loaded.
EPDS_LANGUAGE = "epds.language"
KINDS = ("V1", "V2", "V3", "ULTRA_EARLY")

# Section 13, dev.duration: minutes outside which the AP is asked why (provisional, to be confirmed).
DURATION_LIMITS_MIN = {"ULTRA_EARLY": (90, 180)}
DEFAULT_DURATION_LIMITS_MIN = (45, 110)


@dataclass(frozen=True, kw_only=True)
class ChildRef:
    """One child of the file who has a block in the form.

    `ref` is the child's public id, `birth_on` the local date of birth (None: date checks that need it are skipped),
    `last_weight_g` the last known weight in grams (None: no comparison). The three flags open the questions of an
    examination or certificate not yet seen (I4, I7). `is_in_hospital` on the day of the visit: nothing is asked of it,
    what was seen of it may be written all the same.
    """

    ref: str
    first_name: str
    k01_open: bool = False
    k02_open: bool = False
    cs8_open: bool = False
    birth_on: date | None = None
    last_weight_g: int | None = None
    is_in_hospital: bool = False


@dataclass(frozen=True, kw_only=True)
class NeedRef:
    """One need already noted that is still in hand, never a sealed one (`need.prev`).

    `ref` is its public id, `label` the need and whom it is about, `about` a NeedAbout. `target` is towards whom the
    family was oriented when a first contact is still to be known of, "" otherwise.
    """

    ref: str
    label: str
    about: str
    target: str = ""

    @property
    def is_oriented(self) -> bool:
        return bool(self.target)


@dataclass(frozen=True, kw_only=True)
class EntryRef:
    """A service of the directory that a report may name (`res.entry.service`, `need.item.entry`), never a secret place.

    `ref` is its public id, `type` the code of its type. `comes_here`: it receives the families of this commune.
    """

    ref: str
    name: str
    type: str
    type_label: str
    phone: str = ""
    comes_here: bool = True


@dataclass(frozen=True, kw_only=True)
class ScaleWords:
    """The EPDS in one language, from the file of the territory: shown, never stored in the answers.

    `texts` are the ten questions by linkId; `labels` what each number of points says, by linkId.
    """

    language: str
    notice: str
    texts: Mapping[str, str]
    labels: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class TeamCall:
    """What the procedure screens need to place the call: shown, never stored in the answers.

    `phone_href` is the E.164 number of a `tel:` link, `phone_label` the same number as people read it; both may be
    empty when the carrier has no line (rule A0 should forbid it): the buttons then offer the 15 only. `numbers` are
    those of this territory by the word of the procedures ("15"); a word without one is its own number. `seconds` are
    the label and the address of each second number of the team (alerts.md 5.5.4).
    """

    team_name: str = ""
    phone_href: str = ""
    phone_label: str = ""
    address: str = ""
    ap_first_name: str = ""
    numbers: Mapping[str, str] = field(default_factory=dict)
    seconds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReportContext:
    """The `ctx.*` values of one visit, plus what the screen shows around the questions.

    Units and None: `day` is D+n in local calendar days; `phone_region` that of numbers typed without a country code;
    `started_at`/`ended_at` are aware datetimes recorded by the
    two buttons of the visit (None while the button was not touched); `planned_on` None when the visit was never
    planned; `report_late` is the answer of the one function that defines the 24 h, asked at sending (False before).
    `epds_recipients` are the letters (L, G, M) the mother allowed to read the EPDS total.
    `epds_languages` are the codes and names among which the language of the sheet is chosen, none where the territory
    has loaded no wording; `epds_words` the scale in each of those it has loaded, for the page alone.
    `closed_child_refs` are children who had a block and no longer have one (A38): what a tablet still sends about
    them is dropped without a word. `late_children` are those of them who died since the visit began: what was written
    about them before stays in the document, and the print begins with it. `recorded_alerts` are the alerts already
    stored for this visit: they stay open whatever is un-ticked (W4, E1). `entries` are the services open today; of a
    signed report those it names.
    """

    visit_kind: str
    day: int
    rules: str
    now: datetime
    zone: ZoneInfo
    phone_region: str = "FR"
    children: tuple[ChildRef, ...] = ()
    needs: tuple[NeedRef, ...] = ()
    entries: tuple[EntryRef, ...] = ()
    closed_child_refs: tuple[str, ...] = ()
    late_children: tuple[ChildRef, ...] = ()
    first_visit: bool = False
    epds_due: bool = False
    goal_known: bool = False
    was_breast: bool = False
    sleep_quiz_due: bool = False
    language_help: bool = False
    pmi_consent: str = "UNKNOWN"
    pmi_presented: bool = False
    sfl_known: bool = False
    v3_planned: bool = False
    joint_planned: bool = False
    weighing: bool = False
    planned_on: date | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = "DONE"
    km: Decimal | None = None
    dev_duration: bool = False
    dev_window: bool = False
    report_late: bool = False
    goal_text: str = ""
    circle_text: str = ""
    epds_threshold: int = 11
    epds_threshold_version: str = ""
    epds_recipients: tuple[str, ...] = ()
    epds_languages: tuple[tuple[str, str], ...] = ()
    epds_words: tuple[ScaleWords, ...] = ()
    recorded_alerts: tuple[RaisedAlert, ...] = ()
    call: TeamCall = field(default_factory=TeamCall)

    @property
    def open_needs(self) -> int:
        """How many needs the form asks about again."""
        return len(self.needs)

    def entry(self, ref: Any) -> EntryRef | None:
        """The service of this public id; None when it is not, or no longer, one that may be named."""
        return next((one for one in self.entries if one.ref == ref), None)

    def naming(self, answers: Mapping[str, Any]) -> ReportContext:
        """The context with the services that these answers name, and no other."""
        rows = [*answers.get("res.entry", ()), *answers.get("need.item", ())]
        named = {row.get(link_id) for row in rows for link_id in SERVICES}
        return replace(self, entries=tuple(one for one in self.entries if one.ref in named))


def with_late_children(context: ReportContext) -> ReportContext:
    """The context as a page drawn before these deaths still has it: what it sends about them is kept."""
    late = {child.ref for child in context.late_children}
    return replace(
        context,
        children=(*context.children, *context.late_children),
        closed_child_refs=tuple(ref for ref in context.closed_child_refs if ref not in late),
        late_children=(),
    )


@dataclass(frozen=True, kw_only=True)
class Deviations:
    """The two deviations that depend on the clock of the visit alone; pass them on to `ReportContext`."""

    duration: bool
    window: bool


def deviations(
    *,
    kind: str,
    started_at: datetime | None,
    ended_at: datetime | None,
    window: tuple[date, date],
    planned_on: date | None,
    zone: ZoneInfo,
) -> Deviations:
    """Say whether the visit was too short, too long, or on another day than foreseen (P04, P05, P08).

    `window` holds the first and last local dates allowed, both included (D+2…D+21; ultra-early visit: the day of
    discharge and the day after). A missing time is not a deviation: the visit is not over.
    """
    return Deviations(
        duration=_is_duration_unusual(kind, started_at, ended_at),
        window=_is_day_unusual(started_at, window, planned_on, zone),
    )


def duration_limits(kind: str) -> tuple[int, int]:
    """The least and the most minutes of this kind of visit about which nobody is asked (P05)."""
    return DURATION_LIMITS_MIN.get(kind, DEFAULT_DURATION_LIMITS_MIN)


def _is_duration_unusual(kind: str, started_at: datetime | None, ended_at: datetime | None) -> bool:
    if started_at is None or ended_at is None:
        return False
    shortest, longest = duration_limits(kind)
    return not timedelta(minutes=shortest) <= ended_at - started_at <= timedelta(minutes=longest)


def _is_day_unusual(
    started_at: datetime | None, window: Sequence[date], planned_on: date | None, zone: ZoneInfo
) -> bool:
    if started_at is None:
        return False
    day = started_at.astimezone(zone).date()
    first, last = window
    if not first <= day <= last:
        return True
    return planned_on is not None and abs(day - planned_on) > timedelta(days=1)
