"""The moves that every page with a form shares: clean, act, answer."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from copa.kernel.errors import BusinessError, show_in_form


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
