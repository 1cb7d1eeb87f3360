"""Pages of the communauté de pratiques: what it is, its topics, one of them, and what is done with a message."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.look import Chip
from copa.kernel.moves import acted
from territories import perms
from territories.actions import community as actions
from territories.community_forms import AnswerForm, CorrectTopicForm, FlagForm, ModerateForm, TopicForm
from territories.enums import PostKind
from territories.models import Participation, Post
from territories.reads import community as reads
from territories.views.page import show

_LONGEST_SEARCH = 80


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The topics under the filters, which its address keeps; what the community is, for who takes no part."""
    require(perms.TAKE_PART, request.member)
    inside = reads.participation(request.member)
    context = {"inside": inside, "pointed_out": reads.pointed_out(request.member)}
    if inside is None:
        return render(request, "territories/community/welcome.html", context)
    return render(request, "territories/community/list.html", context | _list(request, inside))


def _list(request: HttpRequest, inside: Participation) -> dict[str, Any]:
    # Before anything is read: what is written meanwhile stays new.
    shown_at = clock.now().isoformat()
    kind, words = request.GET.get("type", ""), request.GET.get("q", "")
    kind = kind if kind in PostKind.values else ""
    words = words.replace("\x00", "").strip()[:_LONGEST_SEARCH]
    counts = reads.counts(request.member, words)
    kinds = [Chip(str(PostKind(code).label), {"type": code}, counts[code]) for code in PostKind.values]
    return {
        "page": reads.topics(request.member, inside, kind, words, request.GET.get("page", "1")),
        "taken": reads.taken(request.member, inside),
        "chips": [Chip("Tout", {"type": None}, sum(counts.values())), *kinds],
        "kind": kind,
        "words": words,
        "shown_at": shown_at,
    }


@require_POST
def join(request: HttpRequest) -> HttpResponse:
    """She takes part."""
    return _done(
        request,
        lambda at: actions.join_community(by=request.member, at=at),
        "Vous êtes dans la communauté. Vous pouvez la quitter à tout moment, en bas de cette page.",
    )


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """She takes part no more."""
    return _done(
        request,
        lambda at: actions.leave_community(by=request.member, at=at),
        "Vous avez quitté la communauté.",
    )


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Nothing that her page showed is new to her any more."""
    shown_at = _moment(request.POST.get("shown_at", ""))

    def act(at: datetime) -> None:
        actions.mark_read(by=request.member, until=shown_at or at, at=at)

    return _done(request, act, "Tout est marqué comme lu.")


def _moment(text: str) -> datetime | None:
    """An instant as the page wrote it; None for anything else, which only a forged page sends."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _done(request: HttpRequest, act: Callable[[Any], object], told: str) -> HttpResponse:
    require(perms.TAKE_PART, request.member)
    return _answered(request, act, told, here("territories:community"))


def _answered(request: HttpRequest, act: Callable[[Any], object], told: str, back: str) -> HttpResponse:
    """Act, and say on the page `back` what came of it."""
    try:
        act(clock.now())
    except BusinessError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, told)
    return redirect(back)


@require_http_methods(["GET", "POST"])
def topic_new(request: HttpRequest) -> HttpResponse:
    """Open a topic."""
    require(perms.WRITE_IN_COMMUNITY, request.member)
    if reads.participation(request.member) is None:
        return redirect(here("territories:community"))
    form = TopicForm(posted(request))
    answer = acted(request, form, lambda: _opened(request, form))
    return answer or _form(request, form, "Ouvrir un sujet", here("territories:community"), verb="Publier")


def _opened(request: HttpRequest, form: TopicForm) -> HttpResponse:
    typed = form.cleaned_data
    made = actions.open_topic(
        kind=typed["kind"], title=typed["title"], text=typed["text"], sure=form.sure_of, by=request.member,
        at=clock.now(),
    )  # fmt: skip
    messages.success(request, "Votre sujet est ouvert\u00a0: tous les territoires le lisent.")
    return redirect(here("territories:topic", made.public_id))


