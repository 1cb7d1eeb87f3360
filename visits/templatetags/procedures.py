"""`{% procedure "MIND_VITAL" %}`: the fixed steps of a family of alert, as the tablet shows them (alerts.md 5)."""

from typing import Any

from django import template

from visits.questionnaire.alerts import alert_book

register = template.Library()


@register.inclusion_tag("visits/_procedure_steps.html")
def procedure(family: str) -> dict[str, Any]:
    """Its name and its steps."""
    found = alert_book().families[family]
    return {"name": found.name, "steps": found.steps}
