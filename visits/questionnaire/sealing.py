"""Keep S3 answers apart from the rest: they are stored in another table, with named readers (design.md 3.12, G6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from visits.questionnaire.model import Questionnaire

Answers = dict[str, Any]


def split_by_sensitivity(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> tuple[Answers, Answers]:
    """Return `(open, sealed)`; `join_sealed(questionnaire, open, sealed)` gives the document back.

    Sealed: S3 questions, S3 codes inside a list of signs, the whole alert block an S3 sign opened, and the ten EPDS
    values (nine of them and the total would tell the tenth).
    """
    raise NotImplementedError


def join_sealed(questionnaire: Questionnaire, opened: Mapping[str, Any], sealed: Mapping[str, Any]) -> Answers:
    """Undo `split_by_sensitivity`, for a named reader or the author of a draft."""
    raise NotImplementedError
