"""What stands between a pathway and its end."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pathways.enums import SIGN_KINDS
from pathways.models import Alert, Pathway
from pathways.reads.epds import repeat_after
from visits.enums import VISIT_RUNNING, VisitState
from visits.models import Visit
from visits.reads.households import Household, household_of
from visits.reads.thread import short_kind, visit_at
from visits.rules import is_third_left, promised_kinds


@dataclass(frozen=True, slots=True)
class ClosingVisit:
    """A visit of the pathway as the closing page lists it."""

    public_id: UUID
    kind: str
    state: str
    state_label: str
    at: datetime
    owes_report: bool


@dataclass(frozen=True)
class ClosingPage:
    """The page. `is_complete`: the promised visits are done; `obstacles` must be gone first, in French.

    `is_third_left`: the third visit that the team decided has no date.

    `epds_again_on`: from when the EPDS is to be proposed again, which closing does not take off the list; None without.
    """

    household: Household
    visits: tuple[ClosingVisit, ...]
    is_complete: bool
    has_planned: bool
    is_third_left: bool
    obstacles: tuple[str, ...]
    epds_again_on: date | None


def closing_page(pathway: Pathway) -> ClosingPage:
    """The visits of the pathway, and what still forbids closing it."""
    visits = list(Visit.objects.filter(pathway=pathway).order_by("planned_at", "pk"))
    done = {visit.kind for visit in visits if visit.state == VisitState.ENDED}
    return ClosingPage(
        household=household_of(pathway.birth_id, pathway.family_id),
        visits=tuple(_shown(visit) for visit in visits if visit.state != VisitState.CANCELLED),
        is_complete=done.issuperset(promised_kinds(pathway.rules.planned_visits, pathway.kinds_elsewhere)),
        has_planned=any(visit.state == VisitState.PLANNED for visit in visits),
        is_third_left=is_third_left(
            {visit.kind for visit in visits if visit.state in VISIT_RUNNING},
            pathway.kinds_elsewhere,
            is_third_decided=pathway.is_third_decided,
        ),
        obstacles=tuple(_obstacles(pathway, visits)),
        epds_again_on=repeat_after(pathway),
    )


def _shown(visit: Visit) -> ClosingVisit:
    return ClosingVisit(
        public_id=visit.public_id,
        kind=short_kind(visit.kind),
        state=visit.state,
        state_label=visit.get_state_display(),
        at=visit_at(visit),
        owes_report=visit.report_due_at is not None and visit.report_delivered_at is None,
    )


def _obstacles(pathway: Pathway, visits: list[Visit]) -> list[str]:
    found = []
    if any(visit.state == VisitState.STARTED for visit in visits):
        found.append("Une visite est en cours.")
    owed = [short_kind(v.kind) for v in visits if v.report_due_at is not None and v.report_delivered_at is None]
    if owed:
        found.append(f"Compte rendu à remettre : {', '.join(owed)}.")
    alerts = Alert.objects.filter(pathway=pathway)
    if alerts.open().filter(kind__in=SIGN_KINDS).exists():
        found.append("Une alerte attend encore une réponse.")
    if alerts.to_close().exists():
        found.append("Une alerte est prise mais pas close : écrivez ce qui a été fait.")
    return found
