"""« Donner la tablette à la maman »: the language, who is beside her, a code, and the session is in her hands."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from copa.kernel import clock, handed
from copa.kernel.access import fetch
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import handings as actions
from pathways.enums import HandedKind
from pathways.forms.handings import HandForm
from pathways.models import Family, Handing
from pathways.reads.epds import language_name, loaded_languages, loaded_wordings
from pathways.reads.handings import given_back
from pathways.reads.screening import pathway_of
from pathways.views.screening import context_of, included

NO_WORDING = "Le texte du questionnaire n’est pas chargé dans ce territoire\u00a0: elle remplit la feuille de papier."
Begin = Callable[[dict[str, Any], datetime], Handing]


@require_http_methods(["GET", "POST"])
def hand_epds(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The scale of a pathway, in one of the languages loaded."""
    family = fetch(perms.RECORD_EPDS, request.member, public_id=public_id)
    way_back = here("pathways:epds_new", family.public_id)

    def begin(data: dict[str, Any], at: datetime) -> Handing:
        return begin_epds(request, data, at, pathway=included(family))

    return hand_scale(request, family, begin, way_back)


@require_http_methods(["GET", "POST"])
def hand_agreements(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who may receive the reports, asked of her again."""
    family = fetch(perms.CHANGE_RECIPIENTS, request.member, public_id=public_id)

    def begin(data: dict[str, Any], at: datetime) -> Handing:
        return actions.hand_agreements(family=family, pathway=pathway_of(family), by=request.member, at=at)

    return _recipients(request, family, begin, here("pathways:recipients_ask", family.public_id))


@require_http_methods(["GET", "POST"])
def hand_inclusion(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same before her inclusion, whose page takes her answers up."""
    birth = fetch(perms.INCLUDE, request.member, public_id=public_id)

    def begin(data: dict[str, Any], at: datetime) -> Handing:
        return actions.hand_agreements(family=birth.family, pathway=None, by=request.member, at=at)

    return _recipients(request, birth.family, begin, here("pathways:inclusion", birth.public_id))


def begin_epds(request: HttpRequest, data: dict[str, Any], at: datetime, **about: Any) -> Handing:
    """Begin with what the form says; `about` is the pathway, and the visit whose report asks."""
    wording = next(one for one in loaded_wordings() if one.language == data["language"])
    fields = {"source_id": None, "presence": data["presence"], **about}
    return actions.hand_epds(wording=wording, by=request.member, at=at, **fields)


def hand_scale(
    request: HttpRequest, family: Family, begin: Begin, way_back: str, *, source_id: UUID | None = None
) -> HttpResponse:
    """The page that hands the scale; without a text of it, paper stays the way."""
    offered = [(code, language_name(code)) for code in loaded_languages()]
    if not offered:
        messages.warning(request, NO_WORDING)
        return redirect(way_back)
    form = HandForm(posted(request), languages=offered, asks_presence=True)
    return _hand(request, family, form, begin, kind=HandedKind.EPDS, way_back=way_back, source_id=source_id)


def _recipients(request: HttpRequest, family: Family, begin: Begin, way_back: str) -> HttpResponse:
    form = HandForm(posted(request), languages=(), asks_presence=False)
    return _hand(request, family, form, begin, kind=HandedKind.AGREEMENTS, way_back=way_back)


def _hand(
    request: HttpRequest,
    family: Family,
    form: HandForm,
    begin: Begin,
    *,
    kind: HandedKind,
    way_back: str,
    source_id: UUID | None = None,
) -> HttpResponse:
    at = clock.now()

    def act() -> HttpResponseRedirect:
        handing = begin(form.cleaned_data, at)
        slug = request.territory.slug
        handed.hand_over(request, slug=slug, key=handing.public_id, code=form.cleaned_data["code"], at=at)
        return redirect(here("visits:handed"))

    answer = acted(request, form, act)
    given = given_back(request.member, family.pk, kind, at, source_id=source_id)
    context = {"kind_label": kind.label, "way_back": way_back, "given": given}
    return answer or show(request, "pathways/hand.html", form, **context, **context_of(family))
