"""The numbers in the menu: few, each served by a partial index, the same however many families there are."""

from copa.kernel.access import permission
from pathways.reads.alerts import Watch, watch
from territories.models import Member
from visits.reads.deviations import uncoded

# What waits for a reason. An auxiliary's own stand on her day: her every page does not count them.
OF_DEVIATIONS = "visits:deviations"
# Pages whose number is that of the open alerts: the list, and the AP's emergency page that leads to it.
OF_ALERTS = ("pathways:alerts", "visits:emergency")


def of_menu(member: Member, pages: list[str]) -> tuple[dict[str, int], Watch]:
    """How many things wait behind each page that shows a number, and what is open among the alerts.

    Pages without a number are left out. One query, one more for those who decide orientations, one for those who
    read the deviations.
    """
    shown = [page for page in OF_ALERTS if page in pages]
    found = watch(member) if shown else Watch()
    numbers = dict.fromkeys(shown, found.open)
    if OF_DEVIATIONS in pages:
        numbers[OF_DEVIATIONS] = uncoded(member).count()
    decides = permission("pathways.decide_orientation")
    if "pathways:orientations" in pages and decides.is_held_by(member):
        numbers["pathways:orientations"] = decides.rows(member).to_decide().running().count()
    return numbers, found
