"""Alerts at the tap, the sealed compartment, and what lets the AP leave."""

from typing import Any

import pytest

from tests.visits.questionnaires import INES, MALO, child, context, epds, form, second_visit, whole
from visits.questionnaire import (
    RaisedAlert,
    ReportContext,
    alerts_keeping_visit_open,
    alerts_raised,
    clean,
    join_sealed,
    missing,
    split_by_sensitivity,
)
from visits.questionnaire.engine import epds_total

ITEM_10 = RaisedAlert(family="MIND_VITAL", subject="MOTHER", codes=("EPDS_ITEM10",), sensitivity="S3")


def _answers(raw: dict[str, Any], facts: ReportContext | None = None) -> dict[str, Any]:
    return clean(form(), raw, facts or context()).answers


def _raised(raw: dict[str, Any], facts: ReportContext | None = None) -> list[RaisedAlert]:
    return alerts_raised(form(), _answers(raw, facts))


def _flagged(*codes: str, ref: str = "ines") -> dict[str, Any]:
    return child(ref, child__flag_any="SOME", child__flags=list(codes))


# ---- Raised ------------------------------------------------------------------------------------------------
def test_no_sign_raises_nothing():
    assert _raised(whole()) == []


def test_signs_of_one_family_make_one_alert():
    raw = whole(child=[_flagged("CHILD_FLOPPY", "CHILD_BLUE_GREY")])

    assert _raised(raw) == [
        RaisedAlert(family="CHILD_VITAL", subject="ines", codes=("CHILD_BLUE_GREY", "CHILD_FLOPPY"), sensitivity="S2")
    ]


def test_each_twin_has_its_own_alert_and_they_share_a_block():
    facts = context(children=(INES, MALO))
    raw = whole(child=[_flagged("CHILD_FEVER"), _flagged("CHILD_FEVER", ref="malo")])

    answers = _answers(raw, facts)

    assert [(alert.family, alert.subject) for alert in alerts_raised(form(), answers)] == [
        ("CHILD_URGENT", "ines"),
        ("CHILD_URGENT", "malo"),
    ]
    assert [row["alert.family"] for row in answers["alert"]] == ["CHILD_URGENT"]


def test_sealed_sign_seals_the_whole_alert():
    alerts = _raised(whole(child=[_flagged("CHILD_BLUE_GREY", "CHILD_INJURY")]))

    assert [(alert.family, alert.sensitivity) for alert in alerts] == [("CHILD_VITAL", "S3")]


def test_signs_of_the_mother_and_of_the_home():
    raw = whole(
        mother__flag_any="SOME",
        mother__flags=["MOTHER_FEVER", "MOTHER_DEATH_TALK"],
        home__flags=["HOME_BASIC", "HOME_VIOLENCE_NOW"],
    )

    assert {(a.family, a.subject, a.sensitivity) for a in _raised(raw)} == {
        ("MOTHER_URGENT", "MOTHER", "S2"),
        ("MIND_VITAL", "MOTHER", "S3"),
        ("DANGER_NOW", "HOME", "S3"),
        ("HOME_TONIGHT", "HOME", "S2"),
    }


def test_signs_behind_a_closed_gateway_raise_nothing():
    raw = whole(child=[_flagged("CHILD_FEVER") | {"child.flag_any": "NONE"}])

    assert _raised(raw) == []


@pytest.mark.parametrize(("value", "raises"), [(0, False), (1, True), (2, True), (3, True)])
def test_item_10_raises_whatever_the_other_nine(value: int, *, raises: bool):
    raw = epds(0, 0, 0, 0, 0, 0, 0, 0, 0, value)

    assert (ITEM_10 in _raised(raw, second_visit())) is raises


def test_item_10_raises_before_the_other_nine_are_copied():
    assert _raised({"who.present": ["MOTHER"], "epds.status": "DONE", "epds.i10": 1}, second_visit()) == [ITEM_10]


