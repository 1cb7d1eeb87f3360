"""The inclusion sheet, on screen and on paper."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from copa.kernel import clock
from copa.kernel.access import fetch
from pathways.views.page import paper
from visits import pdf, perms
from visits.reads.inclusion_sheet import InclusionSheet
from visits.reads.inclusion_sheet import inclusion_sheet as read_sheet


@require_GET
def inclusion_sheet(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One copy of the sheet, `copie` saying whose (E, L, M, F); her own without it."""
    return render(request, "visits/inclusion_sheet.html", {"sheet": _sheet(request, public_id)})


@require_GET
def sheet_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same on paper. Its file name says no name."""
    sheet = _sheet(request, public_id)
    return paper(pdf.sheet_pdf(sheet, request.territory.name), f"fiche_{sheet.reference}_{sheet.letter}.pdf")


def _sheet(request: HttpRequest, public_id: UUID) -> InclusionSheet:
    pathway = fetch(perms.SEE_SHEET, request.member, public_id=public_id)
    return read_sheet(pathway, request.member, request.GET.get("copie", ""), clock.now())
