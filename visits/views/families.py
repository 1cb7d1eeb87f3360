"""The list of families and the file of one."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.look import Chip, PageLinks
from pathways.enums import PathwayState
from pathways.perms import SEE_FAMILY
from pathways.rules import e164
from pathways.views.page import paper
from visits import pdf, perms
from visits.reads import choices, whom_to_call
from visits.reads import families as list_reads
from visits.reads import family_file as file_reads
from visits.views.filters import as_key, as_uuid

# Chips of the list: the states people ask for; the others stand in the address.
_CHIPS = (
    ("Toutes", None),
    ("En cours", PathwayState.ACTIVE.value),
    ("Pas encore incluses", list_reads.NO_PATHWAY),
    ("Suspendues", PathwayState.SUSPENDED.value),
    ("Sans nouvelles", PathwayState.NO_NEWS.value),
    ("Closes", PathwayState.CLOSED.value),
)
EVERYBODY = "toutes"
# Whose families an auxiliary reads: hers, until she asks for the others.
_WHOSE = (("Mes familles", None), ("Toutes celles que je peux voir", EVERYBODY))
STORY, REPORTS = "histoire", "comptes-rendus"


@require_GET
def families(request: HttpRequest) -> HttpResponse:
    """Families this member may open, by name, state, AP, maternity or sector."""
    require(SEE_FAMILY, request.member)
    asked = _filters(request.GET, request.territory.phone_region)
    is_ap = perms.works_on_tablet(request.member)
    # A name that is searched is searched everywhere.
    is_hers = is_ap and not asked.words and request.GET.get("qui") != EVERYBODY
    at, zone = clock.now(), request.territory.time_zone
    page = list_reads.family_page(request.member, replace(asked, is_hers=is_hers), at=at, zone=zone)
    context = {
        "page": page,
        "links": _links(request.GET, page),
        "filters": asked,
        "chips": [Chip(label, {"etat": state}) for label, state in _CHIPS],
        "whose": [Chip(label, {"qui": whose}) for label, whose in _WHOSE] if is_ap else [],
        "is_hers": is_hers,
        "choices": choices.of_lists(clock.local_date(at, zone)),
        "is_filtered": asked != list_reads.Filters(),
    }
    return render(request, "visits/families.html", context)


@require_GET
def family(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The file of a family; each opening is written to the log of readings."""
    found = fetch(SEE_FAMILY, request.member, public_id=public_id)
    at = clock.now()
    file = file_reads.family_file(found, request.member, at=at, zone=request.territory.time_zone)
    part = REPORTS if request.GET.get("partie") == REPORTS else STORY
    story = file.story_of_reports if part == REPORTS else file.story
    context = {"file": file, "facts": file.facts, "family": found, "story": story, "part": part, "now": at}
    template = "visits/family_tablet.html" if perms.works_on_tablet(request.member) else "visits/family.html"
    return render(request, template, context)


@require_GET
def call_card(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The card « qui appeler » on A6, both sides; the discreet one, or the one easy to read, for whoever asks."""
    pathway = fetch(perms.PRINT_CALL_CARD, request.member, public_id=public_id)
    at, zone = clock.now(), request.territory.time_zone
    kind = {"is_discreet": request.GET.get("discrete") == "oui", "is_easy": request.GET.get("facile") == "oui"}
    card = whom_to_call.call_card(pathway, at, zone=zone, **kind)
    document = pdf.call_card_pdf(card, request.territory.name, at)
    return paper(document, f"carte_{pathway.family.reference}.pdf")


def _filters(query: QueryDict, region: str) -> list_reads.Filters:
    state, words = query.get("etat", ""), query.get("q", "").strip()[:80]
    return list_reads.Filters(
        words=words,
        phone=e164(words, region) or "",
        state=state if state in list_reads.STATES else "",
        ap=as_uuid(query.get("ap")),
        maternity=as_uuid(query.get("maternite")),
        sector=as_uuid(query.get("secteur")),
        after=as_key(query.get("apres")),
        before=as_key(query.get("avant")),
    )


def _links(query: QueryDict, page: list_reads.FamilyPage) -> PageLinks:
    def address(**keys: Any) -> str:
        changed = query.copy()
        for key in ("apres", "avant"):
            changed.pop(key, None)
        changed.update({key: str(value) for key, value in keys.items()})
        return f"?{changed.urlencode()}"

    return PageLinks(
        shown=len(page.rows),
        total=page.total,
        previous=address(avant=page.before) if page.before else "",
        next=address(apres=page.after) if page.after else "",
    )
