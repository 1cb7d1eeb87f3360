"""« Arrêter ou suspendre », one hospital stay, a family without news, the list of pauses."""

from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError, show_in_form
from pathways import perms, rules
from pathways.actions import contacts, stays, stops
from pathways.enums import PathwayState
from pathways.forms.stops import AttemptForm, ReturnForm, StayForm
from pathways.models import HospitalStay, Pathway
from pathways.reads.contacts import silence_of
from pathways.reads.deaths import child_of
from pathways.reads.stops import at_home, returned_words, stays_of, stops_of
from pathways.reads.transfers import incoming, outgoing
from pathways.views.page import pathway_context, to_family


@require_GET
def pauses(request: HttpRequest) -> HttpResponse:
    """Families in pause, without news, or that nobody reaches."""
    require(perms.SEE_STOPS, request.member)
    shown = {
        "stops": stops_of(request.member, request.territory.time_zone),
        "incoming": incoming(request.member, request.territory.time_zone),
        "outgoing": outgoing(request.member),
    }
    return render(request, "pathways/pauses.html", shown)


@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What may pause or stop this pathway, in plain words before anything is confirmed; each choice has its page."""
    pathway = fetch(perms.STOP_PATHWAY, request.member, public_id=public_id)
    asked = request.POST.get("act", "")
    if request.method == "POST":
        try:
            said = _stop(request, pathway, asked)
        except BusinessError as refusal:
            messages.warning(request, refusal.message)
            return to_family(pathway.family.public_id)
        if said:
            messages.success(request, said)
            return to_family(pathway.family.public_id)
    shown = {
        "stays": [stay for stay in stays_of(pathway.birth) if stay.ends_on is None],
        "is_suspended": pathway.state == PathwayState.SUSPENDED,
        "is_without_news": pathway.state == PathwayState.NO_NEWS,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "pathways/stop.html", {**pathway_context(pathway), **shown}, status=status)


def _stop(request: HttpRequest, pathway: Pathway, asked: str) -> str:
    """What was done, in words; "" when nothing was asked."""
    by, at = request.member, clock.now()
    if asked == "resume":
        stays.end_stays(pathway=pathway, by=by, at=at)
        return "Le parcours reprend. Les visites sont à prévoir."
    if asked == "moved":
        stops.end_by_move(pathway=pathway, by=by, at=at)
        return "Parcours arrêté : la famille a déménagé."
    return ""


@require_http_methods(["GET", "POST"])
def hospital(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Note who is in hospital, or the way home; each button says which (`act`)."""
    pathway = fetch(perms.NOTE_STAY, request.member, public_id=public_id)
    asked = request.POST.get("act", "")
    today = timezone.localdate()
    stay = StayForm(
        request.POST if asked == "stay" else None, people=at_home(pathway.birth), initial={"starts_on": today}
    )
    back = ReturnForm(request.POST if asked == "back" else None, initial={"on": today})
    try:
        said = _hospital(request, pathway, asked, stay, back)
    except BusinessError as refusal:
        show_in_form(stay if asked == "stay" else back, refusal)
        said = ""
    if said:
        messages.success(request, said)
        return to_family(pathway.family.public_id)
    shown = {"stays": stays_of(pathway.birth), "stay": stay, "back": back, "returned": request.POST.get("stay", "")}
    status = 422 if request.method == "POST" else 200
    return render(request, "pathways/hospital.html", {**pathway_context(pathway), **shown}, status=status)


def _hospital(request: HttpRequest, pathway: Pathway, asked: str, stay: StayForm, back: ReturnForm) -> str:
    by, at = request.member, clock.now()
    if asked == "stay" and stay.is_valid():
        data = stay.cleaned_data
        child = child_of(pathway.birth, data["who"])
        noted = stays.note_stay(
            birth=pathway.birth,
            child=child,
            ward=data["ward"],
            place=data["place"],
            starts_on=data["starts_on"],
            by=by,
            at=at,
        )
        kept = "L’accompagnement continue pour les autres." if not noted.is_pausing else "Les visites sont suspendues."
        return f"Hospitalisation notée. {kept}"
    if asked == "back" and back.is_valid():
        stay_over = _stay(request, pathway)
        stays.end_stay(stay=stay_over, ends_on=back.cleaned_data["on"], by=by, at=at)
        return returned_words(stay_over)
    return ""


def _stay(request: HttpRequest, pathway: Pathway) -> HospitalStay:
    key = forms.UUIDField(required=False).to_python(request.POST.get("stay"))
    found: HospitalStay = get_object_or_404(HospitalStay.objects.filter(birth=pathway.birth_id), public_id=key)
    return found


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Note an attempt to reach the family; the team decides that she is without news."""
    pathway = fetch(perms.NOTE_CONTACT, request.member, public_id=public_id)
    asked = request.POST.get("act", "")
    form = AttemptForm(request.POST if asked == "attempt" else None, initial={"key": uuid4()})
    try:
        said = _contact(request, pathway, asked, form)
    except BusinessError as refusal:
        show_in_form(form, refusal) if form.is_bound else messages.error(request, refusal.message)
        said = ""
    if said:
        messages.success(request, said)
        return to_family(pathway.family.public_id)
    shown = {
        "form": form,
        "silence": silence_of(pathway),
        "needed": rules.NO_NEWS_ATTEMPTS,
        "needed_days": rules.NO_NEWS_DAYS,
        "is_without_news": pathway.state == PathwayState.NO_NEWS,
        "may_decide": perms.DECLARE_NO_NEWS.allows(request.member, pathway),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "pathways/contact.html", {**pathway_context(pathway), **shown}, status=status)


def _contact(request: HttpRequest, pathway: Pathway, asked: str, form: AttemptForm) -> str:
    by, at = request.member, clock.now()
    if asked == "attempt" and form.is_valid():
        data = form.cleaned_data
        contacts.note_attempt(
            pathway=pathway,
            channel=data["channel"],
            result=data["result"],
            attempted_at=form.attempted_at(at),
            submission_id=data["key"],
            by=by,
            at=at,
        )
        return "C’est noté."
    if asked == "no_news":
        contacts.declare_no_news(pathway=fetch(perms.DECLARE_NO_NEWS, by, pk=pathway.pk), by=by, at=at)
        return "Famille sans nouvelles : les visites prévues sont annulées. Toute nouvelle la ramène."
    return ""


@require_http_methods(["GET", "POST"])
def undo_withdrawal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A withdrawal noted by error, taken back the same day by whoever noted it."""
    pathway = fetch(perms.UNDO_WITHDRAWAL, request.member, public_id=public_id)
    if request.method != "POST":
        return render(request, "pathways/undo_withdrawal.html", pathway_context(pathway))
    try:
        stops.undo_withdrawal(pathway=pathway, by=request.member, at=clock.now())
    except BusinessError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, "L’arrêt est annulé. Les visites sont à prévoir de nouveau.")
    return to_family(pathway.family.public_id)
