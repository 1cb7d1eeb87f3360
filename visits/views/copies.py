"""Copies of reports: what those outside the team received, and what the team sends them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from copa.kernel import clock
from copa.kernel.access import fetch, require
from copa.kernel.errors import BusinessError
from copa.kernel.french import NBSP, plural
from copa.kernel.links import here
from copa.kernel.look import Chip
from visits import perms
from visits.actions import copies as actions
from visits.models import ReportCopy
from visits.reads import copies as reads


@require_GET
def copies(request: HttpRequest) -> HttpResponse:
    """The reports a professional outside the team received: to read, then read."""
    require(perms.SEE_COPIES, request.member)
    typed = request.GET.get("vue", "")
    view = typed if typed in reads.VIEWS else reads.UNREAD
    shown = reads.copies_inbox(request.member, view, request.GET.get("page", "1"))
    chips = [
        Chip("À lire", {"vue": None, "page": None}, shown.unread),
        Chip("Lus", {"vue": reads.READ, "page": None}),
    ]
    return render(request, "visits/copies.html", {"inbox": shown, "chips": chips})


@require_POST
def opened(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """She has the report before her eyes; said by the page itself, or by « J’ai lu » without script."""
    found = fetch(perms.OPEN_COPY, request.member, public_id=public_id)
    actions.open_copies(report=found, by=request.member, at=clock.now())
    if "application/json" in request.headers.get("Accept", ""):
        return HttpResponse(status=204)
    return redirect(here("visits:report", public_id))


@require_POST
def send(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """To those the mother agreed to since it was delivered."""
    found = fetch(perms.SEND_COPIES, request.member, public_id=public_id)
    try:
        sent = actions.send_copies(report=found, at=clock.now())
    except BusinessError as refusal:
        messages.warning(request, refusal.message)
    else:
        _tell(request, sent)
    return redirect(here("visits:report", public_id))


def _tell(request: HttpRequest, sent: int) -> None:
    if sent:
        messages.success(request, f"{plural(sent, 'copie part,copies partent')}.")
    else:
        messages.info(request, f"Personne de plus à qui l’envoyer{NBSP}: complétez d’abord le cercle de soins.")


@require_POST
def link_again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Another link, the former one dead."""
    found: ReportCopy = fetch(perms.SEND_COPY_LINK, request.member, public_id=public_id)
    try:
        actions.send_link_again(copy=found, by=request.member, at=clock.now())
    except BusinessError as refusal:
        messages.warning(request, refusal.message)
    else:
        messages.success(request, "Un autre lien part, avec un autre code.")
    return redirect(here("visits:report", found.report.public_id))
