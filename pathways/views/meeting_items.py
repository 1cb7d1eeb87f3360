"""Writing one family's part of a meeting: words, facts, decisions, what is sealed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.errors import BusinessError, show_in_form
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.meanwhile import is_stale, read_by
from copa.kernel.moves import acted, show
from pathways import perms, rules
from pathways.actions import meetings as actions
from pathways.forms.meetings import AnnexForm, DecisionForm, ItemForm
from pathways.models import MeetingItem
from pathways.reads.decision_owners import owners_for
from pathways.reads.meetings import annex_of, one_item

DECISION = "decision"


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Write what was said about one family, and what is decided: one form, so that nothing typed is left behind."""
    found = fetch(perms.WRITE_ITEM, request.member, public_id=public_id)
    people = owners_for(found)
    words = ItemForm(posted(request), people=people, initial=_known(found))
    decision = DecisionForm(request.POST if _decides(request) else None, people=people, prefix=DECISION)
    answer = _kept(request, found, words, decision)
    form = decision if decision.is_bound and decision.errors else words
    token = actions.words_token(found)
    context = {
        "token": token,
        "is_stale": is_stale(request, token),
        "item": one_item(found, request.member, timezone.localdate()),
        "words": words,
        "decision": decision,
        "has_begun": rules.has_begun(planned_at=found.meeting.planned_at, at=clock.now()),
    }
    return answer or show(request, "pathways/meeting_item.html", form, meeting=found.meeting, **context)


def _decides(request: HttpRequest) -> bool:
    """Whether a decision was asked for, or begun."""
    return "decide" in request.POST or any(request.POST.get(f"{DECISION}-{name}") for name in DecisionForm.BEGUN)


def _known(found: MeetingItem) -> dict[str, Any]:
    told_by = found.told_by.public_id if found.told_by else ""
    return {
        "family_words": found.family_words,
        "facts": found.facts,
        "told_by": str(told_by),
        "tell_on": found.tell_on,
    }


def _kept(request: HttpRequest, found: MeetingItem, words: ItemForm, decision: DecisionForm) -> HttpResponse | None:
    """What follows once all is kept; None to show the page (again), a refusal in the form it is about."""
    if not words.is_valid() or (decision.is_bound and not decision.is_valid()):
        return None
    try:
        return _keep(request, found, words, decision)
    except BusinessError as refusal:
        is_of_words = refusal.code in actions.WORDS_REFUSED or not decision.is_bound
        show_in_form(words if is_of_words else decision, refusal)
        return None


def _keep(request: HttpRequest, found: MeetingItem, words: ItemForm, decision: DecisionForm) -> HttpResponse:
    decided = decision.decision if decision.is_bound else None
    token = read_by(request)
    actions.keep_item(item=found, token=token, words=words.words, decision=decided, by=request.member, at=clock.now())
    noted = "Décision notée. Elle sera confiée à la validation."
    messages.success(request, noted if decision.is_bound else "C’est écrit.")
    return redirect(here("pathways:meeting_item", found.public_id))


@require_POST
def item_remove(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take the family off the agenda."""
    found = fetch(perms.WRITE_ITEM, request.member, public_id=public_id)
    try:
        actions.take_off_agenda(item=found)
    except BusinessError as refusal:
        messages.error(request, refusal.message)
        return redirect(here("pathways:meeting_item", public_id))
    messages.success(request, "Retirée de l’ordre du jour.")
    return redirect(here("pathways:meeting", found.meeting.public_id))


@require_http_methods(["GET", "POST"])
def item_annex(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Write what is sealed."""
    found = fetch(perms.WRITE_ITEM, request.member, public_id=public_id)
    known = annex_of(found)
    form = AnnexForm(posted(request), initial={"text": known.text if known else ""})
    answer = acted(request, form, lambda: _seal(request, found, form))
    row, token = one_item(found, request.member, timezone.localdate()), actions.annex_token(found)
    stale = annex_of(found) if is_stale(request, token) else None
    return answer or show(request, "pathways/meeting_annex_write.html", form, item=row, token=token, stale=stale)


def _seal(request: HttpRequest, found: MeetingItem, form: AnnexForm) -> HttpResponse:
    text = form.cleaned_data["text"]
    actions.write_annex(item=found, token=read_by(request), text=text, by=request.member, at=clock.now())
    messages.success(request, "La partie protégée est gardée.")
    return redirect(here("pathways:meeting_item", found.public_id))


@require_POST
def decision_drop(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take back a decision before the validation."""
    found = fetch(perms.DROP_DECISION, request.member, public_id=public_id)
    actions.drop_decision(decision=found)
    messages.success(request, "Décision retirée.")
    return redirect(here("pathways:meeting_item", found.item.public_id))
