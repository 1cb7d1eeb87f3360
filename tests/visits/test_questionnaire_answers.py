"""What is refused beside its field, and what is only a warning."""

from typing import Any

import pytest

from tests.visits.questionnaires import at, child, context, epds, form, second_visit, whole
from visits.questionnaire import ChildRef, ReportContext, clean, missing


def _errors(raw: dict[str, Any], facts: ReportContext | None = None) -> dict[str, str]:
    return clean(form(), raw, facts or context()).errors


# ---- Refused -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "raw",
    [
        {"unknown": 1},
        {"child": [{"child.ref": "ines", "child.unknown": "x"}]},
        {"child.feed.now": "BREAST"},
        {"child": [{"child.ref": "ines", "theme.bond": ["SIGNALS"]}]},
        {"who": "x"},
        {"ctx.visit_kind": "V2"},
        {"child": [{"child.ref": "ines", "child.ctx.k01_open": True}]},
        {"visit.ended_at": "2026-11-03T15:00"},
        {"child": [{"child.ref": "stranger"}]},
        {"child": [{"child.feed.now": "BREAST"}]},
        {"child": [{"child.ref": "ines"}, {"child.ref": "ines"}]},
        {"child": "x"},
        {"child": ["x"]},
        {"alert": [{"alert.family": "NOPE"}]},
        {"need.item": [{}] * 21},
    ],
)
def test_what_is_no_answer_of_this_form_is_refused(raw: dict[str, Any]):
    assert len(_errors(whole() | raw)) == 1


@pytest.mark.parametrize(
    ("link_id", "value"),
    [
        ("visit.outcome", "MAYBE"),
        ("visit.outcome", ["DONE"]),
        ("visit.outcome", 1),
        ("who.present", ["MOTHER", "UNCLE"]),
        ("visit.km", "loin"),
        ("visit.km", "-1"),
        ("visit.km", "251"),
        ("visit.km", "12,44"),
        ("visit.km", True),
        ("visit.km", "1e2"),
        ("visit.km", "NaN"),
        ("sign.confirm", "peut-être"),
        ("sfl.next_on", "31/12/2026"),
        ("sfl.next_on", "2026-02-30"),
        ("sfl.next_on", "2026-11-02"),
        ("next.tell", "x" * 301),
        ("next.tell", 12),
        ("next.tell", {"a": 1}),
        ("sign.confirm", False),
    ],
)
def test_bad_answer_is_refused_beside_its_field(link_id: str, value: Any):
    errors = _errors(whole() | {link_id: value})

    assert list(errors) == [link_id]
    assert errors[link_id].endswith(".")


def test_refused_text_is_given_back_as_typed():
    result = clean(form(), whole(visit__km="loin"), context())

    assert result.rejected == {"visit.km": "loin"}
    assert "visit.km" not in result.answers


@pytest.mark.parametrize(
    ("link_id", "raw", "stored"),
    [
        ("visit.km", "12,40", "12.4"),
        ("visit.km", 12, "12"),
        ("visit.km", 0, "0"),
        ("visit.km", "100", "100"),
        ("sign.confirm", "true", True),
        ("sfl.next_on", "2026-11-05", "2026-11-05"),
        ("next.tell", "  deux\r\nlignes\x00 ", "deux\nlignes"),
        ("theme.bond", ["SOOTHING", "SIGNALS", "SIGNALS"], ["SIGNALS", "SOOTHING"]),
        ("theme.bond", "SIGNALS", ["SIGNALS"]),
    ],
)
def test_answer_is_stored_typed(link_id: str, raw: Any, stored: Any):
    assert clean(form(), whole() | {link_id: raw}, context()).answers[link_id] == stored


@pytest.mark.parametrize("value", ["", [], None, "   "])
def test_empty_answer_is_no_answer(value: Any):
    result = clean(form(), whole() | {"next.tell": value}, context())

    assert "next.tell" not in result.answers
    assert result.errors == {}


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ({"child": [child(child__sleep__in_bed=["NOTHING", "TOYS"])]}, "child/ines/child.sleep.in_bed"),
        ({"doc.given": ["NONE", "CARD"]}, "doc.given"),
        ({"res.helpers": ["NOBODY", "FRIENDS"]}, "res.helpers"),
        ({"res.helpers": ["DECLINED", "FRIENDS"]}, "res.helpers"),
        ({"visit.outcome": "INTERRUPTED", "theme.bond": ["NOT_POSSIBLE", "SIGNALS"]}, "theme.bond"),
    ],
)
def test_exclusive_answer_excludes_the_others(raw: dict[str, Any], path: str):
    errors = _errors(whole() | raw)

    assert list(errors) == [path]
    assert "ne va pas avec une autre réponse" in errors[path]