@require_http_methods(["GET", "POST"])
def topic(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One topic; whoever takes part answers below it."""
    opening = fetch(perms.READ_COMMUNITY, request.member, public_id=public_id, topic=None)
    form = AnswerForm(posted(request))
    answer = acted(request, form, lambda: _told(request, form, opening))
    page = reads.topic_page(opening, request.member, request.GET.get("page", "1"))
    return answer or show(request, "territories/community/topic.html", form, page=page)


def _told(request: HttpRequest, form: AnswerForm, opening: Post) -> HttpResponse:
    require(perms.WRITE_IN_COMMUNITY, request.member)
    text = form.cleaned_data["text"]
    made = actions.answer_topic(topic=opening, text=text, sure=form.sure_of, by=request.member, at=clock.now())
    messages.success(request, "Votre réponse est publiée.")
    return redirect(_place_of(made, page=reads.last_page(opening)))


@require_http_methods(["GET", "POST"])
def post_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Correct a message of hers."""
    post = fetch(perms.CORRECT_POST, request.member, public_id=public_id)
    form_class = AnswerForm if post.topic_id else CorrectTopicForm
    form = form_class(posted(request), initial={"title": post.title, "text": post.text})
    answer = acted(request, form, lambda: _corrected(request, form, post))
    return answer or _form(request, form, "Corriger votre message", _place_of(post))


def _corrected(request: HttpRequest, form: AnswerForm | CorrectTopicForm, post: Post) -> HttpResponse:
    typed = form.cleaned_data
    title = typed.get("title", "")
    actions.correct_post(
        post=post, title=title, text=typed["text"], sure=form.sure_of, by=request.member, at=clock.now()
    )
    messages.success(request, "Votre message est corrigé.")
    return redirect(_place_of(post))


@require_POST
def post_withdraw(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take a message of hers back."""
    post = fetch(perms.WITHDRAW_POST, request.member, public_id=public_id)
    told = "Votre message est retiré\u00a0: il n’en reste aucun mot."
    return _answered(
        request, lambda at: actions.withdraw_post(post=post, by=request.member, at=at), told, _place_of(post)
    )


@require_http_methods(["GET", "POST"])
def post_flag(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Point a message out."""
    post = fetch(perms.FLAG_POST, request.member, public_id=public_id)
    form = FlagForm(posted(request))
    answer = acted(request, form, lambda: _flagged(request, form, post))
    lead = f"Message de {post.author_name}, {post.place}."
    return answer or _form(request, form, "Signaler un message", _place_of(post), verb="Signaler", lead=lead)


def _flagged(request: HttpRequest, form: FlagForm, post: Post) -> HttpResponse:
    is_recognisable = form.cleaned_data["why"] == FlagForm.FAMILY
    words = form.cleaned_data["words"]
    actions.flag_post(post=post, is_recognisable=is_recognisable, words=words, by=request.member, at=clock.now())
    hidden = " Il est masqué en attendant." if is_recognisable else ""
    messages.success(request, f"Message signalé au binôme du territoire de son autrice.{hidden}")
    return redirect(_place_of(post))


@require_http_methods(["GET", "POST"])
def post_moderate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Withdraw a message written from her territory."""
    post = fetch(perms.MODERATE_POST, request.member, public_id=public_id)
    form = ModerateForm(posted(request))
    answer = acted(request, form, lambda: _moderated(request, form, post))
    context = {"message": reads.one_pointed_out(post), "back": here("territories:community")}
    return answer or show(request, "territories/community/moderate.html", form, **context)


def _moderated(request: HttpRequest, form: ModerateForm, post: Post) -> HttpResponse:
    actions.moderate_post(post=post, reason=form.cleaned_data["reason"], by=request.member, at=clock.now())
    messages.success(request, "Le message est retiré. Son autrice lit le motif.")
    return redirect(here("territories:community"))


@require_POST
def post_keep(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What was pointed out may stay."""
    post = fetch(perms.MODERATE_POST, request.member, public_id=public_id)
    told = "Le message reste. S’il était masqué, il se lit de nouveau."
    back = here("territories:community")
    return _answered(request, lambda at: actions.keep_post(post=post, by=request.member, at=at), told, back)


def _form(
    request: HttpRequest, form: Any, title: str, back: str, *, verb: str = "Enregistrer", lead: str = ""
) -> HttpResponse:
    context = {"title": title, "back": back, "verb": verb, "lead": lead}
    return show(request, "territories/community/form.html", form, **context)


def _place_of(post: Post, *, page: int = 1) -> str:
    """The topic of a message, at that message."""
    url = here("territories:topic", (post.topic or post).public_id)
    asked = f"?page={page}" if page > 1 else ""
    return f"{url}{asked}#message-{post.public_id}"
