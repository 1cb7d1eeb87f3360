"""When an auxiliary reads her messages."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from messaging import perms
from messaging.actions.hours import set_hours
from messaging.forms import HoursForm
from messaging.reads.hours import hours_rows
from messaging.reads.standing import week_of
from messaging.reads.words import week_words


@require_GET
def all_hours(request: HttpRequest) -> HttpResponse:
    """The auxiliaries whose hours she may set, with those in force."""
    require(perms.SET_HOURS, request.member)
    return render(request, "messaging/all_hours.html", {"rows": hours_rows(request.member, clock.now())})


@require_http_methods(["GET", "POST"])
def hours(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The week of one auxiliary, in the hour of the territory."""
    member = fetch(perms.SET_HOURS, request.member, public_id=public_id)
    week = week_of(member.pk)
    form = HoursForm(posted(request), week=week)

    def act() -> HttpResponse:
        set_hours(member=member, week=form.week, by=request.member, at=clock.now())
        messages.success(request, "Les heures de lecture sont réglées.")
        return redirect(here("messaging:all_hours"))

    context = {"who": member.user.get_full_name(), "week": week_words(week)}
    return acted(request, form, act) or show(request, "messaging/hours.html", form, **context)
