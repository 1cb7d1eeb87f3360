"""The page of a one-time link: outside any sign-in, a code first, three answers after, then nothing."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from copa.kernel import clock, trace
from copa.kernel.answers import dead_link
from copa.kernel.errors import BusinessError, show_in_form
from pathways.actions import answer_links
from pathways.actions.answer_links import Opening
from pathways.actions.link_replies import answer_by_link
from pathways.actions.orientations import Reply
from pathways.enums import LinkStep
from pathways.forms.needs import CodeForm, ReplyForm
from pathways.models import AnswerLink
from pathways.reads.dead_links import dead_link_of
from pathways.reads.orientations import letter
from territories.views.one_time import is_guessing, link_page


def typed_code(request: HttpRequest, link: AnswerLink, at: datetime) -> CodeForm:
    """What was typed, valid only when it is the code of the link; a wrong one is counted."""
    form = CodeForm(request.POST)
    if form.is_valid() and not answer_links.try_code(link=link, typed=form.cleaned_data["code"], at=at):
        form.add_error("code", "Ce code n’est pas le bon. Après cinq essais, le lien ne s’ouvre plus.")
    return form


@never_cache
@require_http_methods(["GET", "POST"])
def answer_link(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Code, letter and answer of one link. A guessed one gets the same 404, whatever is wrong with it."""
    if is_guessing(request):
        return _page(request, "too_often", status=429)
    at = clock.now()
    found = answer_links.opening(token=token, at=at)
    if found is None:
        return dead_link(request, dead=dead_link_of(token=token, is_reading=False, at=at))
    if request.method == "GET":
        trace.later(lambda: answer_links.note_step(link=found.link, step=LinkStep.OPENED, at=at))
    if found.is_answered:
        return _page(request, "answered", dead=dead_link_of(token=token, is_reading=False, at=at))
    return _answered(request, found, at) if request.method == "POST" else _page(request, "code", form=CodeForm())


def _answered(request: HttpRequest, found: Opening, at: datetime) -> HttpResponse:
    """The code typed, or the code again with the answer."""
    code = typed_code(request, found.link, at)
    if not code.is_valid():
        return _page(request, "code", form=code, status=422)
    is_answer = "answer" in request.POST or "day" in request.POST
    if not is_answer:
        typed = {"code": code.cleaned_data["code"], "day": timezone.localdate(at)}
        return _letter(request, found, ReplyForm(initial=typed))
    return _reply(request, found, ReplyForm(request.POST), at)


def _reply(request: HttpRequest, found: Opening, form: ReplyForm, at: datetime) -> HttpResponse:
    if form.is_valid():
        data = form.cleaned_data
        try:
            reply = Reply(answer=data["answer"], day=data["day"], words=data["words"])
            answer_by_link(found=found, reply=reply, at=at)
        except BusinessError as refusal:
            show_in_form(form, refusal)
        else:
            return _page(request, "thanks")
    return _letter(request, found, form)


def _letter(request: HttpRequest, found: Opening, form: ReplyForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return _page(request, "letter", form=form, letter=letter(found.orientation), status=status)


def _page(request: HttpRequest, step: str, *, status: int = 200, **context: object) -> HttpResponse:
    return link_page(request, "links/answer.html", step, status, **{"form": None, "letter": None, **context})
