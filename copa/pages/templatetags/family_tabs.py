"""`{% family_tabs family "accords" %}`: the parts of a family's file, the one that is read marked."""

from typing import Any

from django import template

from copa.kernel import clock
from copa.kernel.links import here
from copa.pages.tabs import shown_tabs
from pathways.reads.facts import FamilyFacts
from visits.reads.family_reasons import reasons_of

register = template.Library()
FILE = "visits:family"


@register.inclusion_tag("pages/family_tabs.html", takes_context=True)
def family_tabs(context: template.Context, family: FamilyFacts, current: str) -> dict[str, Any]:
    """The parts that this member may open, from the facts the page has read; `current` is the key of the page."""
    request = context["request"]
    shown = shown_tabs(request.member, family.public_id, current)
    tabs = [(tab.label, f"{here(tab.page, family.public_id)}{tab.query}", tab.key == current) for tab in shown]
    is_file = any(tab.key == current and tab.page == FILE for tab in shown)
    # Idea 26 of peers.md: the file brings its own panel, every other part shows it under its tabs.
    reasons = None if is_file else reasons_of(family, request.member, zone=request.territory.time_zone)
    return {"tabs": tabs, "reasons": reasons, "now": clock.now()}
