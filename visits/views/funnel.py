"""From the birth to the first visit: the table of steps, and the births behind each number."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from copa.kernel.access import require
from copa.kernel.french import percent
from copa.kernel.links import here
from copa.kernel.look import Chip
from pathways.perms import MATERNITIES_SEEN
from pathways.rules import EARLY_INTERVIEW_TARGET
from visits import perms
from visits.reads import funnel as reads
from visits.reads.funnel import Asked, By, Line, Stage
from visits.reads.interviews import interviews
from visits.views.filters import as_day, as_uuid

_BY = {By.MATERNITY: "Par maternité", By.PARITY: "Par parité", By.WEEK: "Par semaine", By.MONTH: "Par mois"}
_STAGES = {
    Stage.BORN: "Naissances",
    Stage.PROPOSED: "CoPa proposé",
    Stage.ACCEPTED: "Ont dit oui",
    Stage.REFUSED: "Ont dit non",
    Stage.THINKING: "Réfléchissent",
    Stage.NOT_PROPOSED: "Pas proposé",
    Stage.INCLUDED: "Incluses",
    Stage.VISITED: "Première visite faite",
}


@require_GET
def funnel(request: HttpRequest) -> HttpResponse:
    """The steps by maternity, parity, week or month; filters stand in the address."""
    require(perms.SEE_FUNNEL, request.member)
    asked = _asked(request.GET)
    found = reads.funnel(request.member, asked)
    context = {
        "funnel": found,
        "rows": [_row(request, asked, line) for line in found.lines],
        "total": _row(request, asked, found.total),
        "asked": asked,
        "reasons": reads.reasons(request.member, asked),
        "target": reads.ADHESION_TARGET,
        "target_note": _aimed(reads.ADHESION_TARGET),
        "interviews": interviews(request.member, asked),
        "interview_target": EARLY_INTERVIEW_TARGET,
        "interview_note": _aimed(EARLY_INTERVIEW_TARGET),
        **_filters(request),
    }
    return render(request, "visits/funnel.html", context)


def _aimed(target: float) -> str:
    return f"objectif : {percent(target, 0)}"


@require_GET
def funnel_births(request: HttpRequest) -> HttpResponse:
    """The births behind one number."""
    require(perms.SEE_FUNNEL, request.member)
    asked, today = _asked(request.GET), timezone.localdate()
    typed = request.GET.get("etape", "")
    stage = Stage(typed) if typed in set(Stage) else Stage.BORN
    page = reads.funnel_births(
        request.member,
        asked,
        stage=stage,
        group=request.GET.get("groupe", ""),
        page=request.GET.get("page", ""),
        today=today,
    )
    context = {"page": page, "stage": _STAGES[stage], "asked": asked, "back": _address("funnel", asked)}
    return render(request, "visits/funnel_births.html", context)


def _asked(query: QueryDict) -> Asked:
    """What the address asks; what makes no sense falls back to the last DEFAULT_DAYS."""
    typed = query.get("jours", "")
    days = int(typed) if typed in {str(one) for one in reads.PERIODS} else reads.DEFAULT_DAYS
    first, last = reads.period(timezone.localdate(), days)
    if (start := as_day(query.get("du"))) and (end := as_day(query.get("au"))) and start <= end:
        first, last = start, end
    by = query.get("par", "")
    return Asked(
        first=first,
        last=last,
        maternity=as_uuid(query.get("maternite")),
        by=By(by) if by in set(By) else By.MATERNITY,
    )


def _filters(request: HttpRequest) -> dict[str, Any]:
    maternities = MATERNITIES_SEEN.rows(request.member).order_by("name")
    off = {"du": None, "au": None}
    return {
        "bys": [Chip(label, {"par": None if one == By.MATERNITY else one.value}) for one, label in _BY.items()],
        "periods": [
            Chip("30 derniers jours", {"jours": "30", **off}),
            Chip("90 derniers jours", {"jours": None, **off}),
            Chip("12 derniers mois", {"jours": "365", **off}),
        ],
        "places": [
            Chip("Toutes les maternités", {"maternite": None}),
            *(Chip(one.name, {"maternite": str(one.public_id)}) for one in maternities),
        ],
    }


def _address(page: str, asked: Asked, **more: str) -> str:
    query = {"du": asked.first.isoformat(), "au": asked.last.isoformat(), "par": asked.by.value, **more}
    if asked.maternity:
        query["maternite"] = str(asked.maternity)
    return f"{here(f'visits:{page}')}?{urlencode(query)}"


def _row(request: HttpRequest, asked: Asked, line: Line) -> dict[str, Any]:
    """A line with the addresses of its lists, in the order of the columns."""
    more = {"groupe": line.key} if line.key else {}
    links = {stage.name.lower(): _address("funnel_births", asked, etape=stage.value, **more) for stage in Stage}
    return {"line": line, "links": links}
