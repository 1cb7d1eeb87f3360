"""Included families by stratum, and the answers that are missing."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.look import Chip
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions.asked import complete_strata
from pathways.forms.asked import StrataForm
from pathways.models import Pathway
from pathways.reads.facts import family_facts
from pathways.reads.strata import cross_tab, is_answered, missing_rows
from pathways.views.page import to_family

DAYS = ("365", "90", "30")


@require_GET
def strata(request: HttpRequest) -> HttpResponse:
    """The cross-tab of a period, and the families without their answers, whenever they were included."""
    require(perms.SEE_STRATA, request.member)
    typed, today = request.GET.get("jours", ""), timezone.localdate()
    first = today - timedelta(days=int(typed if typed in DAYS else DAYS[0]) - 1)
    context = {
        "tab": cross_tab(request.member, first, today),
        "page": missing_rows(request.member, request.GET.get("page", "1")),
        "first": first,
        "last": today,
        "chips": [
            Chip("12 derniers mois", {"jours": None, "page": None}),
            Chip("90 derniers jours", {"jours": "90", "page": None}),
            Chip("30 derniers jours", {"jours": "30", "page": None}),
        ],
    }
    return render(request, "pathways/strata.html", context)


@require_http_methods(["GET", "POST"])
def strata_complete(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The answers of one inclusion that lacks them."""
    pathway = fetch(perms.COMPLETE_STRATA, request.member, public_id=public_id)
    form = StrataForm(posted(request))
    answer = acted(request, form, lambda: _complete(request, pathway, form))
    facts = family_facts(pathway.family_id, clock.now())
    birth = next(one for one in facts.births if one.pk == pathway.birth_id)
    shown = {"family": facts, "birth": birth, "is_answered": is_answered(pathway)}
    return answer or show(request, "pathways/strata_complete.html", form, **shown)


def _complete(request: HttpRequest, pathway: Pathway, form: StrataForm) -> HttpResponse:
    complete_strata(pathway=pathway, at=clock.now(), **form.cleaned_data)
    messages.success(request, "C’est noté : plus rien ne manque pour cette famille.")
    if perms.SEE_STRATA.is_held_by(request.member):
        return redirect(here("pathways:strata"))
    return to_family(pathway.family.public_id)
