"""The small language of the columns "enableWhen" and "Obligatoire si"."""

import re
from typing import Any

from visits.questionnaire import extensions as ext
from visits.questionnaire.spec.tables import SpecError

_CONDITION = re.compile(r"^(?P<question>[a-zA-Z0-9_.]+) (?:(?P<operator>=|!=|>) (?P<answer>[A-Za-z0-9_]+)|∃)$")

# linkId → (type, name of its code list or "")
Questions = dict[str, tuple[str, str]]
Lists = dict[str, list[dict[str, Any]]]


def parse(cell: str, questions: Questions, lists: Lists) -> tuple[str, list[dict[str, Any]]]:
    """Return the FHIR enableBehavior ("all" or "any") and the FHIR enableWhen list of a cell."""
    if " ET " in cell and " OU " in cell:
        raise SpecError(f"ET and OU in one row: {cell}")
    behaviour, word = ("any", " OU ") if " OU " in cell else ("all", " ET ")
    return behaviour, [one(text, questions, lists) for text in cell.split(word)]


def one(text: str, questions: Questions, lists: Lists) -> dict[str, Any]:
    """One condition, checked: the question exists, the answer is one it can take."""
    match = _CONDITION.match(text.strip())
    if match is None:
        raise SpecError(f"condition not understood: {text}")
    question = match["question"]
    if question not in questions:
        raise SpecError(f"condition on an unknown question: {text}")
    if match["operator"] is None:
        return {"question": question, "operator": "exists", "answerBoolean": True}
    answer = _answer(match["answer"], *questions[question], lists, text)
    return {"question": question, "operator": match["operator"], **answer}


def _answer(word: str, kind: str, list_name: str, lists: Lists, text: str) -> dict[str, Any]:
    if kind == "boolean" and word in ("true", "false"):
        return {"answerBoolean": word == "true"}
    if kind == "integer" and word.isdigit():
        return {"answerInteger": int(word)}
    if kind == "choice" and word in {concept["code"] for concept in lists[list_name]}:
        return {"answerCoding": {"system": ext.CODE_SYSTEM + list_name, "code": word}}
    raise SpecError(f"answer that the question cannot take: {text}")
