"""Orientations: the office list, one orientation and what its team does with it, the letter."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from copa.kernel import clock
from copa.kernel.access import Perm, fetch, require
from copa.kernel.errors import BusinessError, show_in_form
from copa.kernel.links import here
from copa.kernel.look import Chip, Paper
from copa.kernel.pdf import render_pdf
from pathways import perms
from pathways.actions import orientations as actions
from pathways.forms.needs import (
    AgreementForm,
    CloseForm,
    ContactForm,
    DecisionForm,
    NoteReplyForm,
    SendForm,
    TargetForm,
)
from pathways.models import Orientation
from pathways.reads.facts import family_facts
from pathways.reads.needs import orientation_page
from pathways.reads.orientations import OrientationShelf, letter, orientation_rows, shelf_counts
from pathways.reads.targets import service_choices, target_choices, target_of, value_of
from pathways.views.page import paper

_LABELS = {
    OrientationShelf.TO_DECIDE: "À décider",
    OrientationShelf.TO_SEND: "À envoyer",
    OrientationShelf.WAITING: "Sans réponse",
    OrientationShelf.OVERDUE: "Sans réponse depuis 14 jours",
    OrientationShelf.TO_DECIDE_AGAIN: "À réorienter",
    OrientationShelf.TO_CONFIRM: "Contact à confirmer",
    OrientationShelf.ANSWERED: "Terminées, 90 jours",
}


@require_GET
def orientations(request: HttpRequest) -> HttpResponse:
    """Orientations by shelf, what presses first, then the longest wait."""
    require(perms.LIST_ORIENTATIONS, request.member)
    at = clock.now()
    typed = request.GET.get("etat", "")
    shelf = OrientationShelf(typed) if typed in set(OrientationShelf) else OrientationShelf.TO_DECIDE
    counts = shelf_counts(request.member, at)
    first = OrientationShelf.TO_DECIDE
    chips = [
        Chip(label, {"etat": None if one == first else one.value}, counts[one.value]) for one, label in _LABELS.items()
    ]
    page = orientation_rows(request.member, shelf, at, total=counts[shelf.value], page=request.GET.get("page", "1"))
    context = {"page": page, "chips": chips, "shelf": shelf.value}
    return render(request, "pathways/orientations.html", context)


@require_GET
def orientation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One orientation; sealed ones for their named readers alone, each reading logged."""
    found = fetch(perms.SEE_ORIENTATIONS, request.member, public_id=public_id)
    return _page(request, found)


def _page(request: HttpRequest, found: Orientation, **bound: forms.Form) -> HttpResponse:
    at = clock.now()
    shown = {
        "decision": DecisionForm(
            targets=target_choices(request.member, found.need, timezone.localdate(), found.target_type),
            initial={"target": value_of(found.target_type, found.entry), "letter_words": found.letter_words},
        ),
        "agreement": AgreementForm(initial={"answer": found.agreement}),
        "send": SendForm(),
        "contact": ContactForm(),
        "reply": NoteReplyForm(),
        "close": CloseForm(),
    }
    facts = family_facts(found.family_id, at)
    view = orientation_page(request.member, found, at, is_over=facts.takes_nothing_about(found.need.about))
    if view.may_name:
        shown["service"] = _service_form(request, found, initial={"target": value_of(found.target_type, found.entry)})
    context = {
        "family": facts,
        "view": view,
        "refused": next(iter(bound.values()), None),
        **shown,
        **bound,
    }
    context["send"].offer(view.ways)
    return render(request, "pathways/orientation.html", context, status=422 if bound else 200)


def _service_form(request: HttpRequest, found: Orientation, *bound: Any, **more: Any) -> TargetForm:
    return TargetForm(*bound, targets=service_choices(request.member, found, timezone.localdate()), **more)


def _acted(
    request: HttpRequest, perm: Perm, public_id: UUID, name: str, make: Callable[[Orientation], forms.Form], act: Any
) -> HttpResponse:
    """The moves every sending of this page shares: fetch, clean, act, answer."""
    found = fetch(perm, request.member, public_id=public_id)
    form = make(found)
    if form.is_valid():
        try:
            messages.success(request, act(found, form.cleaned_data, clock.now()))
        except BusinessError as refusal:
            show_in_form(form, refusal)
        else:
            return redirect(here("pathways:orientation", public_id))
    return _page(request, found, **{name: form})


