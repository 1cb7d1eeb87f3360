"""Pages of groups and workshops: what is to come, one of them, the sheet to print, and what its keepers change."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.forms import posted
from copa.kernel.french import plural
from copa.kernel.links import here
from copa.kernel.look import Chip
from copa.kernel.moves import acted
from territories import directory, perms
from territories.actions import events as actions
from territories.catalogue import NEEDS, SEALED_NEEDS, Audience
from territories.enums import EventKind, Rhythm
from territories.event_forms import CancelForm, DatesForm, EventForm, NewEventForm
from territories.models import GroupEvent
from territories.reads import events as reads
from territories.views.page import show, today_of

_PAST = "passes"


@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """What is to come under the filters; the state of the list is its address."""
    require(perms.SEE_EVENTS, request.member)
    asked, at, is_past = _asked(request), clock.now(), request.GET.get("quand") == _PAST
    ahead, over = reads.counts(request.member, asked, at)
    find = reads.past if is_past else reads.coming
    context = {
        "page": find(request.member, asked, at, request.GET.get("page", "1")),
        "is_past": is_past,
        "chips": [Chip("À venir", {"quand": None}, ahead), Chip("Passés", {"quand": _PAST}, over)],
        "query": request.GET.urlencode(),
        "may_keep": perms.KEEP_EVENTS.is_held_by(request.member),
        **_filters(asked),
    }
    return render(request, "territories/events/list.html", context)


@require_GET
def events_print(request: HttpRequest) -> HttpResponse:
    """The dates of the next three months that may be given to a family, on a page to print."""
    require(perms.SEE_EVENTS, request.member)
    asked, at = _asked(request), clock.now()
    found = reads.to_print(request.member, asked, at)
    context = {"found": found, "today": today_of(request), "chosen": _chosen(asked)}
    return render(request, "territories/events/print.html", context)


def _asked(request: HttpRequest) -> reads.Asked:
    """What is asked in the address; a code that does not exist is no filter."""
    given = request.GET
    kind, theme, audience = given.get("type", ""), given.get("theme", ""), given.get("public", "")
    age = given.get("age", "")
    return reads.Asked(
        kind=kind if kind in set(EventKind) else "",
        theme=theme if theme in NEEDS and theme not in SEALED_NEEDS else "",
        commune=given.get("commune", "")[:5].replace("\x00", ""),
        age=next((months for months in reads.AGES if str(months) == age), None),
        audience=audience if audience in {one.value for one in Audience} else "",
    )


def _filters(asked: reads.Asked) -> dict[str, Any]:
    return {
        "asked": asked,
        "kinds": EventKind.choices,
        "themes": directory.need_choices(),
        "communes": directory.communes(),
        "audiences": directory.audience_choices(),
        "ages": reads.age_choices(),
    }


def _chosen(asked: reads.Asked) -> str:
    """The filters of a printed sheet in words; "" for none."""
    names = dict(directory.communes())
    words = [
        EventKind(asked.kind).label if asked.kind else "",
        NEEDS[asked.theme].label if asked.theme else "",
        names.get(asked.commune, ""),
        "" if asked.age is None else f"enfant de {reads.months_words(asked.age)}",
        dict(directory.audience_choices()).get(asked.audience, ""),
    ]
    return " · ".join(one for one in words if one)


@require_GET
def event(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One event with all its dates."""
    found = fetch(perms.SEE_EVENTS, request.member, public_id=public_id)
    context = {"page": reads.event_page(found, request.member, clock.now())}
    return render(request, "territories/events/event.html", context)


@require_http_methods(["GET", "POST"])
def event_new(request: HttpRequest) -> HttpResponse:
    """Write a group or a workshop with its dates."""
    require(perms.KEEP_EVENTS, request.member)
    form = NewEventForm(posted(request), initial={"rhythm": Rhythm.ONCE, "wheelchair": "unknown"}, **_choices(request))
    answer = acted(request, form, lambda: _added(request, form))
    title = "Ajouter un groupe ou un atelier"
    return answer or show(request, _FORM, form, title=title, back=here("territories:events"))


