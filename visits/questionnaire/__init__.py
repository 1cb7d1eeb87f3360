"""Definition and engine of the visit report: pure Python, no ORM, no clock, no request."""

from visits.questionnaire.alerts import RaisedAlert, alerts_keeping_visit_open, alerts_raised
from visits.questionnaire.answers import raw_from_form
from visits.questionnaire.client import draft_reply
from visits.questionnaire.context import (
    ChildRef,
    Deviations,
    EntryRef,
    NeedRef,
    ReportContext,
    ScaleWords,
    TeamCall,
    deviations,
    duration_limits,
)
from visits.questionnaire.document import Block, Line, printable
from visits.questionnaire.engine import Answers, CleanResult, Missing, clean, missing, told_deviations
from visits.questionnaire.fhir import questionnaire_response
from visits.questionnaire.library import packaged_definitions
from visits.questionnaire.model import DefinitionError, Questionnaire
from visits.questionnaire.reader import load
from visits.questionnaire.screen import FormView
from visits.questionnaire.sealing import join_sealed, split_by_sensitivity
from visits.questionnaire.sections import view_model

__all__ = [
    "Answers",
    "Block",
    "ChildRef",
    "CleanResult",
    "DefinitionError",
    "Deviations",
    "EntryRef",
    "FormView",
    "Line",
    "Missing",
    "NeedRef",
    "Questionnaire",
    "RaisedAlert",
    "ReportContext",
    "ScaleWords",
    "TeamCall",
    "alerts_keeping_visit_open",
    "alerts_raised",
    "clean",
    "deviations",
    "draft_reply",
    "duration_limits",
    "join_sealed",
    "load",
    "missing",
    "packaged_definitions",
    "printable",
    "questionnaire_response",
    "raw_from_form",
    "split_by_sensitivity",
    "told_deviations",
    "view_model",
]
