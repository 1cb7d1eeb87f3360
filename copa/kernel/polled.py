"""A fragment that its page asks for again and again: nothing answers while it says what the page already shows.

A swap has a live region read aloud again, and takes the keyboard out of it, when not a word has changed.
"""

import hashlib
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

# The field in which the fragment carries its mark; the page sends it back (hx-include="find [name='vu']").
SEEN = "vu"
# Written otherwise in every answer, and says the same.
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def marked(body: str) -> SafeString:
    """The fragment followed by its mark."""
    field = format_html('<input type="hidden" name="{}" value="{}">', SEEN, _mark(body))
    return mark_safe(body) + field  # noqa: S308 - a rendered template


def polled(request: HttpRequest, template: str, context: dict[str, Any] | None = None) -> HttpResponse:
    """The fragment, marked; 204, which htmx does not swap, when the page shows the same."""
    body = render_to_string(template, context, request)
    if request.GET.get(SEEN) == _mark(body):
        return HttpResponse(status=204)
    return HttpResponse(marked(body))


def _mark(body: str) -> str:
    return hashlib.sha256(_TOKEN.sub("", body).encode()).hexdigest()
