"""Pages about the people of a territory."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError, show_in_form
from copa.kernel.forms import posted
from copa.kernel.french import full_day, of
from copa.kernel.links import here
from copa.kernel.look import Chip
from territories import actions, perms, reads
from territories.enums import Role
from territories.forms import EndRightsForm, MemberForm
from territories.models import Member


@require_GET
def members(request: HttpRequest) -> HttpResponse:
    """Who works in the territory, with which role."""
    require(perms.SEE_RIGHTS, request.member)
    role = request.GET.get("role", "")
    shown = reads.members(
        request.member,
        role=role if role in Role.values else "",
        former=request.GET.get("anciens") == "oui",
        page=request.GET.get("page", "1"),
        today=_today(request),
    )
    context = {"page": shown, "chips": _chips(shown), "may_add": perms.ADD_MEMBER.is_held_by(request.member)}
    return render(request, "territories/members.html", context)


@require_GET
def signed_in(request: HttpRequest) -> JsonResponse:
    """Who is signed in on this device: a page asks before it sends what was typed (`js/still.js`)."""
    return JsonResponse({"member": str(request.member.public_id)})


@require_GET
def rights(request: HttpRequest) -> HttpResponse:
    """Who may do what, as declared in code: one page the coordinators can read."""
    require(perms.SEE_RIGHTS, request.member)
    roles, lines = reads.rights()
    return render(request, "territories/rights.html", {"roles": roles, "lines": lines})


@require_http_methods(["GET", "POST"])
def add_member(request: HttpRequest) -> HttpResponse:
    """Add a person to the territory; she gets an invitation by mail."""
    require(perms.ADD_MEMBER, request.member)
    form = MemberForm(posted(request), structures=reads.structures(), initial={"starts_on": _today(request)})
    if form.is_valid() and (member := _added(request, form)):
        messages.success(request, f"L’invitation {of(member.user.get_full_name())} part vers {member.user.email}.")
        return redirect(here("territories:members"))
    status = 422 if form.is_bound else 200
    return render(request, "territories/add_member.html", {"form": form}, status=status)


def _added(request: HttpRequest, form: MemberForm) -> Member | None:
    data = form.cleaned_data
    newcomer = actions.Newcomer(**data | {"structure": reads.structure(data["structure"])})
    try:
        return actions.add_member(newcomer=newcomer, territory=request.territory, at=clock.now())
    except BusinessError as refusal:
        show_in_form(form, refusal)
        return None


@require_POST
def invite_again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Send the invitation once more to somebody who has not come yet."""
    member = fetch(perms.ADD_MEMBER, request.member, public_id=public_id)
    try:
        actions.invite_again(member=member, at=clock.now())
    except BusinessError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, f"Une autre invitation part vers {member.user.email}.")
    return redirect(here("territories:members"))


@require_http_methods(["GET", "POST"])
def end_rights(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End the rights of a member on a day, or correct that day; her history and her reports stay."""
    member = fetch(perms.END_RIGHTS, request.member, public_id=public_id)
    today = _today(request)
    form = EndRightsForm(posted(request), initial={"last_day": member.ends_on or today})
    if form.is_valid() and _ended(form, member, today):
        last_day = full_day(form.cleaned_data["last_day"])
        messages.success(request, f"Les droits {of(member.user.get_full_name())} prennent fin le {last_day} au soir.")
        return redirect(here("territories:members"))
    context = {"form": form, "member": member, "asks": form.has_error("leaves_alone")}
    return render(request, "territories/end_rights.html", context, status=422 if form.is_bound else 200)


def _ended(form: EndRightsForm, member: Member, today: date) -> bool:
    data = form.cleaned_data
    try:
        actions.end_rights(member=member, last_day=data["last_day"], today=today, leaves_alone=data["leaves_alone"])
    except BusinessError as refusal:
        show_in_form(form, refusal)
        return False
    return True


@require_POST
def give_back_rights(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Undo the end of a member's rights."""
    member = fetch(perms.END_RIGHTS, request.member, public_id=public_id)
    try:
        actions.give_back_rights(member=member)
    except BusinessError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, f"Les droits {of(member.user.get_full_name())} n’ont plus de date de fin.")
    return redirect(here("territories:members"))


def _today(request: HttpRequest) -> date:
    return clock.local_date(clock.now(), request.territory.time_zone)


def _chips(page: reads.MemberPage) -> list[Chip]:
    everybody = sum(line.count for line in page.roles)
    now: list[tuple[str, str | None, int]] = [("Toutes et tous", None, everybody)]
    now += [(line.label, line.role, line.count) for line in page.roles]
    chips = [Chip(label, {"role": role, "anciens": None}, count) for label, role, count in now]
    return [*chips, Chip("Droits finis", {"role": None, "anciens": "oui"}, page.former)]
