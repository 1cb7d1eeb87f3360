"""Suggestions that wait for the team's decision: its own list, meetings, planning."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from pathways import perms, rules
from pathways.enums import GridStatus, PathwayState, SuggestionKind
from pathways.models import Family, GridReview, Pathway, Suggestion
from pathways.reads.facts.names import Directory
from pathways.reads.names import mothers_of
from pathways.reads.screening import SuggestionLine, suggestion_line
from territories.models import Member

PAGE = 25
PERIOD = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """One undecided suggestion and whose family it is about."""

    family_id: UUID
    family: str
    suggestion: SuggestionLine


@dataclass(frozen=True, slots=True)
class GridCompletion:
    """R012: pathways whose grid was gone through at least once, among those included; the reasons of the others."""

    done: int
    included: int
    skipped: dict[str, int]


def waiting_suggestions(member: Member, at: datetime, page: str = "1") -> "Page[WaitingRow]":
    """One page of what waits, what is for the same day first, then the oldest. Four queries."""
    rows = still_waiting(perms.SEE_SUGGESTIONS.rows(member), at)
    ordered = rows.select_related("family").order_by("-is_same_day", "suggested_at", "pk")
    found = Paginator(ordered, PAGE).get_page(page)
    shown = list(found.object_list)
    names = mothers_of(row.family_id for row in shown)
    directory = Directory()
    directory.expect(people=[row.suggested_by_id for row in shown])
    found.object_list = [
        WaitingRow(
            family_id=row.family.public_id,
            family=names[row.family_id].name,
            suggestion=suggestion_line(row, directory),
        )
        for row in shown
    ]
    return found


def still_waiting(suggestions: Any, at: datetime) -> Any:
    """Those nobody has decided about, of pathways that run.

    Of a pathway that closed meanwhile only what is recent: nobody plans a third visit months afterwards.
    """
    recent = Q(pathway__state=PathwayState.CLOSED, suggested_at__gte=at - PERIOD)
    running = Q(pathway__state__in=rules.RUNNING)
    return suggestions.filter(running | recent, decided_at=None)


def undecided_suggestions(family: Family) -> list[SuggestionLine]:
    """What waits about one family, the oldest first: for the agenda of a meeting and for planning. Two queries."""
    rows = list(Suggestion.objects.undecided().filter(family=family).order_by("suggested_at", "pk"))
    directory = Directory()
    directory.expect(people=[row.suggested_by_id for row in rows])
    return [suggestion_line(row, directory) for row in rows]


def families_with_suggestions(member: Member) -> list[tuple[UUID, str, datetime]]:
    """(family, cause, since) of every undecided suggestion this member may see: the agenda of a meeting. One query."""
    rows = perms.SEE_SUGGESTIONS.rows(member).filter(decided_at=None).order_by("suggested_at", "pk")
    return list(rows.values_list("family__public_id", "cause", "suggested_at"))


def accepted_third_visit(pathway: Pathway) -> Suggestion | None:
    """The last third visit the team said yes to, None without any: the motive of the visit that is planned."""
    accepted = Suggestion.objects.filter(pathway=pathway, kind=SuggestionKind.THIRD_VISIT, is_accepted=True)
    found: Suggestion | None = accepted.order_by("-decided_at", "-pk").first()
    return found


def grid_completion() -> GridCompletion:
    """The completion of the territory in scope (R012). Three queries."""
    gone = GridReview.objects.exclude(status=GridStatus.SKIPPED).aggregate(n=Count("pathway", distinct=True))
    skipped = GridReview.objects.filter(~Q(skip_reason="")).order_by("skip_reason").values_list("skip_reason")
    reasons = dict(skipped.annotate(n=Count("pk")))
    return GridCompletion(done=gone["n"], included=Pathway.objects.count(), skipped=reasons)
