"""After a refusal: what goes to the PMI on one of three bases, and the information préoccupante."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import pdf, perms
from pathways.actions import transmissions as actions
from pathways.forms.transmissions import ConcernForm, TransmissionForm
from pathways.models import Birth, Child, PmiTransmission
from pathways.reads import transmissions as reads
from pathways.reads.facts import family_facts
from pathways.views.page import paper
from territories import directory


def _context(birth: Birth) -> dict[str, Any]:
    family = family_facts(birth.family_id, clock.now())
    return {"family": family, "birth": birth}


@require_http_methods(["GET", "POST"])
def pmi_transmission(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Hand what is needed to the PMI of her sector, although she refused CoPa."""
    birth = fetch(perms.TRANSMIT_TO_PMI, request.member, public_id=public_id)
    form = TransmissionForm(posted(request))
    answer = acted(request, form, lambda: _transmit(request, birth, form))
    made = reads.transmissions_of(birth, request.member)
    context = {"made": made, "has_refused": actions.has_refused(birth), **_context(birth)}
    return answer or show(request, "pathways/pmi_transmission.html", form, **context)


def _transmit(request: HttpRequest, birth: Birth, form: TransmissionForm) -> HttpResponse:
    data, at = form.cleaned_data, clock.now()
    made = actions.transmit_to_pmi(
        birth=birth, basis=data["basis"], facts=data["facts"], told=form.told, by=request.member, at=at
    )
    messages.success(request, f"Transmis à {made.structure.name}, qui est prévenue.")
    return redirect(here("pathways:pmi_transmission", birth.public_id))


@require_http_methods(["GET", "POST"])
def concern(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Write an information préoccupante; those already written are opened one by one."""
    birth = fetch(perms.WRITE_CONCERN, request.member, public_id=public_id)
    children = Child.objects.filter(birth=birth, closed_at=None).order_by("rank")
    today = timezone.localdate()
    cells = list(directory.cells(request.member, today))
    initial = {"noticed_on": today, "sent_on": today, "sent_to": str(cells[0].public_id) if len(cells) == 1 else ""}
    form = ConcernForm(posted(request), children=list(children), cells=cells, initial=initial)
    answer = acted(request, form, lambda: _write(request, birth, form))
    written = reads.concerns_of(birth, request.member)
    return answer or show(request, "pathways/concern.html", form, written=written, **_context(birth))


def _write(request: HttpRequest, birth: Birth, form: ConcernForm) -> HttpResponse:
    actions.write_concern(birth=birth, worry=form.worry, told=form.told, by=request.member, at=clock.now())
    messages.success(request, "Enregistrée et protégée : seuls l’équipe médicale et le médecin de PMI la lisent.")
    return redirect(here("pathways:concern", birth.public_id))


@require_GET
def concern_read(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One information préoccupante; the reading leaves a line."""
    found = fetch(perms.READ_CONCERN, request.member, public_id=public_id)
    return render(
        request, "pathways/concern_read.html", {"concern": found, "family": family_facts(found.family_id, clock.now())}
    )


@require_GET
def concern_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same on paper: the only print that carries it."""
    found = fetch(perms.READ_CONCERN, request.member, public_id=public_id)
    at = clock.now()
    document = pdf.concern_pdf(found, family_facts(found.family_id, at), request.territory.name, at)
    return paper(document, f"IP_{found.family.reference}_{found.sent_on}.pdf")


@require_GET
def transmissions(request: HttpRequest) -> HttpResponse:
    """What reached the PMI without an inclusion: hers for a PMI, those of her families for a team."""
    require(perms.READ_TRANSMISSION, request.member)
    page = reads.transmissions(request.member, request.GET.get("page", "1"))
    return render(request, "pathways/transmissions.html", {"page": page})


@require_http_methods(["GET", "POST"])
def transmission(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One transmission; the PMI takes it by name."""
    perm = perms.TAKE_TRANSMISSION if request.method == "POST" else perms.READ_TRANSMISSION
    found: PmiTransmission = fetch(perm, request.member, public_id=public_id)
    if request.method == "POST":
        try:
            actions.take_transmission(transmission=found, by=request.member, at=clock.now())
        except BusinessError as refusal:
            messages.warning(request, refusal.message)
        else:
            messages.success(request, "C’est noté : vous prenez cette transmission.")
        return redirect(here("pathways:transmission", found.public_id))
    facts = family_facts(found.family_id, clock.now())
    is_ended = reads.has_ended(found)
    context = {
        "transmission": found,
        "family": facts,
        "may_take": found.taken_at is None and not is_ended and perms.TAKE_TRANSMISSION.allows(request.member, found),
        "is_included_since": bool(reads.accepted_since([found.birth_id])),
        "is_ended": is_ended,
        # The service it was made to reads nothing more; the team that made it still knows what it wrote.
        "is_closed": is_ended and not perms.TRANSMIT_TO_PMI.is_held_by(request.member),
    }
    return render(request, "pathways/transmission.html", context)
