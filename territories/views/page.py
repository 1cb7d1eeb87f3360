"""What the pages of this app share: clean, act, answer; and a document given as it was stored."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from copa.kernel import clock
from copa.kernel.errors import BusinessError, show_in_form
from territories.models import StoredFile


def today_of(request: HttpRequest) -> date:
    """The local day of the territory."""
    return clock.local_date(clock.now(), request.territory.time_zone)


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
    shown = {"form": form, "lead": "", "verb": "Enregistrer", **context}
    return render(request, template, shown, status=422 if refused else 200)


def answer_pdf(document: StoredFile | None) -> HttpResponse:
    """The bytes that were stored, as a download: a PDF somebody sent is never opened inside our pages."""
    if document is None:
        raise Http404
    response = HttpResponse(bytes(document.content), content_type="application/pdf")
    response.headers["Content-Disposition"] = "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
