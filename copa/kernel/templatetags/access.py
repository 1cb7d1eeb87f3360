"""`{% can "visits.send_report" visit as may_write %}`: the same permission object as the page and the API."""

from typing import Any

from django import template

from copa.kernel.access import permission

register = template.Library()


@register.simple_tag(takes_context=True)
def can(context: template.Context, code: str, obj: Any = None) -> bool:
    """Whether the member of this request may do this on this object, or at all when no object is given."""
    member = getattr(context["request"], "member", None)
    perm = permission(code)
    if member is None:
        return False
    return perm.allows(member, obj) if obj is not None else perm.is_held_by(member)
