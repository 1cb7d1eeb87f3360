"""The form is what the written specification says, and a definition that cannot drive it is refused."""

import copy
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.visits.questionnaires import context, form, second_visit
from visits.management.commands.build_questionnaire import SPEC, definitions
from visits.questionnaire import DefinitionError, clean, load, packaged_definitions
from visits.questionnaire import extensions as ext
from visits.questionnaire.alerts import alert_book
from visits.questionnaire.library import FOLDER
from visits.questionnaire.sections import view_model
from visits.questionnaire.sheet import Sheet
from visits.questionnaire.spec.build import build
from visits.questionnaire.spec.lists import Pages
from visits.questionnaire.spec.tables import SpecError

REPORT = (SPEC / "visit-report.md").read_text(encoding="utf-8")
ALERTS = (SPEC / "alerts.md").read_text(encoding="utf-8")
DIRECTORY = (SPEC / "directory-types.md").read_text(encoding="utf-8")


def _build(report: str = REPORT, alerts: str = ALERTS, directory: str = DIRECTORY) -> dict[str, Any]:
    return build(Pages(report=report, alerts=alerts, directory=directory))


def _replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def test_committed_definitions_are_those_of_the_specification():
    for path, text in definitions(SPEC).items():
        assert Path(path).read_text(encoding="utf-8") == text, f"{path.name}: run manage.py build_questionnaire"


@pytest.mark.parametrize(
    ("version", "digest"),
    [
        ("2026.1-provisoire", "f1a7688332daf5abfaee2992fb17dcee409a1ce74ecc9d781460443ad03f9c27"),
        ("2026.2-provisoire", "b48151c1d5cb5af7a00f574ae450286324ba3e3675bf32f4f1e37892ca105ace"),
        ("2026.3-provisoire", "280791035e03c16330e7c363ab38553cd6e499684d5892c784c4bbfcd514f124"),
    ],
)
def test_published_version_is_never_changed(version: str, digest: str):
    """Reports were signed under it: what asks otherwise is another version."""
    path = FOLDER / f"copa-visit-report-{version}.json"

    assert sha256(path.read_bytes()).hexdigest() == digest


def test_form_has_every_row_of_the_specification():
    rows = set(re.findall(r"^\| ([a-z][a-z0-9_.]+) \|(?: [^|]*\|){12}$", REPORT, re.MULTILINE)) - {"linkId"}

    assert set(form().by_id) == rows
    assert len(rows) == 170


def test_a_support_that_is_added_is_somebody_and_the_mother_is_a_woman():
    supports = [option.code for option in form().by_id["res.entry.kind"].options]

    assert not {"NOBODY", "DECLINED"} & set(supports)
    assert form().by_id["mother.says"].option("TIRED").label == "Fatiguée"
    assert not [option.help for option in form().by_id["need.item.code"].options if re.search(r"\bK\d\d", option.help)]


def test_every_question_named_by_an_indicator_exists():
    part = REPORT.partition("## 17.")[2].partition("## 18.")[0]
    prefixes = ("visit.", "who.", "mother.", "home.", "alert.", "child.", "feed.", "sleep.", "pmi.", "epds.", "dev.")
    named = {word for word in re.findall(r"[a-z0-9]+(?:\.[a-z0-9_]+)+", part) if word.startswith(prefixes)}

    assert named <= set(form().by_id)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("| choice | [outcome] |", "| choice | [outcomes] |", "unknown code list"),
        ("| boolean | | oui+ | | true; stores", "| bool | | oui+ | | true; stores", "unknown type"),
        ("visit.outcome = NOT_DONE | BEREAVEMENT", "visit.outcome = NEVER | BEREAVEMENT", "cannot take"),
        ("visit.outcome = NOT_DONE | BEREAVEMENT", "visit.result = NOT_DONE | BEREAVEMENT", "unknown question"),
        ("| ≤ 40 characters |", "| short |", "constraint not understood"),
        ("ctx.goal_known = true ET ctx", "ctx.goal_known = true ET ctx.sfl_known = true OU ctx", "ET and OU"),
        ("toutes | S3 | – | G1 G2 |", "toutes | S3 | E L | G1 G2 |", "never printed"),
        ("toutes | S2c | E |", "toutes | S4 | E |", "unknown sensitivity"),
        ("toutes | S2c | E |", "toutes | S2c | X |", "unknown recipients"),
        ("| V2 V3 | S2m | E L | P10 R058 | s |", "| V2 V9 | S2m | E L | P10 R058 | s |", "unknown visits"),
        ("| V2 V3 | S2m | E L | P10 R058 | s |", "| V2 V3 | S2m | E L | | s |", "feeds nothing"),
        ("| V2 V3 | S2m | E L | P10 R058 | s |", "| V2 V3 | S2m | E L | P10 R058 | z |", "unknown moment"),
        ("| Aide | Type | Options |", "| Hilfe | Type | Options |", "columns"),
        ("`DONE` Faite ·", "Faite ·", "no code"),
        ("`DONE` Faite ·", "`DONE` Faite · `DONE` Finie ·", "twice"),
        ("| who.alone |", "| who.present |", "stands twice"),
    ],
)
def test_specification_is_refused_when_it_says_something_unknown(old: str, new: str, reason: str):
    report = _replaced(REPORT, old, new)

    with pytest.raises(SpecError, match=reason):
        _build(report)


