"""`{% specimens as s %}`: the invented values of the style guide."""

from typing import Any

from django import template

from copa.kernel import specimens as invented

register = template.Library()


@register.simple_tag
def specimens() -> dict[str, Any]:
    """See copa.kernel.specimens."""
    return invented.specimens()
