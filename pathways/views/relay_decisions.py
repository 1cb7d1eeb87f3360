"""What is decided about one relay: each decision a page with its reason, and what the PMI notes afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from copa.kernel import clock
from copa.kernel.access import fetch
from copa.kernel.forms import posted
from copa.kernel.french import plural
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions import relay_followup, relays
from pathways.forms.relays import ContactForm, OutcomeForm, ReasonForm, ReassignForm, SpokenForm, TasksForm
from pathways.models import PmiRelay, RelayTask
from pathways.reads.facts import family_facts
from pathways.reads.relays import other_sectors, overlap_days
from territories.models import PmiSector


@dataclass(frozen=True, slots=True)
class Words:
    """What the page of a decision says: its title, what follows from it, its button, and what is said once done."""

    title: str
    lead: str
    button: str
    done: str


_DECLINE = Words(
    "Décliner le relais",
    "Le relais revient à l’équipe de référence, qui lit votre raison et cherche une autre solution. "
    "Vous ne verrez plus cette famille.",
    "Décliner",
    "Relais décliné. L’équipe de référence le reprend.",
)
_REASSIGN = Words(
    "Confier à un autre secteur",
    "La PMI du nouveau secteur voit le relais et y répond. Le secteur actuel ne le voit plus.",
    "Confier le relais",
    "Relais confié à un autre secteur.",
)
_START = Words(
    "Demander le relais dès maintenant",
    "La PMI est prévenue aujourd’hui, sans attendre les trois semaines.",
    "Demander le relais",
    "La PMI est prévenue.",
)
_AGAIN = Words(
    "Présenter de nouveau à la PMI",
    "Le même secteur reçoit le relais une nouvelle fois, avec votre réponse.",
    "Présenter de nouveau",
    "Le relais attend de nouveau la PMI.",
)
_CLOSE = Words(
    "Fermer sans suite",
    "La PMI ne verra plus cette famille. Le relais peut être présenté de nouveau plus tard.",
    "Fermer le relais",
    "Relais fermé.",
)
_CONTACT = Words(
    "Noter un contact",
    "Seulement le jour et la forme du contact : rien de ce qui s’est dit.",
    "Noter le contact",
    "Contact noté.",
)
_OUTCOME = Words(
    "Noter l’issue du relais",
    "L’équipe de référence et la coordination la voient.",
    "Enregistrer",
    "Issue enregistrée.",
)
_SPOKEN = Words(
    "Noter un échange oral",
    "Seulement le jour et les personnes : rien de ce qui s’est dit. L’échange figure sur le dossier de relais.",
    "Noter l’échange",
    "Échange oral noté.",
)
_TASKS = Words(
    "Ce que la PMI est priée de faire",
    "Trois demandes au plus, chacune pour un jour. Elles figurent sur le dossier de relais.",
    "Enregistrer",
    "Demandes enregistrées.",
)


def _decide(
    request: HttpRequest, relay: PmiRelay, form: forms.Form, words: Words, act: Callable[[], object], *, leaves: bool
) -> HttpResponse:
    """The page of a decision; `leaves`: whoever decided may not see the relay any more."""

    def done() -> HttpResponse:
        act()
        messages.success(request, words.done)
        return redirect(here("pathways:relays") if leaves else here("pathways:relay", relay.public_id))

    family = family_facts(relay.family_id, clock.now())
    return acted(request, form, done) or show(
        request, "pathways/relay_decide.html", form, relay=relay, family=family, words=words
    )


@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The PMI gives the relay back to the team."""
    found, form = fetch(perms.ANSWER_RELAY, request.member, public_id=public_id), ReasonForm(posted(request))

    def act() -> None:
        reason = form.cleaned_data["reason"]
        relays.decline_relay(relay=found, reason=reason, by=request.member, at=clock.now())

    return _decide(request, found, form, _DECLINE, act, leaves=True)