def test_exclusive_answer_alone_is_accepted():
    assert _errors(whole(doc__given=["NONE"], res__helpers=["NOBODY"])) == {}


def test_joint_visit_with_nobody_excludes_somebody():
    facts = context(visit_kind="V3", sleep_quiz_due=False)

    assert "visit.joint" in _errors({"visit.joint": ["NONE", "PMI_NURSE"]}, facts)


def test_at_least_one_adult_was_there():
    assert "who.present" in _errors(whole(who__present=["SIBLINGS"]))


def test_domain_cannot_be_explored_and_declined():
    raw = whole(grid__status="TO_NOTE", grid__explored=["SOCIAL"], grid__declined=["SOCIAL"])

    assert list(_errors(raw)) == ["grid.declined"]


@pytest.mark.parametrize(
    ("day", "refused"), [("2026-10-27", True), ("2026-10-28", False), ("2026-11-03", False), ("2026-11-04", True)]
)
def test_examination_lies_between_birth_and_today(day: str, *, refused: bool):
    raw = whole(child=[child(child__exam__k01="DONE_SEEN", child__exam__k01_on=day)])

    assert ("child/ines/child.exam.k01_on" in _errors(raw)) is refused


def test_second_week_examination_too_early_is_a_warning():
    facts = second_visit(now=at(15, day=9))
    raw = {"child": [child(child__exam__k02="DONE_SEEN", child__exam__k02_on="2026-11-03")]}

    result = clean(form(), raw, facts)

    assert result.errors == {}
    assert list(result.warnings) == ["child/ines/child.exam.k02_on"]


def test_seen_alone_with_the_other_parent_reading_is_a_warning():
    raw = epds(*[0] * 10, who__alone="YES", epds__alone="PARTNER_NEAR")

    assert list(clean(form(), raw, second_visit()).warnings) == ["who.alone"]


@pytest.mark.parametrize("note", ["Appeler le 01 99 00 12 48", "elle fait une dépression"])
def test_note_with_a_phone_or_a_diagnosis_is_a_warning(note: str):
    assert list(clean(form(), whole(note__free=note), context()).warnings) == ["note.free"]


def test_weight_far_from_the_last_one_is_a_warning():
    scaled = ChildRef(ref="ines", first_name="Inès", last_weight_g=3000)
    facts = context(weighing=True, children=(scaled,))

    near = clean(form(), {"child": [{"child.ref": "ines", "child.weight_g": "3 300"}]}, facts)
    far = clean(form(), {"child": [{"child.ref": "ines", "child.weight_g": 3400}]}, facts)

    assert near.answers["child"][0]["child.weight_g"] == 3300
    assert near.warnings == {}
    assert list(far.warnings) == ["child/ines/child.weight_g"]


def test_need_of_the_team_is_not_offered_to_the_ap():
    raw = whole(need__any="SOME") | {"need.item": [{"need.item.code": "VIOLENCE_SEALED"}]}

    assert _errors(raw) == {"need.item/0/need.item.code": "Cette réponse est réservée à l’équipe."}


def test_need_for_today_is_a_call_not_a_line():
    row = {"need.item.code": "MOOD", "need.item.action": "REQUEST", "need.item.urgency": "TODAY"}

    assert list(_errors(whole(need__any="SOME") | {"need.item": [row]})) == ["need.item/0/need.item.urgency"]


def test_empty_row_holds_its_place_and_nothing_else():
    rows = [{}, {"need.item.code": "MOOD"}, {"need.item.target": "PMI_CENTRE"}, {}]
    facts = context()

    result = clean(form(), whole(need__any="SOME") | {"need.item": rows}, facts)

    gaps = [gap.path for gap in missing(form(), result.answers, facts)]
    assert result.answers["need.item"] == [{}, {"need.item.code": "MOOD"}]
    assert gaps == ["need.item/1/need.item.about", "need.item/1/need.item.action"]
