"""The first page of the coordinator: what waits for a decision."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from copa.kernel import clock
from copa.kernel.access import require
from copa.kernel.look import Chip
from copa.kernel.polled import polled
from visits import perms
from visits.reads import choices
from visits.reads import worklist as reads
from visits.views.filters import as_uuid


@require_GET
def worklist(request: HttpRequest) -> HttpResponse:
    """Births, proposals, plans, reports and alerts that wait, above the 21 days of every family under way.

    Its address is that of the territory, the one people keep and share: whoever has another first page is led there.
    """
    if not perms.SEE_WORKLIST.is_held_by(request.member):
        return redirect("home")
    asked = _filters(request.GET)
    at = clock.now()
    shown = reads.worklist(request.member, filters=asked, at=at, zone=request.territory.time_zone)
    context = {
        "list": shown,
        # Asked for once the page stands: the other subjects would double what it costs.
        "rest": None,
        "chips": _chips(shown.counts),
        "filters": asked,
        "choices": choices.of_lists(clock.local_date(at, request.territory.time_zone)),
        "now": at,
    }
    return render(request, "visits/worklist.html", context)


@require_GET
def first_alert(request: HttpRequest) -> HttpResponse:
    """The band of the worklist, asked for again by the open page; nothing comes back while it already says so."""
    require(perms.SEE_WORKLIST, request.member)
    shown = reads.first_alert(request.member, at=clock.now(), zone=request.territory.time_zone)
    return polled(request, "visits/_first_alert.html", {"alert": shown})


def _filters(query: QueryDict) -> reads.Filters:
    view, order = query.get("vue", reads.TODO), query.get("tri", "-jour")
    return reads.Filters(
        view=view if view in reads.VIEWS else reads.TODO,
        ap=as_uuid(query.get("ap")),
        maternity=as_uuid(query.get("maternite")),
        sector=as_uuid(query.get("secteur")),
        order=order if order in reads.ORDERS else "-jour",
        page=query.get("page", "1"),
    )


def _chips(counts: reads.Counts) -> list[Chip]:
    return [
        Chip("Parcours à traiter", {"vue": None}, counts.todo),
        Chip("Visite cette semaine", {"vue": reads.WEEK}, counts.week),
        Chip("Fin de parcours", {"vue": reads.END}, counts.end),
        Chip("Toutes", {"vue": reads.ALL}, counts.every),
    ]
