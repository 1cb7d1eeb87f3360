"""« Repérage »: the tab of a family, the grid outside a visit, its sealed part, suggestions to the team."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import grid as actions
from pathways.actions import suggestions
from pathways.enums import GridValue
from pathways.forms.screening import (
    ConclusionForm,
    DecideForm,
    GridForm,
    SealedAnswerForm,
    SignalForm,
    ThirdVisitForm,
)
from pathways.models import Family, Pathway
from pathways.reads.epds import corrections_waiting, repeats_due
from pathways.reads.facts import family_facts
from pathways.reads.facts.names import Directory
from pathways.reads.screening import (
    open_factors,
    pathway_of,
    screening_page,
    sealed_factors,
    suggestion_line,
)
from pathways.reads.sealed_screening import sealed_screening
from pathways.reads.suggestions import grid_completion, waiting_suggestions

NOT_INCLUDED = "Le repérage commence avec l’inclusion de la famille."


def to_screening(family: Family) -> HttpResponseRedirect:
    """Back to the tab."""
    return redirect(here("pathways:screening", family.public_id))


def included(family: Family) -> Pathway:
    """The pathway that what is recorded now belongs to. Raises `not_included`."""
    pathway = pathway_of(family)
    if pathway is None:
        raise BusinessError("not_included", NOT_INCLUDED)
    return pathway


def context_of(family: Family) -> dict[str, Any]:
    """What the head of these pages says."""
    return {"family": family_facts(family.pk, clock.now()), "now": timezone.now()}


@require_GET
def screening(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The grid by domain, the conclusion, the EPDS and the suggestions; sealed things are behind their own door."""
    family = fetch(perms.SEE_SCREENING, request.member, public_id=public_id)
    page = screening_page(family, request.member)
    return render(
        request,
        "pathways/screening.html",
        {"page": page, "row": family, "may_seal": _may_seal(request), **context_of(family)},
    )


def _may_seal(request: HttpRequest) -> bool:
    return perms.reads_sealed_screening(request.member)


@require_GET
def suggestions_list(request: HttpRequest) -> HttpResponse:
    """What waits for the team: suggestions, the same day first, then the scales to propose again."""
    require(perms.SEE_SUGGESTIONS, request.member)
    at = clock.now()
    today = clock.local_date(at, request.territory.time_zone)
    page = waiting_suggestions(request.member, at, request.GET.get("page", "1"))
    corrections = corrections_waiting(request.member)
    context = {
        "page": page,
        "corrections": corrections,
        "total": page.paginator.count + len(corrections),
        "repeats": repeats_due(request.member, today),
        "completion": grid_completion(),
        "may_set": perms.SET_THRESHOLDS.is_held_by(request.member),
    }
    return render(request, "pathways/suggestions.html", context)


