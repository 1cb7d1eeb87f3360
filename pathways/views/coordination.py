"""Decisions as tasks, the coordination about one family, and the families nobody took time for."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.forms import posted
from copa.kernel.french import moment
from copa.kernel.links import here
from copa.kernel.look import Chip
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import coordination as actions
from pathways.actions import meetings as meeting_actions
from pathways.forms.meetings import AgendaForm, CoordinationForm, HandOverForm, SettleForm
from pathways.models import Decision, Family
from pathways.reads.coordination import coordination_page, uncoordinated
from pathways.reads.decision_owners import heirs_of
from pathways.reads.decisions import handovers_of, number_for_call, task_rows
from pathways.reads.facts import family_facts
from pathways.reads.meetings import meetings_to_come

TEAM, DONE = "equipe", "faites"


@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """What meetings decided: hers to do first, then her team's, then what is settled."""
    require(perms.SETTLE_DECISION, request.member)
    asked = request.GET.get("etat", "")
    rows = task_rows(
        request.member,
        timezone.localdate(),
        request.GET.get("page", "1"),
        is_mine=asked == "",
        is_done=asked == DONE,
    )
    chips = [Chip("Pour moi", {"etat": None}), Chip("Toute l’équipe", {"etat": TEAM}), Chip("Faites", {"etat": DONE})]
    return render(request, "pathways/decisions.html", {"page": rows, "chips": chips, "asked": asked})


@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say whether it is done."""
    found = fetch(perms.SETTLE_DECISION, request.member, public_id=public_id)
    form = SettleForm(posted(request))
    answer = acted(request, form, lambda: _settle(request, found, form))
    at = clock.now()
    context = {
        "decision": found,
        "family": family_facts(found.family_id, at),
        "team": number_for_call(found, request.member, at),
        "handovers": handovers_of(found),
        "may_hand_over": perms.HAND_OVER_DECISION.allows(request.member, found),
        "minutes_id": found.item.public_id if perms.READ_MINUTES.allows(request.member, found.item) else None,
    }
    return answer or show(request, "pathways/decision.html", form, **context)


@require_http_methods(["GET", "POST"])
def decision_hand_over(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give it to somebody else."""
    found = fetch(perms.HAND_OVER_DECISION, request.member, public_id=public_id)
    at = clock.now()
    people = heirs_of(found, timezone.localdate(at))
    form = HandOverForm(posted(request), people=people)

    def act() -> HttpResponse:
        data = form.cleaned_data
        meeting_actions.hand_over_decision(
            decision=found, to=data["owner"], reason=data["reason"], by=request.member, at=at
        )
        messages.success(request, f"C’est confié à {data['owner'].user.get_full_name()}.")
        return redirect(here("pathways:decisions"))

    context = {"decision": found, "family": family_facts(found.family_id, at), "people": people}
    return acted(request, form, act) or show(request, "pathways/decision_hand_over.html", form, **context)


def _settle(request: HttpRequest, found: Decision, form: SettleForm) -> HttpResponse:
    data = form.cleaned_data
    meeting_actions.settle_decision(
        decision=found, state=data["state"], words=data["words"], by=request.member, at=clock.now()
    )
    messages.success(request, "C’est noté.")
    return redirect(here("pathways:decisions"))


@require_http_methods(["GET", "POST"])
def coordination(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Meetings and times of coordination about one family; a new one, or her name on an agenda."""
    perm = perms.SEE_COORDINATION if request.method == "GET" else _asked(request)
    family = fetch(perm, request.member, public_id=public_id)
    wants_agenda = "meeting" in request.POST
    to_come = meetings_to_come(request.member) if perms.PUT_ON_AGENDA.is_held_by(request.member) else []
    moments = [moment(one.planned_at) for one in to_come]
    agenda = AgendaForm(request.POST if wants_agenda else None, meetings=to_come, moments=moments)
    entry = CoordinationForm(None if wants_agenda else posted(request))
    form = agenda if wants_agenda else entry
    answer = acted(request, form, lambda: _act(request, family, agenda, entry, wants_agenda=wants_agenda))
    today = timezone.localdate()
    context = {
        "family": family_facts(family.pk, clock.now()),
        "coordination": coordination_page(family, request.member, today),
        "entry": entry,
        "agenda": agenda if to_come else None,
        "may_note": perms.NOTE_COORDINATION.is_held_by(request.member),
    }
    return answer or show(request, "pathways/coordination.html", form, **context)


def _asked(request: HttpRequest) -> Any:
    return perms.PUT_ON_AGENDA if "meeting" in request.POST else perms.NOTE_COORDINATION


def _act(
    request: HttpRequest, family: Family, agenda: AgendaForm, entry: CoordinationForm, *, wants_agenda: bool
) -> HttpResponse:
    if wants_agenda:
        cause = agenda.cleaned_data["cause"]
        meeting_actions.put_on_agenda(
            meeting=agenda.meeting, family=family, cause=cause, by=request.member, at=clock.now()
        )
        messages.success(request, "Elle est à l’ordre du jour.")
    else:
        actions.note_coordination(family=family, by=request.member, at=clock.now(), **entry.cleaned_data)
        messages.success(request, "Temps de coordination noté.")
    return redirect(here("pathways:coordination", family.public_id))


@require_GET
def uncoordinated_families(request: HttpRequest) -> HttpResponse:
    """Families whose pathway closed without anybody taking time for them (R099)."""
    require(perms.SEE_UNCOORDINATED, request.member)
    page = uncoordinated(request.member, request.GET.get("page", "1"))
    return render(request, "pathways/uncoordinated.html", {"page": page})
