"""The numbers in the menu: few, each served by a partial index, the same however many families there are."""

from copa.kernel.access import permission
from territories.models import Member


def of_menu(member: Member, pages: list[str]) -> dict[str, int]:
    """How many things wait behind each page that shows a number; pages without one are left out."""
    found = {}
    if "pathways:alerts" in pages:
        found["pathways:alerts"] = permission("pathways.see_alerts").rows(member).open().count()
    return found
