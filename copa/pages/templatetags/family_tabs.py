"""`{% family_tabs family.public_id "accords" %}`: the parts of a family's file, the one that is read marked."""

from typing import Any
from uuid import UUID

from django import template

from copa.kernel.links import here
from copa.pages.tabs import shown_tabs

register = template.Library()
FILE = "visits:family"


@register.inclusion_tag("pages/family_tabs.html", takes_context=True)
def family_tabs(context: template.Context, family: UUID, current: str) -> dict[str, Any]:
    """The parts that this member may open; `current` is the key of the page."""
    shown = shown_tabs(context["request"].member, family, current)
    tabs = [(tab.label, f"{here(tab.page, family)}{tab.query}", tab.key == current) for tab in shown]
    # The panel itself stands on the file (idea 26 of peers.md): every other part leads to it.
    is_file = any(tab.key == current and tab.page == FILE for tab in shown)
    return {"tabs": tabs, "why": "" if is_file else f"{here(FILE, family)}#pourquoi"}
