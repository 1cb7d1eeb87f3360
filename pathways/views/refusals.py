"""A mother refuses any follow-up: the team writes her words, the doctor of the team decides (alerts.md 5.5)."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions.refusals import decide_refusal, note_refusal
from pathways.forms.refusals import DoctorDecisionForm, RefusalForm
from pathways.reads.alert_rows import alert_row


@require_http_methods(["GET", "POST"])
def alert_refusal(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """She refuses any follow-up, after the alert was taken."""
    alert = fetch(perms.NOTE_REFUSAL, request.member, public_id=public_id)
    form = RefusalForm(posted(request), initial={"due_at": timezone.localtime(clock.now() + timedelta(hours=2))})

    def act() -> HttpResponse:
        note_refusal(alert=alert, at=clock.now(), **form.cleaned_data)
        messages.success(request, "Le refus est noté. Le médecin de l’équipe est prévenu, personne d’autre.")
        return redirect(here("pathways:alert", alert.public_id))

    row = alert_row(request.member, alert, clock.now())
    return acted(request, form, act) or show(request, "pathways/alert_refusal.html", form, alert=row)


@require_http_methods(["GET", "POST"])
def alert_doctor(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the doctor of the team decides."""
    alert = fetch(perms.DECIDE_REFUSAL, request.member, public_id=public_id)
    form = DoctorDecisionForm(posted(request))

    def act() -> HttpResponse:
        decide_refusal(alert=alert, by=request.member, at=clock.now(), **form.cleaned_data)
        messages.success(request, "Votre décision est notée. L’alerte peut être close.")
        return redirect(here("pathways:alert", alert.public_id))

    row = alert_row(request.member, alert, clock.now())
    words = alert.refusal_words
    return acted(request, form, act) or show(request, "pathways/alert_doctor.html", form, alert=row, words=words)
