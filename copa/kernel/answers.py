"""What is answered outside any view (an address that does not exist), and a file somebody sent, given back."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.defaults import page_not_found

NOT_SIGNED_IN = "Connectez-vous."
UNKNOWN = "Introuvable, ou pas à vous de le connaître."


def is_api(request: HttpRequest) -> bool:
    """Whether the caller reads JSON rather than pages."""
    return request.path_info.startswith("/api/")


def json_error(code: str, message: str, status: int) -> JsonResponse:
    """The error object of the API, for what goes wrong before or beside its views."""
    return JsonResponse({"code": code, "message": message, "fields": {}}, status=status)


def sent_file(content: bytes, name: str, kind: str = "application/pdf") -> HttpResponse:
    """The bytes as they were stored, as a download: what somebody sent is never opened inside our pages."""
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def dead_link(request: HttpRequest, **known: Any) -> HttpResponse:
    """404 for whoever holds a one-time link: she has no account, and a way to the sign-in would lead her nowhere.

    Without `known` it is the same page, byte for byte, for a guessed token, another territory's, and no territory.
    """
    answer = render(request, "links/dead.html", {"dead": None, **known}, status=404)
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    """404, in the shape the caller reads. Returned by the gates, and the handler of the whole site."""
    if is_api(request):
        return json_error("not_found", UNKNOWN, 404)
    return page_not_found(request, exception or Http404())
