"""The inbox of the referring team, and what is still owed."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from copa.kernel import clock
from copa.kernel.access import require
from copa.kernel.look import Chip
from visits import perms
from visits.enums import VisitKind
from visits.reads import inbox as reads


@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Received reports to read and read; reports owed and late with their auxiliary and their clock."""
    require(perms.SEE_INBOX, request.member)
    at = clock.now()
    shown = reads.inbox(request.member, _filters(request.GET), at)
    context = {
        "inbox": shown,
        "chips": _chips(shown),
        "read_chips": _read_chips(),
        "kinds": reads.kinds(),
        "now": at,
    }
    return render(request, "visits/inbox.html", context)


def _filters(query: QueryDict) -> reads.Filters:
    view, kind = query.get("vue", reads.UNREAD), query.get("visite", "")
    return reads.Filters(
        view=view if view in reads.VIEWS else reads.UNREAD,
        kind=kind if kind in VisitKind.values else "",
        page=query.get("page", "1"),
    )


def _chips(inbox: reads.Inbox) -> list[Chip]:
    return [
        Chip("À lire", {"vue": None, "page": None}, inbox.counts.unread),
        Chip("Attendus", {"vue": reads.OWED, "page": None}, inbox.counts.owed),
        Chip("En retard", {"vue": reads.LATE, "page": None}, inbox.counts.late),
    ]


def _read_chips() -> list[Chip]:
    """Apart: their number only grows, and what nobody counts does not stand among numbers."""
    return [
        Chip("Lus", {"vue": reads.READ, "page": None}),
        Chip("Complétés", {"vue": reads.COMPLETED, "page": None}),
    ]
