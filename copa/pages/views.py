"""Pages that belong to no app: where a person lands, the state of the services, the style guide."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET
from django.views.defaults import server_error
from redis import RedisError

from copa.kernel import clock, health
from copa.pages import places


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The one place a person works in, or the choice between her places."""
    choices = places.of_user(request.user)
    if len(choices) == 1:
        return redirect(choices[0].url)
    return render(request, "pages/home.html", {"places": choices})


@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """State of database, Redis, worker and beat; 503 when one of them does not answer."""
    state = health.state(clock.now())
    return JsonResponse(state, status=200 if state["status"] == "ok" else 503)


@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """What a tablet needs to install the platform on its home screen."""
    icon = {"src": f"{settings.STATIC_URL}icons/favicon.svg", "sizes": "any", "type": "image/svg+xml"}
    page = {"name": "CoPa", "short_name": "CoPa", "lang": "fr", "display": "standalone", "icons": [icon]}
    colours = {"theme_color": "#08504e", "background_color": "#e9f0ee"}
    return JsonResponse({**page, **colours, "start_url": reverse("home")}, content_type="application/manifest+json")


@require_GET
def account_email(request: HttpRequest) -> HttpResponse:
    """The address she signs in with; only the administrator changes it."""
    return render(request, "account/email.html")


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in all its states; development and demonstration only."""
    if not settings.COPA_DEMO:
        raise Http404
    return render(request, "styleguide/index.html")


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page of a form whose security token is not that of the session, most often in a tab left open."""
    return render(request, "pages/stale_form.html", status=403)


def fault(request: HttpRequest) -> HttpResponseBase:
    """The page of an unexpected error; 503 with a moment to wait when the database or Redis does not answer."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError | RedisError):
        return server_error(request)
    # Rendered without the request: its context would ask the service that is away.
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "10"})
