"""A pathway: the family stops, an auxiliary is named."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.errors import BusinessError
from copa.kernel.forms import posted
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import stops as actions
from pathways.enums import WithdrawalReach
from pathways.forms.families import AssignForm
from pathways.forms.stops import WithdrawForm
from pathways.models import Pathway
from pathways.reads.places import auxiliaries
from pathways.reads.stops import closes_files
from pathways.views.page import pathway_context, to_family


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Elle arrête CoPa », without a reason: everything, or the visits alone when she has a space to keep."""
    pathway = fetch(perms.WITHDRAW, request.member, public_id=public_id)
    form = WithdrawForm(posted(request), may_keep=pathway.family.may_space)
    answer = acted(request, form, lambda: _withdraw(request, pathway, form.asked))
    return answer or show(request, "pathways/withdraw.html", form, **_context(pathway))


def _context(pathway: Pathway) -> dict[str, Any]:
    return {**pathway_context(pathway), "closes_files": closes_files(pathway, keeps_space=False)}


_STOPPED = {
    WithdrawalReach.ALL: "C’est fait : plus de visite ni de message. Elle peut revenir quand elle veut.",
    WithdrawalReach.VISITS_KEEP_SPACE: "C’est fait : plus de visite, d’appel ni de message. Son espace reste ouvert.",
}


def _withdraw(request: HttpRequest, pathway: Pathway, reach: WithdrawalReach) -> HttpResponse:
    actions.withdraw_pathway(pathway=pathway, by=request.member, at=clock.now(), reach=reach)
    messages.success(request, _STOPPED[reach])
    return to_family(pathway.family.public_id)


@require_http_methods(["GET", "POST"])
def close_space(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """She had kept her space and stops everything now."""
    pathway = fetch(perms.CLOSE_SPACE, request.member, public_id=public_id)
    if request.method != "POST":
        return render(request, "pathways/close_space.html", _context(pathway))
    try:
        actions.close_space(pathway=pathway, at=clock.now())
    except BusinessError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, "C’est fait : son espace est fermé. Elle peut revenir quand elle veut.")
    return to_family(pathway.family.public_id)


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Name the auxiliary among those of the referring team's structure."""
    pathway = fetch(perms.ASSIGN_AP, request.member, public_id=public_id)
    here_now = auxiliaries(timezone.localdate()).filter(structure=pathway.carrier_id)
    form = AssignForm(
        posted(request),
        auxiliaries=here_now,
        initial={"ap": str(pathway.ap.public_id) if pathway.ap else ""},
    )
    answer = acted(request, form, lambda: _assign(request, pathway, form))
    return answer or show(request, "pathways/assign.html", form, **pathway_context(pathway))


def _assign(request: HttpRequest, pathway: Pathway, form: AssignForm) -> HttpResponse:
    actions.assign_ap(pathway=pathway, ap=form.ap, by=request.member, at=clock.now())
    messages.success(request, f"{form.ap.user.get_full_name()} suit la famille.")
    return to_family(pathway.family.public_id)