def test_item_10_alert_stays_when_another_item_is_edited():
    before = _raised(epds(0, 0, 0, 0, 0, 0, 0, 0, 0, 3), second_visit())
    after = _raised(epds(0, 0, 0, 0, 2, 0, 0, 0, 0, 3), second_visit())

    assert before == after == [ITEM_10]


def test_block_of_a_recorded_alert_survives_a_correction_to_zero():
    facts = second_visit(recorded_alerts=(ITEM_10,))
    raw = epds(*[0] * 10) | {"alert": [{"alert.family": "MIND_VITAL", "alert.spoke_to": "EMR_MIDWIFE"}]}

    answers = _answers(raw, facts)

    assert answers["alert"] == [{"alert.family": "MIND_VITAL", "alert.spoke_to": "EMR_MIDWIFE"}]
    assert "alert/MIND_VITAL/alert.instruction" in [gap.path for gap in missing(form(), answers, facts)]


def test_block_of_an_alert_nobody_raised_is_dropped():
    raw = whole() | {"alert": [{"alert.family": "MIND_VITAL", "alert.called_15": True}]}

    assert "alert" not in _answers(raw)


def test_block_asks_for_what_was_done():
    facts = context()
    answers = _answers(whole(child=[_flagged("CHILD_FEVER")]), facts)

    gaps = [gap.path for gap in missing(form(), answers, facts)]

    assert gaps == [
        f"alert/CHILD_URGENT/alert.{name}" for name in ("spoke_to", "spoke_at", "called_15", "instruction", "sfl_told")
    ]


def test_hour_of_the_call_lies_between_arrival_and_now():
    def errors(hour: str) -> dict[str, str]:
        row = {"alert.family": "CHILD_URGENT", "alert.spoke_at": hour}
        return clean(form(), whole(child=[_flagged("CHILD_FEVER")]) | {"alert": [row]}, context()).errors

    path = "alert/CHILD_URGENT/alert.spoke_at"
    assert list(errors("14:04")) == [path]
    assert errors("14:05") == {}
    assert errors("15:51") == {}
    assert list(errors("15:52")) == [path]
    assert list(errors("25:00")) == [path]


def test_midwife_cannot_be_absent_when_the_file_has_one():
    row = {"alert.family": "CHILD_URGENT", "alert.sfl_told": "NO_SFL"}
    raw = whole(child=[_flagged("CHILD_FEVER")]) | {"alert": [row]}

    assert list(clean(form(), raw, context()).errors) == ["alert/CHILD_URGENT/alert.sfl_told"]
    assert clean(form(), raw, context(sfl_known=False)).errors == {}


# ---- Leaving -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("block", "acknowledged", "may_leave"),
    [
        ({}, set(), False),
        ({"alert.spoke_to": "NO_ANSWER"}, set(), False),
        ({"alert.spoke_to": "NO_ANSWER", "alert.called_15": False}, set(), False),
        ({"alert.spoke_to": "NO_ANSWER", "alert.called_15": True}, set(), True),
        ({"alert.spoke_to": "EMR_DOCTOR"}, set(), True),
        ({}, {"MIND_VITAL"}, True),
        ({}, {"MIND_SOON"}, False),
    ],
)
def test_item_10_keeps_the_visit_open(block: dict[str, Any], acknowledged: set[str], *, may_leave: bool):
    raw = epds(*[0] * 9, 2) | {"alert": [{"alert.family": "MIND_VITAL", **block}]}
    answers = _answers(raw, second_visit())

    found = alerts_keeping_visit_open(form(), answers, acknowledged=acknowledged)

    assert (found == []) is may_leave


@pytest.mark.parametrize(("called_15", "may_leave"), [(False, False), (True, True)])
def test_taking_a_vital_alert_does_not_replace_the_call(*, called_15: bool, may_leave: bool):
    raw = whole(child=[_flagged("CHILD_FLOPPY")])
    raw |= {"alert": [{"alert.family": "CHILD_VITAL", "alert.spoke_to": "NO_ANSWER", "alert.called_15": called_15}]}

    found = alerts_keeping_visit_open(form(), _answers(raw), acknowledged={"CHILD_VITAL"})

    assert (found == []) is may_leave


