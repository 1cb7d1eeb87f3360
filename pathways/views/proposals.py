"""CoPa is presented; her answer, now or later."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.errors import BusinessError
from copa.kernel.forms import posted
from copa.kernel.french import inner
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import presentations
from pathways.actions import proposals as actions
from pathways.enums import ProposalAnswer
from pathways.forms.proposals import AnswerForm, ProposalForm
from pathways.models import Birth, Presentation, Proposal, presenter_offered
from pathways.reads.facts import family_facts
from pathways.reads.presentations import presentations_for


@require_http_methods(["GET", "POST"])
def proposal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The presentation with its answer; once it is noted, the page asks for the answer alone."""
    birth = fetch(perms.PROPOSE, request.member, public_id=public_id)
    known = Proposal.objects.filter(birth=birth).first()
    if "adopt" in request.POST and not known:
        return _adopt(request, birth)
    found = [] if known else presentations_for(birth)
    if known:
        form: AnswerForm = AnswerForm(posted(request), initial=_initial(known))
        answer = acted(request, form, lambda: _answer(request, birth, known, form))
    else:
        may_be_before = perms.PROPOSE_BEFORE_BIRTH.is_held_by(request.member)
        structure = request.member.structure
        presenter = presenter_offered(request.member.role, structure.kind if structure else "")
        initial = {"proposed_on": timezone.localdate(), "presenter": presenter}
        form = ProposalForm(posted(request), may_be_before_birth=may_be_before, initial=initial)
        answer = acted(request, form, lambda: _propose(request, birth, form))
    return answer or show(request, "pathways/proposal.html", form, known=known, found=found, **_context(birth))


def _adopt(request: HttpRequest, birth: Birth) -> HttpResponse:
    """Somebody has recognised the mother: what was said before the birth stands, once."""
    chosen = next((one for one in presentations_for(birth) if str(one.public_id) == request.POST["adopt"]), None)
    try:
        if chosen is None:
            raise BusinessError("not_hers", "Cette présentation ne lui ressemble pas, ou elle est déjà reprise.")
        presentation = Presentation.objects.get(pk=chosen.pk)
        presentations.adopt_presentation(presentation=presentation, birth=birth, at=clock.now())
        messages.success(request, "La présentation d’avant la naissance est reprise, avec sa réponse.")
    except BusinessError as refusal:
        messages.error(request, refusal.message)
    return redirect(here("pathways:proposal", birth.public_id))


def _initial(known: Proposal) -> dict[str, Any]:
    return {
        "answer": known.answer,
        "ask_again_on": known.ask_again_on,
        "refusal_reasons": known.refusal_reasons,
        "is_welcome_back": known.is_welcome_back,
    }


def _context(birth: Birth) -> dict[str, Any]:
    family = family_facts(birth.family_id, clock.now())
    return {"family": family, "birth": next(one for one in family.births if one.pk == birth.pk)}


def _propose(request: HttpRequest, birth: Birth, form: AnswerForm) -> HttpResponse:
    assert isinstance(form, ProposalForm)
    data = form.cleaned_data
    actions.propose(
        birth=birth,
        proposed_on=data["proposed_on"],
        context=data["context"],
        presenter=data["presenter"],
        covered=data["covered"],
        support=data["support"],
        answer=form.given,
        by=request.member,
        at=clock.now(),
    )
    if form.missing:
        messages.warning(request, f"Reste à expliquer : {', '.join(map(inner, form.missing))}.")
    return _next(request, birth, form)


def _answer(request: HttpRequest, birth: Birth, known: Proposal, form: AnswerForm) -> HttpResponse:
    actions.answer_proposal(proposal=known, answer=form.given, at=clock.now())
    return _next(request, birth, form)


def _next(request: HttpRequest, birth: Birth, form: AnswerForm) -> HttpResponse:
    """A yes leads to the adhesion; anything else back to the list."""
    if form.given.answer == ProposalAnswer.YES:
        messages.success(request, "Elle a dit oui. Reste son adhésion.")
        return redirect(here("pathways:inclusion", birth.public_id))
    said = (
        "C’est son choix, il ne change rien à son suivi." if form.given.answer == ProposalAnswer.NO else "C’est noté."
    )
    messages.success(request, said)
    return redirect(here("pathways:births"))
