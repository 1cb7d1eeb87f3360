"""Pages about what auxiliaries have learnt and done, and what they may do."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted
from territories import perms
from territories.actions import training as actions
from territories.models import Member
from territories.reads import training as reads
from territories.training_forms import ExperienceForm, TrainingForm
from territories.views.page import show, today_of


@require_GET
def auxiliaries(request: HttpRequest) -> HttpResponse:
    """Each auxiliary with what is still missing before she visits."""
    require(perms.SEE_AUXILIARIES, request.member)
    context = {"lines": reads.auxiliaries(request.member, today_of(request))}
    return render(request, "territories/steering/auxiliaries.html", context)


@require_GET
def auxiliary(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One auxiliary: modules, experience, who answers for her, what she may do."""
    member = fetch(perms.SEE_AUXILIARIES, request.member, public_id=public_id)
    context = {"one": reads.auxiliary_page(member, request.member, today_of(request))}
    return render(request, "territories/steering/auxiliary.html", context)


@require_http_methods(["GET", "POST"])
def training_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Note a module she has followed."""
    member = fetch(perms.KEEP_TRAININGS, request.member, public_id=public_id)
    form = TrainingForm(posted(request))
    answer = acted(request, form, lambda: _noted(request, member, actions.note_training, form))
    return answer or _show(request, form, member, "Noter une formation")


@require_http_methods(["GET", "POST"])
def experience(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Note her experience of the first days after a birth."""
    member = fetch(perms.KEEP_TRAININGS, request.member, public_id=public_id)
    form = ExperienceForm(posted(request), initial=reads.experience_of(member))
    answer = acted(request, form, lambda: _noted(request, member, actions.note_experience, form))
    return answer or _show(request, form, member, "Noter son expérience")


def _noted(request: HttpRequest, member: Member, note: Any, form: Any) -> HttpResponse:
    note(member=member, by=request.member, at=clock.now(), **form.cleaned_data)
    messages.success(request, "C’est noté.")
    return redirect(here("territories:auxiliary", member.public_id))


@require_POST
def training_cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """It was noted by mistake."""
    training = fetch(perms.CANCEL_TRAINING, request.member, public_id=public_id)
    try:
        actions.cancel_training(training=training, by=request.member, at=clock.now())
    except BusinessError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, "La formation est annulée.")
    return redirect(here("territories:auxiliary", training.member.public_id))


def _show(request: HttpRequest, form: Any, member: Member, title: str) -> HttpResponse:
    about = {"section": "Auxiliaires", "home": "territories:auxiliaries", "lead": member.user.get_full_name()}
    back = here("territories:auxiliary", member.public_id)
    return show(request, "territories/steering/form.html", form, title=title, back=back, **about)
