"""The red button: whom it is about, what she sees, then the procedure, full screen, with whom to call."""

from typing import NamedTuple
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways.actions.alerts import note_call_of_signs
from pathways.forms.work import CallForm
from pathways.models import Pathway
from pathways.reads.facts import homes
from visits import perms
from visits.actions.signs import press_red_button
from visits.forms.red_button import SignsForm
from visits.reads import red_button as reads


@require_GET
def alarm(request: HttpRequest) -> HttpResponse:
    """« Alerte » at the top of every page of the tablet: the family of that page (`?de=`), else the choice of one."""
    require(perms.RAISE_SIGN, request.member)
    page = request.GET.get("de", "")
    pathway = reads.pathway_behind(request.member, page)
    if pathway is None and (visit := reads.visit_behind(request.member, page)) is not None:
        return redirect(here("visits:visit_alarm", visit.public_id))
    return redirect(here("visits:red_button", pathway.public_id) if pathway else here("visits:emergency"))


@require_http_methods(["GET", "POST"])
def red_button(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """`?pour=` says whom: a child, the mother, the home; then the signs, and one button."""
    # Another territory took the family over since this page was opened: what she saw there is not lost.
    left = reads.visit_left(request.member, Q(pathway__public_id=public_id))
    if left is not None:
        return visit_alarm(request, left.public_id)
    pathway = fetch(perms.RAISE_SIGN, request.member, public_id=public_id)
    return _red(request, pathway, back=Back("Urgence", here("visits:emergency")))


@require_http_methods(["GET", "POST"])
def visit_alarm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The same, on the visit that somebody makes for the PMI (R077), or of a family that moved meanwhile."""
    visit = fetch(perms.RAISE_SIGN_IN_VISIT, request.member, public_id=public_id)
    has_day = perms.works_on_tablet(request.member)
    back = Back("Ma journée", here("visits:day")) if has_day else Back("Ma visite", here("visits:joint", public_id))
    return _red(request, visit.pathway, back=back)


class Back(NamedTuple):
    """Where she came from."""

    label: str
    url: str


def _red(request: HttpRequest, pathway: Pathway, *, back: Back) -> HttpResponse:
    asked = request.POST.get("who") or request.GET.get("pour", "")
    people = reads.people_around(pathway.birth)
    person = next((one for one in people if one.code == asked), None)
    offered = {"signs": reads.signs_about(asked), "asks_safe_call": reads.asks_safe_call(asked)}
    form = SignsForm(posted(request), initial={"key": uuid4(), "who": asked}, **offered)
    answer = acted(request, form, lambda: _press(request, pathway, form))
    context = {
        "people": people,
        "person": person,
        "back": back,
        "calls": reads.call_buttons(pathway, clock.now()),
    }
    home = homes([pathway.family_id])[pathway.family_id]
    return answer or show(request, "visits/red_button.html", form, home=home, **context)


@require_http_methods(["GET", "POST"])
def procedure(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What to do and whom to call for a sign she raised; what she did is written on the same page."""
    alert = fetch(perms.SEE_PROCEDURE, request.member, public_id=public_id)
    form = CallForm(posted(request), initial={"happened_at": timezone.localtime(clock.now())})

    def act() -> HttpResponse:
        signs = reads.signs_with(alert).order_by("pk")
        note_call_of_signs(alerts=signs, by=request.member, at=clock.now(), **form.call)
        messages.success(request, "L’appel est noté. L’équipe le voit.")
        return redirect(here("visits:procedure", alert.public_id))

    answer = acted(request, form, act)
    page = reads.procedure_page(alert, request.member, at=clock.now(), zone=request.territory.time_zone)
    has_day = perms.works_on_tablet(request.member)
    return answer or show(request, "visits/procedure.html", form, page=page, has_day=has_day)


def _press(request: HttpRequest, pathway: Pathway, form: SignsForm) -> HttpResponse:
    raised = press_red_button(pathway=pathway, by=request.member, at=clock.now(), **form.pressed)
    messages.success(request, "L’alerte est partie. L’équipe de garde est prévenue.")
    return redirect(here("visits:procedure", reads.first_alert(raised).public_id))
