"""CoPa presented before the birth: the list, a new one, one of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.look import Chip
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import presentations as actions
from pathways.actions.antenatal import note_adhesion
from pathways.forms.adhesion import AntenatalConsentForm
from pathways.forms.presentations import EndForm, PresentationForm
from pathways.forms.proposals import AnswerForm
from pathways.models import Presentation
from pathways.reads import presentations as reads
from pathways.reads.antenatal import early_consent_of
from pathways.reads.places import maternities_of_territory
from pathways.reads.presentations import PresentationStep
from pathways.rules import is_minor
from pathways.texts import ADHESION_VERSION, Reader, given_to

_LABELS = {
    PresentationStep.WAITING: "Naissance attendue",
    PresentationStep.PAST: "Terme passé de 6 semaines",
    PresentationStep.BORN: "Bébé né",
    PresentationStep.CLOSED: "Closes",
}


@require_GET
def presentations(request: HttpRequest) -> HttpResponse:
    """Women to whom CoPa was presented; filters stand in the address."""
    require(perms.SEE_PRESENTATIONS, request.member)
    today = timezone.localdate()
    typed = request.GET.get("etat", "")
    step = PresentationStep(typed) if typed in set(PresentationStep) else PresentationStep.WAITING
    counts = reads.presentation_counts(request.member, today)
    page = reads.presentation_page(
        request.member, today, step=step, total=counts[step], asked=request.GET.get("page", "")
    )
    chips = [Chip(_LABELS[one], {"etat": one.value, "page": None}, counts[one]) for one in PresentationStep]
    context = {"page": page, "steps": chips, "step": step.value, "waiting": counts[PresentationStep.WAITING]}
    return render(request, "pathways/presentations.html", context)


@require_http_methods(["GET", "POST"])
def presentation_new(request: HttpRequest) -> HttpResponse:
    """Note a presentation."""
    require(perms.PRESENT, request.member)
    form = PresentationForm(
        posted(request),
        territory=request.territory,
        maternities=maternities_of_territory(),
        initial={"presented_on": timezone.localdate()},
    )
    answer = acted(request, form, lambda: _present(request, form))
    return answer or show(request, "pathways/presentation_new.html", form)


def _present(request: HttpRequest, form: PresentationForm) -> HttpResponse:
    actions.present(new=form.presentation, answer=form.given, by=request.member, at=clock.now())
    if form.missing:
        messages.warning(request, f"Reste à expliquer : {', '.join(form.missing).lower()}.")
    messages.success(request, "C’est noté. À la naissance, sa réponse sera reprise dans son dossier.")
    return redirect(here("pathways:presentations"))


@require_http_methods(["GET", "POST"])
def presentation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One presentation: another answer, or its end; each button says which (`act`)."""
    row = fetch(perms.PRESENT, request.member, public_id=public_id)
    asked = request.POST.get("act", "")
    known = {"answer": row.answer, "ask_again_on": row.ask_again_on, "refusal_reasons": row.refusal_reasons}
    answer = AnswerForm(request.POST if asked == "answer" else None, initial=known)
    end = EndForm(request.POST if asked == "end" else None)
    form, act = (end, _close) if asked == "end" else (answer, _answer)
    done = acted(request, form, lambda: act(request, row, form)) if asked else None
    facts, early = reads.presentation_facts(row, timezone.localdate()), early_consent_of(row.pk)
    context = {"facts": facts, "end": end, "early": early, "may_adhere": facts.may_adhere and early is None}
    status = 422 if request.method == "POST" else 200
    return done or render(request, "pathways/presentation.html", {"form": answer, **context}, status=status)


@require_http_methods(["GET", "POST"])
def presentation_adhesion(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Her adhesion before the birth: the inclusion takes it over with its own date."""
    row = fetch(perms.PRESENT, request.member, public_id=public_id)
    today = timezone.localdate()
    form = AntenatalConsentForm(
        posted(request),
        collects_as=perms.collects_as(request.member),
        is_minor=is_minor(row.birth_on, today, row.birth_precision),
    )
    done = acted(request, form, lambda: _adhere(request, row, form))
    facts, early = reads.presentation_facts(row, today), early_consent_of(row.pk)
    given = {"notices": given_to(Reader.MOTHER), "text_version": ADHESION_VERSION}
    given |= {"facts": facts, "early": early, "dpo_contact": request.territory.dpo_contact}
    return done or show(request, "pathways/presentation_adhesion.html", form, **given)


def _adhere(request: HttpRequest, row: Presentation, form: AntenatalConsentForm) -> HttpResponse:
    note_adhesion(presentation=row, adhesion=form.adhesion, by=request.member, at=clock.now())
    messages.success(request, "Son adhésion est notée. L’inclusion la reprendra avec sa date.")
    return redirect(here("pathways:presentation", row.public_id))


def _answer(request: HttpRequest, row: Presentation, form: Any) -> HttpResponse:
    actions.answer_presentation(presentation=row, answer=form.given, at=clock.now())
    messages.success(request, "Sa réponse est notée.")
    return redirect(here("pathways:presentations"))


def _close(request: HttpRequest, row: Presentation, form: Any) -> HttpResponse:
    reason = form.cleaned_data["reason"]
    actions.close_presentation(presentation=row, reason=reason, by=request.member, at=clock.now())
    messages.success(request, "C’est noté : plus aucune naissance n’est attendue.")
    return redirect(here("pathways:presentations"))
