"""Alerts: the list, and « je prends l’alerte »."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.look import Chip
from pathways import perms
from pathways.actions.alerts import take_alert as take
from pathways.forms.work import TakeForm
from pathways.models import Alert
from pathways.reads.alerts import AlertShelf, alert_row, alert_rows, shelf_counts
from pathways.views.page import acted, show

_LABELS = {
    AlertShelf.OPEN: "Ouvertes",
    AlertShelf.TAKEN: "Prises",
    AlertShelf.ENDED: "Finies d’elles-mêmes",
    AlertShelf.ALL: "Toutes, 90 jours",
}


@require_GET
def alerts(request: HttpRequest) -> HttpResponse:
    """Alerts by shelf; the open ones first, the most urgent on top."""
    require(perms.SEE_ALERTS, request.member)
    at = clock.now()
    typed = request.GET.get("etat", "")
    shelf = AlertShelf(typed) if typed in set(AlertShelf) else AlertShelf.OPEN
    counts = shelf_counts(request.member, at)
    chips = [
        Chip(label, {"etat": None if one == AlertShelf.OPEN else one.value}, counts[one])
        for one, label in _LABELS.items()
    ]
    page = alert_rows(request.member, shelf, at, total=counts[shelf], page=request.GET.get("page", "1"))
    return render(request, "pathways/alerts.html", {"page": page, "chips": chips, "shelf": shelf.value})


@require_http_methods(["GET", "POST"])
def take_alert(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take an open alert by name, with the instruction to the auxiliary."""
    alert = fetch(perms.TAKE_ALERT, request.member, public_id=public_id)
    row = alert_row(request.member, alert, clock.now())
    form = TakeForm(posted(request), is_sign=row.is_sign)
    answer = acted(request, form, lambda: _take(request, alert, form))
    return answer or show(request, "pathways/take_alert.html", form, alert=row)


def _take(request: HttpRequest, alert: Alert, form: TakeForm) -> HttpResponse:
    take(alert=alert, by=request.member, instruction=form.cleaned_data["instruction"], at=clock.now())
    messages.success(request, "Vous avez pris l’alerte. Les autres le voient.")
    return redirect(here("pathways:alerts"))
