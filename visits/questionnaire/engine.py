"""Clean, complete, refuse: the three questions asked of an answer document.

The answer document is a dict `linkId -> value`. Groups that appear once are flat; a repeating group (`child`,
`alert`, `need.item`) is a list of such dicts. Values are JSON: code, list of codes, bool, int, decimal as text
("12.4"), ISO date or datetime. A *path* is the linkId, or `group/index/linkId` inside a repeating group
("child/0/child.feed.now").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from visits.questionnaire.context import ReportContext
from visits.questionnaire.model import Questionnaire

Answers = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class CleanResult:
    """`answers` hold only typed values of visible questions; `errors` refuse, `warnings` only ask to look again.

    Both map a path to a French sentence. An answer in error is left out of `answers`.
    """

    answers: Answers
    errors: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One question that still needs an answer. `section` is the section id (anchor of the card)."""

    path: str
    section: str
    text: str


def clean(questionnaire: Questionnaire, raw: Mapping[str, Any], context: ReportContext) -> CleanResult:
    """Turn the page's document into typed answers.

    Refuses, with a sentence at the path: a linkId that is not in this version, a computed one (`ctx.*`), a wrong
    type, an unknown code, a value outside its limits. Drops answers of hidden questions. Adds what the platform
    computes (`child.ref`, `alert.family`, `epds.language`, `epds.total`).
    """
    raise NotImplementedError


def missing(questionnaire: Questionnaire, answers: Mapping[str, Any], context: ReportContext) -> list[Missing]:
    """What must still be answered before signing, in the order of the page. Empty: the report may be signed."""
    raise NotImplementedError