def test_specification_is_refused_when_a_sign_names_an_unknown_family():
    alerts = _replaced(ALERTS, "| Lèvres, langue, visage. | `CHILD_VITAL` |", "| Lèvres. | `CHILD_BAD` |")

    with pytest.raises(SpecError, match="unknown family"):
        _build(alerts=alerts)


def test_definition_keeps_fhir_invariants():
    document = packaged_definitions()[-1]
    lists = {f"#{resource['id']}" for resource in document["contained"]}

    def check(item: dict[str, Any]) -> None:
        assert re.fullmatch(r"[a-z0-9._]+", item["linkId"], re.IGNORECASE)
        assert (item["type"] == "group") == ("item" in item)
        assert not (item["type"] == "display" and {"repeats", "readOnly", "answerValueSet"} & set(item))
        assert ("enableBehavior" in item) == (len(item.get("enableWhen", [])) > 1)
        assert item.get("answerValueSet", "#any") in lists
        assert not ("answerValueSet" in item and item["type"] != "choice")
        for child in item.get("item", ()):
            check(child)

    for item in document["item"]:
        check(item)
    assert document["version"] == "2026.4-provisoire"
    assert all(re.fullmatch(r"[A-Za-z0-9.-]{1,64}", resource["id"]) for resource in document["contained"])


def _changed(link_id: str, **changes: Any) -> dict[str, Any]:
    document = copy.deepcopy(packaged_definitions()[-1])

    def find(items: list[dict[str, Any]]) -> dict[str, Any] | None:
        for item in items:
            if item["linkId"] == link_id:
                return item
            if found := find(item.get("item", [])):
                return found
        return None

    item = find(document["item"])
    assert item is not None
    item.update(changes)
    return document


@pytest.mark.parametrize(
    ("link_id", "changes", "reason"),
    [
        ("who.other", {"type": "attachment"}, "not supported"),
        ("who.other", {"linkId": "who.present"}, "stands twice"),
        ("who.other", {"extension": [{"url": ext.COPA + "copa-new"}]}, "unknown extension"),
        ("who.other", {"enableWhen": [{"question": "x", "operator": "=", "answerBoolean": True}]}, "unknown x"),
        ("who.present", {"answerValueSet": "#nobody"}, "no list"),
        ("who", {"enableWhen": [{"question": "who.other", "operator": "exists", "answerBoolean": True}]}, "circle"),
        ("who.other", {"enableWhen": [{"question": "who.alone", "operator": "<", "answerInteger": 1}]}, "operator"),
    ],
)
def test_load_refuses_a_definition_it_cannot_hold_to(link_id: str, changes: dict[str, Any], reason: str):
    with pytest.raises(DefinitionError, match=reason):
        load(_changed(link_id, **changes))


def test_load_refuses_another_resource():
    with pytest.raises(DefinitionError):
        load({"resourceType": "Patient"})


def test_an_old_version_draws_with_its_own_words_and_rules():
    old = load(_changed("theme.bond", text="Autrefois") | {"version": "2025.9"})

    drawn = view_model(old, {}, context())

    labels = [q.label for s in drawn.sections if s.id == "s7" for q in s.blocks[0].blocks]
    assert drawn.version == "2025.9"
    assert labels[0] == "Autrefois"


def test_sealed_questions_are_never_marked_for_print():
    for item in form().by_id.values():
        assert not (item.level == "S3" and item.prints_for), item.link_id


def test_alert_book_has_a_procedure_and_a_delay_for_every_family():
    book = alert_book()
    families = {option.code for option in form().by_id["alert.family"].options}

    assert set(book.families) == families
    assert all(family.steps and family.team_delay_min > 0 for family in book.families.values())
    assert book.families["MIND_VITAL"].team_delay_min == 5
    assert book.families["CHILD_VITAL"].buttons == ("15", "TEAM")
    assert book.families["DANGER_NOW"].buttons[:3] == ("17", "114", "TEAM")
    assert book.families["MIND_VITAL"].may_close == "ACK_OR_CALL"


def _seen_in_normal_visit(column: str) -> set[str]:
    """Section 16: the questions of a normal V1 or V2."""
    place = {"V1": 1, "V2": 2}[column]
    rows = re.findall(r"^\| ([a-z0-9_.]+) \| ([0-9·]) \| ([0-9·]) \|$", REPORT, re.MULTILINE)
    return {row[0] for row in rows if row[place] != "·"}


# Filled from the opening, behind the red button, or offered without being counted.
NOT_COUNTED = {"visit.outcome", "home.flags", "v3.early_ask"}


@pytest.mark.parametrize(("column", "count"), [("V1", 35), ("V2", 49)])
def test_normal_visit_asks_what_section_16_counts(column: str, count: int):
    facts = context(pmi_presented=False) if column == "V1" else second_visit()
    raw: dict[str, Any] = {
        "who.present": ["MOTHER", "COPARENT"],
        "epds.status": "DONE",
        "res.same": "SAME",
        "feed.goal.same": "SAME",
        "child": [{"child.ref": "ines", "child.exam.k01": "DONE_SEEN", "child.exam.k02": "DONE_SEEN"}],
    }
    if column == "V1":
        raw["child"] = [{"child.ref": "ines"}]
    answers = clean(form(), raw, facts).answers
    sheet = Sheet(form(), answers, facts)

    asked = {
        item.link_id
        for item, row in sheet.every()
        if sheet.is_visible(item, row) and item.type not in ("display", "reference") and item.link_id != "epds.total"
    }

    expected = _seen_in_normal_visit(column)
    assert len(expected) == count
    assert asked - NOT_COUNTED == expected
