"""The numbers in the menu: few, each served by a partial index, the same however many families there are."""

from typing import Any

from django.db.models import Count, DateTimeField, Value
from django.db.models.functions import Cast

from copa.kernel.access import permission
from pathways.reads.alert_watch import Counted, Watch, open_counts, watch
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
# What a parent wrote and nobody has read.
OF_MESSAGES = "messaging:conversations"


def of_menu(member: Member, pages: list[str]) -> tuple[dict[str, int], Watch]:
    """How many things wait behind each page that shows a number, and what is open among the alerts.

    Pages without a number are left out. One query for all of them.
    """
    shown = [page for page in OF_ALERTS if page in pages]
    decides, judges = permission("pathways.decide_orientation"), permission("territories.moderate_post")
    rows: dict[str, Any] = {}
    if OF_DEVIATIONS in pages:
        rows[OF_DEVIATIONS] = uncoded(member)
    if OF_ORIENTATIONS in pages and decides.is_held_by(member):
        rows[OF_ORIENTATIONS] = decides.rows(member).to_decide().running()
    if OF_COMMUNITY in pages and judges.is_held_by(member):
        rows[OF_COMMUNITY] = judges.rows(member).pointed_out()
    if OF_MESSAGES in pages:
        rows[OF_MESSAGES] = permission("messaging.read_conversation").rows(member).told_unread()
    asked = [_counting(page, one) for page, one in rows.items()]
    found = _found([*asked, *([open_counts(member, page=Value(_ALERTS))] if shown else [])])
    open_alerts = watch(member, found.pop(_ALERTS, Counted())) if shown else Watch()
    numbers = {page: found[page].open if page in found else 0 for page in rows}
    return dict.fromkeys(shown, open_alerts.open) | numbers, open_alerts


_ALERTS = "alerts"


def _counting(page: str, rows: Any) -> Any:
    """How many these rows are, in the shape of `open_counts`."""
    nothing = {"signs": Value(0), "oldest": Cast(Value(None), DateTimeField())}
    return rows.order_by().values(page=Value(page)).annotate(number=Count("pk"), **nothing)


def _found(asked: list[Any]) -> dict[str, Counted]:
    """What each of these queries counts, by page, in one query at most."""
    if not asked:
        return {}
    rows = asked[0].union(*asked[1:], all=True).values_list("page", "number", "signs", "oldest")
    return {page: Counted(*numbers) for page, *numbers in rows}
