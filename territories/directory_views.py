"""Pages of the directory: the list, one entry, the map to print, and what its keepers change."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError, show_in_form
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.look import Chip
from territories import actions, directory, perms
from territories.catalogue import NEEDS, TYPES, Audience
from territories.directory import ACCESS, PLACES, EntryShelf, Wanted
from territories.directory_forms import ArchiveForm, EntryForm
from territories.models import DirectoryEntry
from territories.reads.events import of_entry

# What the page showed of the places: the service may answer while somebody corrects the rest.
SEEN = "seen_capacity"
# What nobody has asked yet is said so: a page opened and saved promises no ramp and no free place.
_NOT_ASKED = ("cost", "capacity_now", "wheelchair", "accepts_without_cover")
_LABELS = {
    EntryShelf.CURRENT: "En service",
    EntryShelf.TO_REVIEW: "À vérifier",
    EntryShelf.ENDED: "Archivés",
}


@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """The directory under the filters; the state of the list is its address."""
    require(perms.SEE_DIRECTORY, request.member)
    wanted, shelf, today = _wanted(request), _shelf(request), timezone.localdate()
    counts = directory.shelf_counts(request.member, wanted, today)
    context = {
        "page": directory.entries(request.member, wanted, shelf, today, page=request.GET.get("page", "1")),
        "wanted": wanted,
        "shelf": shelf.value,
        "chips": [_chip(one, counts[one.value]) for one in EntryShelf],
        "types": _types(request),
        "needs": directory.need_choices(),
        "communes": directory.communes(),
        "audiences": directory.audience_choices(),
        "accesses": directory.table_choices(ACCESS),
        "places": directory.table_choices(PLACES),
        "may_edit": perms.EDIT_DIRECTORY.is_held_by(request.member),
    }
    return render(request, "territories/directory/list.html", context)


def _wanted(request: HttpRequest) -> Wanted:
    """What is asked in the address; a code that does not exist is no filter."""
    asked = request.GET
    kind, need = asked.get("type", ""), asked.get("besoin", "")
    return Wanted(
        words=asked.get("q", "")[:80].replace("\x00", ""),
        type=kind if kind in TYPES else "",
        need=need if need in NEEDS else "",
        commune=asked.get("commune", "")[:5].replace("\x00", ""),
        audience=_known(asked.get("public", ""), [one.value for one in Audience]),
        access=_known(asked.get("acces", ""), ACCESS),
        places=_known(asked.get("places", ""), PLACES),
    )


def _known(typed: str, among: Collection[str]) -> str:
    return typed if typed in among else ""


def _shelf(request: HttpRequest) -> EntryShelf:
    typed = request.GET.get("etat", "")
    return EntryShelf(typed) if typed in set(EntryShelf) else EntryShelf.CURRENT


def _chip(shelf: EntryShelf, count: int) -> Chip:
    return Chip(_LABELS[shelf], {"etat": None if shelf == EntryShelf.CURRENT else shelf.value}, count)


def _types(request: HttpRequest) -> list[tuple[str, str]]:
    return directory.type_choices(with_secret=perms.SEE_SECRET_PLACES.is_held_by(request.member))


@require_GET
def entry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One resource, whole."""
    found = fetch(perms.SEE_DIRECTORY, request.member, public_id=public_id)
    today = timezone.localdate()
    context = {
        "entry": directory.entry_line(found, today),
        "asked_at": directory.open_question(found, today),
        "events": of_entry(request.member, found, clock.now()),
        "may_edit": perms.EDIT_DIRECTORY.allows(request.member, found),
    }
    return render(request, "territories/directory/entry.html", context)


@require_GET
def offer_map(request: HttpRequest) -> HttpResponse:
    """What the territory offers, on a page to print (R026)."""
    require(perms.SEE_DIRECTORY, request.member)
    today = timezone.localdate()
    context = {
        "lines": directory.offer_map(request.member, today),
        "today": today,
        "devices": directory.parenting_devices(today),
    }
    return render(request, "territories/directory/map.html", context)


