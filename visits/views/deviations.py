"""Deviations from the protocol: what an AP has to code, one of them, and the territory's register."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from copa.kernel import clock, trace
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.look import Chip
from copa.kernel.moves import acted, show
from territories.enums import StructureKind
from visits import perms
from visits.actions.coding import code_deviation, take_back_coding
from visits.enums import DeviationKind
from visits.forms.deviations import CodingForm
from visits.models import Deviation
from visits.reads import choices
from visits.reads.deviation_register import Asked, Register, Shelf, file_of, months, register
from visits.reads.deviations import own_coded, own_rows, rows_of
from visits.rules import DEVIATION_REASONS, OTHER_REASON
from visits.views.filters import as_day, as_uuid

_SHELVES = {
    Shelf.TO_CODE: "À coder",
    Shelf.CODED: "Codés",
    Shelf.ALL: "Tous",
    Shelf.LIFTED: "Sans objet",
}


@require_GET
def deviations(request: HttpRequest) -> HttpResponse:
    """The register: figures by kind and reason, and the rows; filters stand in the address."""
    require(perms.LIST_DEVIATIONS, request.member)
    asked = _asked(request.GET)
    found = register(request.member, asked, request.GET.get("page", "1"))
    today = timezone.localdate()
    context = {
        "register": found,
        "asked": asked,
        "chips": _chips(found),
        "kinds": DeviationKind.choices,
        "places": StructureKind.choices,
        "months": months(today),
        "aps": choices.of_lists(today).aps,
        "file": _file_address(request.GET),
    }
    return render(request, "visits/deviations.html", context)


@require_GET
def deviations_file(request: HttpRequest) -> HttpResponse:
    """The same rows as a CSV without names; that it was taken leaves a line in the log."""
    require(perms.LIST_DEVIATIONS, request.member)
    trace.note(trace.Note(what="visits.deviations_file", family_id=None))
    name = f"copa-ecarts-{request.territory.slug}-{timezone.localdate().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    content = file_of(request.member, _asked(request.GET)).encode()
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


@require_GET
def deviations_to_code(request: HttpRequest) -> HttpResponse:
    """What this AP has to code: a button for each reason, nothing to type."""
    require(perms.CODE_OWN_DEVIATIONS, request.member)
    coded = own_coded(request.member, as_uuid(request.GET.get("fait", "")))
    return render(request, "visits/deviations_to_code.html", {"rows": own_rows(request.member), "coded": coded})


@require_http_methods(["GET", "POST"])
def deviation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One deviation: its facts, its reason, and the buttons that give another one."""
    perm = perms.CODE_DEVIATION if request.method == "POST" else perms.SEE_DEVIATION
    found = fetch(perm, request.member, public_id=public_id)
    form = CodingForm(posted(request))
    answer = acted(request, form, lambda: _code(request, found, form))
    row = rows_of([found.pk], request.member)[0]
    asks_note = request.GET.get("motif") == "autre" or form["reason"].value() == OTHER_REASON
    if asks_note:
        form.ask_note()
    return answer or show(request, "visits/deviation.html", form, deviation=row, asks_note=asks_note)


@require_POST
def deviation_undo(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The reason was a slip: the deviation waits again."""
    found = fetch(perms.CODE_DEVIATION, request.member, public_id=public_id)
    try:
        take_back_coding(deviation=found, seen=request.POST.get("seen", "")[:15])
        messages.success(request, "Motif retiré : l’écart est de nouveau à coder.")
    except BusinessError as error:
        messages.error(request, error.message)
    if perms.CODE_OWN_DEVIATIONS.is_held_by(request.member):
        return redirect(here("visits:deviations_to_code"))
    return redirect(here("visits:deviation", public_id))


def _code(request: HttpRequest, found: Deviation, form: CodingForm) -> HttpResponse:
    row = code_deviation(deviation=found, by=request.member, at=clock.now(), **form.cleaned_data)
    label = DEVIATION_REASONS[row.kind](row.reason).label
    messages.success(request, f"C’est noté : {label}.")
    if perms.CODE_OWN_DEVIATIONS.is_held_by(request.member):
        # A slip of the thumb is taken back where it was made.
        return redirect(f"{here('visits:deviations_to_code')}?{urlencode({'fait': row.public_id})}")
    return redirect(here("visits:deviation", row.public_id))


# ---- What the address asks --------------------------------------------------------------------------------------
def _asked(query: QueryDict) -> Asked:
    shelf, kind, place = query.get("etat", ""), query.get("ecart", ""), query.get("structure", "")
    return Asked(
        shelf=Shelf(shelf) if shelf in set(Shelf) else Shelf.TO_CODE,
        kind=kind if kind in DeviationKind.values else "",
        ap=as_uuid(query.get("ap")),
        month=_month(query.get("mois")),
        place=place if place in StructureKind.values else "",
    )


def _month(text: str | None) -> date | None:
    """The first day of "2026-11"; None when it makes no sense."""
    return as_day(f"{text}-01") if text else None


def _chips(found: Register) -> list[Chip]:
    return [
        Chip(label, {"etat": None if shelf == Shelf.TO_CODE else shelf.value, "page": None}, found.counts[shelf])
        for shelf, label in _SHELVES.items()
    ]


def _file_address(query: QueryDict) -> str:
    kept: dict[str, Any] = {name: query[name] for name in ("etat", "ecart", "ap", "mois", "structure") if name in query}
    address = here("visits:deviations_file")
    return f"{address}?{urlencode(kept)}" if kept else address
