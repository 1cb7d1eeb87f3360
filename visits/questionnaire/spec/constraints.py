"""The column "Contrainte" as FHIR extensions.

A row whose constraint is neither understood by a pattern nor named in `constraint_table` is refused: nobody may
add a constraint to the page and believe that it is checked.
"""

import re
from typing import Any

from visits.questionnaire import extensions as ext
from visits.questionnaire.spec.conditions import Lists, Questions, parse
from visits.questionnaire.spec.constraint_table import CHECKS, ELSEWHERE, Check
from visits.questionnaire.spec.tables import SpecError
from visits.questionnaire.typography import typeset

Extension = dict[str, Any]

_LENGTH = re.compile(r"^≤ (\d+) characters")
_RANGE = re.compile(r"^(\d[\d ]*(?:\.\d+)?)–(\d[\d ]*(?:\.\d+)?)(?:,| |;|$)")
_EXCLUSIVE = re.compile(r"^([A-Z_]+) excludes the others")
_AT_LEAST_ONE = re.compile(r"^(≥ 1(?:;|$)|at least one$)")
_OPTION_WHEN = re.compile(r"([A-Z_]+) only if (\S+ = \S+)$")
# Codes that exclude every other one wherever they stand.
ALONE = ("DECLINED", "NOT_POSSIBLE")
_DISJOINT = re.compile(r"^disjoint from (\S+)$")


def length_of(cell: str) -> int | None:
    """The limit of "≤ 40 characters", None when the row has none."""
    match = _LENGTH.match(cell)
    return int(match[1]) if match else None


def rules_of(link_id: str, cell: str, questions: Questions, lists: Lists, *, is_repeated: bool) -> list[Extension]:
    """Every extension the constraint of one row becomes. Refuses a sentence nobody understands."""
    codes = {concept["code"] for concept in lists.get(questions[link_id][1], ())} if is_repeated else set()
    checks = [*_from_words(cell, codes), *CHECKS.get(link_id, ())]
    found = [*_limits(link_id, cell, questions), *(_extension(check, questions, lists) for check in checks)]
    is_context = link_id.startswith("ctx") or ".ctx." in link_id
    if cell and not (found or length_of(cell) or is_context or link_id in ELSEWHERE):
        raise SpecError(f"{link_id}: constraint not understood: {cell}")
    return found


def _limits(link_id: str, cell: str, questions: Questions) -> list[Extension]:
    found: list[Extension] = []
    if match := _RANGE.match(cell):
        is_whole = questions[link_id][0] == "integer"
        for url, text in zip((ext.MIN_VALUE, ext.MAX_VALUE), match.groups(), strict=True):
            number = float(text.replace(" ", ""))
            key, value = ("valueInteger", int(number)) if is_whole else ("valueDecimal", number)
            found.append({"url": url, key: value})
    if _AT_LEAST_ONE.match(cell):
        found.append({"url": ext.MIN_OCCURS, "valueInteger": 1})
    return found


def _from_words(cell: str, codes: set[str]) -> list[Check]:
    found: list[Check] = []
    match = _EXCLUSIVE.match(cell)
    exclusive = [code for code in (match[1] if match else "", *ALONE) if code in codes]
    if exclusive:
        found.append(Check(kind="exclusive", codes=tuple(exclusive)))
    if match := _OPTION_WHEN.search(cell):
        text = "Cette réponse n'existe que pour une visite écourtée."
        found.append(Check(kind="option-when", codes=(match[1],), when=match[2], text=text))
    if match := _DISJOINT.match(cell):
        text = "Un domaine ne peut pas être à la fois abordé et refusé."
        found.append(Check(kind="disjoint", question=match[1], text=text))
    return found


def _extension(check: Check, questions: Questions, lists: Lists) -> Extension:
    inner: list[Extension] = [
        {"url": "kind", "valueCode": check.kind},
        {"url": "severity", "valueCode": check.severity},
    ]
    inner += [{"url": "code", "valueCode": code} for code in check.codes]
    for url, key, value in (
        ("text", "valueString", typeset(check.text)),
        ("question", "valueString", check.question),
        ("bound", "valueCode", check.bound),
        ("limit", "valueInteger", check.limit),
    ):
        if value:
            inner.append({"url": url, key: value})
    if check.when:
        behaviour, conditions = parse(check.when, questions, lists)
        inner.append({"url": "behaviour", "valueCode": behaviour})
        inner += [condition_extension(condition) for condition in conditions]
    return {"url": ext.RULE, "extension": inner}


def condition_extension(condition: dict[str, Any]) -> Extension:
    """A FHIR enableWhen entry written as an extension, for obligations and rules."""
    inner: list[Extension] = [
        {"url": "question", "valueString": condition["question"]},
        {"url": "operator", "valueCode": condition["operator"]},
    ]
    for key, value in condition.items():
        if key.startswith("answer"):
            inner.append({"url": "answer", key.replace("answer", "value", 1): value})
    return {"url": "condition", "extension": inner}
