"""Alerts: the list, and « je prends l’alerte »."""

from datetime import timedelta
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
from copa.kernel.polled import polled
from pathways import perms
from pathways.actions.alerts import close_alert as close
from pathways.actions.alerts import instruct_alert as instruct
from pathways.actions.alerts import note_call, note_in_hand
from pathways.actions.alerts import take_alert as take
from pathways.actions.given_back import give_back_alert as give_back
from pathways.enums import SIGN_KINDS
from pathways.forms.work import AnswerForm, CallForm, CloseAlertForm, GiveBackForm, InHandForm
from pathways.models import Alert
from pathways.reads.alert_register import alert_register
from pathways.reads.alert_rows import alert_row
from pathways.reads.alerts import AlertShelf, alert_rows, shelf_counts

_LABELS = {
    AlertShelf.OPEN: "Ouvertes",
    AlertShelf.TAKEN: "Prises, à clore",
    AlertShelf.CLOSED: "Closes",
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
    sets_delays = perms.SET_ALERT_DELAYS.is_held_by(request.member)
    context = {"page": page, "chips": chips, "shelf": shelf.value, "sets_delays": sets_delays}
    return render(request, "pathways/alerts.html", context)


@require_GET
def alert(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The register of one alert: every step, call, name and hour; it can be printed."""
    found = fetch(perms.SEE_ALERTS, request.member, public_id=public_id)
    register = alert_register(request.member, found, clock.now())
    return render(request, "pathways/alert.html", {"register": register, "alert": register.row})


@require_GET
def alert_watch(request: HttpRequest) -> HttpResponse:
    """What every page of those who answer says about open alerts; refreshed on its own."""
    require(perms.WATCH_ALERTS, request.member)
    return polled(request, "pathways/_alert_watch.html")


@require_http_methods(["GET", "POST"])
def take_alert(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take an open alert by name: one tap from a list sends nothing more, this page may say the instruction too."""
    alert = fetch(perms.TAKE_ALERT, request.member, public_id=public_id)
    form = _answer_form(request, alert, is_due=False)
    answer = acted(request, form, lambda: _take(request, alert, form))
    if answer:
        return answer
    return show(request, "pathways/take_alert.html", form, alert=alert_row(request.member, alert, clock.now()))


@require_http_methods(["GET", "POST"])
def instruct_alert(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the auxiliary does, once somebody has taken the sign by name."""
    alert = fetch(perms.INSTRUCT_ALERT, request.member, public_id=public_id)
    form = _answer_form(request, alert, is_due=True)

    def act() -> HttpResponse:
        instruct(alert=alert, by=request.member, taking=form.taking, at=clock.now())
        messages.success(request, "La consigne est écrite. L’auxiliaire la lit.")
        return redirect(here("pathways:alert", alert.public_id))

    answer = acted(request, form, act)
    if answer:
        return answer
    return show(request, "pathways/instruct_alert.html", form, alert=alert_row(request.member, alert, clock.now()))


@require_http_methods(["GET", "POST"])
def give_back_alert(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Je rends l’alerte »: whoever took it did so by mistake, the team is called again at once."""
    alert = fetch(perms.GIVE_BACK_ALERT, request.member, public_id=public_id)
    form = GiveBackForm(posted(request))

    def act() -> HttpResponse:
        give_back(alert=alert, by=request.member, at=clock.now(), **form.cleaned_data)
        messages.success(request, "L’alerte n’est plus à votre nom. L’équipe est rappelée.")
        return redirect(here("pathways:alert", alert.public_id))

    row = alert_row(request.member, alert, clock.now())
    return acted(request, form, act) or show(request, "pathways/give_back_alert.html", form, alert=row)


@require_http_methods(["GET", "POST"])
def close_alert(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Write what was done about a sign that was taken: the alert is over."""
    alert = fetch(perms.CLOSE_ALERT, request.member, public_id=public_id)
    form = CloseAlertForm(posted(request))

    def act() -> HttpResponse:
        close(alert=alert, by=request.member, at=clock.now(), **form.cleaned_data)
        messages.success(request, "L’alerte est close. L’auxiliaire le voit.")
        # Closed, that of a family who left the territory is not read any more.
        is_readable = perms.SEE_ALERTS.allows(request.member, alert)
        return redirect(here("pathways:alert", alert.public_id) if is_readable else here("pathways:alerts"))

    row = alert_row(request.member, alert, clock.now())
    return acted(request, form, act) or show(request, "pathways/close_alert.html", form, alert=row)


@require_http_methods(["GET", "POST"])
def alert_call(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« J’ai appelé : qui, quelle heure, quelle consigne »."""
    alert = fetch(perms.NOTE_CALL, request.member, public_id=public_id)
    form = CallForm(posted(request), initial={"happened_at": timezone.localtime(clock.now())})

    def act() -> HttpResponse:
        note_call(alert=alert, by=request.member, at=clock.now(), **form.call)
        messages.success(request, "L’appel est noté.")
        return redirect(here("pathways:alert", alert.public_id))

    row = alert_row(request.member, alert, clock.now())
    return acted(request, form, act) or show(request, "pathways/alert_call.html", form, alert=row)


@require_http_methods(["GET", "POST"])
def alert_in_hand(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """« Prise en main »: the midwife or the team cares herself (R111)."""
    alert = fetch(perms.NOTE_IN_HAND, request.member, public_id=public_id)
    form = InHandForm(posted(request), initial={"happened_at": timezone.localtime(clock.now())})

    def act() -> HttpResponse:
        note_in_hand(alert=alert, by=request.member, at=clock.now(), **form.cleaned_data)
        messages.success(request, "La prise en main est notée. L’équipe et l’auxiliaire la voient.")
        return redirect(here("pathways:alert", alert.public_id))

    row = alert_row(request.member, alert, clock.now())
    return acted(request, form, act) or show(request, "pathways/alert_in_hand.html", form, alert=row)


def _answer_form(request: HttpRequest, alert: Alert, *, is_due: bool) -> AnswerForm:
    initial = {"due_at": timezone.localtime(clock.now() + timedelta(hours=1))}
    about = {"asks_decision": alert.awaits_decision, "about": alert.about}
    return AnswerForm(posted(request), is_due=is_due, **about, initial=initial)


def _take(request: HttpRequest, alert: Alert, form: AnswerForm) -> HttpResponse:
    take(alert=alert, by=request.member, taking=form.taking, at=clock.now())
    if alert.kind in SIGN_KINDS and form.taking.is_empty:
        messages.success(request, "L’alerte est à votre nom : l’auxiliaire le voit. Écrivez-lui ce qu’elle fait.")
        return redirect(here("pathways:instruct_alert", alert.public_id))
    messages.success(request, "Vous avez pris l’alerte. Les autres le voient.")
    return redirect(here("pathways:alerts"))
