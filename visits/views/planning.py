"""The week of the APs, planning a family, moving or cancelling a visit."""

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
from copa.kernel.french import agree, moment
from copa.kernel.links import here
from territories.models import Member
from visits import perms
from visits.actions import planning as actions
from visits.forms.planning import CancelForm, MoveForm, PlanForm, moment_of
from visits.reads import choices
from visits.reads import planning as reads
from visits.reads.windows import stay_reason
from visits.rules import KEEPS_ITS_DAYS
from visits.views.filters import as_day, as_uuid

MOVE, CANCEL = "deplacer", "annuler"


@require_GET
def planning(request: HttpRequest) -> HttpResponse:
    """Seven days of each AP; `?semaine=2026-11-03` shows the week of that day, `?ap=` one AP."""
    require(perms.CHANGE_VISIT, request.member)
    asked_ap = as_uuid(request.GET.get("ap"))
    at, territory = clock.now(), request.territory
    week = reads.week_of(
        request.member,
        on=as_day(request.GET.get("semaine")),
        ap=asked_ap,
        page=request.GET.get("page", "1"),
        at=at,
        zone=territory.time_zone,
        region=territory.region_id,
    )
    context = {"week": week, "asked_ap": str(asked_ap or "")}
    return render(request, "visits/planning.html", context)


@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Plan the visits a family lacks, V1 and V2 together."""
    pathway = fetch(perms.PLAN_VISIT, request.member, public_id=public_id)
    at, territory = clock.now(), request.territory
    page = reads.plan_page(pathway, request.member, at=at, zone=territory.time_zone, region=territory.region_id)
    form = PlanForm(posted(request), kinds=page.kinds, aps=page.aps, initial=_initial(page, request.member))

    def act() -> None:
        ap = choices.performers_of(clock.local_date(at, territory.time_zone)).get(public_id=form.cleaned_data["ap"])
        slots = form.slots(territory.time_zone)
        visits = actions.plan_visits(
            pathway=pathway, ap=ap, slots=slots, by=request.member, at=at, confirmed=form.confirmed
        )
        said = ", ".join(f"{visit.kind} {moment(visit.planned_at)}" for visit in visits)
        messages.success(request, f"{agree(len(visits), 'Visite fixée,Visites fixées')} : {said}.")

    if _done(request, form, act):
        return redirect(here("visits:family", pathway.family.public_id))
    context = {"page": page, "form": form, "pathway": pathway}
    return render(request, "visits/plan.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Move or cancel a planned visit; its history stands below."""
    visit = fetch(perms.CHANGE_VISIT, request.member, public_id=public_id)
    asked = request.POST.get("do", "")
    move = _move_form(request, visit, is_bound=request.method == "POST" and asked != CANCEL)
    cancel = CancelForm(request.POST if asked == CANCEL else None)

    def act_move() -> None:
        data = move.cleaned_data
        planned_at = moment_of(data["planned_at"], data["hour"], request.territory.time_zone)
        reason = data["window_reason"]
        actions.move_visit(
            visit=visit, planned_at=planned_at, window_reason=reason, at=clock.now(), confirmed=move.confirmed
        )
        messages.success(request, f"Visite déplacée : {moment(planned_at)}.")

    def act_cancel() -> None:
        actions.cancel_visit(visit=visit, reason=cancel.cleaned_data["reason"], at=clock.now())
        messages.success(request, "Visite annulée. La famille revient parmi celles à planifier.")

    if _done(request, move, act_move) or _done(request, cancel, act_cancel):
        return redirect(here("visits:family", visit.family.public_id))
    context = {"page": reads.change_page(visit), "move": move, "cancel": cancel}
    status = 422 if move.is_bound or cancel.is_bound else 200
    return render(request, "visits/change.html", context, status=status)


def _initial(page: reads.PlanPage, member: Member) -> dict[str, Any]:
    """The AP of the pathway, else the one who plans when she is the only choice; the reason a hospital stay gives."""
    known = page.ap_id or (page.aps[0][0] if len(page.aps) == 1 else "")
    return {"ap": known, **{f"window_reason_{kind.kind.lower()}": page.offered_reason for kind in page.kinds}}


def _move_form(request: HttpRequest, visit: Any, *, is_bound: bool) -> MoveForm:
    if is_bound:
        return MoveForm(request.POST)
    planned = timezone.localtime(visit.planned_at)
    offered = "" if visit.kind in KEEPS_ITS_DAYS else stay_reason(visit.pathway)
    initial = {"planned_at": planned.date(), "hour": planned.time(), "window_reason": visit.window_reason or offered}
    return MoveForm(initial=initial)


def _done(request: HttpRequest, form: forms.Form, act: Callable[[], None]) -> bool:
    """Run the action behind a valid form; a refusal goes into the form and answers False."""
    if not (form.is_bound and form.is_valid()):
        return False
    try:
        act()
    except BusinessError as error:
        show_in_form(form, error)
        return False
    return True
