"""Words of a question or an answer, with the names of this visit in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from copa.kernel import french
from visits.questionnaire.context import EPDS_LANGUAGE, ReportContext
from visits.questionnaire.model import Item
from visits.questionnaire.sheet import Row
from visits.questionnaire.typography import NBSP

FIRST_NAME, GOAL, CIRCLE = "{prénom}", "{objectif}", "{liste}"
EPDS_FROM_DAY = 7


def label_of(item: Item, row: Row | None, context: ReportContext, *, alone: bool = False) -> str:
    """The question as asked. `alone`: read out of its block, so a child's question must name the child."""
    text = item.text
    name = row.child.first_name if row is not None and row.child is not None else ""
    if alone and name and FIRST_NAME not in text:
        text = f"{FIRST_NAME}, {text[:1].lower()}{text[1:]}"
    if alone and row is not None and row.need is not None:
        text = f"{row.need.label}, {text[:1].lower()}{text[1:]}"
    text = text.replace(FIRST_NAME, name or "l’enfant")
    return text.replace(GOAL, context.goal_text or "–").replace(CIRCLE, context.circle_text or "–")


def help_of(item: Item, row: Row | None) -> str:
    name = row.child.first_name if row is not None and row.child is not None else "l’enfant"
    return item.help.replace(FIRST_NAME, name)


def answer_text(item: Item, value: Any, context: ReportContext) -> str:
    """The answer as people read it, "" when there is none."""
    if value is None or value == []:
        return ""
    if item.options and item.type == "choice":
        return french.series(_chosen(item, value if isinstance(value, list) else [value], context))
    if item.type == "reference":
        entry = context.entry(value)
        return entry.name if entry else ""
    if item.type == "boolean":
        return "Oui" if value else "Non"
    if item.type == "date":
        return french.full_day(date.fromisoformat(value))
    if item.type == "dateTime":
        return hour_text(datetime.fromisoformat(value), context)
    if item.type == "decimal":
        return str(value).replace(".", ",")
    return french.number(value) if isinstance(value, int) else str(value)


def _chosen(item: Item, codes: list[Any], context: ReportContext) -> list[str]:
    """The labels of these codes; a language is named by the territory that has loaded it."""
    names = dict(context.epds_languages) if item.link_id == EPDS_LANGUAGE else {}
    names |= {option.code: option.label for option in item.options}
    return [names[code] for code in codes if code in names]


def hour_text(moment: datetime, context: ReportContext) -> str:
    """As "14 h 05", in the zone of the territory."""
    return french.hour(moment.astimezone(context.zone).replace(tzinfo=None))


def day_and_hour_text(moment: datetime, context: ReportContext) -> str:
    """As "mar. 3 nov. à 14 h 05", in the zone of the territory."""
    return french.moment_alone(moment.astimezone(context.zone).replace(tzinfo=None))


def days_text(day: int) -> str:
    return f"J+{day}" if day else f"jour{NBSP}J"


def is_early_for_epds(context: ReportContext) -> bool:
    """Whether the scale was asked in the first week: its total is to be taken again."""
    return context.day < EPDS_FROM_DAY


def threshold_text(context: ReportContext) -> str:
    """The EPDS threshold of this report, with the version of the rules when it is known."""
    version = f", version {context.epds_threshold_version}" if context.epds_threshold_version else ""
    return f"Seuil utilisé{NBSP}: {context.epds_threshold}{version}."
