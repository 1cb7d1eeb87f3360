"""Pages of the register of committees: those of a territory, and those above, share their moves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted
from territories import perms
from territories.actions import committees as actions
from territories.committee_forms import CommitteeForm
from territories.models import Region
from territories.reads import committees as reads
from territories.views.page import show, today_of


@dataclass(frozen=True, slots=True)
class Door:
    """Where the register is opened from: its addresses, the day there, and the region of a new committee."""

    register: str
    new: str
    cancel: Callable[[UUID], str]
    today: date
    region: Region | None
    home: str = ""


def _door(request: HttpRequest) -> Door:
    territory = request.territory  # type: ignore[attr-defined]
    return Door(
        register=here("territories:committees"),
        new=here("territories:committee_new"),
        cancel=lambda key: here("territories:committee_cancel", key),
        today=today_of(request),
        region=territory.region,
        home=here("territories:steering"),
    )


@require_GET
def committees(request: HttpRequest) -> HttpResponse:
    """The register as the territory reads it."""
    return answer_register(request, _door(request))


@require_http_methods(["GET", "POST"])
def committee_new(request: HttpRequest) -> HttpResponse:
    """Note a committee of the region."""
    return answer_new(request, _door(request))


@require_POST
def committee_cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """It was noted by mistake."""
    return answer_cancel(request, public_id, _door(request))


def answer_register(request: HttpRequest, door: Door) -> HttpResponse:
    """How many were held each year, and every one of them."""
    holder: Any = request.member  # type: ignore[attr-defined]
    require(perms.SEE_COMMITTEES, holder)
    context = {
        "door": door,
        "years": reads.year_counts(holder, door.today),
        "page": reads.register(holder, request.GET.get("page", "1"), door.cancel),
        "may_note": perms.NOTE_COMMITTEE.is_held_by(holder),
    }
    return render(request, "territories/steering/committees.html", context)


def answer_new(request: HttpRequest, door: Door) -> HttpResponse:
    """The form of one more."""
    require(perms.NOTE_COMMITTEE, request.member)  # type: ignore[attr-defined]
    form = CommitteeForm(posted(request), initial={"held_on": door.today})
    answer = acted(request, form, lambda: _noted(request, form, door))
    title = f"Noter un comité, {door.region.name if door.region else 'national'}"
    return answer or show(request, "territories/steering/committee_form.html", form, title=title, door=door)


def _noted(request: HttpRequest, form: CommitteeForm, door: Door) -> HttpResponse:
    by: Any = request.user
    actions.note_committee(region=door.region, by=by, today=door.today, at=clock.now(), **form.cleaned_data)
    messages.success(request, "Le comité est dans le registre.")
    return redirect(door.register)


def answer_cancel(request: HttpRequest, public_id: UUID, door: Door) -> HttpResponse:
    """One is taken back."""
    committee = fetch(perms.CANCEL_COMMITTEE, request.member, public_id=public_id)  # type: ignore[attr-defined]
    by: Any = request.user
    try:
        actions.cancel_committee(committee=committee, by=by, at=clock.now())
    except BusinessError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, "Le comité est annulé. Il reste lisible et ne compte plus.")
    return redirect(door.register)
