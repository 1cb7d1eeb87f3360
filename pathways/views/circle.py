"""The care circle of a family, and the file opened in an emergency."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock, trace
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import circle as actions
from pathways.forms.circle import EmergencyForm, JoinForm, LeaveForm
from pathways.models import CareCircleMember, Family
from pathways.reads.circle import circle_page, sees_now
from pathways.reads.facts import family_facts
from pathways.reads.lookup import family_known_as
from pathways.reads.professionals import professionals
from pathways.views.page import to_family

# One sentence for a family that does not exist and for one that answers to other words.
NOT_FOUND = "Aucun dossier ne répond exactement à cela. Vérifiez avec la personne qui vous appelle, ou avec l’équipe."


@require_GET
def circle(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who stands around the family, who sees what, until when."""
    family = fetch(perms.SEE_CIRCLE, request.member, public_id=public_id)
    at = clock.now()
    facts = family_facts(family.pk, at)
    page = circle_page(family, facts, at, request.territory.time_zone)
    context = {"family": facts, "page": page, "about": family}
    return render(request, "pathways/circle.html", context)


@require_http_methods(["GET", "POST"])
def circle_join(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Add somebody."""
    family = fetch(perms.KEEP_CIRCLE, request.member, public_id=public_id)
    today = timezone.localdate()
    form = JoinForm(
        posted(request),
        territory=request.territory,
        known=professionals(request.member, family, today),
        initial={"since": today},
    )
    answer = acted(request, form, lambda: _join(request, family, form))
    context = {
        "family": family_facts(family.pk, clock.now()),
        "may_open": perms.OPEN_FAMILY_TO.allows(request.member, family),
    }
    return answer or show(request, "pathways/circle_join.html", form, **context)


def _join(request: HttpRequest, family: Family, form: JoinForm) -> HttpResponse:
    since, at = form.cleaned_data["since"], clock.now()
    joined = actions.join_circle(family=family, newcomer=form.newcomer, since=since, by=request.member, at=at)
    sees = sees_now(joined, at, request.territory.time_zone)
    messages.success(request, f"C’est noté : {joined.full_name} est dans le cercle. {sees}.")
    return redirect(here("pathways:circle", family.public_id))


@require_http_methods(["GET", "POST"])
def circle_leave(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """End somebody's place, with the reason."""
    person = fetch(perms.END_IN_CIRCLE, request.member, public_id=public_id)
    form = LeaveForm(posted(request), initial={"until": timezone.localdate()})
    answer = acted(request, form, lambda: _leave(request, person, form))
    facts = family_facts(person.family_id, clock.now())
    return answer or show(request, "pathways/circle_leave.html", form, family=facts, person=person)


def _leave(request: HttpRequest, person: CareCircleMember, form: LeaveForm) -> HttpResponse:
    data = form.cleaned_data
    actions.leave_circle(person=person, until=data["until"], reason=data["reason"], by=request.member, at=clock.now())
    messages.success(request, "C’est noté. Ce qui lui était ouvert ne l’est plus.")
    return redirect(here("pathways:circle", person.family.public_id))


@require_http_methods(["GET", "POST"])
def emergency_opening(request: HttpRequest) -> HttpResponse:
    """Open for three hours a file she may not see, with a reason that others read at once."""
    require(perms.BREAK_GLASS, request.member)
    form = EmergencyForm(posted(request))
    answer = acted(request, form, lambda: _open(request, form))
    return answer or show(request, "pathways/emergency_opening.html", form)


def _open(request: HttpRequest, form: EmergencyForm) -> HttpResponse:
    data = form.cleaned_data
    family = family_known_as(reference=data["reference"], birth_name=data["birth_name"], birth_on=data["birth_on"])
    if family is None:
        trace.note(trace.Note(what=perms.BREAK_GLASS.code, family_id=None, refused=True))
        raise BusinessError("not_found", NOT_FOUND, field="reference")
    if not perms.SEE_FAMILY.allows(request.member, family):
        actions.open_in_emergency(family=family, why=data["why"], by=request.member, at=clock.now())
        trace.note(trace.Note(what=perms.BREAK_GLASS.code, family_id=family.pk))
        messages.warning(request, "Dossier ouvert pour trois heures. La coordinatrice et l’équipe sont prévenues.")
    return to_family(family.public_id)
