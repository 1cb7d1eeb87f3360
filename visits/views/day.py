"""The AP's tablet: her day, « J’entre », « Je sors », « Visite non faite », whom to call in an emergency."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError, show_in_form
from copa.kernel.forms import posted
from copa.kernel.links import here
from pathways.forms.deaths import DeathForm
from pathways.reads.alerts import answered_signs
from pathways.reads.deaths import alive_around, child_of
from pathways.reads.emergency import emergency_lines
from visits import perms
from visits.actions import conduct
from visits.actions.deaths import note_death_at_visit
from visits.enums import NotDoneReason
from visits.forms.conduct import MomentForm, NotDoneForm
from visits.models import Visit
from visits.reads import day as reads
from visits.reads.deviations import rows_of_visit, uncoded
from visits.reads.drafts import report_of
from visits.reads.early import waiting_for
from visits.reads.red_button import red_families
from visits.views.filters import as_day
from visits.views.tour import tour


@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """The tour of one day; `?date=2026-11-03` shows another one."""
    require(perms.SEE_DAY, request.member)
    at = clock.now()
    shown = reads.day_of(request.member, on=as_day(request.GET.get("date")), at=at, zone=request.territory.time_zone)
    early = waiting_for(request.member, at=at, today=shown.today)
    context = {"day": shown, "early": early, "now": at, "to_code": uncoded(request.member).count()}
    return render(request, "visits/day.html", context)


@require_GET
def more(request: HttpRequest) -> HttpResponse:
    """What the places of the tablet do not show: the other pages of her role, her account, the way out."""
    require(perms.CONDUCT_VISIT, request.member)
    return render(request, "visits/more.html")


@require_GET
def emergency(request: HttpRequest) -> HttpResponse:
    """The red button, the emergency numbers and the referring teams of her families."""
    require(perms.SEE_DAY, request.member)
    at = clock.now()
    context = {
        "lines": emergency_lines(),
        "teams": reads.team_lines(request.member, at),
        "signs": reads.signs_of(request.member, at),
        "answered": answered_signs(request.member, at),
        "families": red_families(request.member, at=at, zone=request.territory.time_zone),
    }
    return render(request, "visits/emergency.html", context)


@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« J’entre » now, or at an hour corrected on the page."""
    visit = fetch(perms.CONDUCT_VISIT, request.member, public_id=public_id)
    form = _moment(request, visit.started_at)

    def start() -> HttpResponse:
        conduct.start_visit(visit=visit, at=clock.now(), started_at=form.given)
        messages.success(request, "Arrivée notée. Bonne visite.")
        return redirect(tour(request))

    return _answer(request, visit, form, start, "visits/enter.html")


@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Je sors »: the 24 hours of the report start."""
    visit = fetch(perms.CONDUCT_VISIT, request.member, public_id=public_id)
    form = _moment(request, visit.ended_at)

    def end() -> HttpResponse:
        left = conduct.end_visit(visit=visit, at=clock.now(), ended_at=form.given)
        if left.report_due_at is None:
            messages.success(request, "Sortie notée.")
            return redirect(tour(request))
        messages.success(request, "Sortie notée. Le compte rendu est attendu dans les 24 heures.")
        return redirect(here("visits:report_edit", visit.public_id))

    return _answer(request, visit, form, end, "visits/leave.html")


@require_http_methods(["GET", "POST"])
def not_done(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Visite non faite », with the reason; a death leads to the page that asks who."""
    visit = fetch(perms.CONDUCT_VISIT, request.member, public_id=public_id)
    form = NotDoneForm(posted(request))

    def note() -> HttpResponse:
        if form.cleaned_data["reason"] == NotDoneReason.BEREAVEMENT:
            return redirect(f"{here('visits:death', visit.public_id)}?pas_faite=1")
        conduct.mark_not_done(visit=visit, reason=form.cleaned_data["reason"], at=clock.now())
        messages.success(request, "Visite notée non faite. La coordination la voit à replanifier.")
        return redirect(tour(request))

    return _answer(request, visit, form, note, "visits/not_done.html")


@require_http_methods(["GET", "POST"])
def death(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Un décès »: who, and nothing more. `pas_faite`: the visit did not take place because of it."""
    visit = fetch(perms.CONDUCT_VISIT, request.member, public_id=public_id)
    birth = visit.pathway.birth
    form = DeathForm(posted(request), people=alive_around(birth))
    is_not_done = "pas_faite" in request.GET or "pas_faite" in request.POST

    if request.method == "POST" and form.is_valid():
        child = child_of(birth, form.cleaned_data["who"])
        try:
            note_death_at_visit(visit=visit, child=child, is_not_done=is_not_done, by=request.member, at=clock.now())
        except BusinessError as error:
            show_in_form(form, error)
        else:
            messages.success(request, "L’équipe est prévenue. Elle vous appelle aujourd’hui.")
            return redirect(tour(request))
    stop = reads.stop_of(visit, clock.now(), request.territory.time_zone)
    context = {"form": form, "stop": stop, "is_not_done": is_not_done}
    return render(request, "visits/death.html", context, status=422 if form.is_bound else 200)


def _moment(request: HttpRequest, recorded: Any) -> MomentForm:
    if request.method == "POST":
        return MomentForm(request.POST)
    return MomentForm(initial={"moment": timezone.localtime(recorded or clock.now())})


def _answer(
    request: HttpRequest, visit: Visit, form: forms.Form, act: Callable[[], HttpResponse], template: str
) -> HttpResponse:
    """Act on a valid form; a refusal shows the page again (422) with what was typed.

    A visit that is over has no such form any more: its page says so, and where a mistake is corrected.
    """
    refusal, other = "", None
    if request.method == "POST" and form.is_valid():
        try:
            return act()
        except BusinessError as error:
            refusal, other = error.message, getattr(error, "visit_id", None)
            show_in_form(form, error)
    at = clock.now()
    stop = reads.stop_of(visit, at, request.territory.time_zone)
    context = {"form": form, "stop": stop, "refusal": refusal, "other": other, "now": at}
    if stop.is_over:
        template, context["report"] = "visits/visit_over.html", report_of(visit.pk)
        context["deviations"] = rows_of_visit(request.member, visit.pk)
    return render(request, template, context, status=422 if form.is_bound else 200)
