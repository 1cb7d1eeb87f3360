"""The observations log of a family."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import observations as actions
from pathways.forms.screening import ObservationForm, WithdrawForm
from pathways.models import Family
from pathways.reads.observations import closed_readers, observations_of
from pathways.views.screening import context_of


@require_http_methods(["GET", "POST"])
def observations(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Those written for this reader, and the form that adds one."""
    family = fetch(perms.SEE_OBSERVATIONS, request.member, public_id=public_id)
    now = timezone.localtime(clock.now()).replace(second=0, microsecond=0)
    has_topic = perms.WRITE_MIDWIFE_NOTE.is_held_by(request.member)
    initial = {"key": uuid4(), "at": now}
    form = ObservationForm(posted(request), initial=initial, closed=closed_readers(family), has_topic=has_topic)
    answer = acted(request, form, lambda: _note(request, family, form))
    lines = observations_of(family, request.member)
    return answer or show(
        request, "pathways/observations.html", form, lines=lines, row=family, has_topic=has_topic, **context_of(family)
    )


def _note(request: HttpRequest, family: Family, form: ObservationForm) -> HttpResponse:
    data = form.cleaned_data
    actions.note_observation(
        family=family,
        domain=data["domain"],
        fact=data["fact"],
        recipients=data["recipients"],
        source=data["source"],
        author=request.member,
        at=data["at"],
        recorded_at=clock.now(),
        submission_id=data["key"],
        midwife_topic=data.get("midwife_topic", ""),
    )
    messages.success(request, "L’observation est notée pour les personnes choisies.")
    return redirect(here("pathways:observations", family.public_id))


@require_http_methods(["GET", "POST"])
def withdraw_observation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Its author takes it back; it stays readable, marked."""
    observation = fetch(perms.WITHDRAW_OBSERVATION, request.member, public_id=public_id)
    form = WithdrawForm(posted(request))

    def act() -> HttpResponse:
        reason = form.cleaned_data["reason"]
        actions.withdraw_observation(observation=observation, reason=reason, at=clock.now())
        messages.success(request, "L’observation est retirée. Elle reste dans l’historique.")
        return redirect(here("pathways:observations", observation.family.public_id))

    answer = acted(request, form, act)
    return answer or show(
        request, "pathways/withdraw_observation.html", form, observation=observation, **context_of(observation.family)
    )
