"""The page of chargeable lines."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from billing import actions, perms, reads, tasks
from billing.enums import LineKind
from copa.kernel import clock, jobs
from copa.kernel.access import require
from copa.kernel.french import plural
from copa.kernel.links import here
from copa.kernel.look import Chip
from copa.kernel.quarters import Quarter

UNPRICED = "sans"
ALL_QUARTERS = "tous"
# A line takes a few milliseconds, and the job looks every five minutes: more than this is rare.
AT_ONCE = 100


@require_GET
def lines(request: HttpRequest) -> HttpResponse:
    """Lines of a quarter, or the closed pathways that have none; of the last quarter unless she asks otherwise.

    The whole experiment is there for the asking: counting it grows with its years, a quarter does not.
    """
    member = request.member  # type: ignore[attr-defined]
    require(perms.SEE_LINES, member)
    quarters = reads.quarters()
    quarter, kind = _quarter(request.GET.get("trimestre"), quarters), request.GET.get("forfait", "")
    totals = reads.totals(quarter)
    shows_unpriced = kind == UNPRICED
    page = request.GET.get("page")
    context = {
        "quarter": quarter,
        "totals": totals,
        "kind_chips": _kind_chips(totals),
        "all_quarters": ALL_QUARTERS,
        "quarter_chips": _quarter_chips(quarters),
        "shows_unpriced": shows_unpriced,
        "page": reads.unpriced(quarter, page, member)
        if shows_unpriced
        else reads.lines(quarter, _kind(kind), page, member),
    }
    return render(request, "billing/lines.html", context)


@require_POST
def make_lines(request: HttpRequest) -> HttpResponse:
    """Make the due lines now; what is too much for one page is left to the job."""
    require(perms.MAKE_LINES, request.member)  # type: ignore[attr-defined]
    made, is_all = actions.make_due_lines(at=clock.now(), most=AT_ONCE)
    words = (
        f"{plural(made, 'ligne établie,lignes établies')}." if made else "Tous les parcours clos ont déjà leur ligne."
    )
    if not is_all:
        jobs.after_commit(tasks.make_lines)
        words += " Les autres suivent dans les minutes qui viennent."
    messages.success(request, words)
    return redirect(here("billing:lines"))


def _quarter(code: str | None, quarters: list[Quarter]) -> Quarter | None:
    """The quarter of the address, None for all of them, the last one without a word; 404 when there is no such one."""
    if code == ALL_QUARTERS:
        return None
    if not code:
        return quarters[0] if quarters else None
    try:
        return Quarter.parse(code)
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


def _quarter_chips(quarters: list[Quarter]) -> list[Chip]:
    """The last quarters with a closed pathway; nothing to choose when there is one at most."""
    if len(quarters) < 2:
        return []
    last, *earlier = quarters[:6]
    return [
        Chip(last.short, {"trimestre": None}),
        *(Chip(quarter.short, {"trimestre": quarter.code}) for quarter in earlier),
        Chip("Depuis le début", {"trimestre": ALL_QUARTERS}),
    ]
