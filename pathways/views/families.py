"""The file of a family: coordinates, who may open it, who opened it."""

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
from copa.kernel.meanwhile import is_stale
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import families as actions
from pathways.forms.families import FamilyForm, GrantForm, known_details
from pathways.models import Child, Family
from pathways.reads.facts import FamilyFacts, family_facts
from pathways.reads.log import readings
from pathways.reads.places import communes_of_territory, outsiders
from pathways.reads.professionals import professional_label
from pathways.views.page import to_family


@require_http_methods(["GET", "POST"])
def family_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Correct coordinates, contact rules and first names; a stale form is refused with what was typed."""
    family = fetch(perms.EDIT_FAMILY, request.member, public_id=public_id)
    facts = family_facts(family.pk, clock.now())
    may_lift = facts.contact.is_through_team and perms.LIFT_TEAM_RULE.allows(request.member, family)
    form = FamilyForm(
        posted(request),
        territory=request.territory,
        communes=communes_of_territory(),
        children=list(Child.objects.filter(family=family, closed_at=None).order_by("birth_id", "rank")),
        is_contact_asked=bool(facts.contact.ways),
        team_rule_since=facts.contact.through_team_since if may_lift else None,
        initial={**known_details(facts), "token": actions.details_token(family)},
    )
    answer = acted(request, form, lambda: _correct(request, family, form))
    token = actions.details_token(family)
    context = {"family": facts, "token": token, "is_stale": is_stale(request, token)}
    return answer or show(request, "pathways/family_edit.html", form, **context)


def _correct(request: HttpRequest, family: Family, form: FamilyForm) -> HttpResponse:
    actions.edit_family(family=family, token=form.cleaned_data["token"], details=form.details, at=clock.now())
    messages.success(request, "Coordonnées enregistrées.")
    return to_family(family.public_id)


@require_http_methods(["GET", "POST"])
def open_family(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Open the file to one professional by name, or close it again."""
    family = fetch(perms.OPEN_FAMILY_TO, request.member, public_id=public_id)
    professionals = list(outsiders(timezone.localdate()))
    if request.method == "POST" and "revoke" in request.POST:
        return _revoke(request, family, professionals)
    facts = family_facts(family.pk, clock.now())
    offered = professionals
    if facts.takes_nothing_new:
        offered = [one for one in professionals if one.user_id in {grant.user_id for grant in facts.child_doctors}]
    form = GrantForm(posted(request), professionals=offered, others=facts.others)
    answer = acted(request, form, lambda: _open(request, family, form))
    context = {"family": facts, "open_to": _open_to(facts, professionals), "has_moved": family.moved_at is not None}
    return answer or show(request, "pathways/open_family.html", form, **context)


def _open_to(facts: FamilyFacts, professionals: list[Any]) -> list[dict[str, Any]]:
    """Running grants, each with the public id of its member; "" for somebody whose rights have ended."""
    keys = {one.user_id: str(one.public_id) for one in professionals}
    return [{"grant": grant, "member": keys.get(grant.user_id, "")} for grant in facts.grants]


def _open(request: HttpRequest, family: Family, form: GrantForm) -> HttpResponse:
    data = form.cleaned_data
    recipient, named = form.recipient
    actions.open_family_to(
        family=family,
        to=form.to,
        reason=data["reason"],
        until=data["until"],
        recipient=recipient,
        named=named,
        is_confirmed=data["is_confirmed"],
        by=request.member,
        at=clock.now(),
    )
    messages.success(request, f"Dossier ouvert à {professional_label(form.to)}.")
    return redirect(here("pathways:open_family", family.public_id))


def _revoke(request: HttpRequest, family: Family, professionals: list[Any]) -> HttpResponse:
    chosen = next((one for one in professionals if str(one.public_id) == request.POST["revoke"]), None)
    if chosen and actions.revoke_grant(family=family, user_id=chosen.user_id, at=clock.now()):
        messages.success(request, f"Dossier refermé pour {professional_label(chosen)}.")
    else:
        messages.warning(request, "Ce dossier ne lui était déjà plus ouvert.")
    return redirect(here("pathways:open_family", family.public_id))


@require_GET
def reads(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who opened this file, and who was refused."""
    family = fetch(perms.SEE_READS, request.member, public_id=public_id)
    page = readings(family, request.GET.get("page", "1"))
    return render(request, "pathways/reads.html", {"family": family_facts(family.pk, clock.now()), "page": page})
