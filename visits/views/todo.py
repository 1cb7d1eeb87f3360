"""« À faire »: what each member has to do next, in every subject."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from copa.kernel import clock
from copa.kernel.access import require
from copa.kernel.look import Chip
from visits import perms
from visits.reads import todo as reads


@require_GET
def todo(request: HttpRequest) -> HttpResponse:
    """All that waits for her, the most urgent first, or one subject of it."""
    require(perms.SEE_TODO, request.member)
    subject = _subject(request.GET.get("sujet", ""))
    at = clock.now()
    shown = reads.todo_page(
        request.member, subject, request.GET.get("page", "1"), at=at, zone=request.territory.time_zone
    )
    chips = [Chip("Tout", {"sujet": None}, shown.total)]
    chips += [Chip(reads.LABELS[one], {"sujet": one.value}, number) for one, number in shown.counts.items() if number]
    return render(request, "visits/todo.html", {"todo": shown, "chips": chips, "page": shown.page})


@require_GET
def rest(request: HttpRequest) -> HttpResponse:
    """The part of the first page that tells how much waits in the other subjects."""
    require(perms.SEE_WORKLIST, request.member)
    found = reads.rest_of(request.member, at=clock.now(), zone=request.territory.time_zone)
    return render(request, "visits/_worklist_rest.html", {"rest": found})


def _subject(typed: str) -> reads.Subject | None:
    """The subject asked for; None for all, and for a word that is none."""
    return reads.Subject(typed) if typed in set(reads.Subject) else None
