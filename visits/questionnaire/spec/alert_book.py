"""docs/forms/alerts.md sections 1 and 5 → families, delays and procedures as data."""

import re
from typing import Any

from visits.questionnaire.spec.lists import FAMILY_HEADER, code, rows_of
from visits.questionnaire.spec.tables import SpecError, parts
from visits.questionnaire.typography import typeset

_PROCEDURE = re.compile(r"^Procedure (?P<family>[A-Z_]+)")
_STEP = re.compile(r"^(?P<number>\d+)\. (?P<text>.+)$")
_ASIDE = re.compile(r"\s*\(`[^`]*`\)|\s*`\[à valider \w\]`|\s*\([GRAE]\d+\)")
# A promise the platform does not keep yet: the AP must make that call herself.
_PROMISE = re.compile(r"\s*\(la plateforme le fait aussi\)")
_DELAY = re.compile(r"^(?P<minutes>\d+) min$")

SAMU = "15"
# "Visit may close" in one code, for the rule that lets the AP leave.
CLOSING = {
    "after a call is recorded": "CALL",
    "after an instruction or a recorded call": "INSTRUCTION_OR_CALL",
    "**EMR acknowledgement or recorded call**": "ACK_OR_CALL",
    "yes: the AP leaves first": "FREE",
    "yes": "FREE",
}
MIDWIFE = {"oui, at once": "AT_ONCE", "without content": "WITHOUT_CONTENT", "oui": "YES"}
FALLBACK = {"15 already called; ladder 7": "LADDER", "15": "SAMU", "ladder 7": "LADDER"}


def alert_book(page: str, version: str) -> dict[str, Any]:
    """Families in the order of the page, each with its delay (minutes), whom to call, the steps on screen."""
    procedures = _procedures(page)
    families = [_family(row, procedures) for row in rows_of(page, "1", FAMILY_HEADER)]
    if unused := set(procedures) - {family["code"] for family in families}:
        raise SpecError(f"procedures without a family: {sorted(unused)}")
    return {
        "id": "copa-alerts",
        "version": version,
        "opening": typeset(_opening(page)),
        "families": families,
    }


def _family(row: dict[str, str], procedures: dict[str, Any]) -> dict[str, Any]:
    name = code(row["Family"])
    delay = _DELAY.match(row["EMR answers within"])
    if delay is None or name not in procedures:
        raise SpecError(f"{name}: no delay or no procedure")
    return {
        "code": name,
        "name": typeset(row["Nom à l'écran"]),
        "call_first": typeset(row["Qui appeler d'abord"]),
        "buttons": _buttons(row["Qui appeler d'abord"]),
        "team_delay_min": int(delay["minutes"]),
        "then": _known(FALLBACK, row, "Then, if nobody"),
        "midwife_told": _known(MIDWIFE, row, "SFL told"),
        "may_close": _known(CLOSING, row, "Visit may close"),
        "steps": procedures[name],
    }


def _known(words: dict[str, str], row: dict[str, str], column: str) -> str:
    if row[column] not in words:
        raise SpecError(f"{row['Family']}: « {row[column]} » unknown in column {column}")
    return words[row[column]]


def _buttons(text: str) -> list[str]:
    """Whom the buttons call, in order: short numbers, or TEAM; the 15 is always there."""
    found = ["TEAM" if word == "équipe" else word for word in re.findall(r"équipe|\d+", text)]
    return found if SAMU in found else [*found, SAMU]


def _opening(page: str) -> str:
    match = re.search(r"Phone opening sentence, always the same: « (.+?) »", page, re.DOTALL)
    if match is None:
        raise SpecError("no opening sentence for the phone")
    return " ".join(match[1].split())


def _procedures(page: str) -> dict[str, list[list[dict[str, Any]]]]:
    found = {}
    for candidate in parts(page):
        match = _PROCEDURE.match(candidate.title)
        if match:
            found[match["family"]] = _steps(candidate.lines)
    return found


def _steps(lines: tuple[str, ...]) -> list[list[dict[str, Any]]]:
    steps = []
    for line in lines:
        match = _STEP.match(line)
        if match:
            steps.append(_runs(typeset(_PROMISE.sub("", _ASIDE.sub("", match["text"])))))
        elif line.startswith("|"):
            break
    return steps


def _runs(text: str) -> list[dict[str, Any]]:
    """« Appelez le **15** » → three runs, the second one strong."""
    runs = []
    for index, words in enumerate(text.split("**")):
        if words:
            runs.append({"text": words, "strong": True} if index % 2 else {"text": words})
    return runs
