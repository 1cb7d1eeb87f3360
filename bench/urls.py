"""The product's addresses and, beside each family of pages, an empty page of the same frame: their floor."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import path

from copa.urls import urlpatterns as product

FRAMES = {frame: engines["django"].from_string(f'{{% extends "{frame}.html" %}}') for frame in ("office", "tablet")}


def empty(request: HttpRequest, frame: str) -> HttpResponse:
    """Signed in, in scope, with its menu; nothing in it."""
    return HttpResponse(FRAMES[frame].render({}, request))


def empty_json(request: HttpRequest) -> JsonResponse:
    """The same for the API."""
    return JsonResponse({})


urlpatterns = [
    *product,
    path("t/<slug:slug>/bench/<str:frame>/", empty),
    path("ars/bench/<str:frame>/", empty),
    path("api/v1/t/<slug:slug>/bench/", empty_json),
]
