"""`{% family_tabs family.public_id "accords" %}`: the parts of a family's file, the one that is read marked."""

from typing import Any
from uuid import UUID

from django import template
from django.http import HttpRequest

from copa.kernel import clock
from copa.kernel.links import here
from copa.pages.tabs import shown_tabs
from pathways.models import Family
from visits.reads.family_reasons import Reasons, reasons_of

register = template.Library()
FILE = "visits:family"


@register.inclusion_tag("pages/family_tabs.html", takes_context=True)
def family_tabs(context: template.Context, family: UUID, current: str) -> dict[str, Any]:
    """The parts that this member may open; `current` is the key of the page."""
    shown = shown_tabs(context["request"].member, family, current)
    tabs = [(tab.label, f"{here(tab.page, family)}{tab.query}", tab.key == current) for tab in shown]
    is_file = any(tab.key == current and tab.page == FILE for tab in shown)
    # Idea 26 of peers.md: the file brings its own panel, every other part shows it under its tabs.
    reasons = None if is_file else _reasons(context["request"], family)
    return {"tabs": tabs, "reasons": reasons, "now": clock.now()}


def _reasons(request: HttpRequest, family: UUID) -> Reasons | None:
    """Why she sees this family, and what of it she does not; the page has fetched it already."""
    found = Family.objects.visible_to(request.member).filter(public_id=family).first()
    zone = request.territory.time_zone
    return reasons_of(found, request.member, at=clock.now(), zone=zone) if found else None
