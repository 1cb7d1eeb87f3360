"""Suggestions that wait for the team's decision: its own list, meetings, planning."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, OuterRef, Q, When

from pathways import perms, rules
from pathways.enums import EPDS_CAUSES, GridSkip, GridStatus, GridValue, PathwayState
from pathways.models import GridAnswer, GridConclusion, GridReview, Pathway
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

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """The reasons in words, the most frequent first."""
        often = sorted(self.skipped.items(), key=lambda one: (-one[1], one[0]))
        return [(str(GridSkip(code).label), count) for code, count in often]


def waiting_suggestions(member: Member, at: datetime, page: str = "1") -> "Page[WaitingRow]":
    """One page of what waits, the most urgent first. Four queries."""
    rows = still_waiting(perms.SEE_SUGGESTIONS.rows(member), at)
    ordered = by_urgency(rows.select_related("family"))
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


def by_urgency(suggestions: Any) -> Any:
    """The mother to call, then what an EPDS at a cut-off asks, answered the same day (alerts.md 3); then the oldest."""
    is_of_epds = Case(When(cause__in=sorted(EPDS_CAUSES), then=0), default=1)
    return suggestions.order_by("-is_same_day", is_of_epds, "suggested_at", "pk")


def still_waiting(suggestions: Any, at: datetime) -> Any:
    """Those nobody has decided about, of pathways that run.

    Of a pathway that closed meanwhile only what is recent: nobody plans a third visit months afterwards.
    """
    recent = Q(pathway__state=PathwayState.CLOSED, suggested_at__gte=at - PERIOD)
    running = Q(pathway__state__in=rules.RUNNING)
    return suggestions.filter(running | recent, decided_at=None)


@dataclass(frozen=True, slots=True)
class AgendaSuggestion:
    """An undecided suggestion for the agenda of a meeting."""

    family_id: int
    kind: str
    cause: str


def families_with_suggestions(member: Member, at: datetime) -> list[AgendaSuggestion]:
    """Those this member may see, the most urgent first; none in mourning (A38). One query."""
    rows = still_waiting(perms.SEE_SUGGESTIONS.rows(member), at).filter(pathway__birth__is_silent=False)
    found = by_urgency(rows).values_list("family_id", "kind", "cause")
    return [AgendaSuggestion(*row) for row in found]


def changed_grids(member: Member, *, since: datetime) -> list[int]:
    """Families about whom something was first said not to be there, then to be; the oldest change first. One query.

    Open answers alone. Left out once the team has concluded since, and in mourning (A38).
    """
    was_not = GridAnswer.objects.filter(
        family=OuterRef("family"),
        factor__code=OuterRef("factor__code"),
        person=OuterRef("person"),
        at__lt=OuterRef("at"),
    ).exclude(value=GridValue.PRESENT)
    concluded = GridConclusion.objects.filter(family=OuterRef("family"), at__gte=OuterRef("at"))
    running = Pathway.objects.filter(family=OuterRef("family"), state__in=rules.RUNNING, birth__is_silent=False)
    recent = GridAnswer.objects.filter(at__gte=since, value=GridValue.PRESENT)
    rows = perms.screened(recent, member).filter(Exists(was_not), ~Exists(concluded), Exists(running))
    return list(dict.fromkeys(rows.order_by("at", "pk").values_list("family_id", flat=True)))


def grid_completion() -> GridCompletion:
    """The completion of the territory in scope (R012). Three queries."""
    gone = GridReview.objects.exclude(status=GridStatus.SKIPPED).aggregate(n=Count("pathway", distinct=True))
    skipped = GridReview.objects.filter(~Q(skip_reason="")).order_by("skip_reason").values_list("skip_reason")
    reasons = dict(skipped.annotate(n=Count("pk")))
    return GridCompletion(done=gone["n"], included=Pathway.objects.count(), skipped=reasons)
