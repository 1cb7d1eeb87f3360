"""Validated minutes of one family: what a person tells the parents, and the copy each of them may keep."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.errors import BusinessError
from copa.kernel.links import here
from pathways import perms
from pathways.actions.minutes import note_parents_told
from pathways.pdf import parents_pdf
from pathways.reads.meetings import one_item, people_of
from pathways.reads.minutes import parent_copies
from pathways.views.page import paper


@require_GET
def minutes(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The validated minutes of one family; each reading leaves a line."""
    item = fetch(perms.READ_MINUTES, request.member, public_id=public_id)
    context = {
        "item": one_item(item, request.member, timezone.localdate()),
        "meeting": item.meeting,
        "people": people_of(item.meeting),
        "family_id": item.family.public_id,
        "may_tell_parents": perms.TELL_PARENTS.is_held_by(request.member),
    }
    return render(request, "pathways/minutes.html", context)


@require_http_methods(["GET", "POST"])
def parents_copy(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What each parent would read, and the word of whoever told them."""
    item = fetch(perms.TELL_PARENTS, request.member, public_id=public_id)
    if request.method == "POST":
        try:
            note_parents_told(item=item, by=request.member, at=clock.now())
        except BusinessError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "C’est noté : leur copie peut être imprimée.")
        return redirect(here("pathways:parents_copy", item.public_id))
    context = {
        "item": one_item(item, request.member, timezone.localdate()),
        "meeting": item.meeting,
        "copies": parent_copies(item),
        "family_id": item.family.public_id,
        "is_discreet": item.family.is_discreet,
    }
    return render(request, "pathways/parents_copy.html", context)


@require_GET
def parents_paper(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The sheet of one parent (`pour`, empty for the mother), once a person has told them."""
    item = fetch(perms.TELL_PARENTS, request.member, public_id=public_id)
    copy = parent_copies(item).of(request.GET.get("pour", ""))
    if copy is None:
        messages.error(request, "Dites-le d’abord aux parents : leur copie vient après une personne.")
        return redirect(here("pathways:parents_copy", item.public_id))
    return paper(parents_pdf(copy, item, request.territory.name, clock.now()), "parents.pdf")
