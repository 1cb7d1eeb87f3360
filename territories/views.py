"""Pages about the people of a territory."""

from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError, show_in_form
from copa.kernel.forms import posted
from copa.kernel.french import of
from copa.kernel.links import here
from copa.kernel.look import Chip
from territories import actions, perms, reads
from territories.enums import Role
from territories.forms import EndRightsForm


@require_GET
def members(request: HttpRequest) -> HttpResponse:
    """Who works in the territory, with which role."""
    require(perms.SEE_RIGHTS, request.member)
    role = request.GET.get("role", "")
    shown = reads.members(
        request.member,
        role=role if role in Role.values else "",
        with_former=request.GET.get("anciens") == "oui",
        page=request.GET.get("page", "1"),
        today=_today(request),
    )
    context = {"page": shown, "chips": _chips(shown)}
    return render(request, "territories/members.html", context)


@require_GET
def rights(request: HttpRequest) -> HttpResponse:
    """Who may do what, as declared in code: one page the coordinators can read."""
    require(perms.SEE_RIGHTS, request.member)
    roles, lines = reads.rights()
    return render(request, "territories/rights.html", {"roles": roles, "lines": lines})


@require_http_methods(["GET", "POST"])
def end_rights(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End the rights of a member on a day; her history and her reports stay."""
    member = fetch(perms.END_RIGHTS, request.member, public_id=public_id)
    today = _today(request)
    form = EndRightsForm(posted(request), initial={"last_day": today})
    if request.method == "POST" and form.is_valid() and _ended(form, member, today):
        messages.success(request, f"Les droits {of(member.user.get_full_name())} prennent fin ce jour-là au soir.")
        return redirect(here("territories:members"))
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "territories/end_rights.html", {"form": form, "member": member}, status=status)


def _ended(form: forms.Form, member: object, today: date) -> bool:
    try:
        actions.end_rights(member=member, last_day=form.cleaned_data["last_day"], today=today)
    except BusinessError as refusal:
        show_in_form(form, refusal)
        return False
    return True


def _today(request: HttpRequest) -> date:
    return clock.local_date(clock.now(), request.territory.time_zone)


def _chips(page: reads.MemberPage) -> list[Chip]:
    everybody = Chip("Toutes et tous", {"role": None}, sum(line.count for line in page.roles))
    return [everybody, *(Chip(line.label, {"role": line.role}, line.count) for line in page.roles)]