def test_danger_never_keeps_the_ap_in_the_home():
    answers = _answers(whole(home__flags=["HOME_VIOLENCE_NOW"]))

    assert alerts_keeping_visit_open(form(), answers) == []


def test_recorded_alert_keeps_the_visit_open_after_unticking():
    assert alerts_keeping_visit_open(form(), _answers(whole()), recorded=[ITEM_10]) == [ITEM_10]


def test_nobody_answered_a_vital_alert_is_an_error_until_the_15_is_called():
    row = {"alert.family": "CHILD_VITAL", "alert.spoke_to": "NO_ANSWER"}
    raw = whole(child=[_flagged("CHILD_FLOPPY")])

    refused = clean(form(), raw | {"alert": [row]}, context()).errors
    accepted = clean(form(), raw | {"alert": [row | {"alert.called_15": True}]}, context()).errors

    assert list(refused) == ["alert/CHILD_VITAL/alert.spoke_to"]
    assert accepted == {}


# ---- Un-ticking, protected situations ----------------------------------------------------------------------------
def test_sign_taken_back_asks_why_before_the_report_is_signed():
    recorded = (RaisedAlert(family="CHILD_URGENT", subject="ines", codes=("CHILD_FEVER",), sensitivity="S2"),)
    facts = context(recorded_alerts=recorded)

    def gaps(**changes: Any) -> set[str]:
        raw = whole(alert=[{"alert.family": "CHILD_URGENT"} | changes])
        return {gap.path for gap in missing(form(), _answers(raw, facts), facts)}

    assert "alert/CHILD_URGENT/alert.facts" in gaps()
    assert "alert/CHILD_URGENT/alert.facts" not in gaps(**{"alert.facts": "Remesurée : 37,2."})
    ticked = whole(child=[_flagged("CHILD_FEVER")])
    assert "alert/CHILD_URGENT/alert.facts" not in {g.path for g in missing(form(), _answers(ticked, facts), facts)}


def test_protected_situation_is_an_alert_whose_every_answer_is_sealed():
    given = {
        "grid.s3_signal": True, "grid.s3_domain": ["VIOLENCE"], "grid.s3_facts": "« J’ai peur. »", "grid.s3_safe": "NO",
    }  # fmt: skip
    result = clean(form(), whole() | given, context())

    (alert,) = alerts_raised(form(), result.answers)
    opened, sealed = split_by_sensitivity(form(), result.answers, [alert])

    assert (alert.family, alert.sensitivity) == ("PROTECTED", "S3")
    assert sealed.items() >= given.items()
    assert not [link for link in opened if link.startswith("grid.s3")]
    assert "grid.s3_safe" in result.warnings


@pytest.mark.parametrize(("alone", "is_told"), [("YES", False), ("NOT_POSSIBLE", True)])
def test_protected_situation_tells_when_she_was_not_alone(alone: str, *, is_told: bool):
    warnings = clean(form(), whole(who__alone=alone, grid__s3_signal=True), context()).warnings

    assert ("grid.s3_signal" in warnings) is is_told


# ---- EPDS total ------------------------------------------------------------------------------------------------
def test_total_is_the_sum_of_ten_values():
    answers = _answers(epds(1, 2, 3, 0, 1, 2, 3, 0, 1, 1), second_visit())

    assert answers["epds.total"] == 14
    assert answers["epds.language"] == "fr"


@pytest.mark.parametrize("missing_item", range(10))
def test_no_total_when_one_value_is_missing(missing_item: int):
    values: list[int | None] = [1] * 10
    values[missing_item] = None

    answers = _answers(epds(*values), second_visit())

    assert "epds.total" not in answers


