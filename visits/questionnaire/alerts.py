"""Alerts born of answers: which family, for whom, and the procedure the tablet shows.

Families, delays and procedures are data (`visits/questionnaires/alerts.json`, from docs/forms/alerts.md).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pathways.enums import Called
from visits.questionnaire.library import FOLDER
from visits.questionnaire.model import Item, Questionnaire

MOTHER, HOME = "MOTHER", "HOME"
ITEM_10 = "epds.i10"
ITEM_10_CODE = "EPDS_ITEM10"
ITEM_10_FAMILY = "MIND_VITAL"
SIGNAL = "grid.s3_signal"
SIGNAL_CODE = "PROTECTED_SIGNAL"
SIGNAL_FAMILY = "PROTECTED"
NO_ANSWER = "NO_ANSWER"
# What the AP says on the phone where the tile is a number, or a tick: in words, never the score.
ITEM_10_SAID = "une réponse du questionnaire sur le moral qui m’inquiète"
SIGNAL_SAID = "une situation protégée, je vous la raconte"
# The lines that the steps of a procedure name besides its buttons (alerts.md 5.5.5, 5.8.3, 5.8.5).
_ALSO = {"MIND_VITAL": ("3114",), "PROTECTED": ("3919", "119")}
# Whose sign it is, where the question itself says so; else that of the child of the row.
SUBJECTS = {"mother.flags": MOTHER, "home.flags": HOME}


@dataclass(frozen=True, kw_only=True)
class RaisedAlert:
    """One alert row to record: one family, for one person, with every sign that caused it.

    `subject` is "MOTHER", "HOME" or the `ref` of a child. `sensitivity` is "S2" or "S3" (the highest of the
    codes: an S3 sign seals the whole alert). `codes` are sign codes, `EPDS_ITEM10` or `PROTECTED_SIGNAL`.
    """

    family: str
    subject: str
    codes: tuple[str, ...]
    sensitivity: str


@dataclass(frozen=True, kw_only=True)
class Run:
    """A piece of a step; the strong ones are what the eye must catch."""

    text: str
    strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Family:
    """One family of alert: the team answers within `team_delay_min` minutes of the server's receipt.

    `buttons` says whom to call, in order: a short number, or TEAM. `may_close` is CALL, INSTRUCTION_OR_CALL,
    ACK_OR_CALL or FREE; `midwife_told` AT_ONCE, YES or WITHOUT_CONTENT; `then` SAMU or LADDER.
    """

    code: str
    name: str
    call_first: str
    buttons: tuple[str, ...]
    team_delay_min: int
    then: str
    midwife_told: str
    may_close: str
    steps: tuple[tuple[Run, ...], ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """Whom to call, in order: its buttons, then the lines that its steps name besides them (alerts.md 5)."""
        return (*self.buttons, *_ALSO.get(self.code, ()))

    @property
    def is_vital(self) -> bool:
        return self.may_close in ("CALL", "ACK_OR_CALL")


@dataclass(frozen=True, kw_only=True)
class AlertBook:
    """Every family by code, and the first sentence of a call (with {prénom AP} {adresse} {n} {libellés})."""

    version: str
    opening: str
    families: Mapping[str, Family]


@cache
def alert_book() -> AlertBook:
    """The families and procedures delivered with the code."""
    document = json.loads((FOLDER / "alerts.json").read_text(encoding="utf-8"))
    families = (_family(node) for node in document["families"])
    return AlertBook(
        version=document["version"],
        opening=document["opening"],
        families={family.code: family for family in families},
    )


def _family(node: Mapping[str, Any]) -> Family:
    steps = tuple(tuple(Run(**run) for run in step) for step in node["steps"])
    return Family(**{**node, "buttons": tuple(node["buttons"]), "steps": steps})


def alerts_raised(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> list[RaisedAlert]:
    """Every alert these answers raise, one per family and subject (W4). Pure: the caller records and keeps.

    `epds.i10` at 1 or more always raises MIND_VITAL, whatever the other nine values (E1, P12). Un-ticking a sign
    makes its alert disappear from this list; a recorded alert never closes that way.
    """
    found: dict[tuple[str, str], list[tuple[str, bool]]] = {}
    for family, subject, code, is_sealed in _causes(questionnaire, answers):
        found.setdefault((family, subject), []).append((code, is_sealed))
    return [
        RaisedAlert(
            family=family,
            subject=subject,
            codes=tuple(code for code, _ in causes),
            sensitivity="S3" if any(is_sealed for _, is_sealed in causes) else "S2",
        )
        for (family, subject), causes in found.items()
    ]


def _causes(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> Iterator[tuple[str, str, str, bool]]:
    for item in questionnaire.by_id.values():
        if any(option.family for option in item.options):
            yield from _signs(item, answers)
    if _number(answers.get(ITEM_10)) >= 1:
        yield ITEM_10_FAMILY, MOTHER, ITEM_10_CODE, True
    if answers.get(SIGNAL) is True:
        yield SIGNAL_FAMILY, HOME, SIGNAL_CODE, True


def _signs(item: Item, answers: Mapping[str, Any]) -> Iterator[tuple[str, str, str, bool]]:
    holders = answers.get(item.rows, ()) if item.rows else (answers,)
    for holder in holders:
        subject = SUBJECTS.get(item.link_id) or str(holder.get("child.ref", ""))
        for code in holder.get(item.link_id, ()):
            option = item.option(code)
            if option is not None and option.family:
                yield option.family, subject, code, option.is_sealed


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def alerts_open(
    questionnaire: Questionnaire, answers: Mapping[str, Any], recorded: Collection[RaisedAlert]
) -> list[RaisedAlert]:
    """Alerts the answers raise now, and those recorded before that they no longer raise: nothing un-ticks one."""
    merged = {(alert.family, alert.subject): alert for alert in alerts_raised(questionnaire, answers)}
    for alert in recorded:
        now = merged.get((alert.family, alert.subject))
        merged[alert.family, alert.subject] = alert if now is None else _joined(alert, now)
    return list(merged.values())


def _joined(before: RaisedAlert, now: RaisedAlert) -> RaisedAlert:
    return RaisedAlert(
        family=now.family,
        subject=now.subject,
        codes=tuple(dict.fromkeys((*before.codes, *now.codes))),
        sensitivity=max(before.sensitivity, now.sensitivity),
    )


def alerts_keeping_visit_open(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    recorded: Collection[RaisedAlert] = (),
    acknowledged: Collection[str] = (),
) -> list[RaisedAlert]:
    """Alerts that forbid « Je sors » (alerts.md 1, "Visit may close"; epds.procedure).

    `acknowledged` holds the families the referring team has acknowledged: it frees all but those that want a call. A
    recorded call is somebody who answered, or the 15 called. Empty: the visit may close.
    """
    rows = {row.get("alert.family"): row for row in answers.get("alert", ())}
    return [
        alert
        for alert in alerts_open(questionnaire, answers, recorded)
        if not (alert.family in acknowledged and acknowledgement_frees(alert.family))
        and not may_leave(alert.family, rows.get(alert.family, {}))
    ]


def may_leave(family: str, row: Mapping[str, Any]) -> bool:
    """Whether what is noted in the alert's block lets the AP leave, without an acknowledgement of the team."""
    known = alert_book().families.get(family)
    if known is None or known.may_close == "FREE":
        return True
    was_answered = row.get("alert.spoke_to") not in (None, NO_ANSWER)
    return was_answered or row.get("alert.called_15") is True


def acknowledgement_frees(family: str) -> bool:
    """Whether the team's taking of an alert is enough to leave; a life in danger now wants a call (alerts.md 1)."""
    known = alert_book().families.get(family)
    return known is None or known.may_close != "CALL"


def call_frees(family: str, called: str, *, is_answered: bool) -> bool:
    """Whether a call noted on an alert lets the AP leave; `called` is a Called (alerts.md 1 and 5.5).

    The 15 frees even before it answers. Where a life is in danger only the team, spoken to, does besides it: a midwife,
    the 17 or the 3114 are called in addition. Elsewhere anybody who answered gave an instruction.
    """
    known = alert_book().families.get(family)
    if known is None or known.may_close == "FREE" or called == Called.SAMU:
        return True
    return is_answered and (called == Called.TEAM or not known.is_vital)
