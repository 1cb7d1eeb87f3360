"""`{% here "visits:family" family.public_id %}`: an address inside the territory of the page."""

from typing import Any

from django import template

from copa.kernel import links

register = template.Library()


@register.simple_tag
def here(name: str, *args: Any) -> str:
    """The address of a page of the territory in scope."""
    return links.here(name, *args)
