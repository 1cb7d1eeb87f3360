"""Correcting who she is and what was born."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.forms import posted
from copa.kernel.french import day, day_alone, full_stop, plural
from copa.kernel.look import Chip
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import corrections as actions
from pathways.forms.identity import IdentityForm, known_identity, known_people
from pathways.models import Birth, Child, CoParent, Family, Mother
from pathways.reads.facts import family_facts
from pathways.views.page import to_family


@require_http_methods(["GET", "POST"])
def identity(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The mother, a delivery (the last one, or `?naissance=`), its children, the co-parents."""
    family = fetch(perms.EDIT_FAMILY, request.member, public_id=public_id)
    births = list(Birth.objects.filter(family=family).order_by("-at", "-pk"))
    birth = _asked(births, request.GET.get("naissance", ""))
    children = list(Child.objects.filter(birth=birth, closed_at=None).order_by("rank"))
    coparents = list(CoParent.objects.filter(family=family).order_by("pk"))
    token = actions.identity_token(birth)
    known = known_identity(Mother.objects.get(family=family), birth) | known_people(children, coparents)
    form = IdentityForm(
        posted(request),
        territory=request.territory,
        children=children,
        coparents=coparents,
        initial=known | {"token": token},
    )
    answer = acted(request, form, lambda: _correct(request, family, birth, form))
    return answer or show(request, "pathways/identity.html", form, token=token, **_context(family, birth, births))


def _asked(births: list[Birth], public_id: str) -> Birth:
    """The birth of the address, else the last one; 404 for one of another family."""
    found = next((one for one in births if not public_id or str(one.public_id) == public_id), None)
    if found is None:
        raise Http404
    return found


def _context(family: Family, birth: Birth, births: list[Birth]) -> dict[str, Any]:
    chips = [
        Chip(f"Naissance {day_alone(one.day)} {one.day.year}", {"naissance": str(one.public_id)}) for one in births
    ]
    # The last delivery stands under the bare address.
    chips[0] = Chip(chips[0].label, {"naissance": None})
    return {
        "family": family_facts(family.pk, clock.now()),
        "birth": birth,
        "chips": chips if len(births) > 1 else [],
    }


def _correct(request: HttpRequest, family: Family, birth: Birth, form: IdentityForm) -> HttpResponse:
    moved = actions.correct_identity(
        birth=birth,
        token=form.cleaned_data["token"],
        mother=form.identity,
        delivery=form.delivery,
        people=form.people,
        at=clock.now(),
    )
    messages.success(request, "Identité corrigée. L’historique garde ce qui était écrit.")
    if moved:
        messages.warning(request, _said(moved))
    return to_family(family.public_id)


def _said(moved: actions.Moved) -> str:
    first, last = moved.window.first, moved.window.last
    said = full_stop(f"Le jour de naissance a changé : les visites se font maintenant du {day(first)} au {day(last)}")
    if not moved.outside:
        return said
    are = "est" if moved.outside == 1 else "sont"
    outside = plural(moved.outside, "visite prévue,visites prévues")
    return f"{said} {outside} {are} hors de ces dates : déplacez ce qui ne convient plus."
