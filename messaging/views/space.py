"""The space of a parent: in by her address and a code, her own conversation, out again; no session of a member."""

from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from copa.kernel import clock, trace
from copa.kernel.answers import dead_link
from copa.kernel.errors import BusinessError, show_in_form
from messaging.actions import accounts, conversations, signing_in
from messaging.actions.signing_in import Entrant
from messaging.enums import AccessEnd
from messaging.forms import MessageForm
from messaging.reads.space import calls, space_page, team_number
from pathways.forms.needs import CodeForm
from territories.middleware import SPACE_COOKIE
from territories.views.one_time import is_guessing

WRONG = "Ce code n’est pas le bon, ou il n’est plus valable. Après cinq essais, demandez-en un autre."


@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The address of a space: a code is sent, then typed. Whatever is wrong with it, the same page for everybody."""
    if is_guessing(request):
        return _door(request, "too_often", status=429)
    at = clock.now()
    entrant = signing_in.entrant_by_token(token=token, at=at)
    if entrant is None:
        return dead_link(request)
    if request.method == "GET":
        return _door(request, "ask", entrant)
    answer = _enter(request, entrant, at, draft="")
    if isinstance(answer, HttpResponse):
        return answer
    return _with_cookie(redirect(reverse("space:home", args=[slug])), slug, answer)


@never_cache
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest, slug: str) -> HttpResponse:
    """Her conversation. After thirty minutes of sleep a new code is asked, and what she had typed is kept."""
    at = clock.now()
    entrant = _entrant(request, at)
    if entrant is None:
        return dead_link(request)
    if not entrant.is_alive:
        return _slept(request, slug, entrant, at)
    session = entrant.session
    assert session is not None, "alive means signed in"
    trace.later(lambda: signing_in.note_seen(session=session, at=at))
    return _write(request, slug, entrant, at) if request.method == "POST" else _space(request, entrant, at)


@never_cache
@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    """Signed out, on this device."""
    at = clock.now()
    entrant = _entrant(request, at)
    if entrant is not None and entrant.session is not None:
        signing_in.sign_out(session=entrant.session, at=at)
    return _out(request, slug, "left", entrant)


@never_cache
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """She closes her space, without saying why; it is asked once more first."""
    at = clock.now()
    entrant = _entrant(request, at)
    if entrant is None or not entrant.is_alive:
        return dead_link(request)
    if request.method == "GET":
        return _door(request, "close", entrant)
    accounts.close_account(account=entrant.account, why=AccessEnd.SELF, at=at)
    return _out(request, slug, "closed", entrant)


@never_cache
def lost(request: HttpRequest, slug: str) -> HttpResponse:
    """An address that somebody made up."""
    return dead_link(request)


def _entrant(request: HttpRequest, at: datetime) -> Entrant | None:
    return signing_in.entrant_by_session(key=request.COOKIES.get(SPACE_COOKIE, ""), at=at)


def _enter(request: HttpRequest, entrant: Entrant, at: datetime, *, draft: str) -> HttpResponse | str:
    """The steps at the door: the page of the next one, or the key of the session once the code is right."""
    if "code" not in request.POST:
        try:
            signing_in.send_code(entrant=entrant, at=at)
        except BusinessError as refusal:
            return _door(request, "ask", entrant, draft=draft, refusal=refusal.message, status=429)
        return _door(request, "code", entrant, draft=draft, form=CodeForm())
    form = CodeForm(request.POST)
    if form.is_valid():
        key = signing_in.sign_in(entrant=entrant, typed=form.cleaned_data["code"], at=at)
        if key is not None:
            return key
        form.add_error("code", WRONG)
    return _door(request, "code", entrant, draft=draft, form=form, status=422)


def _slept(request: HttpRequest, slug: str, entrant: Entrant, at: datetime) -> HttpResponse:
    """Her session is over; what she sent is not stored, and comes back in its box once she has signed in again."""
    draft = request.POST.get("text", "")
    if request.method == "GET" or "submission" in request.POST:
        return _door(request, "slept", entrant, draft=draft, status=403)
    if is_guessing(request):
        return _door(request, "too_often", status=429)
    answer = _enter(request, entrant, at, draft=draft)
    if isinstance(answer, HttpResponse):
        return answer
    if entrant.session is not None:
        signing_in.sign_out(session=entrant.session, at=at)
    back = _space(request, entrant, at, form=MessageForm(initial={"text": draft, "submission": uuid4()}))
    return _with_cookie(back, slug, answer)


def _write(request: HttpRequest, slug: str, entrant: Entrant, at: datetime) -> HttpResponse:
    form = MessageForm(request.POST)
    if form.is_valid():
        submission: UUID = form.cleaned_data["submission"] or uuid4()
        try:
            conversations.write_from_space(
                entrant=entrant, text=form.cleaned_data["text"], submission=submission, at=at
            )
        except BusinessError as refusal:
            if refusal.code == "space_shut":
                return dead_link(request)
            show_in_form(form, refusal)
        else:
            return redirect(f"{reverse('space:home', args=[slug])}?envoye#envoye")
    return _space(request, entrant, at, form=form, status=422)


def _space(
    request: HttpRequest, entrant: Entrant, at: datetime, *, form: MessageForm | None = None, status: int = 200
) -> HttpResponse:
    shown = space_page(entrant, request.GET.get("page", "1"), at, has_sent="envoye" in request.GET)
    if request.method == "GET":
        trace.later(lambda: conversations.note_read(conversation=shown.conversation, shown=shown.shown, by=None, at=at))
    context = {"space": shown, "form": form or MessageForm(initial={"submission": uuid4()})}
    return _private(render(request, "messaging/space.html", context, status=status))


def _door(
    request: HttpRequest, step: str, entrant: Entrant | None = None, *, status: int = 200, **context: object
) -> HttpResponse:
    about = {"step": step, "draft": "", "form": None, "refusal": "", "calls": (), "last_digits": ""}
    if entrant is not None:
        about |= {"calls": calls(team_number(entrant.standing)), "last_digits": entrant.account.phone[-2:]}
    return _private(render(request, "messaging/door.html", {**about, **context}, status=status))


def _out(request: HttpRequest, slug: str, step: str, entrant: Entrant | None) -> HttpResponse:
    answer = _door(request, step, entrant)
    answer.delete_cookie(SPACE_COOKIE, path=reverse("space:home", args=[slug]))
    return answer


def _with_cookie(answer: HttpResponse, slug: str, key: str) -> HttpResponse:
    """Gone with the browser, unread by scripts, sent to the pages of this space alone."""
    answer.set_cookie(
        SPACE_COOKIE,
        key,
        path=reverse("space:home", args=[slug]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def _private(answer: HttpResponse) -> HttpResponse:
    patch_cache_control(answer, private=True, no_store=True)
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
