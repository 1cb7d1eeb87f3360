"""Pages of the register of conventions: the list with the structures, one in full, its document."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted
from territories import perms
from territories.actions import partnerships as actions
from territories.enums import Known, StructureKind
from territories.models import Partnership, Structure
from territories.partnership_forms import EligibilityForm, PartnershipForm, sent
from territories.reads import partnerships as reads
from territories.reads import structures
from territories.rules import ENDS_SOON_DAYS
from territories.views.page import answer_pdf, show, today_of

_FORM = "territories/steering/form.html"


@require_GET
def partnerships(request: HttpRequest) -> HttpResponse:
    """What ends soon, the register, and which structures are eligible."""
    require(perms.SEE_PARTNERSHIPS, request.member)
    today = today_of(request)
    context = {
        "soon": reads.soon_ended(request.member, today),
        "soon_days": ENDS_SOON_DAYS,
        "page": reads.register(request.member, request.GET.get("page", "1"), today),
        "structures": reads.structure_lines(today),
        "may_keep": perms.KEEP_PARTNERSHIPS.is_held_by(request.member),
        "may_set": perms.SET_ELIGIBILITY.is_held_by(request.member),
    }
    return render(request, "territories/steering/partnerships.html", context)


@require_GET
def partnership(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One convention in full."""
    row = fetch(perms.SEE_PARTNERSHIPS, request.member, public_id=public_id)
    context = {"one": reads.partnership_page(row, request.member, today_of(request))}
    return render(request, "territories/steering/partnership.html", context)


@require_GET
def partnership_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Its signed document."""
    row = fetch(perms.SEE_PARTNERSHIPS, request.member, public_id=public_id)
    return answer_pdf(row.document, f"convention_{row.signed_on:%Y-%m-%d}")


@require_http_methods(["GET", "POST"])
def partnership_new(request: HttpRequest) -> HttpResponse:
    """One more in the register."""
    require(perms.KEEP_PARTNERSHIPS, request.member)
    form = _form(request, {"kind": "convention"})
    answer = acted(request, form, lambda: _written(request, form))
    return answer or _show(request, form, "Inscrire une convention", here("territories:partnerships"))


@require_http_methods(["GET", "POST"])
def partnership_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Correct what the register says, or send its document."""
    row = fetch(perms.KEEP_PARTNERSHIPS, request.member, public_id=public_id)
    form = _form(request, reads.typed(row))
    answer = acted(request, form, lambda: _corrected(request, form, row))
    return answer or _show(request, form, f"Corriger {row.title}", here("territories:partnership", public_id))


def _form(request: HttpRequest, initial: dict[str, Any]) -> PartnershipForm:
    files = request.FILES if request.method == "POST" else None
    return PartnershipForm(posted(request), files, structures=structures(), initial=initial)


def _agreed(form: PartnershipForm) -> actions.Agreed:
    data = form.cleaned_data
    return actions.Agreed(
        **data | {"structures": reads.structures_of(data["structures"]), "document": sent(data["document"])}
    )


def _written(request: HttpRequest, form: PartnershipForm) -> HttpResponse:
    made = actions.write_partnership(agreed=_agreed(form), by=request.member, at=clock.now())
    messages.success(request, "C’est inscrit au registre.")
    return redirect(here("territories:partnership", made.public_id))


def _corrected(request: HttpRequest, form: PartnershipForm, row: Partnership) -> HttpResponse:
    actions.correct_partnership(partnership=row, agreed=_agreed(form), by=request.member, at=clock.now())
    messages.success(request, "C’est corrigé. L’historique garde ce qui était écrit.")
    return redirect(here("territories:partnership", row.public_id))


@require_http_methods(["GET", "POST"])
def eligibility(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What makes a structure eligible and stands in no other register."""
    structure = fetch(perms.SET_ELIGIBILITY, request.member, public_id=public_id)
    told = {"is_authorised": structure.is_authorised, "plans_auxiliaries": structure.plans_auxiliaries}
    is_maternity = structure.kind == StructureKind.MATERNITY
    form = EligibilityForm(posted(request), asks_authorisation=is_maternity, initial=told)
    answer = acted(request, form, lambda: _set(request, form, structure, told))
    return answer or _show(request, form, structure.name, here("territories:partnerships"))


def _set(request: HttpRequest, form: EligibilityForm, structure: Structure, told: dict[str, str]) -> HttpResponse:
    actions.set_eligibility(structure=structure, **{**told, **form.cleaned_data})
    is_open = Known.UNKNOWN in form.cleaned_data.values()
    messages.success(request, "C’est noté, la réponse reste à donner." if is_open else "C’est noté.")
    return redirect(here("territories:partnerships"))


def _show(request: HttpRequest, form: Any, title: str, back: str) -> HttpResponse:
    return show(request, _FORM, form, title=title, back=back, section="Conventions", home="territories:partnerships")
