"""The table of the families under way: its filters, its counts, and what is to be decided about each."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator

from copa.kernel.french import day as short_day
from pathways.models import Pathway
from pathways.perms import SEE_ALERTS
from pathways.rules import day_of
from visits import perms
from visits.reads.thread import mini_thread, short_kind
from visits.reads.under_way import UnderWay
from visits.reads.worklist.names import Shown
from visits.reads.worklist.shapes import ALL, END, PAGE, TODO, WEEK, Counts, Decision, Filters, PathwayRow


def kept(everyone: list[UnderWay], filters: Filters) -> list[UnderWay]:
    """Those that the filters of AP, team and sector keep."""
    keys = set(Pathway.objects.active().filter(filters.as_q()).order_by("pk").values_list("pk", flat=True))
    return [pathway for pathway in everyone if pathway.pk in keys]


_IN_VIEW: Mapping[str, Callable[[UnderWay], bool]] = {
    TODO: lambda pathway: pathway.is_todo,
    WEEK: lambda pathway: pathway.is_of_week,
    END: lambda pathway: pathway.is_over,
    ALL: lambda pathway: True,
}


def counts_of(pathways: list[UnderWay]) -> Counts:
    """How many each view holds."""

    def held(view: str) -> int:
        return sum(map(_IN_VIEW[view], pathways))

    return Counts(todo=held(TODO), week=held(WEEK), end=held(END), every=len(pathways))


def page_of(pathways: list[UnderWay], filters: Filters) -> Page[Any]:
    """The page asked for of the view asked for."""
    rows = [pathway for pathway in pathways if _IN_VIEW[filters.view](pathway)]
    return Paginator(rows[::-1] if filters.order == "jour" else rows, PAGE).get_page(filters.page)


def row_of(pathway: UnderWay, shown: Shown, today: date, zone: str) -> PathwayRow:
    """One family, with her 21 days."""
    born_on = shown.pathways[pathway.pk].birth__day
    return PathwayRow(
        household=shown.homes[pathway.family_id],
        day=day_of(born_on, today),
        thread=mini_thread(
            birth_day=born_on,
            visits=pathway.visits,
            today=today,
            zone=zone,
            promised=pathway.promised,
            elsewhere=pathway.elsewhere,
        ),
        ap=shown.ap_of(pathway),
        decision=decision(pathway, today),
    )


def decision(pathway: UnderWay, today: date) -> Decision | None:
    """The first thing to decide about a pathway; None while it goes as planned."""
    if pathway.has_alert:
        return Decision("bad", "alert", "Alerte à prendre", "pathways:alerts", SEE_ALERTS.code)
    if pathway.late_kind:
        words = f"Compte rendu {short_kind(pathway.late_kind)} en retard"
        return Decision("bad", "file", words, "visits:reports", perms.SEE_INBOX.code)
    if pathway.is_over:
        close = perms.CLOSE_PATHWAY.code
        return Decision("info", "done", "Clore le parcours", "visits:close_pathway", close, pathway.public_id)
    plan = perms.PLAN_VISIT.code
    if pathway.ap_id is None:
        return Decision("bad", "user", "Désigner une auxiliaire", "visits:plan", plan, pathway.public_id)
    if not pathway.missing:
        return None
    first = pathway.missing[0]
    if pathway.window_to < today:
        return Decision("bad", "calendar", f"{first} hors dates", "visits:plan", plan, pathway.public_id)
    words = f"Fixer {first} avant le {short_day(pathway.window_to)}"
    return Decision("warn", "calendar", words, "visits:plan", plan, pathway.public_id)
