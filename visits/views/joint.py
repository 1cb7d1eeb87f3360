"""The PMI: its first page, and its part of a joint visit."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError
from copa.kernel.french import NBSP
from copa.kernel.links import here
from pathways.perms import SEE_RELAYS
from territories.models import Member
from visits import pdf, perms
from visits.actions import joint as actions
from visits.forms.joint import StayForm
from visits.models import Visit
from visits.reads import joint as reads
from visits.reads import relay_file as relay_reads

STAYS, COMES = "non", "oui"


@require_GET
def pmi(request: HttpRequest) -> HttpResponse:
    """Relays that wait, joint visits to come, families nobody has met since the relay."""
    require(perms.SEE_PMI_PAGE, request.member)
    today = clock.local_date(clock.now(), request.territory.time_zone)
    return render(request, "visits/pmi.html", {"page": reads.pmi_page(request.member, today)})


@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """The visits she makes for the PMI or comes to, with the reports she owes (R077)."""
    require(perms.SEE_JOINT, request.member)
    at = clock.now()
    return render(request, "visits/own.html", {"visits": reads.own_visits(request.member, at), "now": at})


@require_GET
def relay_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The relay file, for both sides."""
    found = fetch(SEE_RELAYS, request.member, public_id=public_id)
    file = relay_reads.relay_file(found, clock.now(), request.territory.time_zone)
    return render(request, "visits/relay_file.html", {"file": file})


@require_GET
def relay_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same on paper. Its file name says no name."""
    found = fetch(SEE_RELAYS, request.member, public_id=public_id)
    file = relay_reads.relay_file(found, clock.now(), request.territory.time_zone)
    response = HttpResponse(pdf.relay_pdf(file, request.territory.name), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="relais_{file.reference}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def joint(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Her part of a joint visit: she comes, or she does not and says why; the AP's part is the AP's."""
    perm = perms.ANSWER_JOINT if request.method == "POST" else perms.SEE_JOINT
    visit = fetch(perm, request.member, public_id=public_id)
    stays = StayForm(request.POST if request.POST.get("vient") == STAYS else None)
    is_unsaid = request.method == "POST" and request.POST.get("vient") not in {STAYS, COMES}
    refusal = "Dites si vous venez ou non." if is_unsaid else ""
    if request.method == "POST" and not is_unsaid and (not stays.is_bound or stays.is_valid()):
        try:
            said = _answer(visit, stays, request.member)
        except BusinessError as error:
            refusal = error.message
        else:
            messages.success(request, said)
            return redirect(here("visits:joint", public_id))
    context = {"visit": reads.joint_visit(visit, request.member), "refusal": refusal, "stays": stays}
    return render(request, "visits/joint.html", context, status=422 if refusal or stays.errors else 200)


def _answer(visit: Visit, stays: StayForm, by: Member) -> str:
    """Note her yes or her no; returns what to say of it."""
    if stays.is_bound:
        actions.cancel_part(visit=visit, by=by, at=clock.now(), **stays.cleaned_data)
        return f"C’est noté{NBSP}: la visite se fait sans la PMI, l’auxiliaire et son équipe sont prévenues."
    actions.confirm_part(visit=visit, by=by, at=clock.now())
    return "Vous venez."


@require_POST
def joint_again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The team asks the PMI to come after all."""
    visit = fetch(perms.CHANGE_VISIT, request.member, public_id=public_id)
    try:
        actions.propose_again(visit=visit, at=clock.now())
    except BusinessError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "La PMI est invitée à cette visite.")
    return redirect(here("visits:change", public_id))
