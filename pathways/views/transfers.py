"""A family moves to another territory: offered by its team, accepted or declined by the coordinator over there."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.errors import BusinessError, show_in_form
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import transfers as actions
from pathways.enums import TransferState
from pathways.forms.transfers import DeclineForm, OfferForm, TakeOverForm
from pathways.models import CoParent, FamilyTransfer, Pathway
from pathways.reads.facts import family_facts
from pathways.reads.places import communes_of_territory
from pathways.reads.transfers import destinations, leaving, maternities, offered, transfers_of
from pathways.views.page import to_family
from territories.models import Structure, Territory


@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Offer the family to another territory; an offer that waits may be taken back."""
    pathway = fetch(perms.OFFER_TRANSFER, request.member, public_id=public_id)
    coparents = list(CoParent.objects.filter(family=pathway.family_id).order_by("pk"))
    form = OfferForm(posted(request), destinations=destinations(), coparents=coparents)
    answer = acted(request, form, lambda: _offer(request, pathway, form))
    found, at = transfers_of(pathway), clock.now()
    context = {
        "family": family_facts(pathway.family_id, at),
        "pathway": pathway,
        "leaving": leaving(pathway, by=request.member, at=at),
        "waiting": [one for one in found if one.transfer.state == TransferState.WAITING],
        "past": [one for one in found if one.transfer.state != TransferState.WAITING],
    }
    return answer or show(request, "pathways/transfer.html", form, **context)


def _offer(request: HttpRequest, pathway: Pathway, form: OfferForm) -> HttpResponse:
    data = form.cleaned_data
    agreed = actions.Agreed(
        covers=data["covers"],
        on=data["agreed_on"],
        mode=data["mode"],
        needs=data["needs"],
        coparents=form.said_by_coparents,
    )
    to = Territory.objects.get(slug=data["to"])
    actions.offer_transfer(pathway=pathway, to=to, agreed=agreed, by=request.member, at=clock.now())
    messages.success(request, f"Dossier proposé à {to.name}. Rien ne change pour la famille avant sa réponse.")
    return to_family(pathway.family.public_id)


@require_POST
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take an offer back; what was to be sent is erased."""
    transfer = fetch(perms.SEE_TRANSFERS, request.member, public_id=public_id)
    try:
        actions.cancel_transfer(transfer=transfer, at=clock.now())
    except BusinessError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, "Transfert annulé : ce qui devait partir est effacé.")
    return to_family(transfer.family.public_id)


@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What another territory offers; each button says which answer (`act`)."""
    transfer = fetch(perms.ANSWER_TRANSFER, request.member, public_id=public_id)
    asked = request.POST.get("act", "")
    accept = TakeOverForm(
        request.POST if asked == "accept" else None, maternities=maternities(), communes=communes_of_territory()
    )
    decline = DeclineForm(request.POST if asked == "decline" else None)
    try:
        reply = _answer(request, transfer, accept, decline)
    except BusinessError as refusal:
        show_in_form(accept if asked == "accept" else decline, refusal)
        reply = None
    context = {
        "transfer": transfer,
        "offered": offered(transfer),
        "accept": accept,
        "decline": decline,
    }
    status = 422 if request.method == "POST" else 200
    return reply or render(request, "pathways/transfer_answer.html", context, status=status)


def _answer(
    request: HttpRequest, transfer: FamilyTransfer, accept: TakeOverForm, decline: DeclineForm
) -> HttpResponse | None:
    by, at = request.member, clock.now()
    if accept.is_bound and accept.is_valid():
        data = accept.cleaned_data
        birth = actions.accept_transfer(
            transfer=transfer,
            maternity=Structure.objects.get(public_id=data["maternity"]),
            commune=data["commune"],
            address=data["address"],
            is_other_family=data["is_other_family"],
            by=by,
            at=at,
        )
        messages.success(request, "La famille est inscrite ici. Présentez-lui CoPa : son adhésion se redemande.")
        return to_family(birth.family.public_id)
    if decline.is_bound and decline.is_valid():
        actions.decline_transfer(transfer=transfer, reason=decline.cleaned_data["reason"], by=by, at=at)
        messages.success(request, "L’autre équipe lit votre réponse.")
        return redirect(here("pathways:pauses"))
    return None
