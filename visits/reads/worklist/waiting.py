"""What waits behind each card, read whole as slim rows: its families count in the title, its first three are shown."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from copa.kernel.prepared import Prepared
from pathways.enums import ProposalAnswer
from pathways.models import Alert, Birth, Discharge, Family, Pathway, Proposal, keeps_records, within_reach
from pathways.reads.facts.names import name_columns
from territories.models import Member
from visits.models import Visit


@Prepared
def births(since: Any) -> Any:
    """Births to whom CoPa was not presented and still may be: those who went home first, then the oldest."""
    discharged = Discharge.objects.filter(birth=OuterRef("pk"))
    births = Birth.objects.not_proposed().filter(day__gte=since).annotate(has_left=Exists(discharged))
    rows = births.order_by("-has_left", "at", "pk")
    return rows.values_list(
        "public_id", "family_id", "at", "day", "maternity__name", "maternity__public_id", "has_left"
    )


@Prepared
def proposals(since: Any) -> Any:
    """Proposals without an answer, and those answered yes that no inclusion has followed; same births as the list."""
    included = Pathway.objects.filter(birth=OuterRef("birth"))
    recent = Proposal.objects.filter(birth__day__gte=since, birth__is_silent=False)
    is_open = Q(answer=ProposalAnswer.PENDING) | (Q(answer=ProposalAnswer.YES) & ~Exists(included))
    rows = recent.filter(is_open).order_by(F("ask_again_on").asc(nulls_last=True), "proposed_on", "pk")
    columns = ("family_id", "answer", "proposed_on", "ask_again_on", "birth__public_id", "birth__day")
    return rows.values_list(*columns)


@Prepared
def reports() -> Any:
    """Visits whose report has not reached the referring team, the nearest deadline first."""
    owed = Visit.objects.report_missing().order_by("report_due_at", "pk")
    return owed.values_list("family_id", "kind", "report_due_at", "ended_at", *name_columns("ap"))


@Prepared
def alerts() -> Any:
    """Open alerts, the one that has waited longest first.

    Without their pathways: joined to them, PostgreSQL would begin with every pathway that each team ever carried.
    """
    columns = ("public_id", "family_id", "pathway_id", "kind", "code", "is_sealed", "facts")
    rows = Alert.objects.open().order_by("raised_at", "pk")
    return rows.values_list(*columns, "raised_at", "answer_due_at", *name_columns("raised_by"))


def held_by(member: Member, *lists: list[Any]) -> tuple[list[Any], ...]:
    """These lists without the families that have left this member; whoever keeps every record is not asked."""
    if keeps_records(member):
        return lists
    families = Family.objects.filter(pk__in={row.family_id for rows in lists for row in rows})
    held = set(within_reach(families, member, family="pk").order_by().values_list("pk", flat=True))
    return tuple([row for row in rows if row.family_id in held] for rows in lists)
