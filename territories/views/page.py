"""What the pages of this app share."""

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse

from copa.kernel import clock, moves
from copa.kernel.answers import sent_file
from territories.models import StoredFile


def today_of(request: HttpRequest) -> date:
    """The local day of the territory."""
    return clock.local_date(clock.now(), request.territory.time_zone)


def show(request: HttpRequest, template: str, form: forms.Form, **context: Any) -> HttpResponse:
    """The page of a form of this app, which has no lead and says « Enregistrer » unless told otherwise."""
    return moves.show(request, template, form, **({"lead": "", "verb": "Enregistrer"} | context))


def answer_pdf(document: StoredFile | None, name: str) -> HttpResponse:
    """The document of a register, as a download `name`.pdf; 404 when there is none."""
    if document is None:
        raise Http404
    return sent_file(bytes(document.content), f"{name}.pdf")
