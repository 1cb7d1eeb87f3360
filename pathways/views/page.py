"""The four moves that every page of this app shares: fetch, clean, act, answer."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render

from copa.kernel import clock
from copa.kernel.errors import BusinessError, show_in_form
from copa.kernel.links import here
from pathways.models import Pathway
from pathways.reads.facts import family_facts


def acted(request: HttpRequest, form: forms.Form, act: Callable[[], HttpResponse]) -> HttpResponse | None:
    """What `act` answers once the form is sent and valid; None to show the form (again).

    A refusal of the action stands beside its field.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return act()
    except BusinessError as refusal:
        show_in_form(form, refusal)
        return None


def show(request: HttpRequest, template: str, form: forms.Form, **context: Any) -> HttpResponse:
    """The page of a form; 422 when what was sent is refused, everything typed still there."""
    refused = form.is_bound and bool(form.errors)
    return render(request, template, {"form": form, **context}, status=422 if refused else 200)


def to_family(public_id: Any) -> HttpResponseRedirect:
    """Back to the file of a family."""
    return redirect(here("visits:family", public_id))


def pathway_context(pathway: Pathway) -> dict[str, Any]:
    """What the pages that act on a pathway show of it and of its family."""
    family = family_facts(pathway.family_id, clock.now())
    return {"family": family, "pathway": pathway, "birth_id": pathway.birth.public_id}


def paper(document: bytes, name: str) -> HttpResponse:
    """A PDF shown in the browser; its name names nobody."""
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