def _added(request: HttpRequest, form: NewEventForm) -> HttpResponse:
    made = actions.add_event(gathering=_gathering(form), occasions=_occasions(form), by=request.member, at=clock.now())
    return _done(request, f"{made.name} est dans l’annuaire.", made.public_id)


@require_http_methods(["GET", "POST"])
def event_edit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Correct what it says of itself; its dates have their own page."""
    found = fetch(perms.KEEP_EVENTS, request.member, public_id=public_id)
    form = EventForm(posted(request), initial=_told(found), **_choices(request, found))
    answer = acted(request, form, lambda: _edited(request, form, found))
    return answer or show(request, _FORM, form, title=f"Corriger {found.name}", back=_of(found))


def _edited(request: HttpRequest, form: EventForm, found: GroupEvent) -> HttpResponse:
    actions.edit_event(event=found, gathering=_gathering(form), by=request.member, at=clock.now())
    return _done(request, "C’est corrigé.", found.public_id)


@require_http_methods(["GET", "POST"])
def event_dates(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Give it more dates."""
    found = fetch(perms.KEEP_EVENTS, request.member, public_id=public_id)
    form = DatesForm(posted(request), initial={"rhythm": Rhythm.ONCE})
    answer = acted(request, form, lambda: _dated(request, form, found))
    return answer or show(request, _FORM, form, title="Ajouter des dates", lead=found.name, back=_of(found))


def _dated(request: HttpRequest, form: DatesForm, found: GroupEvent) -> HttpResponse:
    number = actions.add_dates(event=found, occasions=_occasions(form), by=request.member, at=clock.now())
    return _done(request, plural(number, "date ajoutée,dates ajoutées") + ".", found.public_id)


@require_http_methods(["GET", "POST"])
def event_cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """All its dates to come are cancelled."""
    found = fetch(perms.KEEP_EVENTS, request.member, public_id=public_id)
    lead = "Toutes ses dates à venir. Rien n’est effacé\u00a0: il reste dans la liste, avec le motif."

    def cancel(reason: str) -> None:
        actions.cancel_event(event=found, reason=reason, by=request.member, at=clock.now())

    return _cancelling(request, found, cancel, title=f"Annuler {found.name}", lead=lead)


@require_http_methods(["GET", "POST"])
def event_date_cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One date is cancelled."""
    one = fetch(perms.CANCEL_EVENT_DATE, request.member, public_id=public_id)

    def cancel(reason: str) -> None:
        actions.cancel_date(occasion=one, reason=reason, by=request.member, at=clock.now())

    return _cancelling(request, one.event, cancel, title="Annuler une date", lead=reads.date_words(one))


def _cancelling(
    request: HttpRequest, found: GroupEvent, cancel: Callable[[str], None], *, title: str, lead: str
) -> HttpResponse:
    form = CancelForm(posted(request))

    def act() -> HttpResponse:
        cancel(form.cleaned_data["reason"])
        return _done(request, "C’est annulé, et dit dans la liste.", found.public_id)

    answer = acted(request, form, act)
    return answer or show(request, _FORM, form, title=title, lead=lead, verb="Annuler", back=_of(found))


_FORM = "territories/events/form.html"


def _of(found: GroupEvent) -> str:
    return here("territories:event", found.public_id)


def _done(request: HttpRequest, words: str, public_id: UUID) -> HttpResponse:
    messages.success(request, words)
    return redirect(here("territories:event", public_id))


def _choices(request: HttpRequest, found: GroupEvent | None = None) -> dict[str, Any]:
    return {"entries": reads.organisers(request.member, today_of(request), found), "communes": reads.communes()}


def _gathering(form: EventForm) -> actions.Gathering:
    data = form.cleaned_data
    values = {name: data[name] for name in EventForm.base_fields}
    return actions.Gathering(**values | {"audiences": tuple(data["audiences"])})


def _occasions(form: DatesForm) -> actions.Occasions:
    return actions.Occasions(**{name: form.cleaned_data[name] for name in DatesForm.base_fields})


def _told(found: GroupEvent) -> dict[str, Any]:
    """The event as its form takes it."""
    values = {name: getattr(found, name) for name in EventForm.base_fields}
    entry, commune = found.entry, found.commune
    return values | {"entry": entry and str(entry.public_id), "commune": commune and commune.code}
