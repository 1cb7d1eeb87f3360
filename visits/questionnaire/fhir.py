"""FHIR R4 QuestionnaireResponse of a report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from visits.questionnaire.context import ReportContext
from visits.questionnaire.model import Questionnaire


def questionnaire_response(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    context: ReportContext,
    *,
    response_id: str,
    authored_at: datetime,
    status: str = "completed",
) -> dict[str, Any]:
    """R4 JSON, nested as the Questionnaire nests. Give it open answers only for anyone but a named S3 reader."""
    raise NotImplementedError
