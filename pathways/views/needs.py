"""Needs of a family: the page, a new one, how one stands, a request for an orientation."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import needs as actions
from pathways.actions import orientations
from pathways.enums import NeedAbout
from pathways.forms.needs import FollowForm, NeedForm, ProposeForm
from pathways.models import Family, Need
from pathways.reads.facts import family_facts
from pathways.reads.needs import children_to_name, family_needs, need_view
from pathways.reads.targets import grouped_needs, target_choices, target_of


@require_GET
def needs(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Needs and orientations of one family, those in hand first."""
    family = fetch(perms.SEE_FAMILY_NEEDS, request.member, public_id=public_id)
    facts = family_facts(family.pk, clock.now())
    view = family_needs(request.member, family, is_over=facts.takes_nothing_new, has_orphan=facts.has_orphan)
    return render(request, "pathways/needs.html", {"family": facts, "view": view})


@require_http_methods(["GET", "POST"])
def need_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Note a need outside a visit."""
    family = fetch(perms.SPOT_NEED, request.member, public_id=public_id)
    may_seal = perms.READ_SEALED_NEED.is_held_by(request.member)
    asked = {"code": request.GET.get("code", ""), "about": request.GET.get("about", "")}
    facts = family_facts(family.pk, clock.now())
    # Stopped for everybody, the action says so, in words.
    abouts = [one for one in NeedAbout.values if not facts.takes_nothing_about(one)] or NeedAbout.values
    needs = grouped_needs(with_sealed=may_seal, abouts=abouts, is_left=facts.has_orphan)
    form = NeedForm(posted(request), needs=needs, children=children_to_name(family), abouts=abouts, initial=asked)
    answer = acted(request, form, lambda: _spot(request, family, form))
    return answer or show(request, "pathways/need_new.html", form, family=facts)


def _spot(request: HttpRequest, family: Family, form: NeedForm) -> HttpResponse:
    actions.spot_need(family=family, spotted=form.spotted, by=request.member, at=clock.now())
    messages.success(request, "Besoin noté.")
    return redirect(here("pathways:needs", family.public_id))


@require_http_methods(["GET", "POST"])
def need_follow(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say how a need stands now."""
    need = fetch(perms.FOLLOW_NEED, request.member, public_id=public_id)
    form = FollowForm(posted(request), initial={"state": need.state})
    answer = acted(request, form, lambda: _follow(request, need, form))
    return answer or show(request, "pathways/need_follow.html", form, **_of(need))


def _follow(request: HttpRequest, need: Need, form: FollowForm) -> HttpResponse:
    actions.follow_need(need=need, at=clock.now(), **form.cleaned_data)
    messages.success(request, "C’est noté. Ce qu’on savait avant reste dans l’historique du besoin.")
    return redirect(here("pathways:needs", need.family.public_id))


@require_GET
def need_sealed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A need of the compartment, for its named readers; each reading is logged."""
    need = fetch(perms.READ_SEALED_NEED, request.member, public_id=public_id)
    return render(request, "pathways/need_sealed.html", _of(need))


@require_http_methods(["GET", "POST"])
def orientation_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask for an orientation, or note a contact given."""
    need = fetch(perms.PROPOSE_ORIENTATION, request.member, public_id=public_id)
    targets = target_choices(request.member, need, timezone.localdate())
    form = ProposeForm(posted(request), targets=targets)
    answer = acted(request, form, lambda: _propose(request, need, form))
    return answer or show(request, "pathways/orientation_new.html", form, **_of(need))


def _propose(request: HttpRequest, need: Need, form: ProposeForm) -> HttpResponse:
    data, at = form.cleaned_data, clock.now()
    target = target_of(data["target"])
    if data["what"] == "GIVE":
        orientations.give_contact(need=need, target=target, by=request.member, at=at)
        messages.success(request, "Contact donné, noté.")
    else:
        words = {"reason": data["reason"], "agreement": data["agreement"]}
        orientations.propose_orientation(need=need, target=target, by=request.member, at=at, **words)
        messages.success(request, "Demande envoyée à l’équipe de référence, qui décide.")
    return redirect(here("pathways:needs", need.family.public_id))


def _of(need: Need) -> dict[str, Any]:
    return {"family": family_facts(need.family_id, clock.now()), "need": need_view(need)}
