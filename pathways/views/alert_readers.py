"""Who reads what is sealed in an alert: the rule, and the doctors of the teams by name."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError
from copa.kernel.forms import posted
from copa.kernel.links import here
from copa.kernel.moves import acted, show
from pathways import perms
from pathways.actions.alert_readers import end_reader, name_reader
from pathways.forms.alert_readers import ReaderForm
from pathways.reads.alert_readers import possible_readers, readers_page
from territories.models import Member


@require_http_methods(["GET", "POST"])
def alert_readers(request: HttpRequest) -> HttpResponse:
    """The list of the territory; the binôme adds a name."""
    require(perms.NAME_ALERT_READERS, request.member)
    at = clock.now()
    form = ReaderForm(posted(request), people=possible_readers(clock.local_date(at, request.territory.time_zone)))

    def act() -> HttpResponse:
        member = Member.objects.select_related("structure").get(public_id=form.cleaned_data["member"])
        name_reader(structure=member.structure, member=member, by=request.member, at=at)
        messages.success(request, "Le médecin de l’équipe est nommé.")
        return redirect(here("pathways:alert_readers"))

    return acted(request, form, act) or show(request, "pathways/alert_readers.html", form, page=readers_page())


@require_POST
def end_alert_reader(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Take a name off the list."""
    reader = fetch(perms.NAME_ALERT_READERS, request.member, public_id=public_id)
    try:
        end_reader(reader=reader, by=request.member, at=clock.now())
    except BusinessError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, "Cette personne ne lit plus les alertes protégées hors de ses gardes.")
    return redirect(here("pathways:alert_readers"))
