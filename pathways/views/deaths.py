"""« Deuil »: who died, the team's confirmation, and the way back from a mistake."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.errors import BusinessError, show_in_form
from copa.kernel.french import NBSP
from copa.kernel.links import here
from pathways import perms
from pathways.actions import deaths as actions
from pathways.actions.aftercare import note_step
from pathways.enums import AftercareStep
from pathways.forms.deaths import DeathForm, FollowerForm, UndoForm
from pathways.models import Birth, Death
from pathways.reads.aftercare import aftercare_of
from pathways.reads.deaths import alive_around, child_of, deaths_of
from pathways.reads.facts import family_facts
from pathways.rules import DEATH_CONFIRMED_WITHIN
from pathways.views.page import to_family


@require_http_methods(["GET", "POST"])
def silence(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Note a death, confirm one, or take one back; each button says which (`act`), a sending without a word does none.

    The three forms stand on one page: a refusal shows it again (422) with what was typed.
    """
    birth = fetch(perms.RECORD_SILENCE, request.member, public_id=public_id)
    asked = request.POST.get("act", "")
    note = DeathForm(request.POST if asked == "note" else None, people=alive_around(birth))
    undo = UndoForm(request.POST if asked == "undo" else None)
    try:
        said = _act(request, birth, asked, note, undo)
    except BusinessError as refusal:
        _refuse(request, {"note": note, "undo": undo}.get(asked), refusal)
        said = ""
    if said:
        messages.success(request, said)
        return to_family(birth.family.public_id)
    status = 422 if request.method == "POST" else 200
    return render(request, "pathways/silence.html", _context(birth, request, note, undo), status=status)


@require_http_methods(["GET", "POST"])
def aftercare(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What is silent after a death, and what a person does; each step is noted with its own button."""
    birth = fetch(perms.RECORD_SILENCE, request.member, public_id=public_id)
    step = request.POST.get("step", "")
    follower = FollowerForm(request.POST if step == AftercareStep.CHILD_FOLLOWED else None)
    if request.method == "POST" and (not follower.is_bound or follower.is_valid()):
        who = follower.cleaned_data["who"] if follower.is_bound else ""
        try:
            note_step(death=_death(request, birth), step=step, who=who, by=request.member, at=clock.now())
        except BusinessError as refusal:
            # The step was done or its death undone meanwhile: its card says which, once it is drawn again.
            messages.warning(request, refusal.message)
        return redirect(here("pathways:aftercare", birth.public_id))
    facts = family_facts(birth.family_id, clock.now())
    found = aftercare_of(birth, request.member, clock.now())
    shown = {"family": facts, "birth_id": birth.public_id, "aftercare": found, "follower": follower}
    return render(request, "pathways/aftercare.html", shown, status=422 if follower.is_bound else 200)


def _refuse(request: HttpRequest, form: forms.Form | None, refusal: BusinessError) -> None:
    """Beside the field; above the page when somebody settled this death meanwhile, since its card is gone."""
    if form is None or refusal.code == "death_settled":
        messages.error(request, refusal.message)
    else:
        show_in_form(form, refusal)


def _act(request: HttpRequest, birth: Birth, asked: str, note: DeathForm, undo: UndoForm) -> str:
    """What was done, in words; "" when nothing was."""
    by, at = request.member, clock.now()
    if asked == "note" and note.is_valid():
        child = child_of(birth, note.cleaned_data["who"])
        actions.note_death(birth=birth, child=child, by=by, at=at, is_confirmed=True)
        return "Le deuil est noté. Tout ce qui concerne cette personne est silencieux."
    if asked == "confirm":
        actions.confirm_death(death=_death(request, birth), by=by, at=at)
        return "Le deuil est confirmé."
    if asked == "undo" and undo.is_valid():
        death = _death(request, birth)
        return _lifted(actions.undo_death(death=death, reason=undo.cleaned_data["reason"], by=by, at=at))
    return ""


def _lifted(visits: actions.Comeback) -> str:
    """What is said once a mistake is taken back: what stands, and what somebody has to do anew."""
    said = ["Le silence est levé."]
    if visits.standing == 1:
        said.append("La visite annulée par ce décès est maintenue, à la même heure.")
    elif visits.standing:
        said.append(f"{visits.standing}{NBSP}visites annulées par ce décès sont maintenues, aux mêmes heures.")
    if visits.to_plan == 1:
        said.append("Une visite annulée par ce décès est à prévoir de nouveau.")
    elif visits.to_plan:
        said.append(f"{visits.to_plan}{NBSP}visites annulées par ce décès sont à prévoir de nouveau.")
    if visits.has_lost_transfer:
        said.append("Le transfert vers un autre territoire a été annulé par ce décès : il est à proposer de nouveau.")
    return " ".join(said)


def _death(request: HttpRequest, birth: Birth) -> Death:
    key = forms.UUIDField(required=False).to_python(request.POST.get("death"))
    found: Death = get_object_or_404(Death.objects.filter(birth=birth), public_id=key)
    return found


def _context(birth: Birth, request: HttpRequest, note: DeathForm, undo: UndoForm) -> dict[str, Any]:
    facts = family_facts(birth.family_id, clock.now())
    deaths = deaths_of(birth)
    return {
        "family": facts,
        "birth_id": birth.public_id,
        "deaths": [one for one in deaths if one.is_standing],
        "mistakes": [one for one in deaths if not one.is_standing],
        "note": note,
        "undo": undo,
        # Several deaths stand on the page: the refused reason belongs to one of them.
        "undone": request.POST.get("death", ""),
        "now": timezone.now(),
        "delay": DEATH_CONFIRMED_WITHIN,
    }
