"""Births to which CoPa was not proposed, and those that have no file."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import unproposed as actions
from pathways.forms.presentations import NotProposedForm, UnnamedForm
from pathways.models import Birth
from pathways.reads.facts import family_facts
from pathways.reads.unproposed import reason_of, recent_unnamed


@require_http_methods(["GET", "POST"])
def not_proposed(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Say why CoPa was not proposed to this mother."""
    birth = fetch(perms.PROPOSE, request.member, public_id=public_id)
    form = NotProposedForm(posted(request), initial={"reason": reason_of(birth)})
    answer = acted(request, form, lambda: _note(request, birth, form))
    facts = family_facts(birth.family_id, clock.now())
    shown = next(one for one in facts.births if one.pk == birth.pk)
    return answer or show(request, "pathways/not_proposed.html", form, family=facts, birth=shown)


def _note(request: HttpRequest, birth: Birth, form: NotProposedForm) -> HttpResponse:
    reason = form.cleaned_data["reason"]
    actions.note_not_proposed(birth=birth, reason=reason, by=request.member, at=clock.now())
    messages.success(request, "C’est noté. CoPa peut encore lui être proposé.")
    return redirect(here("pathways:births"))


@require_http_methods(["GET", "POST"])
def unnamed_births(request: HttpRequest) -> HttpResponse:
    """Count the births of a day that have no file (A38); what was counted lately."""
    require(perms.REGISTER_BIRTH, request.member)
    maternities = perms.REGISTER_BIRTH.rows(request.member).order_by("name")
    form = UnnamedForm(posted(request), maternities=maternities, initial={"day": timezone.localdate(), "number": 1})
    answer = acted(request, form, lambda: _count(request, form))
    rows = recent_unnamed(request.member, timezone.localdate())
    return answer or show(request, "pathways/unnamed_births.html", form, rows=rows)


def _count(request: HttpRequest, form: UnnamedForm) -> HttpResponse:
    data = form.cleaned_data
    actions.count_unnamed(
        maternity=form.structure,
        day=data["day"],
        reason=data["reason"],
        number=data["number"],
        by=request.member,
        at=clock.now(),
    )
    messages.success(request, "C’est compté, sans nom.")
    return redirect(here("pathways:unnamed_births"))
