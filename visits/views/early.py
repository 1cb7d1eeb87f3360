"""Ultra-early discharges: the calls, and the auxiliary who confirms one by planning its visit."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import TooLate
from copa.kernel.forms import posted
from copa.kernel.french import moment
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.models import EarlyCall
from visits.actions.planning import Slot, plan_visit
from visits.enums import VisitKind
from visits.forms.planning import EarlyForm, moment_of
from visits.reads import early as reads


@require_GET
def early_calls(request: HttpRequest) -> HttpResponse:
    """Calls of the last three months: what waits, then who confirmed and how fast."""
    require(perms.SEE_EARLY_CALLS, request.member)
    at = clock.now()
    page = reads.call_rows(request.member, request.GET.get("page", "1"), at=at, today=timezone.localdate())
    waiting = reads.waiting_count(request.member, at)
    return render(request, "visits/early_calls.html", {"page": page, "waiting": waiting})


@require_http_methods(["GET", "POST"])
def early_call(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One call; the auxiliary who was called confirms by giving the hour of her visit."""
    perm = perms.CONFIRM_EARLY_CALL if request.method == "POST" else perms.SEE_EARLY_CALLS
    try:
        call = fetch(perm, request.member, public_id=public_id)
    except TooLate as late:
        # Not to the family's page: whoever was faster is its auxiliary now.
        messages.warning(request, late.message)
        return redirect(here("visits:early_call", public_id))
    form = EarlyForm(posted(request), initial={"planned_at": call.first_day})
    answer = acted(request, form, lambda: _confirm(request, call, form))
    at = clock.now()
    row = reads.rows_of([call.pk], request.member, at=at, today=timezone.localdate())[0]
    context = {"call": row, "midwives": reads.midwives_of(call, at)}
    if row.may_confirm:
        context |= {
            "follower": reads.follower_of(call, request.member),
            "hers": reads.visits_near(call, request.member),
        }
    return answer or show(request, "visits/early_call.html", form, **context)


def _confirm(request: HttpRequest, call: EarlyCall, form: EarlyForm) -> HttpResponse:
    data: dict[str, Any] = form.cleaned_data
    planned_at = moment_of(data["planned_at"], data["hour"], request.territory.time_zone)
    slot = Slot(kind=VisitKind.ULTRA_EARLY, planned_at=planned_at, takes_family=data["takes_family"])
    plan_visit(
        pathway=call.pathway,
        ap=request.member,
        slot=slot,
        by=request.member,
        at=clock.now(),
        confirmed=form.confirmed,
    )
    messages.success(request, f"Visite confirmée : {moment(planned_at)}. L’équipe le voit.")
    return redirect(here("visits:day"))
