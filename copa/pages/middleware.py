"""What a page answers to a method it does not know, and to somebody who comes too late."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control

from copa.kernel import clock, handed
from copa.kernel.answers import is_api, json_error
from copa.kernel.errors import TooLate
from copa.kernel.links import here
from pathways.models import Family, MeetingItem, StaffMeeting
from territories.models import Post


class MethodMiddleware:
    """HEAD wherever GET is; words for a method that means nothing at an address.

    Innermost of the middlewares but for the exceptions: a page needs the scope that is open around it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        asked = request.method
        if asked == "HEAD":
            request.method = "GET"
        response = self.get_response(request)
        # The server keeps back the body of an answer to HEAD.
        request.method = asked
        if response.status_code != 405 or response.streaming or response.content:  # type: ignore[attr-defined]
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page


class TooLateMiddleware:
    """Shows TooLate where the present state of what is past stands, with what may be done now.

    The API has its own answer (`copa.kernel.api.answer_error`, 409) and never lets the exception come here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The way back; None for every other exception."""
        if not isinstance(exception, TooLate):
            return None
        messages.warning(request, exception.message)
        return redirect(way_back(exception.obj))


IN_HER_HANDS = "Cette tablette est dans les mains d’une maman\u00a0: tapez d’abord le code."


class HandedMiddleware:
    """While the tablet is in the mother's hands, every address of its session is the handed page.

    Before every gate: signing out, the account and the API are no way round it either. Untouched for a quarter of an
    hour, it is signed out; her answers wait for whoever handed it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Without the cookie there is no session to look into.
        held = handed.held(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if held is None:
            return self.get_response(request)
        at = clock.now()
        if held.is_idle(at):
            logout(request)
            return self.get_response(request)
        page = reverse("visits:handed", args=[held.slug])
        is_code = request.method == "POST" and request.path_info == reverse("visits:handed_back", args=[held.slug])
        if is_code or request.path_info == page:
            handed.touch(request, at)
            response = self.get_response(request)
        else:
            response = _to_handed(request, page)
        patch_cache_control(response, private=True, no_store=True)
        return response


def _to_handed(request: HttpRequest, page: str) -> HttpResponseBase:
    """The way there, as whoever asks understands it: a page, a part of one, or a program."""
    if is_api(request):
        return json_error("handed", IN_HER_HANDS, 423)
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": page})
    return redirect(page)


def way_back(obj: Any) -> str:
    """Where the present state of what is past stands: families of one, several or none."""
    if isinstance(obj, Post):
        # Not its topic: the binôme that withdrew it may take no part.
        return here("territories:community")
    if isinstance(obj, StaffMeeting | MeetingItem):
        meeting = obj.meeting if isinstance(obj, MeetingItem) else obj
        return here("pathways:meeting", meeting.public_id)
    family = Family.objects.get(pk=obj.traced_family_id)
    return here("visits:family", family.public_id)
