"""Conversations as those who answer see them."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock, trace
from copa.kernel.access import fetch, require
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from messaging import perms
from messaging.actions import conversations as actions
from messaging.forms import MessageForm
from messaging.models import Conversation
from messaging.reads import threads as reads


@require_GET
def conversations(request: HttpRequest) -> HttpResponse:
    """Those she reads, what is unread first."""
    require(perms.READ_CONVERSATION, request.member)
    page = reads.conversations(request.member, request.GET.get("page", "1"), clock.now())
    unread = reads.unread_count(request.member)
    may_set_hours = perms.SET_HOURS.is_held_by(request.member)
    return render(
        request, "messaging/conversations.html", {"page": page, "unread": unread, "may_set_hours": may_set_hours}
    )


@require_http_methods(["GET", "POST"])
def conversation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One conversation: opening it is reading it, and is logged; an answer."""
    perm = perms.READ_CONVERSATION if request.method == "GET" else perms.ANSWER_PARENT
    found = fetch(perm, request.member, public_id=public_id)
    at = clock.now()
    form = MessageForm(posted(request), initial={"submission": uuid4()})
    answer = acted(request, form, lambda: _answer(request, found, form))
    if answer is not None:
        return answer
    thread = reads.thread_of(found, request.member, request.GET.get("page", "1"), at)
    if request.method == "GET":
        trace.later(lambda: actions.note_read(conversation=found, shown=thread.shown, by=request.member, at=at))
    return show(request, "messaging/conversation.html", form, thread=thread)


def _answer(request: HttpRequest, found: Conversation, form: MessageForm) -> HttpResponse:
    data = form.cleaned_data
    actions.answer(
        conversation=found,
        text=data["text"],
        submission=data["submission"] or uuid4(),
        by=request.member,
        at=clock.now(),
    )
    messages.success(request, "Votre réponse est dans son espace.")
    return redirect(here("messaging:conversation", found.public_id))
