"""What every page of a one-time link shares: slow for whoever guesses, kept by no search engine."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from copa.kernel.throttle import is_too_often

# A person opens a link, mistypes, answers: thirty requests in ten minutes from one address are somebody guessing.
LIMIT, SECONDS = 30, 600


def is_guessing(request: HttpRequest) -> bool:
    """Whether this address asks for one-time links, of whatever kind, oftener than a reader does."""
    return is_too_often(f"answer-link:{get_adapter().get_client_ip(request)}", limit=LIMIT, seconds=SECONDS)


def link_page(request: HttpRequest, template: str, step: str, status: int, **context: object) -> HttpResponse:
    """A step of a one-time link; no search engine keeps it."""
    answer = render(request, template, {"step": step, **context}, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
