"""Her agreements: who receives what, what was told to whom, and the co-parent's own answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.errors import BusinessError
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.meanwhile import is_stale, read_by
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import families as actions
from pathways.actions import information
from pathways.actions.handings import use_handed
from pathways.enums import HandedKind
from pathways.forms.agreements import ChangeForm, CoParentForm, EvaluationForm, NoticeGivenForm, RecipientsForm
from pathways.forms.inclusion import agreements_of
from pathways.models import CoParent, Family
from pathways.reads.agreements import agreements_page, evaluation_line
from pathways.reads.facts import family_facts
from pathways.reads.given_texts import team_of
from pathways.reads.handings import given_back
from pathways.texts import text_of


@require_GET
def recipients(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The routing table: each recipient with her answer, what has left, what each adult was told."""
    family = fetch(perms.SEE_AGREEMENTS, request.member, public_id=public_id)
    at = clock.now()
    facts = family_facts(family.pk, at)
    page = agreements_page(family.pk, facts, at, request.territory.time_zone)
    may_open = perms.OPEN_FAMILY_TO.allows(request.member, family)
    return render(request, "pathways/recipients.html", {"family": facts, "page": page, "may_open": may_open})


@require_POST
def recipient_change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """One answer changed in one tap."""
    family = fetch(perms.CHANGE_RECIPIENTS, request.member, public_id=public_id)
    form = ChangeForm(request.POST)
    if form.is_valid():
        agreements, others = form.answers
        try:
            actions.change_recipients(
                family=family, agreements=agreements, others=others, by=request.member, at=clock.now()
            )
        except BusinessError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "Sa réponse est notée. Ce qui est déjà parti le reste.")
    else:
        messages.error(request, "Cette réponse n’a pas pu être notée : reprenez sur la page.")
    return redirect(here("pathways:recipients", family.public_id))


@require_http_methods(["GET", "POST"])
def recipients_ask(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Every question again, on one page; a change counts for what is sent from now on."""
    family = fetch(perms.CHANGE_RECIPIENTS, request.member, public_id=public_id)
    facts = family_facts(family.pk, clock.now())
    given = given_back(request.member, family.pk, HandedKind.AGREEMENTS, clock.now())
    form = RecipientsForm(posted(request), answers=facts.answers, others=facts.others, given=given)
    answer = acted(request, form, lambda: _ask(request, family, form))
    token = actions.answers_token(family)
    context = {"family": facts, "token": token, "is_stale": is_stale(request, token), "given": given}
    return answer or show(request, "pathways/recipients_ask.html", form, **context)


def _ask(request: HttpRequest, family: Family, form: RecipientsForm) -> HttpResponse:
    actions.ask_recipients(
        family=family,
        token=read_by(request),
        agreements=agreements_of(form.cleaned_data),
        others=form.others,
        by=request.member,
        at=clock.now(),
    )
    use_handed(family_id=family.pk, kind=HandedKind.AGREEMENTS, by=request.member, at=clock.now())
    messages.success(request, "Ses accords sont notés. Ce qui est déjà parti le reste.")
    return redirect(here("pathways:recipients", family.public_id))


@require_http_methods(["GET", "POST"])
def evaluation(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Her opposition to the evaluation, or its end; nothing of her care changes."""
    family = fetch(perms.CHANGE_EVALUATION, request.member, public_id=public_id)
    form = EvaluationForm(posted(request))
    answer = acted(request, form, lambda: _evaluate(request, family, form))
    facts = family_facts(family.pk, clock.now())
    return answer or show(request, "pathways/evaluation.html", form, family=facts, said=evaluation_line(family.pk))


def _evaluate(request: HttpRequest, family: Family, form: EvaluationForm) -> HttpResponse:
    data = form.cleaned_data
    is_opposed = data["is_opposed"] == "yes"
    information.change_evaluation(
        family=family, is_opposed=is_opposed, mode=data["mode"], by=request.member, at=clock.now()
    )
    messages.success(request, "Sa réponse est notée. Elle vaut dès la prochaine extraction.")
    return redirect(here("pathways:recipients", family.public_id))


@require_http_methods(["GET", "POST"])
def notice_given(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The information given to one adult: to whom, which text, in which form."""
    family = fetch(perms.GIVE_NOTICE, request.member, public_id=public_id)
    adults = list(CoParent.objects.filter(family=family).order_by("pk"))
    facts = family_facts(family.pk, clock.now())
    form = NoticeGivenForm(posted(request), mother=facts.mother.full_name, coparents=adults)
    answer = acted(request, form, lambda: _give(request, family, form))
    return answer or show(request, "pathways/notice_given.html", form, family=facts)


def _give(request: HttpRequest, family: Family, form: NoticeGivenForm) -> HttpResponse:
    data = form.cleaned_data
    information.give_notice(
        family=family,
        coparent=form.coparent,
        version=data["version"],
        form=data["form"],
        by=request.member,
        at=clock.now(),
    )
    messages.success(request, "C’est noté : l’information est remise.")
    return redirect(here("pathways:recipients", family.public_id))


@require_http_methods(["GET", "POST"])
def coparent_answer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Whether a co-parent wishes to be followed too, after the mother was asked alone."""
    coparent = fetch(perms.ANSWER_FOR_COPARENT, request.member, public_id=public_id)
    form = CoParentForm(posted(request))
    answer = acted(request, form, lambda: _answer_for(request, coparent, form))
    facts = family_facts(coparent.family_id, clock.now())
    return answer or show(request, "pathways/coparent_answer.html", form, family=facts, coparent=coparent)


def _answer_for(request: HttpRequest, coparent: Any, form: CoParentForm) -> HttpResponse:
    data = form.cleaned_data
    information.answer_for_coparent(
        coparent=coparent, answer=data["answer"], is_safe=data["is_safe"], by=request.member, at=clock.now()
    )
    messages.success(request, "Sa réponse est notée.")
    return redirect(here("pathways:recipients", coparent.family.public_id))


@require_GET
def consent_text(request: HttpRequest, public_id: UUID, version: str) -> HttpResponse:
    """The words of one version, as they were given."""
    family = fetch(perms.SEE_AGREEMENTS, request.member, public_id=public_id)
    text = text_of(version)
    if text is None:
        raise Http404
    facts = family_facts(family.pk, clock.now())
    said = {"team_name": team_of(family, facts), "dpo_contact": request.territory.dpo_contact}
    return render(request, "pathways/consent_text.html", {"family": facts, "text": text, **said})
