"""Two screens that started from the same answers: what each changed, and where both changed the same."""

from typing import Any

from tests.visits.questionnaires import context, form
from visits.questionnaire.merging import Merge, field_values, merge


def merged(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> Merge:
    who = {"who.present": ["MOTHER"]}
    return merge(form(), context(), base=who | base, mine=who | mine, theirs=who | theirs)


def needs(*codes: str) -> dict[str, Any]:
    return {"need.any": "SOME", "need.item": [{"need.item.code": code} for code in codes]}


def test_what_only_one_changed_is_kept_from_the_one_who_changed_it() -> None:
    base = {"feed.going": "WELL", "doc.given": ["CARD"]}

    found = merged(base, base | {"mother.says": "TIRED"}, {"feed.going": "HARD"})

    assert found.conflicts == ()
    assert (found.answers["mother.says"], found.answers["feed.going"]) == ("TIRED", "HARD")
    assert "doc.given" not in found.answers


def test_same_question_answered_twice_is_a_conflict_and_the_same_answer_is_none() -> None:
    found = merged({}, {"feed.going": "WELL", "mother.says": "WELL"}, {"feed.going": "HARD", "mother.says": "WELL"})

    assert found.conflicts == ("feed.going",)
    assert found.answers["feed.going"] == "HARD"
    # Sent again from there, what stands here wins.
    again = merged(found.base, {"feed.going": "WELL", "mother.says": "WELL"}, found.answers)
    assert (again.conflicts, again.answers["feed.going"]) == ((), "WELL")


def test_two_ways_of_writing_one_number_are_one_answer() -> None:
    assert merged({"visit.km": "12.5"}, {"visit.km": "12,5"}, {"visit.km": "14"}).answers["visit.km"] == "14"


def test_a_need_is_never_put_together_from_two_screens() -> None:
    found = merged({}, needs("ISOLATION"), needs("NO_MIDWIFE"))

    assert found.conflicts == ("need.item/0",)
    assert [row["need.item.code"] for row in found.answers["need.item"]] == ["NO_MIDWIFE"]


def test_children_are_merged_question_by_question() -> None:
    mine = {"child": [{"child.ref": "ines", "child.feed.now": "BREAST"}]}
    theirs = {"child": [{"child.ref": "ines", "child.flag_any": "NONE"}]}

    found = merged({}, mine, theirs)

    assert found.answers["child"] == [{"child.ref": "ines", "child.flag_any": "NONE", "child.feed.now": "BREAST"}]


def test_what_could_not_be_read_is_merged_as_it_was_typed() -> None:
    found = merged({}, {"visit.km": "douze"}, {"feed.going": "WELL"})

    assert (found.answers["visit.km"], found.answers["feed.going"]) == ("douze", "WELL")


def test_fields_show_answers_as_the_page_writes_them() -> None:
    answers = {
        "visit.km": "12.5",
        "sign.confirm": True,
        "who.present": ["MOTHER", "COPARENT"],
        "alert": [{"alert.family": "CHILD_URGENT", "alert.spoke_at": "2026-11-03T14:05:00+01:00"}],
    }

    assert field_values(form(), answers, context()) == {
        "visit.km": ["12,5"],
        "sign.confirm": ["true"],
        "who.present": ["MOTHER", "COPARENT"],
        "alert/CHILD_URGENT/alert.spoke_at": ["14:05"],
    }
