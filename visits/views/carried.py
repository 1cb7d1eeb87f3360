"""The reports that came with a family from another territory."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from copa.kernel import clock
from copa.kernel.access import fetch
from visits import pdf, perms
from visits.reads.carried import carried_page


@require_GET
def carried(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What was written of her visits over there, as this reader's copy shows it."""
    found = fetch(perms.READ_CARRIED, request.member, public_id=public_id)
    return render(request, "visits/carried.html", {"page": carried_page(found, request.member)})


@require_GET
def carried_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same on paper. Its file name says no name."""
    found = fetch(perms.READ_CARRIED, request.member, public_id=public_id)
    page = carried_page(found, request.member)
    content = pdf.carried_pdf(page, request.territory.name, clock.now())
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="CR_recus_{page.reference}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
