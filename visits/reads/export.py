"""A signed report as FHIR R4, for the team."""

from dataclasses import replace
from typing import Any

from visits.models import Report
from visits.questionnaire import Answers, Questionnaire, questionnaire_response
from visits.reads.context import questionnaire_of
from visits.reads.report import context_of

TEAM = "E"


def fhir_response(report: Report) -> dict[str, Any]:
    """The QuestionnaireResponse of what the team may read: sealed answers are not among the open ones, and questions
    nobody prints (the AP's own gestures, the parents' quiz) serve figures, not readers.
    """
    questionnaire, context = questionnaire_of(report.form_id), context_of(report)
    # Even the family of a sealed alert would say what it is about.
    told = tuple(alert for alert in context.recorded_alerts if alert.sensitivity != "S3")
    return questionnaire_response(
        questionnaire,
        _for_team(questionnaire, report.answers),
        replace(context, recorded_alerts=told),
        response_id=str(report.public_id),
        authored_at=report.signed_at or report.saved_at,
    )


def _for_team(questionnaire: Questionnaire, answers: Answers) -> Answers:
    kept: Answers = {}
    for link_id, value in answers.items():
        item = questionnaire.by_id[link_id]
        if item.is_row_group:
            kept[link_id] = [_for_team(questionnaire, row) for row in value]
        elif TEAM in item.prints_for:
            kept[link_id] = value
    return kept
