"""The numbers in the menu: few, each served by a partial index, the same however many families there are."""

from copa.kernel.access import permission
from territories.models import Member

# Pages whose number is that of the open alerts: the list, and the AP's emergency page that leads to it.
OF_ALERTS = ("pathways:alerts", "visits:emergency")


def of_menu(member: Member, pages: list[str]) -> dict[str, int]:
    """How many things wait behind each page that shows a number; pages without one are left out."""
    found: dict[str, int] = {}
    shown = [page for page in OF_ALERTS if page in pages]
    if shown:
        waiting = permission("pathways.see_alerts").rows(member).open().count()
        found |= dict.fromkeys(shown, waiting)
    return found
