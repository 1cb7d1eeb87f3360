"""Pages about who answers for an auxiliary, and whom a member of the PMI stands for."""

from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.errors import BusinessError, show_in_form
from copa.kernel.forms import posted
from copa.kernel.french import of
from copa.kernel.links import here
from territories import actions, perms, reads
from territories.enums import NURSES, SUPERVISORS
from territories.forms import RepresentativeForm, SupervisionForm
from territories.models import Member


@require_http_methods(["GET", "POST"])
def supervision(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The member of the medical team and the nurse who answer for an auxiliary (A18)."""
    member = fetch(perms.SET_SUPERVISION, request.member, public_id=public_id)
    today = clock.local_date(clock.now(), request.territory.time_zone)
    form = SupervisionForm(
        posted(request),
        supervisors=reads.people_with(SUPERVISORS, today),
        nurses=reads.people_with(NURSES, today),
        initial=reads.supervision_of(member),
    )
    if form.is_valid() and _set(form, member, today):
        messages.success(request, f"L’encadrement {of(member.user.get_full_name())} est noté.")
        return redirect(here("territories:members"))
    return _page(request, form, member, "Qui l’encadre")


def _set(form: SupervisionForm, member: Member, today: date) -> bool:
    people = {name: reads.member_of(form.cleaned_data[name]) for name in ("supervisor", "nurse")}
    try:
        actions.set_supervision(member=member, today=today, **people)
    except BusinessError as refusal:
        show_in_form(form, refusal)
        return False
    return True


@require_http_methods(["GET", "POST"])
def representative(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Whom this member of the PMI stands for (A39)."""
    member = fetch(perms.NAME_REPRESENTATIVE, request.member, public_id=public_id)
    form = RepresentativeForm(posted(request), initial={"represents": member.represents})
    if form.is_valid():
        actions.name_representative(member=member, represents=form.cleaned_data["represents"])
        messages.success(request, "C’est noté.")
        return redirect(here("territories:members"))
    return _page(request, form, member, "Qui elle représente")


def _page(request: HttpRequest, form: forms.Form, member: Member, title: str) -> HttpResponse:
    context = {"form": form, "member": member, "title": title}
    return render(request, "territories/supervision.html", context, status=422 if form.is_bound else 200)