@require_http_methods(["GET", "POST"])
def grid(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The grid gone through outside a visit, or skipped with a reason."""
    family = fetch(perms.RECORD_GRID, request.member, public_id=public_id)
    form = GridForm(posted(request), factors=open_factors(actions.current_template().pk))
    answer = acted(request, form, lambda: _review(request, family, form))
    return answer or show(request, "pathways/grid.html", form, row=family, **context_of(family))


def _review(request: HttpRequest, family: Family, form: GridForm) -> HttpResponse:
    data, comment = form.cleaned_data, form.cleaned_data["comment"]
    told = [
        actions.Told(factor=factor, value=value, comment=comment if value == GridValue.PRESENT else "")
        for factor, value in form.chosen
    ]
    actions.review_grid(
        pathway=included(family),
        status=data["status"],
        skip_reason=data["skip_reason"],
        answers=told,
        source=_source(request, data["source"]),
    )
    messages.success(request, "C’est noté. Ce qui était écrit avant reste dans l’historique.")
    return to_screening(family)


def _source(request: HttpRequest, kind: str) -> actions.Source:
    at = clock.now()
    return actions.Source(kind=kind, author=request.member, at=at, recorded_at=at)


@require_http_methods(["GET", "POST"])
def sealed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The sealed compartment: each opening is logged by name; an answer is added, none is changed."""
    family = fetch(perms.READ_SEALED_SCREENING, request.member, public_id=public_id)
    form = SealedAnswerForm(posted(request), factors=sealed_factors(actions.current_template().pk))
    answer = acted(request, form, lambda: _seal(request, family, form))
    page = sealed_screening(family, request.member)
    return answer or show(request, "pathways/sealed_screening.html", form, page=page, row=family, **context_of(family))


def _seal(request: HttpRequest, family: Family, form: SealedAnswerForm) -> HttpResponse:
    data = form.cleaned_data
    actions.add_sealed_answer(
        pathway=included(family),
        told=actions.Told(factor=form.factor, value=data["value"], comment=data["comment"]),
        presence=data["presence"],
        source=_source(request, data["source"]),
    )
    messages.success(request, "C’est noté dans le compartiment protégé.")
    return redirect(here("pathways:sealed_screening", family.public_id))


@require_http_methods(["GET", "POST"])
def signal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Signaler une situation protégée à l’équipe »: what was signalled is not read back here."""
    family = fetch(perms.SIGNAL_TO_TEAM, request.member, public_id=public_id)
    form = SignalForm(posted(request))
    answer = acted(request, form, lambda: _signal(request, family, form))
    return answer or show(request, "pathways/signal.html", form, row=family, **context_of(family))


def _signal(request: HttpRequest, family: Family, form: SignalForm) -> HttpResponse:
    data = form.cleaned_data
    actions.signal_to_team(
        pathway=included(family),
        domains=data["domains"],
        facts=data["facts"],
        presence=data["presence"],
        safe_call=data["safe_call"],
        source=_source(request, data["source"]),
    )
    messages.success(request, "L’équipe est prévenue. Appelez-la aussi, hors du domicile.")
    return to_screening(family)


@require_http_methods(["GET", "POST"])
def conclusion(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the team or the PMI doctor concludes."""
    family = fetch(perms.CONCLUDE_GRID, request.member, public_id=public_id)
    form = ConclusionForm(posted(request))
    answer = acted(request, form, lambda: _conclude(request, family, form))
    return answer or show(request, "pathways/conclusion.html", form, row=family, **context_of(family))


def _conclude(request: HttpRequest, family: Family, form: ConclusionForm) -> HttpResponse:
    data = form.cleaned_data
    actions.conclude_grid(
        pathway=included(family),
        level=data["level"],
        proposals=data["proposals"],
        by=request.member,
        at=clock.now(),
    )
    messages.success(request, "Votre conclusion est notée.")
    return to_screening(family)


@require_http_methods(["GET", "POST"])
def third_visit(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A third visit that the parents ask for, or the team thinks of: put on the team's list."""
    family = fetch(perms.ASK_THIRD_VISIT, request.member, public_id=public_id)
    form = ThirdVisitForm(posted(request))
    answer = acted(request, form, lambda: _ask(request, family, form))
    return answer or show(request, "pathways/third_visit.html", form, row=family, **context_of(family))


def _ask(request: HttpRequest, family: Family, form: ThirdVisitForm) -> HttpResponse:
    suggestions.ask_third_visit(
        pathway=included(family),
        is_of_parents=form.cleaned_data["asker"] == "parents",
        note=form.cleaned_data["note"],
        by=request.member,
        at=clock.now(),
    )
    messages.success(request, "La demande est notée : l’équipe décide.")
    return to_screening(family)


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Yes or no to a suggestion; the reason of a no is kept."""
    suggestion = fetch(perms.DECIDE_SUGGESTION, request.member, public_id=public_id)
    form = DecideForm(posted(request))

    def act() -> HttpResponse:
        suggestions.decide_suggestion(
            suggestion=suggestion,
            is_accepted=form.cleaned_data["answer"] == "yes",
            reason=form.cleaned_data["reason"],
            by=request.member,
            at=clock.now(),
        )
        messages.success(request, "Votre décision est notée.")
        return to_screening(suggestion.family)

    answer = acted(request, form, act)
    shown = suggestion_line(suggestion, Directory())
    return answer or show(
        request, "pathways/decide_suggestion.html", form, suggestion=shown, **context_of(suggestion.family)
    )
