"""Relays to the PMI: the list, one relay, the team's reply."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.asked import as_uuid
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.look import Chip
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import relays as actions
from pathways.forms.work import AcceptForm, QuestionForm, ReplyForm
from pathways.models import PmiRelay
from pathways.reads.facts import family_facts
from pathways.reads.relays import (
    Listed,
    RelayShelf,
    follow_up,
    groups_of,
    relay_rows,
    relay_talk,
    sectors_of,
    shelf_counts,
)

_LABELS = {
    RelayShelf.TODO: "À faire",
    RelayShelf.ACCEPTED: "Acceptés, 90 jours",
    RelayShelf.NOT_AGREED: "Sans accord de la mère",
    RelayShelf.CLOSED: "Sans suite",
    RelayShelf.OLD: "En attente depuis plus de 90 jours",
}
_OF_TEAM = {RelayShelf.NOT_AGREED, RelayShelf.DECLINED, RelayShelf.CLOSED}


@require_GET
def relays(request: HttpRequest) -> HttpResponse:
    """Relays by shelf; the PMI sees those of her service that the mother agreed to, and no other."""
    require(perms.SEE_RELAYS, request.member)
    shelves = _shelves(request)
    typed = request.GET.get("etat", "")
    shelf = next((one for one in shelves if one.value == typed), RelayShelf.TODO)
    asked = Listed(request.member, shelf, timezone.localdate(), as_uuid(request.GET.get("secteur")))
    counts = shelf_counts(asked)
    page = relay_rows(asked, total=counts[shelf], page=request.GET.get("page", "1"))
    context = {
        "page": page,
        "groups": groups_of(asked, page.object_list, counts),
        "chips": [_chip(one, counts[one]) for one in shelves if one in _LABELS],
        "shelf": shelf.value,
        "sectors": sectors_of(request.member),
        "sector": str(asked.sector or ""),
    }
    return render(request, "pathways/relays.html", context)


def _chip(shelf: RelayShelf, count: int) -> Chip:
    value = None if shelf == RelayShelf.TODO else shelf.value
    return Chip(_LABELS[shelf], {"etat": value, "page": None}, count)


def _shelves(request: HttpRequest) -> list[RelayShelf]:
    """The PMI never sees relays without an agreement, nor those that are the referring team's again."""
    may_answer = perms.ANSWER_RELAY.is_held_by(request.member)
    return [one for one in RelayShelf if not (may_answer and one in _OF_TEAM)]


@require_http_methods(["GET", "POST"])
def relay(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One relay; the PMI accepts it, asks, or corrects the date it gave."""
    perm = perms.ANSWER_RELAY if request.method == "POST" else perms.SEE_RELAYS
    found = fetch(perm, request.member, public_id=public_id)
    asks = "question" in request.POST
    accept = AcceptForm(None if asks else posted(request), initial={"next_contact_on": found.next_contact_on})
    question = QuestionForm(request.POST if asks else None)
    if asks:
        answer = acted(request, question, lambda: _ask(request, found, question))
    else:
        answer = acted(request, accept, lambda: _accept(request, found, accept))
    context = _context(request, found)
    return answer or show(
        request, "pathways/relay.html", question if asks else accept, accept=accept, question=question, **context
    )


def _context(request: HttpRequest, found: PmiRelay) -> dict[str, Any]:
    family = family_facts(found.family_id, clock.now())
    birth = next(one for one in family.births if one.relay and one.relay.public_id == found.public_id)
    return {
        "family": family,
        "birth": birth,
        "relay": birth.relay,
        "talk": relay_talk(found),
        "follow_up": follow_up(found, timezone.localdate(), request.territory.time_zone),
        "may_decide": perms.DECIDE_RELAY.allows(request.member, found),
        "may_answer": perms.ANSWER_RELAY.allows(request.member, found),
        "may_reply": perms.REPLY_TO_RELAY.allows(request.member, found),
        "today": timezone.localdate(),
        "day_number": birth.day_number(timezone.localdate()),
    }


def _accept(request: HttpRequest, found: PmiRelay, form: AcceptForm) -> HttpResponse:
    given, at = form.cleaned_data, clock.now()
    if "correct" in request.POST:
        actions.correct_contact(relay=found, by=request.member, at=at, **given)
        messages.success(request, "Date du prochain contact corrigée.")
        return redirect(here("pathways:relay", found.public_id))
    actions.accept_relay(relay=found, by=request.member, at=at, **given)
    messages.success(request, "Relais accepté. L’équipe de référence le voit.")
    return redirect(here("pathways:relays"))


def _ask(request: HttpRequest, found: PmiRelay, form: QuestionForm) -> HttpResponse:
    actions.question_relay(relay=found, question=form.cleaned_data["question"], by=request.member, at=clock.now())
    messages.success(request, "Question posée à l’équipe de référence.")
    return redirect(here("pathways:relay", found.public_id))


@require_http_methods(["GET", "POST"])
def relay_reply(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The referring team answers the PMI's question."""
    found = fetch(perms.REPLY_TO_RELAY, request.member, public_id=public_id)
    form = ReplyForm(posted(request))
    answer = acted(request, form, lambda: _reply(request, found, form))
    return answer or show(request, "pathways/relay_reply.html", form, **_context(request, found))


def _reply(request: HttpRequest, found: PmiRelay, form: ReplyForm) -> HttpResponse:
    actions.reply_to_relay(relay=found, reply=form.cleaned_data["reply"], by=request.member, at=clock.now())
    messages.success(request, "Réponse envoyée à la PMI.")
    return redirect(here("pathways:relay", found.public_id))
