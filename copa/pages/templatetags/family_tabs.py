"""`{% family_tabs family.public_id "accords" %}`: the parts of a family's file, the one that is read marked."""

from typing import Any
from uuid import UUID

from django import template

from copa.kernel.links import here
from copa.pages.tabs import shown_tabs

register = template.Library()


@register.inclusion_tag("pages/family_tabs.html", takes_context=True)
def family_tabs(context: template.Context, family: UUID, current: str) -> dict[str, Any]:
    """The parts that this member may open; `current` is the key of the page."""
    shown = shown_tabs(context["request"].member, family, current)
    return {"tabs": [(tab.label, f"{here(tab.page, family)}{tab.query}", tab.key == current) for tab in shown]}
