"""View model of the form: what the tablet page, and nothing else, needs to draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from visits.questionnaire.context import ReportContext
from visits.questionnaire.model import Questionnaire


@dataclass(frozen=True, kw_only=True)
class FormView:
    """Everything templates/visits/report/_form.html draws."""

    questionnaire_id: str
    version: str


def view_model(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    context: ReportContext,
    errors: Mapping[str, str] | None = None,
) -> FormView:
    """Sections, questions and options with what is selected, visible, required, missing and wrong."""
    raise NotImplementedError