@require_http_methods(["GET", "POST"])
def entry_new(request: HttpRequest) -> HttpResponse:
    """Write a resource into the directory."""
    require(perms.EDIT_DIRECTORY, request.member)
    form = _form(request, {"valid_from": timezone.localdate(), **dict.fromkeys(_NOT_ASKED, "unknown")})
    if form.is_valid() and (made := _written(request, form, None)):
        messages.success(request, f"{made.name} est dans l’annuaire.")
        return redirect(here("territories:entry", made.public_id))
    return _edit_page(request, form, None)


@require_http_methods(["GET", "POST"])
def entry_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Correct a resource; correcting it is checking it."""
    found = fetch(perms.EDIT_DIRECTORY, request.member, public_id=public_id)
    form = _form(request, _told(found))
    if form.is_valid() and _written(request, form, found):
        messages.success(request, "L’annuaire est à jour.")
        return redirect(here("territories:entry", public_id))
    return _edit_page(request, form, found)


def _told(found: DirectoryEntry) -> dict[str, Any]:
    """The resource as its form takes it: the communes of a radius were computed, nobody ticked them."""
    names = [name for name in EntryForm.base_fields if name not in {"around", "point"}]
    values = {name: getattr(found, name) for name in names}
    if found.radius_km is None:
        return values
    point = found.latitude, found.longitude
    around = next((code for code, centre in directory.centres().items() if centre == point), "")
    return values | {"communes": [], "around": around, "point": "" if around else "{:.5f}, {:.5f}".format(*point)}


def _form(request: HttpRequest, initial: dict[str, Any]) -> EntryForm:
    places = {"communes": directory.communes(), "centres": directory.centres()}
    return EntryForm(posted(request), types=_types(request), initial=initial, **places)


def _edit_page(request: HttpRequest, form: EntryForm, found: DirectoryEntry | None) -> HttpResponse:
    seen = request.POST.get(SEEN) or (found.capacity_now if found else "")
    context = {"form": form, "entry": found, "seen_capacity": seen}
    return render(request, "territories/directory/edit.html", context, status=422 if form.is_bound else 200)


def _written(request: HttpRequest, form: EntryForm, entry: DirectoryEntry | None) -> DirectoryEntry | None:
    data = form.cleaned_data
    resource = actions.Resource(**data | {name: tuple(data[name]) for name in ("communes", "audiences")})
    try:
        if entry is None:
            return actions.add_entry(resource=resource, by=request.member, today=_today(request))
        seen = request.POST.get(SEEN)
        actions.edit_entry(entry=entry, resource=resource, by=request.member, today=_today(request), seen_capacity=seen)
    except BusinessError as refusal:
        show_in_form(form, refusal)
        return None
    return entry


@require_POST
def entry_review(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """All that is written is still true today."""
    found = fetch(perms.EDIT_DIRECTORY, request.member, public_id=public_id)
    actions.review_entry(entry=found, by=request.member, today=_today(request))
    messages.success(request, "Vérifié aujourd’hui.")
    return redirect(here("territories:entry", public_id))


@require_http_methods(["GET", "POST"])
def entry_archive(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The resource ends on a day."""
    found = fetch(perms.EDIT_DIRECTORY, request.member, public_id=public_id)
    form = ArchiveForm(posted(request), initial={"last_day": found.valid_to or _today(request)})
    if form.is_valid():
        try:
            actions.archive_entry(entry=found, last_day=form.cleaned_data["last_day"])
        except BusinessError as refusal:
            show_in_form(form, refusal)
        else:
            messages.success(request, "Le dernier jour est noté.")
            return redirect(here("territories:entry", public_id))
    context = {"form": form, "entry": found}
    return render(request, "territories/directory/archive.html", context, status=422 if form.is_bound else 200)


def _today(request: HttpRequest) -> date:
    return clock.local_date(clock.now(), request.territory.time_zone)