@require_POST
def orientation_decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The referring team decides (R004); an AP who tries is refused."""

    def make(found: Orientation) -> DecisionForm:
        today = timezone.localdate()
        return DecisionForm(request.POST, targets=target_choices(request.member, found.need, today, found.target_type))

    def act(found: Orientation, data: dict[str, Any], at: Any) -> str:
        decision = actions.Decision(
            is_yes=data["decision"] == "yes",
            target=target_of(data["target"]),
            words=data["words"],
            letter_words=data["letter_words"],
        )
        actions.decide_orientation(orientation=found, decision=decision, by=request.member, at=at)
        return "Orientation acceptée\u00a0: il reste à l’envoyer." if decision.is_yes else "Décision notée."

    return _acted(request, perms.DECIDE_ORIENTATION, public_id, "decision", make, act)


@require_POST
def orientation_service(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """To which service of its type an accepted orientation leaves."""

    def act(found: Orientation, data: dict[str, Any], at: Any) -> str:
        entry = target_of(data["target"]).entry
        assert entry is not None, "services alone are offered"
        actions.name_service(orientation=found, entry=entry, at=at)
        return "Service noté\u00a0: il reste à envoyer l’orientation."

    def make(found: Orientation) -> TargetForm:
        return _service_form(request, found, request.POST)

    return _acted(request, perms.DECIDE_ORIENTATION, public_id, "service", make, act)


@require_POST
def orientation_agreement(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the person answers about this recipient."""

    def act(found: Orientation, data: dict[str, Any], at: Any) -> str:
        actions.note_agreement(orientation=found, answer=data["answer"], by=request.member, at=at)
        return "Réponse notée."

    return _acted(request, perms.NOTE_AGREEMENT, public_id, "agreement", lambda _: AgreementForm(request.POST), act)


@require_POST
def orientation_send(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The orientation leaves."""

    def act(found: Orientation, data: dict[str, Any], at: Any) -> str:
        actions.send_orientation(orientation=found, how=data["how"], by=request.member, at=at)
        return "Orientation envoyée."

    return _acted(request, perms.DECIDE_ORIENTATION, public_id, "send", lambda _: SendForm(request.POST), act)


@require_POST
def orientation_link(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Another link, the former one dead."""

    def act(found: Orientation, data: dict[str, Any], at: Any) -> str:
        actions.send_link_again(orientation=found, by=request.member, at=at)
        return "Un autre lien part, avec un autre code."

    return _acted(request, perms.DECIDE_ORIENTATION, public_id, "again", lambda _: forms.Form(request.POST), act)


@require_POST
def orientation_contact(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The first contact took place."""

    def act(found: Orientation, data: dict[str, Any], at: Any) -> str:
        actions.confirm_contact(orientation=found, day=data["day"], confirmed_by=data["confirmed_by"], at=at)
        return "Premier contact noté."

    return _acted(request, perms.CONFIRM_CONTACT, public_id, "contact", lambda _: ContactForm(request.POST), act)


@require_POST
def orientation_reply(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The professional’s answer, heard by the team."""

    def act(found: Orientation, data: dict[str, Any], at: Any) -> str:
        reply = actions.Reply(answer=data["answer"], day=timezone.localdate(at), words=data["words"])
        actions.note_answer(orientation=found, reply=reply, at=at)
        return "Réponse notée."

    return _acted(request, perms.DECIDE_ORIENTATION, public_id, "reply", lambda _: NoteReplyForm(request.POST), act)


@require_POST
def orientation_close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Nothing more is expected of it."""

    def act(found: Orientation, data: dict[str, Any], at: Any) -> str:
        actions.close_orientation(orientation=found, words=data["words"], at=at)
        return "Orientation close."

    return _acted(request, perms.DECIDE_ORIENTATION, public_id, "close", lambda _: CloseForm(request.POST), act)


@require_GET
def orientation_letter(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The letter, on paper, for a service without an e-mail address; refused like any other sending."""
    found = fetch(perms.DECIDE_ORIENTATION, request.member, public_id=public_id)
    try:
        actions.check_letter(orientation=found)
    except BusinessError as refusal:
        messages.warning(request, refusal.message)
        return redirect(here("pathways:orientation", public_id))
    at = clock.now()
    page = orientation_page(request.member, found, at)
    words = letter(found)
    sheet = Paper(
        "Lettre d’orientation", request.territory.name, "lettre-orientation-1", timezone.localtime(at), words.digest
    )
    context = {"letter": words, "paper": sheet, "code": page.link.code if page.link else ""}
    return paper(render_pdf("pdf/orientation.html", context), "orientation.pdf")
