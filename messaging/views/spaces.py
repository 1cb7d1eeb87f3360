"""The spaces of a family: opened on her word, handed on paper, closed at her demand."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from copa.kernel import clock, qr
from copa.kernel.access import fetch
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from messaging import perms
from messaging.actions import accounts as actions
from messaging.enums import AccessEnd, AccessWay
from messaging.forms import AccountForm
from messaging.reads import threads as reads
from messaging.reads.standing import standing_of
from pathways.models import CoParent, Family
from pathways.reads.facts import family_facts

MOTHER = "mother"


@require_http_methods(["GET", "POST"])
def family_spaces(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who of the family has a space, and a new one."""
    perm = perms.SEE_SPACES if request.method == "GET" else perms.OPEN_SPACE
    family = fetch(perm, request.member, public_id=public_id)
    at = clock.now()
    about = family_facts(family.pk, at)
    adults = reads.spaces_of(family, about, at)
    is_hers = perms.OPEN_SPACE.rows(request.member).filter(pk=family.pk).exists()
    form = _form(request, adults) if is_hers else None
    answer = acted(request, form, lambda: _open(request, family, form)) if form else None
    if answer is not None:
        return answer
    is_mourned = standing_of(family_id=family.pk, coparent=None, at=at, facts=about).is_mourned
    context = {"family": about, "adults": adults, "is_hers": is_hers, "is_mourned": is_mourned}
    if form is None:
        return render(request, "messaging/spaces.html", {**context, "form": None})
    return show(request, "messaging/spaces.html", form, **context)


def _form(request: HttpRequest, adults: list[reads.AdultSpace]) -> AccountForm | None:
    """The form for those who may have a space and have none; a form that was sent is answered whatever changed."""
    wanted = [one for one in adults if one.may_open]
    if not wanted and request.method == "GET":
        return None
    first = wanted[0] if wanted else adults[0]
    shown = wanted if request.method == "GET" else adults
    initial = {"who": _code(first), "phone": first.phone, "way": AccessWay.SMS}
    choices = [(_code(one), one.who) for one in shown]
    return AccountForm(posted(request), initial=initial, adults=choices, region=request.territory.phone_region)


def _code(adult: reads.AdultSpace) -> str:
    return str(adult.coparent) if adult.coparent else MOTHER


def _open(request: HttpRequest, family: Family, form: AccountForm) -> HttpResponse:
    data = form.cleaned_data
    who = data["who"]
    coparent = None if who == MOTHER else CoParent.objects.get(public_id=who, family=family)
    account = actions.open_account(
        family=family,
        coparent=coparent,
        phone=data["phone"],
        is_hers_alone=data["is_hers_alone"],
        way=AccessWay(data["way"]),
        by=request.member,
        at=clock.now(),
    )
    if account.way == AccessWay.PAPER:
        return redirect(here("messaging:address", account.public_id))
    messages.success(request, "L’espace est ouvert. Un SMS en donne l’adresse.")
    return redirect(here("messaging:spaces", family.public_id))


@require_GET
def address(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The address of a space, to be handed over: without the phone it opens nothing."""
    account = fetch(perms.HAND_ADDRESS, request.member, public_id=public_id)
    written = reads.address_of(account)
    context = {"address": written, "qr": qr.picture(written), "who": reads.who_of(account.coparent)}
    about = family_facts(account.family_id, clock.now())
    return render(request, "messaging/address.html", {**context, "account": account, "family": about})


@require_POST
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """She asks for it: closed at once, wherever she is signed in."""
    account = fetch(perms.CLOSE_ACCOUNT, request.member, public_id=public_id)
    actions.close_account(account=account, why=AccessEnd.TEAM, at=clock.now(), by=request.member)
    messages.success(request, "L’espace est fermé. Son adresse n’ouvre plus rien.")
    return redirect(here("messaging:spaces", account.family.public_id))
