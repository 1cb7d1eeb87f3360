"""The numbers in the menu: few, each served by a partial index, the same however many families there are."""

from typing import Any

from django.db.models import Count, Value

from copa.kernel.access import permission
from pathways.reads.alert_watch import Watch, watch
from territories.models import Member
from visits.reads.deviations import uncoded

# What waits for a reason. An auxiliary's own stand on her day: her every page does not count them.
OF_DEVIATIONS = "visits:deviations"
# Pages whose number is that of the open alerts: the list, and the AP's emergency page that leads to it.
OF_ALERTS = ("pathways:alerts", "visits:emergency")


# What waits for the team's decision.
OF_ORIENTATIONS = "pathways:orientations"
# What a colleague pointed out in a message of the territory.
OF_COMMUNITY = "territories:community"


def of_menu(member: Member, pages: list[str]) -> tuple[dict[str, int], Watch]:
    """How many things wait behind each page that shows a number, and what is open among the alerts.

    Pages without a number are left out. One query for the alerts, one for the rest.
    """
    shown = [page for page in OF_ALERTS if page in pages]
    found = watch(member) if shown else Watch()
    decides, judges = permission("pathways.decide_orientation"), permission("territories.moderate_post")
    rows: dict[str, Any] = {}
    if OF_DEVIATIONS in pages:
        rows[OF_DEVIATIONS] = uncoded(member)
    if OF_ORIENTATIONS in pages and decides.is_held_by(member):
        rows[OF_ORIENTATIONS] = decides.rows(member).to_decide().running()
    if OF_COMMUNITY in pages and judges.is_held_by(member):
        rows[OF_COMMUNITY] = judges.rows(member).pointed_out()
    return dict.fromkeys(shown, found.open) | _counted(rows), found


def _counted(rows: dict[str, Any]) -> dict[str, int]:
    """How many rows each page has, in one query at most."""
    counts = [one.order_by().values(page=Value(page)).annotate(number=Count("pk")) for page, one in rows.items()]
    if not counts:
        return {}
    found = dict(counts[0].union(*counts[1:], all=True).values_list("page", "number"))
    return {page: found.get(page, 0) for page in rows}