def test_empty_answer_of_the_mother_lifts_the_obligation_and_gives_no_total():
    facts = second_visit()
    raw = epds(1, None, 1, 1, 1, 1, 1, 1, 1, 0)
    gaps = {gap.path for gap in missing(form(), _answers(raw, facts), facts)}
    lifted = _answers(raw | {"epds.missing": True}, facts)

    assert "epds.i02" in gaps
    assert not [gap for gap in missing(form(), lifted, facts) if gap.path.startswith("epds.i")]
    assert epds_total(lifted) is None


def test_empty_answer_beside_ten_numbers_is_refused():
    raw = epds(*[1] * 10, epds__missing=True)

    assert "epds.missing" in clean(form(), raw, second_visit()).errors
    raw["epds.i02"] = ""
    assert "epds.missing" not in clean(form(), raw, second_visit()).errors


@pytest.mark.parametrize("value", [4, -1, "1.5", True, "un", 1.0])
def test_value_that_is_not_on_the_sheet_is_refused(value: Any):
    errors = clean(form(), epds(*[0] * 9, value), second_visit()).errors

    assert list(errors) == ["epds.i10"]


@pytest.mark.parametrize("value", [10, 0])
def test_total_is_never_taken_from_the_page(value: int):
    answers = _answers(epds(*[1] * 10, epds__total=value), second_visit())

    assert answers["epds.total"] == 10


# ---- Sealed ------------------------------------------------------------------------------------------------------
SEALED_CASES = [
    whole(),
    whole(child=[_flagged("CHILD_BLUE_GREY", "CHILD_INJURY")])
    | {"alert": [{"alert.family": "CHILD_VITAL", "alert.called_15": True, "alert.facts": "secret"}]},
    whole(mother__flag_any="SOME", mother__flags=["MOTHER_FEVER", "MOTHER_DEATH_TALK"]),
    whole(home__flags=["HOME_BASIC", "HOME_VIOLENCE_TOLD"]),
]


@pytest.mark.parametrize("raw", SEALED_CASES)
def test_split_and_join_give_the_document_back(raw: dict[str, Any]):
    answers = _answers(raw)

    opened, sealed = split_by_sensitivity(form(), answers)

    assert join_sealed(form(), opened, sealed) == answers


def test_split_and_join_keep_twins_apart():
    facts = context(children=(INES, MALO))
    answers = _answers(whole(child=[child("ines"), _flagged("CHILD_INJURY", ref="malo")]), facts)

    opened, sealed = split_by_sensitivity(form(), answers)

    assert sealed["child"] == [{"child.ref": "malo", "child.flags": ["CHILD_INJURY"]}]
    assert [row["child.ref"] for row in opened["child"]] == ["ines", "malo"]
    assert join_sealed(form(), opened, sealed) == answers


def test_no_sealed_word_stays_in_the_open_part():
    answers = _answers(SEALED_CASES[1])

    opened, sealed = split_by_sensitivity(form(), answers)

    assert "CHILD_INJURY" not in str(opened)
    assert "alert" not in opened
    assert sealed["alert"][0]["alert.facts"] == "secret"
    assert opened["child"][0]["child.flags"] == ["CHILD_BLUE_GREY"]


def test_ten_values_are_sealed_and_the_total_is_not():
    answers = _answers(epds(*[1] * 9, 2), second_visit())

    opened, sealed = split_by_sensitivity(form(), answers)

    assert not [key for key in opened if key.startswith("epds.i")]
    assert len([key for key in sealed if key.startswith("epds.i")]) == 10
    assert opened["epds.total"] == 11


def test_block_of_a_sealed_alert_stays_sealed_after_unticking():
    facts = second_visit(recorded_alerts=(ITEM_10,))
    raw = epds(*[0] * 10) | {"alert": [{"alert.family": "MIND_VITAL", "alert.facts": "secret"}]}

    opened, _ = split_by_sensitivity(form(), _answers(raw, facts), recorded=[ITEM_10])

    assert "alert" not in opened
