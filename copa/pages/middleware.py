"""What a page answers to a method it does not know, and to somebody who comes too late."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

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
