"""The page by which a service says whether it takes new families: outside any sign-in, three buttons, then nothing."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from copa.kernel import clock
from copa.kernel.answers import dead_link
from copa.kernel.errors import BusinessError
from territories.actions import capacity
from territories.actions.capacity import Question
from territories.enums import Capacity
from territories.views.one_time import is_guessing, link_page

_BUTTONS = (
    (Capacity.OPEN, "Oui, nous avons des places", "check"),
    (Capacity.WAITING, "Sur liste d’attente", "clock"),
    (Capacity.FULL, "Non, nous sommes complets", "hand"),
)


@never_cache
@require_http_methods(["GET", "POST"])
def capacity_answer(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The question of the month. Looking answers nothing; whatever is wrong with a link, the answer is the same 404."""
    if is_guessing(request):
        return _page(request, "too_often", status=429)
    at = clock.now()
    found = capacity.question_of(token=token, today=timezone.localdate(at), at=at)
    if found is None:
        return dead_link(request)
    if found.is_answered:
        return _page(request, "answered")
    return _answered(request, found, at) if request.method == "POST" else _question(request, found)


def _answered(request: HttpRequest, found: Question, at: datetime) -> HttpResponse:
    answer = request.POST.get("answer", "")
    try:
        capacity.answer_capacity(check=found.check, answer=answer, today=timezone.localdate(at), at=at)
    except BusinessError as refusal:
        is_typed_wrong = refusal.field == "answer"
        return _question(request, found, refusal.message) if is_typed_wrong else _page(request, "answered")
    return _page(request, "thanks")


def _question(request: HttpRequest, found: Question, problem: str = "") -> HttpResponse:
    entry = found.check.entry
    context = {
        "service": "" if entry.kind.is_secret else entry.name,
        "territory": found.check.territory,
        "buttons": _BUTTONS,
        "problem": problem,
    }
    return _page(request, "question", status=422 if problem else 200, **context)


def _page(request: HttpRequest, step: str, *, status: int = 200, **context: object) -> HttpResponse:
    return link_page(request, "links/capacity.html", step, status, **context)
