"""The PMI: its first page, and its part of a joint visit."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError
from copa.kernel.links import here
from pathways.perms import SEE_RELAYS
from visits import pdf, perms
from visits.actions import joint as actions
from visits.reads import joint as reads
from visits.reads import relay_file as relay_reads

COMES, STAYS = "oui", "non"


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
    """Her part of a joint visit: she comes, or she does not; the AP's part is the AP's."""
    perm = perms.ANSWER_JOINT if request.method == "POST" else perms.SEE_JOINT
    visit = fetch(perm, request.member, public_id=public_id)
    refusal = ""
    if request.method == "POST":
        comes = request.POST.get("vient") == COMES
        try:
            (actions.confirm_part if comes else actions.cancel_part)(visit=visit, by=request.member, at=clock.now())
        except BusinessError as error:
            refusal = error.message
        else:
            messages.success(request, "Vous venez." if comes else "C’est noté : la visite se fait sans la PMI.")
            return redirect(here("visits:joint", public_id) if comes else here("visits:pmi"))
    context = {"visit": reads.joint_visit(visit, request.member), "refusal": refusal}
    return render(request, "visits/joint.html", context, status=422 if refusal else 200)


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
