"""What is asked, what is required, what is refused."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.visits.questionnaires import (
    HOUSING,
    INES,
    MALO,
    TIRED,
    at,
    child,
    context,
    form,
    former_form,
    second_visit,
    whole,
)
from visits.questionnaire import (
    ChildRef,
    EntryRef,
    ReportContext,
    clean,
    deviations,
    load,
    missing,
    packaged_definitions,
    raw_from_form,
)
from visits.questionnaire.engine import ANOTHER_TYPE
from visits.questionnaire.model import Condition, When
from visits.questionnaire.sheet import Row, Sheet, compare
from visits.questionnaire.values import ENTRY_GONE
from visits.reads.frozen import frozen, thawed

TWINS = (INES, MALO)


def _errors(raw: dict[str, Any], facts: ReportContext | None = None) -> dict[str, str]:
    return clean(form(), raw, facts or context()).errors


def _missing(raw: dict[str, Any], facts: ReportContext | None = None) -> list[str]:
    facts = facts or context()
    return [gap.path for gap in missing(form(), clean(form(), raw, facts).answers, facts)]


def _is_asked(link_id: str, raw: dict[str, Any], facts: ReportContext | None = None) -> bool:
    facts = facts or context()
    sheet = Sheet(form(), clean(form(), raw, facts).answers, facts)
    item = form().by_id[link_id]
    return any(sheet.is_visible(item, row) for row in sheet.places(item))


# ---- Conditions --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "operator", "answer", "holds"),
    [
        ([], "=", "A", False),
        (["A"], "=", "A", True),
        (["B"], "=", "A", False),
        (["B", "A"], "=", "A", True),
        ([], "!=", "A", True),
        (["A"], "!=", "A", False),
        (["B"], "!=", "A", True),
        (["B", "A"], "!=", "A", False),
        ([], "exists", None, False),
        ([0], "exists", None, True),
        ([False], "exists", None, True),
        ([], ">", 0, False),
        ([0], ">", 0, False),
        ([1], ">", 0, True),
        ([True], ">", 0, False),
        (["1"], ">", 0, False),
        ([False], "=", False, True),
    ],
)
def test_compare(values: list[Any], operator: str, answer: Any, *, holds: bool):
    assert compare(values, Condition(question="q", operator=operator, answer=answer)) is holds


@pytest.mark.parametrize(
    ("behaviour", "known", "language", "meets"),
    [
        ("all", True, True, True),
        ("all", True, False, False),
        ("all", False, False, False),
        ("any", True, False, True),
        ("any", False, True, True),
        ("any", False, False, False),
    ],
)
def test_conditions_join(behaviour: str, *, known: bool, language: bool, meets: bool):
    sheet = Sheet(form(), {}, context(goal_known=known, language_help=language))
    when = When(
        behaviour=behaviour,
        conditions=(
            Condition(question="ctx.goal_known", operator="=", answer=True),
            Condition(question="ctx.language_help", operator="=", answer=True),
        ),
    )

    assert sheet.meets(when, None) is meets


def test_no_condition_always_holds():
    assert Sheet(form(), {}, context()).meets(When(), None)


def test_question_with_unequal_condition_is_asked_before_any_answer():
    assert _is_asked("child.sleep.in_bed", {})
    assert not _is_asked("child.sleep.in_bed", {"child": [child(child__sleep__place="NOT_SEEN")]})


def test_hidden_answer_counts_for_nothing():
    """who.present is hidden when the visit was not done, so what depends on the mother is hidden too."""
    raw = {"visit.outcome": "NOT_DONE", "who.present": ["MOTHER"], "mother.flag_any": "SOME"}

    answers = clean(form(), raw, context()).answers

    assert answers == {"visit.outcome": "NOT_DONE"}


def test_chain_of_conditions_falls_with_its_first_link():
    raw = whole(feed__going="HARD", feed__trouble=["PAIN"])
    kept = clean(form(), raw, context()).answers
    without_mother = clean(form(), raw | {"who.present": ["COPARENT"]}, context()).answers

    assert kept["feed.trouble"] == ["PAIN"]
    assert "feed.going" not in without_mother
    assert "feed.trouble" not in without_mother


def test_child_reads_its_own_answer():
    rows = [child("ines", child__sleep__place="NOT_SEEN"), child("malo")]
    facts = context(children=TWINS)
    sheet = Sheet(form(), clean(form(), {"child": rows}, facts).answers, facts)
    item = form().by_id["child.sleep.in_bed"]

    assert [sheet.is_visible(item, row) for row in sheet.rows("child")] == [False, True]


def test_outside_one_child_that_fits_is_enough():
    facts = context(children=TWINS, was_breast=True)
    none = {"child": [child("ines"), child("malo")]}
    one = {"child": [child("ines"), child("malo", child__feed__now="FORMULA")]}

    assert not _is_asked("feed.stopped_on", none, facts)
    assert _is_asked("feed.stopped_on", one, facts)


def test_each_child_keeps_its_own_gateways():
    second = ChildRef(ref="malo", first_name="Malo", k01_open=False, cs8_open=False)
    facts = context(children=(INES, second))

    gaps = _missing(whole(child=[child("ines"), {**child("malo"), "child.exam.k01": "BOOKED"}]), facts)
    answers = clean(form(), whole(child=[child("ines"), child("malo")]), facts).answers

    assert gaps == []
    assert "child.exam.k01" in answers["child"][0]
    assert "child.exam.k01" not in answers["child"][1]


@pytest.mark.parametrize(
    ("kind", "asked", "not_asked"),
    [
        ("V1", ["child.exam.k01", "v3.early_ask"], ["v3.ask", "pmi.link", "child.ue.nappies", "epds.status"]),
        ("V2", ["child.exam.k01", "v3.ask", "pmi.link"], ["child.ue.nappies", "v3.result"]),
        ("V3", ["visit.joint", "v3.result"], ["v3.ask", "ue.sf_plan"]),
        ("ULTRA_EARLY", ["child.ue.nappies", "ue.sf_plan"], ["child.exam.k01", "pmi.link", "visit.joint"]),
    ],
)
def test_kind_of_visit_chooses_questions(kind: str, asked: list[str], not_asked: list[str]):
    facts = context(visit_kind=kind)

    assert [link for link in asked if not _is_asked(link, {}, facts)] == []
    assert [link for link in not_asked if _is_asked(link, {}, facts)] == []


AGAIN: dict[str, Any] = whole(need__any="SOME") | {
    "need.prev": [{"need.prev.ref": "n1", "need.prev.state": "SAME", "need.prev.contact": "NO"}],
    "need.item": [{"need.item.code": "MOOD"}],
    "res.entry": [{"res.entry.kind": "SERVICE", "res.entry.role": "Portage de repas", "res.entry.active": True}],
}


ENTRY = EntryRef(ref="e1", name="PMI de Ligny", type="PMI_CENTRE", type_label="Centre de PMI", phone="+33199005501")
AWAY = replace(ENTRY, ref="e2", name="PMI de Saint-Rémi", comes_here=False)


def named(target: str, entry: str, **changes: Any) -> dict[str, Any]:
    """A request towards this type and this service, and the service around the family."""
    asked = {"code": "HOUSING", "about": "FAMILY", "action": "REQUEST", "agreed": "YES", "urgency": "ROUTINE"}
    need = {f"need.item.{key}": value for key, value in {**asked, "target": target, "entry": entry, **changes}.items()}
    around = {
        "res.entry.kind": "SERVICE",
        "res.entry.service": entry,
        "res.entry.role": "Pèse Inès",
        "res.entry.active": True,
    }
    return whole(need__any="SOME") | {"need.item": [need], "res.entry": [around]}


@pytest.mark.parametrize("version", [0, 1])
def test_services_of_the_directory_are_asked_by_this_version_alone(version: int):
    facts, before = context(entries=(ENTRY,)), load(packaged_definitions()[version])

    now = clean(form(), named("PMI_CENTRE", "e1"), facts)
    former = clean(before, named("PMI_CENTRE", "e1"), facts)

    assert now.errors == {}
    assert now.answers["need.item"][0]["need.item.entry"] == "e1"
    assert now.answers["res.entry"][0]["res.entry.service"] == "e1"
    # A tablet that still holds the version of before is taken as it is.
    assert former.errors == {}
    assert "need.item.entry" not in former.answers["need.item"][0]


@pytest.mark.parametrize(
    ("target", "entry", "refused"),
    [
        ("PMI_CENTRE", "e1", {}),
        ("PMI_CENTRE", "", {}),
        ("SOCIAL_WORKER", "e1", {"need.item/0/need.item.entry": ANOTHER_TYPE}),
        # It has left the directory since the morning, or never was of this territory.
        (
            "PMI_CENTRE",
            "e9",
            {"need.item/0/need.item.entry": ENTRY_GONE, "res.entry/0/res.entry.service": ENTRY_GONE},
        ),
    ],
)
def test_service_is_one_of_the_directory_and_of_the_type_asked(target: str, entry: str, refused: dict[str, str]):
    assert clean(form(), named(target, entry), context(entries=(ENTRY,))).errors == refused


def test_signed_report_keeps_the_services_it_names_and_no_other():
    facts = context(entries=(ENTRY, AWAY))

    kept = thawed(frozen(facts.naming(clean(form(), named("PMI_CENTRE", "e1"), facts).answers)))

    assert kept.entries == (ENTRY,)


@pytest.mark.parametrize("link_id", ["need.prev.state", "need.prev.contact", "res.entry.kind", "res.entry.active"])
def test_version_of_before_does_not_ask_what_this_one_asks(link_id: str):
    facts = context(needs=(HOUSING,))
    former = clean(former_form(), AGAIN, facts)
    sheet = Sheet(former_form(), former.answers, facts)
    item = former_form().by_id[link_id]

    assert _is_asked(link_id, AGAIN, facts)
    assert not any(sheet.is_visible(item, row) for row in sheet.places(item))
    # A page of before is taken as it is, and nothing of it is refused.
    assert former.errors == {}
    assert not {"need.prev", "res.entry"} & set(former.answers)


# ---- Needs already noted -----------------------------------------------------------------------------------
def test_each_need_noted_asks_how_it_stands_and_the_contact_only_where_one_is_awaited():
    facts = context(needs=(HOUSING, TIRED))

    result = clean(form(), whole(), facts)

    paths = [gap.path for gap in missing(form(), result.answers, facts)]
    assert paths == ["need.prev/n1/need.prev.state", "need.prev/n1/need.prev.contact", "need.prev/n2/need.prev.state"]
    assert missing(form(), result.answers, facts)[0].text.endswith("Logement, la famille, où en est-on\u202f?")


def test_platform_says_whether_a_contact_is_awaited_whatever_is_sent():
    sent = {"need.prev.ref": "n2", "need.prev.state": "BETTER", "need.prev.oriented": True, "need.prev.contact": "YES"}

    result = clean(form(), whole() | {"need.prev": [sent]}, context(needs=(TIRED,)))

    kept = {"need.prev.ref": "n2", "need.prev.state": "BETTER", "need.prev.oriented": False}
    assert result.answers["need.prev"] == [kept]


def test_need_that_ended_since_is_left_out_without_a_word():
    sent = [{"need.prev.ref": "gone", "need.prev.state": "SAME"}, {"need.prev.ref": "n2", "need.prev.state": "SAME"}]

    result = clean(form(), whole() | {"need.prev": sent}, context(needs=(TIRED,)))

    assert result.errors == {}
    assert [row["need.prev.ref"] for row in result.answers["need.prev"]] == ["n2"]


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ({"need.prev.state": "MAYBE"}, "need.prev/n1/need.prev.state"),
        ({"need.prev.contact": "YES", "need.prev.contact_on": "2026-11-04"}, "need.prev/n1/need.prev.contact_on"),
        ({"need.prev.secret": "x"}, "need.prev/n1/need.prev.secret"),
    ],
)
def test_bad_answer_about_a_need_is_refused_at_its_place(row: dict[str, Any], path: str):
    sent = [{"need.prev.ref": "n1", **row}]

    assert list(clean(form(), whole() | {"need.prev": sent}, context(needs=(HOUSING,))).errors) == [path]


# ---- The people around -------------------------------------------------------------------------------------
def entry(**changes: Any) -> dict[str, Any]:
    row = {"kind": "FRIENDS", "role": "Garde l’aîné", "contact": "01 99 00 55 01", "active": True} | changes
    return {f"res.entry.{name}": value for name, value in row.items() if value is not None}


def test_nobody_around_has_to_be_written():
    assert missing(form(), clean(form(), whole(), context()).answers, context()) == []


def test_somebody_around_needs_what_she_is_what_she_does_and_whether_she_helps_now():
    answers = clean(form(), whole() | {"res.entry": [entry(kind=None, role=None, active=None)]}, context()).answers

    paths = [gap.path for gap in missing(form(), answers, context())]
    assert paths == [f"res.entry/0/res.entry.{name}" for name in ("kind", "role", "active")]


@pytest.mark.parametrize(
    ("region", "typed", "is_right"),
    [
        ("FR", "01 99 00 55 01", True),
        ("FR", "+33199005501", True),
        ("FR", "0262 00 12 34", False),
        ("FR", "demander à Lise", False),
        ("RE", "0262 20 12 34", True),
    ],
)
def test_number_of_somebody_around_is_one_of_the_territory(region: str, typed: str, is_right: bool):
    facts = context(phone_region=region)

    found = clean(form(), whole() | {"res.entry": [entry(contact=typed)]}, facts).errors

    assert list(found) == ([] if is_right else ["res.entry/0/res.entry.contact"])


def test_number_of_a_service_is_in_the_directory_and_not_asked():
    result = clean(form(), whole() | {"res.entry": [entry(kind="SERVICE")]}, context())

    assert "res.entry.contact" not in result.answers["res.entry"][0]


# ---- Required ----------------------------------------------------------------------------------------------
def test_whole_report_may_be_signed():
    result = clean(form(), whole(), context())

    assert result.errors == {}
    assert missing(form(), result.answers, context()) == []


@pytest.mark.parametrize("block", ["theme.bond", "theme.prevention"])
@pytest.mark.parametrize("outcome", ["DONE", "INTERRUPTED"])
def test_empty_mandatory_block_is_missing(block: str, outcome: str):
    """R002: a report without one of the two themes is refused, also for a visit cut short."""
    raw = {key: value for key, value in whole(visit__outcome=outcome).items() if key != block}

    assert block in _missing(raw)


@pytest.mark.parametrize("block", ["theme.bond", "theme.prevention"])
def test_not_possible_exists_only_when_interrupted(block: str):
    done = whole() | {block: ["NOT_POSSIBLE"]}

    assert block in _errors(done)
    assert block not in _errors(done | {"visit.outcome": "INTERRUPTED"})


@pytest.mark.parametrize(
    ("outcome", "still_missing"),
    [
        ("DONE", {"visit.km", "who.present", "child/ines/child.flag_any", "child/ines/child.feed.now", "task.done"}),
        ("INTERRUPTED", {"visit.km", "who.present", "child/ines/child.flag_any", "theme.bond", "sign.confirm"}),
        ("NOT_DONE", {"visit.km", "visit.not_done_reason", "sign.confirm"}),
    ],
)
def test_outcome_decides_what_is_required(outcome: str, still_missing: set[str]):
    gaps = set(_missing({"visit.outcome": outcome}))

    assert still_missing <= gaps
    if outcome == "INTERRUPTED":
        assert not gaps & {"child/ines/child.feed.now", "task.done", "doc.given", "need.any"}
    if outcome == "NOT_DONE":
        assert gaps == still_missing


def test_visit_not_done_keeps_only_its_section_and_two_more():
    facts = context(started_at=None, ended_at=None)
    raw = whole(visit__outcome="NOT_DONE", visit__not_done_reason="ABSENT", next__tell="Rappeler jeudi")

    answers = clean(form(), raw, facts).answers

    assert set(answers) == {"visit.outcome", "visit.not_done_reason", "visit.km", "next.tell", "sign.confirm"}
    assert missing(form(), answers, facts) == []


def test_hours_come_from_the_visit():
    facts = context(ended_at=None)

    assert _missing(whole(), facts) == ["visit.ended_at"]


def test_date_is_required_only_when_seen():
    seen = whole(child=[child(child__exam__k01="DONE_SEEN")])
    said = whole(child=[child(child__exam__k01="DONE_SAID")])

    assert _missing(seen) == ["child/ines/child.exam.k01_on"]
    assert _missing(said) == []


def test_unticked_signature_is_missing():
    assert _missing(whole(sign__confirm=False)) == ["sign.confirm"]


def test_need_without_a_row_is_missing():
    assert _missing(whole(need__any="SOME")) == ["need.item"]
    assert _missing(whole(need__any="SOME") | {"need.item": [{}]}) == ["need.item"]


def test_missing_text_names_section_child_and_question():
    facts = context(children=TWINS)
    raw = whole(child=[child("ines"), {**child("malo"), "child.sleep.in_bed": []}])

    gaps = missing(form(), clean(form(), raw, facts).answers, facts)

    assert [gap.text for gap in gaps] == ["L’enfant – Malo, y a-t-il autre chose dans le lit\u202f?"]
    assert gaps[0].section == "s4"


# ---- A child who left ---------------------------------------------------------------------------------------
def test_block_of_a_child_who_left_is_dropped_without_a_word():
    facts = context(closed_child_refs=("malo",))

    result = clean(form(), whole(child=[child("ines"), child("malo")]), facts)

    assert result.errors == {}
    assert [row["child.ref"] for row in result.answers["child"]] == ["ines"]


def test_children_stand_in_the_order_of_the_file():
    facts = context(children=TWINS)

    answers = clean(form(), whole(child=[child("malo", child__feed__now="MIXED"), child("ines")]), facts).answers

    assert [(row["child.ref"], row["child.feed.now"]) for row in answers["child"]] == [
        ("ines", "BREAST"),
        ("malo", "MIXED"),
    ]


# ---- Deviations ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "minutes", "unusual"),
    [("V1", 44, True), ("V1", 45, False), ("V1", 110, False), ("V1", 111, True),
     ("ULTRA_EARLY", 89, True), ("ULTRA_EARLY", 90, False), ("ULTRA_EARLY", 180, False), ("ULTRA_EARLY", 181, True)],
)  # fmt: skip
def test_duration_outside_its_limits_asks_why(kind: str, minutes: int, *, unusual: bool):
    found = deviations(
        kind=kind,
        started_at=at(10),
        ended_at=at(10 + minutes // 60, minutes % 60),
        window=(date(2026, 10, 30), date(2026, 11, 18)),
        planned_on=None,
        zone=context().zone,
    )

    assert found.duration is unusual


@pytest.mark.parametrize(
    ("planned_on", "window_end", "unusual"),
    [
        (date(2026, 11, 3), date(2026, 11, 18), False),
        (date(2026, 11, 2), date(2026, 11, 18), False),
        (date(2026, 11, 1), date(2026, 11, 18), True),
        (None, date(2026, 11, 3), False),
        (None, date(2026, 11, 2), True),
    ],
)
def test_day_outside_window_or_plan_asks_why(planned_on: date | None, window_end: date, *, unusual: bool):
    found = deviations(
        kind="V1",
        started_at=at(23, 30),
        ended_at=None,
        window=(date(2026, 10, 30), window_end),
        planned_on=planned_on,
        zone=context().zone,
    )

    assert found.window is unusual
    assert found.duration is False


@pytest.mark.parametrize(
    ("raw", "asked"),
    [
        ({}, False),
        ({"who.present": ["MOTHER"]}, False),
        ({"who.present": ["COPARENT"]}, True),
        ({"who.present": ["MOTHER"], "epds.status": "DONE"}, False),
        ({"who.present": ["MOTHER"], "epds.status": "REFUSED"}, True),
        ({"visit.outcome": "NOT_DONE", "who.present": ["COPARENT"]}, False),
    ],
)
def test_epds_due_and_not_done_asks_why(raw: dict[str, Any], *, asked: bool):
    assert _is_asked("dev.epds", raw, second_visit()) is asked


def test_joint_visit_done_alone_asks_why():
    facts = context(visit_kind="V3", joint_planned=True)

    assert not _is_asked("dev.joint", {}, facts)
    assert _is_asked("dev.joint", {"visit.joint": ["NONE"]}, facts)
    assert not _is_asked("dev.joint", {"visit.joint": ["PMI_NURSE"]}, facts)


# ---- What the page posts --------------------------------------------------------------------------------------
class Posted(dict[str, list[str]]):
    def getlist(self, key: str) -> list[str]:
        return self[key]


def test_posted_fields_become_the_document():
    posted = Posted(
        {
            "csrfmiddlewaretoken": ["x"],
            "_button": ["x"],
            "visit.km": ["12,4"],
            "theme.bond": ["SIGNALS"],
            "who.present": ["MOTHER", "COPARENT"],
            "child/ines/child.feed.now": ["BREAST"],
            "alert/MIND_VITAL/alert.called_15": ["true"],
            "need.item/0/need.item.code": ["MOOD"],
            "stranger": ["1"],
        }
    )

    raw = raw_from_form(form(), posted)

    assert raw == {
        "visit.km": "12,4",
        "theme.bond": ["SIGNALS"],
        "who.present": ["MOTHER", "COPARENT"],
        "stranger": "1",
        "child": [{"child.ref": "ines", "child.feed.now": "BREAST"}],
        "alert": [{"alert.family": "MIND_VITAL", "alert.called_15": "true"}],
        "need.item": [{"need.item.code": "MOOD"}],
    }


def test_row_is_named_by_its_key():
    assert Row(group="child", key="ines").prefix == "child/ines/"
