"""The page of chargeable lines."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from billing import perms, reads, tasks
from billing.enums import LineKind
from copa.kernel import jobs
from copa.kernel.access import require
from copa.kernel.links import here
from copa.kernel.look import Chip
from copa.kernel.quarters import Quarter

UNPRICED = "sans"


@require_GET
def lines(request: HttpRequest) -> HttpResponse:
    """Lines of a quarter, or the closed pathways that have none."""
    require(perms.SEE_LINES, request.member)  # type: ignore[attr-defined]
    quarter, kind = _quarter(request.GET.get("trimestre")), request.GET.get("forfait", "")
    totals = reads.totals(quarter)
    shows_unpriced = kind == UNPRICED
    page = request.GET.get("page")
    context = {
        "quarter": quarter,
        "totals": totals,
        "kind_chips": _kind_chips(totals),
        "quarter_chips": _quarter_chips(),
        "shows_unpriced": shows_unpriced,
        "page": reads.unpriced(quarter, page) if shows_unpriced else reads.lines(quarter, _kind(kind), page),
    }
    return render(request, "billing/lines.html", context)


@require_POST
def make_lines(request: HttpRequest) -> HttpResponse:
    """Queue the job that makes the due lines, without waiting for its hour."""
    require(perms.MAKE_LINES, request.member)  # type: ignore[attr-defined]
    jobs.after_commit(tasks.make_lines)
    messages.success(request, "Les lignes des parcours clos sont en cours d’établissement. Actualisez dans un instant.")
    return redirect(here("billing:lines"))


def _quarter(code: str | None) -> Quarter | None:
    """The quarter of the address; 404 for one that does not exist."""
    try:
        return Quarter.parse(code) if code else None
    except ValueError as error:
        raise Http404 from error


def _kind(code: str) -> str:
    if code and code not in LineKind.values:
        raise Http404
    return code


def _kind_chips(totals: reads.Totals) -> list[Chip]:
    return [
        Chip("Toutes", {"forfait": None}, totals.count),
        *(Chip(kind.label, {"forfait": kind.kind}, kind.count) for kind in totals.kinds),
        Chip("Sans prix", {"forfait": UNPRICED}, totals.unpriced),
    ]


def _quarter_chips() -> list[Chip]:
    """The last quarters with a closed pathway; nothing to choose when there is one at most."""
    found = reads.quarters()[:6]
    if len(found) < 2:
        return []
    return [
        Chip("Toutes dates", {"trimestre": None}),
        *(Chip(quarter.short, {"trimestre": quarter.code}) for quarter in found),
    ]
