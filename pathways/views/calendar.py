"""The calendar of a family: its page, one line of it, when the midwife comes, and the rules themselves."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError, show_in_form
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import calendar as actions
from pathways.enums import CalendarSource, CalendarStatus
from pathways.forms.calendar import ItemForm, MidwifeForm, PradoForm, QuickForm, initial_of
from pathways.models import Birth, Family, MidwifeVisit
from pathways.reads import calendar as reads
from pathways.reads.facts import family_facts
from pathways.reads.rules import rules_page

# What a tap may say, in short words: « On ne sait pas » would not stand beside the others.
_TAPS = [
    (CalendarStatus.DONE, "Fait"),
    (CalendarStatus.PLANNED, "Prévu"),
    (CalendarStatus.REFUSED, "Refusé"),
    (CalendarStatus.UNKNOWN, "Inconnu"),
]


@require_GET
def calendar(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The mother's calendar and each child's; the tab « Calendrier »."""
    found = fetch(perms.SEE_CALENDAR, request.member, public_id=public_id)
    zone = request.territory.time_zone
    facts = family_facts(found.pk, clock.now())
    state = facts.pathway.state if facts.pathway else ""
    shown = reads.calendar_of(found.pk, state=state, today=clock.local_date(clock.now(), zone), zone=zone)
    may_note = perms.NOTE_CALENDAR.allows(request.member, found)
    context = {"family": facts, "calendar": shown, "may_note": may_note, "statuses": _TAPS}
    return render(request, "pathways/calendar.html", context)


@require_http_methods(["GET", "POST"])
def calendar_note(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One line: a tap of its state (`tap`), or its form. An address of no line leads back to the calendar."""
    found = fetch(perms.NOTE_CALENDAR, request.member, public_id=public_id)
    asked = request.POST if request.method == "POST" else request.GET
    target = reads.target_of(found.pk, asked.get("code", ""), _key(asked.get("child", "")))
    if target is None:
        return _to_calendar(found)
    if "tap" in request.POST:
        return _tap(request, found, target)
    form = ItemForm(posted(request), rule=target.rule, initial=initial_of(target.item))
    answer = acted(request, form, lambda: _note(request, found, target, form.known))
    return answer or show(
        request, "pathways/calendar_note.html", form, family=family_facts(found.pk, clock.now()), target=target
    )


@require_http_methods(["GET", "POST"])
def midwife(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Prado, and the half-days on which the midwife is expected; each button says which (`act`)."""
    found = fetch(perms.NOTE_CALENDAR, request.member, public_id=public_id)
    birth = Birth.objects.filter(family=found).order_by("-at", "-pk").first()
    if birth is None:
        return _to_calendar(found)
    act = request.POST.get("act", "")
    prado = PradoForm(request.POST if act == "prado" else None, initial=_prado_of(birth))
    expect = MidwifeForm(request.POST if act == "expect" else None)
    if _of_midwife(request, birth, act, prado, expect):
        return redirect(here("pathways:midwife", found.public_id))
    context = {
        "family": family_facts(found.pk, clock.now()),
        "visits": reads.expected_visits(birth.pk),
        "prado": prado,
        "expect": expect,
    }
    return render(request, "pathways/midwife.html", context, status=422 if request.method == "POST" else 200)


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """The versions of the programme side by side, and the lines of the calendar."""
    require(perms.SEE_RULES, request.member)
    return render(request, "pathways/rules.html", {"page": rules_page()})


# ---- Moves ----------------------------------------------------------------------------------------------------
def _key(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _to_calendar(family: Family) -> HttpResponseRedirect:
    return redirect(here("pathways:calendar", family.public_id))


def _tap(request: HttpRequest, family: Family, target: reads.Target) -> HttpResponse:
    """The state alone; what was known beside it stays, the day only while the state does."""
    form = QuickForm(request.POST)
    if not form.is_valid():
        return _to_calendar(family)
    is_professional = perms.speaks_as_professional(request.member)
    item, status = target.item, form.cleaned_data["status"]
    known = actions.Known(
        status=status,
        source=CalendarSource.PROFESSIONAL if is_professional else CalendarSource.PARENTS,
        on=item.on if item and item.status == status else None,
        professional=item.professional if item else "",
        professional_kind=item.professional_kind if item else "",
        is_transmitted=item.is_transmitted if item else None,
    )
    try:
        return _note(request, family, target, known)
    except BusinessError as refusal:
        messages.warning(request, refusal.message)
        return _to_calendar(family)


def _note(request: HttpRequest, family: Family, target: reads.Target, known: actions.Known) -> HttpResponse:
    by, at = request.member, clock.now()
    actions.note_item(birth=target.birth, child=target.child, code=target.rule.code, known=known, by=by, at=at)
    messages.success(request, f"{target.rule.label}, {target.name} : c’est noté.")
    if known.status == CalendarStatus.DONE:
        zone = request.territory.time_zone
        if early := target.early_words(known.on or clock.local_date(at, zone), zone):
            messages.warning(request, early)
    return _to_calendar(family)


def _prado_of(birth: Birth) -> dict[str, str]:
    return {} if birth.is_prado is None else {"prado": "yes" if birth.is_prado else "no"}


def _of_midwife(request: HttpRequest, birth: Birth, act: str, prado: PradoForm, expect: MidwifeForm) -> bool:
    """Whether something was done."""
    if act == "prado" and prado.is_valid():
        actions.note_prado(birth=birth, is_prado=prado.cleaned_data["prado"] == "yes")
        messages.success(request, "C’est noté.")
        return True
    if act == "forget":
        key = _key(request.POST.get("visit", ""))
        actions.forget_midwife(visit=get_object_or_404(MidwifeVisit.objects.filter(birth=birth), public_id=key))
        messages.success(request, "Retirée.")
        return True
    if act != "expect" or not expect.is_valid():
        return False
    try:
        actions.expect_midwife(birth=birth, **expect.cleaned_data, by=request.member, at=clock.now())
    except BusinessError as refusal:
        show_in_form(expect, refusal)
        return False
    messages.success(request, "C’est noté : le planning prévient si une visite CoPa tombe au même moment.")
    return True
