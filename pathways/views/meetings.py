"""Meetings: the list, a new one, its agenda and presence, the validation, the minutes on screen and on paper."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.look import Chip
from copa.kernel.moves import acted, show
from pathways import perms, rules
from pathways.actions import meetings as actions
from pathways.forms.meetings import MeetingForm, PresenceForm, SuggestedForm
from pathways.models import StaffMeeting
from pathways.pdf import annex_pdf, minutes_pdf
from pathways.reads.agenda import Offered, suggestions
from pathways.reads.decisions import task_count
from pathways.reads.meetings import (
    annex_of,
    annex_page,
    invitable,
    meeting_page,
    meeting_rows,
    one_item,
    people_of,
)
from pathways.views.page import paper

PAST = "passees"


@require_GET
def meetings(request: HttpRequest) -> HttpResponse:
    """Meetings to come, or those whose minutes are validated."""
    require(perms.SEE_MEETINGS, request.member)
    is_past = request.GET.get("etat") == PAST
    context = {
        "page": meeting_rows(request.member, request.GET.get("page", "1"), is_past=is_past),
        "chips": [Chip("À venir ou à valider", {"etat": None}), Chip("Validées", {"etat": PAST})],
        "is_past": is_past,
        "tasks": task_count(request.member),
    }
    return render(request, "pathways/meetings.html", context)


@require_http_methods(["GET", "POST"])
def meeting_new(request: HttpRequest) -> HttpResponse:
    """Prepare a meeting."""
    require(perms.PREPARE_MEETING, request.member)
    structures = list(perms.PREPARE_MEETING.rows(request.member).order_by("name"))
    people = [one for one in invitable(timezone.localdate()) if one.pk != request.member.pk]
    own = request.member.structure_id
    form = MeetingForm(posted(request), structures=structures, own=own, people=people)
    answer = acted(request, form, lambda: _convene(request, form))
    return answer or show(request, "pathways/meeting_new.html", form)


def _convene(request: HttpRequest, form: MeetingForm) -> HttpResponse:
    data = form.cleaned_data
    meeting = actions.convene_meeting(
        structure=form.structure,
        planned_at=data["planned_at"],
        place=data["place"],
        participants=form.participants,
        by=request.member,
        at=clock.now(),
    )
    messages.success(request, "Réunion préparée. Composez maintenant son ordre du jour.")
    return redirect(here("pathways:meeting", meeting.public_id))


@require_GET
def meeting(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One meeting as this member reads it."""
    found = fetch(perms.SEE_MEETINGS, request.member, public_id=public_id)
    return _page(request, found)


def _page(request: HttpRequest, found: StaffMeeting, refusal: BusinessError | None = None) -> HttpResponse:
    """The page of a meeting; 422 with what refused its validation, beside each family that lacks something."""
    at, today = clock.now(), timezone.localdate()
    missing = getattr(refusal, "missing", {})
    page = meeting_page(found, request.member, at=at, today=today, missing=missing)
    offered = suggestions(found, request.member, at=at, today=today) if page.may_run else Offered([], [], 0)
    context = {"meeting": page, "offered": offered, "today": today, "refusal": refusal}
    return render(request, "pathways/meeting.html", context, status=422 if refusal else 200)


@require_http_methods(["GET", "POST"])
def presence(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who was there."""
    found = fetch(perms.RUN_MEETING, request.member, public_id=public_id)
    form = PresenceForm(posted(request), people=people_of(found))
    answer = acted(request, form, lambda: _note_presence(request, found, form))
    has_begun = rules.has_begun(planned_at=found.planned_at, at=clock.now())
    return answer or show(request, "pathways/meeting_presence.html", form, meeting=found, has_begun=has_begun)


def _note_presence(request: HttpRequest, found: StaffMeeting, form: PresenceForm) -> HttpResponse:
    actions.note_presence(meeting=found, presence=form.presence, at=clock.now())
    messages.success(request, "Présences notées.")
    return redirect(here("pathways:meeting", found.public_id))


@require_POST
def agenda_add(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Put one of the suggested families on the agenda."""
    found = fetch(perms.RUN_MEETING, request.member, public_id=public_id)
    form = SuggestedForm(request.POST)
    if not form.is_valid():
        return _told(request, found, lambda: None)
    family = fetch(perms.PUT_ON_AGENDA, request.member, public_id=form.cleaned_data["family"])
    about = {"cause": form.cleaned_data["cause"], "by": request.member, "at": clock.now()}
    return _told(request, found, lambda: actions.put_on_agenda(meeting=found, family=family, **about))


@require_POST
def meeting_validate(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Freeze the minutes and hand out what was decided."""
    found = fetch(perms.RUN_MEETING, request.member, public_id=public_id)
    try:
        actions.validate_minutes(meeting=found, by=request.member, at=clock.now())
    except BusinessError as refusal:
        return _page(request, found, refusal)
    messages.success(request, "Compte rendu validé. Chacune a reçu ce qu’elle a à faire.")
    return redirect(here("pathways:meeting", found.public_id))


def _told(request: HttpRequest, found: StaffMeeting, act: Any) -> HttpResponse:
    """Do it from the page of the meeting, which says what refused it."""
    try:
        act()
    except BusinessError as refusal:
        messages.error(request, refusal.message)
    return redirect(here("pathways:meeting", found.public_id))


@require_GET
def meeting_pdf(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The agenda, or the minutes, on paper: what this member reads and nothing else."""
    found = fetch(perms.SEE_MEETINGS, request.member, public_id=public_id)
    at = clock.now()
    page = meeting_page(found, request.member, at=at, today=timezone.localdate())
    return paper(minutes_pdf(page, request.territory.name, at), "reunion.pdf")


@require_GET
def annex(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The sealed part of an item; each reading leaves a line."""
    found = fetch(perms.READ_ANNEX, request.member, item__public_id=public_id)
    item = one_item(found.item, request.member, timezone.localdate())
    return render(request, "pathways/meeting_annex.html", {"item": item, "annex": annex_of(found.item)})


@require_GET
def annex_paper(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The sealed part on a sheet of its own."""
    found = fetch(perms.READ_ANNEX, request.member, item__public_id=public_id)
    item = one_item(found.item, request.member, timezone.localdate())
    return paper(annex_pdf(item, annex_page(found), request.territory.name, clock.now()), "annexe.pdf")