@require_http_methods(["GET", "POST"])
def reassign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The PMI or the team confides the relay to another sector of the territory."""
    found = fetch(perms.REASSIGN_RELAY, request.member, public_id=public_id)
    form = ReassignForm(posted(request), sectors=other_sectors(found))

    def act() -> None:
        sector = PmiSector.objects.select_related("structure").get(public_id=form.cleaned_data["sector"])
        reason = form.cleaned_data["reason"]
        relays.reassign_relay(relay=found, sector=sector, reason=reason, by=request.member, at=clock.now())

    is_pmi = perms.ANSWER_RELAY.is_held_by(request.member)
    return _decide(request, found, form, _REASSIGN, act, leaves=is_pmi)


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The team asks the PMI before the day of the relay (R051)."""
    found, form = fetch(perms.DECIDE_RELAY, request.member, public_id=public_id), ReasonForm(posted(request))

    def act() -> None:
        reason = form.cleaned_data["reason"]
        relays.start_relay(relay=found, reason=reason, by=request.member, at=clock.now())

    return _decide(request, found, form, _START, act, leaves=False)


@require_http_methods(["GET", "POST"])
def send_again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The team answers a refusal."""
    found, form = fetch(perms.DECIDE_RELAY, request.member, public_id=public_id), ReasonForm(posted(request))

    def act() -> None:
        reason = form.cleaned_data["reason"]
        relays.send_relay_again(relay=found, reason=reason, by=request.member, at=clock.now())

    return _decide(request, found, form, _AGAIN, act, leaves=False)


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The team finds that no relay is needed."""
    found, form = fetch(perms.DECIDE_RELAY, request.member, public_id=public_id), ReasonForm(posted(request))

    def act() -> None:
        reason = form.cleaned_data["reason"]
        relays.close_relay(relay=found, reason=reason, by=request.member, at=clock.now())

    return _decide(request, found, form, _CLOSE, act, leaves=False)


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The PMI notes a contact after the relay."""
    found = fetch(perms.ANSWER_RELAY, request.member, public_id=public_id)
    form = ContactForm(posted(request), initial={"on": timezone.localdate()})

    def act() -> None:
        relay_followup.note_contact(relay=found, by=request.member, at=clock.now(), **form.cleaned_data)

    return _decide(request, found, form, _CONTACT, act, leaves=False)


@require_http_methods(["GET", "POST"])
def outcome(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The PMI says what became of the relay."""
    found = fetch(perms.ANSWER_RELAY, request.member, public_id=public_id)
    known = {"outcome": found.outcome, "on": found.outcome_on or timezone.localdate(), "words": found.outcome_words}
    form = OutcomeForm(posted(request), initial=known)

    def act() -> None:
        relay_followup.set_outcome(relay=found, by=request.member, at=clock.now(), **form.cleaned_data)

    words = replace(_OUTCOME, lead=f"{_OUTCOME.lead} {_kept(overlap_days(found))}")
    return _decide(request, found, form, words, act, leaves=False)


def _kept(days: int) -> str:
    return f"Si le suivi s’arrête, vous gardez l’accès {plural(days, 'jour')} ; le dossier reste ensuite à l’équipe."


@require_http_methods(["GET", "POST"])
def spoken(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The team traces that it spoke with the PMI."""
    found = fetch(perms.DECIDE_RELAY, request.member, public_id=public_id)
    known = {"on": timezone.localdate(), "who": request.member.user.get_full_name()}
    form = SpokenForm(posted(request), initial=known)

    def act() -> None:
        relays.note_spoken(relay=found, by=request.member, at=clock.now(), **form.cleaned_data)

    return _decide(request, found, form, _SPOKEN, act, leaves=False)


@require_http_methods(["GET", "POST"])
def tasks(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The team writes what it asks of the PMI."""
    found = fetch(perms.DECIDE_RELAY, request.member, public_id=public_id)
    known = RelayTask.objects.filter(relay=found).order_by("rank")
    initial = {f"{name}_{task.rank}": getattr(task, name) for task in known for name in ("text", "due_on")}
    form = TasksForm(posted(request), initial=initial, today=timezone.localdate())

    def act() -> None:
        relay_followup.set_tasks(relay=found, tasks=form.tasks, at=clock.now())

    return _decide(request, found, form, _TASKS, act, leaves=False)
