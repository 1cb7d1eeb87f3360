"""Answer documents of visit reports, made with the form itself: filled in until nothing is missing, then kept.

A document is filled once per *shape* (kind of visit, children, what earlier visits said, signs) and reused: the
engine's `clean`, `missing` and `split_by_sensitivity` decide what it holds. What differs from one family to the next
without changing any other question (kilometres, mood questionnaire, late reasons) is added to a copy.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from copa.demo.wishes import wish
from visits.questionnaire import (
    ChildRef,
    Questionnaire,
    ReportContext,
    alerts_raised,
    clean,
    missing,
    split_by_sensitivity,
)
from visits.reads.frozen import frozen

VARIANTS = 5
ROUNDS = 12
# Stand-ins of a template, replaced in each report: children, the dates of two examinations, the hour of a call.
REFS = ("00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002")
BORN_ON = date(2001, 1, 1)
FIRST_EXAM, SECOND_EXAM = BORN_ON + timedelta(days=2), BORN_ON + timedelta(days=8)
ANSWERED_AT = "2001-02-03T10:15:00+00:00"


class Unfilled(RuntimeError):
    """The form asks something these templates cannot answer: they must be taught the new question."""


@dataclass(frozen=True)
class Past:
    """What earlier reports of the pathway said, as far as the form asks about it."""

    is_first: bool = True
    seen: frozenset[str] = frozenset()
    goal: str | None = None
    is_breast: bool = False
    circle: str = ""
    is_pmi_known: bool = True
    has_epds: bool = False


@dataclass(frozen=True)
class Shape:
    """Everything that changes which questions are asked. `signs` are sign codes, `third` is the wish for a V3."""

    kind: str
    babies: int
    variant: int
    day: int
    past: Past
    wants_breast: bool
    signs: tuple[str, ...] = ()
    third: str = ""


@dataclass(frozen=True)
class Page:
    """A filled form: open part, sealed part, the frozen context, and what it adds to the past."""

    opened: Mapping[str, Any]
    sealed: Mapping[str, Any]
    context: Mapping[str, Any]
    after: Past


@dataclass
class Book:
    """Filled forms of one version of the report, by shape."""

    questionnaire: Questionnaire
    zone: ZoneInfo
    pages: dict[Shape, Page] = field(default_factory=dict)

    def page(self, shape: Shape) -> Page:
        """The form filled for this shape."""
        if shape not in self.pages:
            self.pages[shape] = self._fill(shape)
        return self.pages[shape]

    def _fill(self, shape: Shape) -> Page:
        context = _context(shape, self.zone)
        raw = _first_answers(shape)
        for _ in range(ROUNDS):
            result = clean(self.questionnaire, raw, context)
            lacking = [one.path for one in missing(self.questionnaire, result.answers, context)]
            if not lacking and not result.errors:
                opened, sealed = split_by_sensitivity(self.questionnaire, result.answers)
                raised = tuple(alerts_raised(self.questionnaire, result.answers))
                facts = frozen(replace(context, recorded_alerts=raised))
                return Page(opened, sealed, facts, _after(shape, result.answers))
            for path in lacking:
                _put(
                    raw,
                    path,
                    wish(self.questionnaire, path.rpartition("/")[2], shape.variant, wants_breast=shape.wants_breast),
                )
        raise Unfilled(f"{shape}: {lacking} {result.errors}")


def _bucket(day: int) -> int:
    """Days that ask the same questions stand for one another."""
    return 1 if day < 2 else 5 if day < 7 else 8 if day < 9 else 12


def shape_of(
    *,
    kind: str,
    babies: int,
    theme: int,
    day: int,
    past: Past,
    wants_breast: bool,
    signs: tuple[str, ...] = (),
    third: str = "",
) -> Shape:
    """The shape of a visit; visits with a sign share one variant, there are few of them."""
    variant = 0 if signs else theme % VARIANTS
    return Shape(kind, min(babies, 2), variant, _bucket(day), past, wants_breast, signs, third)  # fmt: skip


def _context(shape: Shape, zone: ZoneInfo) -> ReportContext:
    started = datetime(2001, 2, 3, 10, 0, tzinfo=UTC)
    return ReportContext(
        visit_kind=shape.kind,
        day=shape.day,
        rules="v2",
        now=started + timedelta(hours=8),
        zone=zone,
        children=tuple(_child(shape, rank) for rank in range(shape.babies)),
        first_visit=shape.past.is_first,
        # Asked apart: its answers are added to a copy.
        epds_due=False,
        goal_known=shape.past.goal is not None,
        was_breast=shape.past.is_breast,
        sleep_quiz_due=shape.past.is_first,
        pmi_consent="YES",
        pmi_presented=shape.past.is_pmi_known,
        sfl_known=True,
        started_at=started,
        ended_at=started + timedelta(minutes=75),
        planned_on=started.date(),
        goal_text=shape.past.goal or "",
        circle_text=shape.past.circle,
    )


def _child(shape: Shape, rank: int) -> ChildRef:
    return ChildRef(
        ref=REFS[rank],
        first_name="bébé",
        k01_open=shape.day >= 2 and "k01" not in shape.past.seen,
        k02_open=shape.day >= 7 and "k02" not in shape.past.seen,
        cs8_open=shape.day >= 2 and "cs8" not in shape.past.seen,
        birth_on=BORN_ON,
    )


# The resources map of one family in three: somebody close, and a service.
AROUND = (
    {"res.entry.kind": "GRANDPARENTS", "res.entry.role": "Gardent l’aîné le mercredi", "res.entry.active": True},
    {
        "res.entry.kind": "SERVICE",
        "res.entry.role": "Portage de repas, deux fois par semaine",
        "res.entry.active": True,
    },
)


def _first_answers(shape: Shape) -> dict[str, Any]:
    present = ["MOTHER", "COPARENT"] if shape.variant % 2 == 0 else ["MOTHER"]
    rows: list[dict[str, Any]] = [{"child.ref": REFS[rank]} for rank in range(shape.babies)]
    raw: dict[str, Any] = {"who.present": present, "child": rows}
    child_signs = [code for code in shape.signs if code.startswith("CHILD_")]
    mother_signs = [code for code in shape.signs if code.startswith("MOTHER_")]
    if child_signs:
        rows[0] |= {"child.flag_any": "SOME", "child.flags": child_signs}
    if mother_signs:
        raw |= {"mother.flag_any": "SOME", "mother.flags": mother_signs}
    home_signs = [code for code in shape.signs if code.startswith("HOME_")]
    if home_signs:
        raw |= {"home.flags": home_signs}
    if shape.third:
        raw |= {"v3.ask": shape.third}
    if shape.past.is_first and shape.variant % 3 == 1:
        raw["res.entry"] = [dict(one) for one in AROUND]
    for row in rows:
        _exams(shape, row)
    return raw


def _exams(shape: Shape, row: dict[str, Any]) -> None:
    """The first examination is seen at once, the second from D+9, the certificate by two families of three."""
    if shape.day >= 2 and "k01" not in shape.past.seen:
        row |= {"child.exam.k01": "DONE_SEEN", "child.exam.k01_on": FIRST_EXAM.isoformat()}
    if shape.day >= 7 and "k02" not in shape.past.seen:
        is_seen = shape.day >= 9
        row |= {"child.exam.k02": "DONE_SEEN", "child.exam.k02_on": SECOND_EXAM.isoformat()} if is_seen else {
            "child.exam.k02": "BOOKED"
        }  # fmt: skip
    if shape.day >= 2 and "cs8" not in shape.past.seen:
        row["child.cert.cs8"] = "NOT_FILLED" if shape.variant % 3 == 2 and shape.past.is_first else "FILLED_SEEN"


def _put(raw: dict[str, Any], path: str, value: Any) -> None:
    group, _, rest = path.partition("/")
    if not rest:
        raw[path] = value
        return
    key, _, link_id = rest.partition("/")
    own = "alert.family" if group == "alert" else "child.ref"
    rows = raw.setdefault(group, [])
    row = next((row for row in rows if row.get(own) == key), None)
    if row is None:
        row = {own: key}
        rows.append(row)
    row[link_id] = ANSWERED_AT if link_id == "alert.spoke_at" else value


def _after(shape: Shape, answers: Mapping[str, Any]) -> Past:
    rows = answers.get("child", ())
    seen = {exam for exam in ("k01", "k02") if any(row.get(f"child.exam.{exam}") == "DONE_SEEN" for row in rows)}
    if any(row.get("child.cert.cs8") == "FILLED_SEEN" for row in rows):
        seen.add("cs8")
    return replace(
        shape.past,
        is_first=False,
        seen=shape.past.seen | seen,
        goal=_goal(answers) if shape.past.goal is None else shape.past.goal,
        is_breast=any(row.get("child.feed.now") in {"BREAST", "MIXED"} for row in rows),
        circle=", ".join(HELPERS[code] for code in answers.get("res.helpers", ())) or shape.past.circle,
        is_pmi_known=shape.past.is_pmi_known or answers.get("pmi.presented") in {"YES", "ALREADY"},
    )


HELPERS = {"COPARENT": "coparent", "GRANDPARENTS": "grands-parents", "FAMILY": "famille", "FRIENDS": "amis"}


def _goal(answers: Mapping[str, Any]) -> str | None:
    """Her goal in the words that the next report shows; None while she has not been asked."""
    wanted = answers.get("feed.goal.wish")
    if wanted == "YES":
        return "allaiter, au jour le jour"
    return None if wanted is None else "ne souhaite pas allaiter"
