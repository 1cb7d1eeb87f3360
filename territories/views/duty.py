"""The duty roster: who is on duty, a week of a structure, its shifts; and everybody's professional number."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.asked import as_day, as_uuid
from copa.kernel.errors import BusinessError, show_in_form
from copa.kernel.forms import posted
from copa.kernel.french import plural
from copa.kernel.links import here
from territories import actions, perms, reads
from territories.forms import PhoneForm, ShiftForm
from territories.models import Member, Structure
from territories.reads.duty import monday_of


@require_GET
def duty(request: HttpRequest) -> HttpResponse:
    """The roster of one structure; `?structure=` another one, `?semaine=2026-11-03` the week of that day."""
    require(perms.SEE_DUTY, request.member)
    places = reads.planned_structures(request.member)
    asked = as_uuid(request.GET.get("structure")) or UUID(places[0][0])
    structure = Structure.objects.filter(public_id__in=[key for key, _ in places]).filter(public_id=asked).first()
    structure = structure or Structure.objects.get(public_id=places[0][0])
    week = reads.duty_week(request.member, structure, _monday(request), clock.now())
    return render(request, "territories/duty.html", {"week": week, "places": places, "asked": str(structure.public_id)})


@require_http_methods(["GET", "POST"])
def add_shift(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Put somebody on duty; `?jour=2026-11-03` begins with that day."""
    structure = fetch(perms.PLAN_DUTY, request.member, public_id=public_id)
    people = reads.candidates(structure, _today(request))
    form = ShiftForm(posted(request), people=people, initial=_usual_night(request))
    if form.is_valid() and _added(form, structure):
        messages.success(request, "La garde est notée.")
        return redirect(_week(structure, form.cleaned_data["starts_at"]))
    status = 422 if form.is_bound else 200
    return render(request, "territories/add_shift.html", {"form": form, "structure": structure}, status=status)


@require_http_methods(["GET", "POST"])
def remove_shift(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take a shift away; one that runs ends now."""
    shift = fetch(perms.REMOVE_SHIFT, request.member, public_id=public_id)
    if request.method == "POST":
        try:
            actions.remove_shift(shift=shift, at=clock.now())
        except BusinessError as refusal:
            messages.warning(request, refusal.message)
        else:
            messages.success(request, "La garde est retirée.")
        return redirect(_week(shift.structure, shift.starts_at))
    return render(request, "territories/remove_shift.html", {"shift": shift, "now": clock.now()})


@require_POST
def repeat_week(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Write the shifts of a week again, seven days later."""
    structure = fetch(perms.PLAN_DUTY, request.member, public_id=public_id)
    monday = monday_of(as_day(request.POST.get("semaine")) or _today(request))
    zone = request.territory.time_zone
    done = actions.repeat_week(structure=structure, monday=monday, zone=zone, at=clock.now())
    message = f"{plural(done.added, 'garde recopiée,gardes recopiées')} sur la semaine d’après."
    if done.left_out:
        message += (
            f" {plural(done.left_out, 'garde laissée,gardes laissées')} de côté : place déjà tenue, ou droits finis."
        )
    messages.success(request, message)
    return redirect(f"{_roster(structure)}&semaine={monday + timedelta(days=7)}")


@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The professional number where alerts are told."""
    member = fetch(perms.SET_PHONE, request.member, public_id=public_id)
    is_mine = member.pk == request.member.pk
    initial = {"phone": member.user.phone}
    form = PhoneForm(posted(request), region=request.territory.phone_region, initial=initial)
    if form.is_valid():
        actions.set_phone(member=member, phone=form.cleaned_data["phone"])
        messages.success(request, "Le numéro est noté." if form.cleaned_data["phone"] else "Le numéro est retiré.")
        return redirect("home" if is_mine else here("territories:members"))
    context = {"form": form, "member": member, "is_mine": is_mine}
    return render(request, "territories/phone.html", context, status=422 if form.is_bound else 200)


def _added(form: ShiftForm, structure: Structure) -> bool:
    data = form.cleaned_data
    member = Member.objects.select_related("user", "territory").get(public_id=data["member"])
    try:
        actions.add_shift(
            structure=structure,
            member=member,
            place=int(data["place"]),
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            at=clock.now(),
        )
    except BusinessError as refusal:
        show_in_form(form, refusal)
        return False
    return True


def _usual_night(request: HttpRequest) -> dict[str, object]:
    """From 8 h to 8 h the day after: corrected on the page."""
    day = as_day(request.GET.get("jour")) or _today(request)
    start = timezone.make_aware(datetime(day.year, day.month, day.day, 8))  # noqa: DTZ001 - made aware here
    following = day + timedelta(days=1)
    end = timezone.make_aware(datetime(following.year, following.month, following.day, 8))  # noqa: DTZ001
    return {"starts_at": start, "ends_at": end, "place": request.GET.get("place", "1")}


def _monday(request: HttpRequest) -> date:
    return monday_of(as_day(request.GET.get("semaine")) or _today(request))


def _today(request: HttpRequest) -> date:
    return clock.local_date(clock.now(), request.territory.time_zone)


def _roster(structure: Structure) -> str:
    return f"{here('territories:duty')}?structure={structure.public_id}"


def _week(structure: Structure, moment: datetime) -> str:
    """The roster at the week of this instant."""
    return f"{_roster(structure)}&semaine={timezone.localtime(moment).date()}"
