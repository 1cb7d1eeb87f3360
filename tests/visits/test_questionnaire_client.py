"""The tablet and the server give the same answer to the same three questions: asked, required, missing."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser

from tests.visits.questionnaires import HOUSING, TIRED, at, context, form
from visits.questionnaire import ChildRef, RaisedAlert, ReportContext, clean, missing
from visits.questionnaire.client import client_context, client_definition
from visits.questionnaire.model import Item
from visits.questionnaire.sheet import Sheet, path_of

MODULES = Path(settings.BASE_DIR) / "static" / "js" / "report"
RECORDED = RaisedAlert(family="MIND_VITAL", subject="MOTHER", codes=("EPDS_ITEM10",), sensitivity="S3")
FLAGS_OF_CONTEXT = (
    "first_visit", "epds_due", "goal_known", "was_breast", "sleep_quiz_due", "language_help", "pmi_presented",
    "sfl_known", "v3_planned", "joint_planned", "weighing", "dev_duration", "dev_window", "report_late",
)  # fmt: skip
COMPARE = """
({definition, cases}) => {
  const read = readDefinition(definition);
  return cases.map((one) => {
    const sheet = new Sheet(read, one.answers, one.context, {
      families: one.families, unticked: new Set(one.unticked),
    });
    const questions = [...sheet.every()].filter(([item]) => !item.isRows);
    const paths = (pairs) => pairs.map(([item, row]) => pathOf(item, row)).sort();
    return {
      asked: paths(questions.filter(([item, row]) => sheet.isVisible(item, row))),
      required: paths(questions.filter(([item, row]) => sheet.isRequired(item, row))),
      missing: paths(sheet.missing()),
    };
  });
}
"""


def _facts(chance: random.Random) -> ReportContext:
    def flag() -> bool:
        return chance.random() < 0.5

    children = tuple(
        ChildRef(ref=f"k{place}", first_name=f"K{place}", k01_open=flag(), k02_open=flag(), cs8_open=flag())
        for place in range(chance.choice((0, 1, 1, 2)))
    )
    return context(
        visit_kind=chance.choice(("V1", "V2", "V3", "ULTRA_EARLY")),
        pmi_consent=chance.choice(("YES", "NO", "UNKNOWN")),
        children=children,
        needs=chance.choice(((), (HOUSING,), (TIRED,), (HOUSING, TIRED))),
        ended_at=chance.choice((None, at(15, 22))),
        recorded_alerts=chance.choice(((), (), (RECORDED,))),
        **{name: flag() for name in FLAGS_OF_CONTEXT},
    )


def _value(item: Item, chance: random.Random) -> Any:
    if item.type == "choice":
        codes = [option.code for option in item.options if not option.team_only]
        return chance.choices(codes, k=chance.randint(1, 3)) if item.is_repeated else chance.choice(codes)
    if item.type == "integer":
        return chance.choice((0, 1, 2, 3)) if item.options else 12
    plain = {"decimal": "12", "date": "2026-11-01", "dateTime": "14:10"}
    return chance.random() < 0.5 if item.type == "boolean" else plain.get(item.type, "mots")


def _document(facts: ReportContext, chance: random.Random) -> dict[str, Any]:
    density = chance.random()
    rows: dict[str, list[dict[str, Any]]] = {
        "child": [{"child.ref": child.ref} for child in facts.children],
        "need.item": [{"need.item.code": "MOOD"} for _ in range(chance.choice((0, 1, 2)))],
        "res.entry": [{"res.entry.kind": "FRIENDS"} for _ in range(chance.choice((0, 1, 2)))],
        "need.prev": [{"need.prev.ref": need.ref} for need in facts.needs],
        "alert": [{"alert.family": family} for family in ("MIND_VITAL", "CHILD_VITAL", "CHILD_URGENT")],
    }
    raw: dict[str, Any] = {}
    for item in form().by_id.values():
        if item.is_group or item.is_hidden or item.source or item.type in ("display", "reference"):
            continue
        for holder in rows.get(item.rows, []) if item.rows else [raw]:
            if chance.random() < density:
                holder[item.link_id] = _value(item, chance)
    if chance.random() < 0.6:
        raw.pop("visit.outcome", None)
    return raw | rows


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    chance = random.Random(20261103)
    made = []
    for _ in range(300):
        facts = _facts(chance)
        answers = clean(form(), _document(facts, chance), facts).answers
        sheet = Sheet(form(), answers, facts)
        places = list(sheet.every())
        made.append(
            {
                "answers": answers,
                "context": client_context(form(), facts),
                "families": sheet.alert_families(),
                "unticked": [family for family in sheet.alert_families() if sheet.has_unticked(family)],
                "expected": {
                    "asked": sorted(path_of(item, row) for item, row in places if sheet.is_visible(item, row)),
                    "required": sorted(path_of(item, row) for item, row in places if sheet.is_required(item, row)),
                    "missing": sorted(gap.path for gap in missing(form(), answers, facts)),
                },
            }
        )
    return made


@pytest.mark.browser
def test_tablet_and_server_agree(browser: Browser, cases: list[dict[str, Any]]):
    code = "\n".join((MODULES / name).read_text(encoding="utf-8") for name in ("definition.js", "sheet.js"))
    sent = json.loads(json.dumps({"definition": client_definition(form()), "cases": cases}))

    page = browser.new_page()
    page.add_script_tag(content=code.replace("export ", ""))
    found = page.evaluate(COMPARE, sent)
    page.close()

    assert len(found) == len(cases)
    for one, expected in zip(found, cases, strict=True):
        assert one == expected["expected"]
