"""The register of team meetings: the list, one more, one taken back, the pace of the territory (R049)."""

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
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import team_meetings as actions
from pathways.forms.team_meetings import PaceForm, TeamMeetingForm
from pathways.reads import team_meetings as reads
from territories.models import Structure

_FORM = "pathways/team_meeting_form.html"
PACE_LEAD = "Passé ce délai sans réunion notée, la coordinatrice reçoit un message et l’équipe a une tâche."


@require_GET
def team_meetings(request: HttpRequest) -> HttpResponse:
    """Each team with its next meeting, and the register."""
    require(perms.SEE_TEAM_MEETINGS, request.member)
    every_days, since = reads.last_change()
    context = {
        "teams": reads.teams_of(request.member, timezone.localdate(), every=every_days),
        "page": reads.register(request.member, request.GET.get("page", "1")),
        "every_days": every_days,
        "since": since,
        "may_set": perms.SET_TEAM_MEETING_PACE.is_held_by(request.member),
    }
    return render(request, "pathways/team_meetings.html", context)


@require_http_methods(["GET", "POST"])
def team_meeting_new(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Note a meeting that took place."""
    structure = fetch(perms.KEEP_TEAM_MEETINGS, request.member, public_id=public_id)
    today = timezone.localdate()
    people = reads.people_of(structure, today)
    form = TeamMeetingForm(posted(request), people=people, initial={"held_on": today})
    answer = acted(request, form, lambda: _note(request, structure, form))
    return answer or show(request, _FORM, form, title="Noter une réunion", lead=structure.name)


def _note(request: HttpRequest, structure: Structure, form: TeamMeetingForm) -> HttpResponse:
    data = form.cleaned_data
    actions.note_team_meeting(
        structure=structure,
        held_on=data["held_on"],
        topics=data["topics"],
        people=reads.members_of(data["people"]),
        by=request.member,
        at=clock.now(),
    )
    messages.success(request, "La réunion est dans le registre.")
    return redirect(here("pathways:team_meetings"))


@require_POST
def team_meeting_cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """It was noted by mistake."""
    meeting = fetch(perms.CANCEL_TEAM_MEETING, request.member, public_id=public_id)
    try:
        actions.cancel_team_meeting(meeting=meeting, by=request.member, at=clock.now())
    except BusinessError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, "La réunion est annulée. Elle reste lisible et ne compte plus.")
    return redirect(here("pathways:team_meetings"))


@require_http_methods(["GET", "POST"])
def team_meeting_pace(request: HttpRequest) -> HttpResponse:
    """How often the teams of this territory meet."""
    require(perms.SET_TEAM_MEETING_PACE, request.member)
    form = PaceForm(posted(request), initial={"every_days": reads.pace()})

    def act() -> HttpResponse:
        actions.set_team_meeting_pace(by=request.member, at=clock.now(), **form.cleaned_data)
        messages.success(request, "Le rythme des réunions est réglé.")
        return redirect(here("pathways:team_meetings"))

    answer = acted(request, form, act)
    return answer or show(request, _FORM, form, title="Rythme des réunions d’équipe", lead=PACE_LEAD)
