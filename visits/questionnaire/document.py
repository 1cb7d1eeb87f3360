"""The printed report, block by block, for one recipient (docs/forms/documents.md, section 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from visits.questionnaire.context import ReportContext
from visits.questionnaire.model import Questionnaire

# E referring team, L liberal midwife, G general practitioner, P paediatrician, M PMI, F mother's copy,
# C co-parent's copy.
RECIPIENTS = ("E", "L", "G", "P", "M", "F", "C")


@dataclass(frozen=True, kw_only=True)
class Line:
    label: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Block:
    """One block of the report, in printing order. `code` is stable ("child", "themes"…), `title` French."""

    number: int
    code: str
    title: str
    lines: tuple[Line, ...]


def printable(
    questionnaire: Questionnaire, answers: Mapping[str, Any], context: ReportContext, recipient: str = "E"
) -> list[Block]:
    """Blocks this recipient may read. S3 is never printed, for anybody. Raises ValueError for an unknown letter."""
    raise NotImplementedError
