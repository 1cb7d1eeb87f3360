"""The needs of a signed report become needs of the family, once, in the transaction that signs it (R088, I9)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from copa.kernel.clock import local_date
from pathways.actions.needs import Reported, Spotted, land_need, land_state
from pathways.actions.orientations import Request, land_contact, land_request
from pathways.models import Need, Pathway
from territories.catalogue import NEEDS, NeedCategory
from territories.models import Member
from visits.models import Report, Visit
from visits.questionnaire.sheet import NEED, ROW_KEYS


def land_followed(*, visit: Visit, answers: Mapping[str, Any], at: datetime) -> None:
    """What the report says of the needs already noted (`need.prev`): the first contact, and whether it is settled.

    Without its day, a contact is dated from the visit, the last day it can have taken place. A need that is sealed, of
    another pathway, or ended since, is left as it is.
    """
    rows = {row[ROW_KEYS[NEED]]: row for row in answers.get(NEED) or ()}
    if not rows:
        return
    needs = Need.objects.running().filter(pathway=visit.pathway_id, public_id__in=list(rows))
    for need in needs.exclude(category=NeedCategory.SEALED).order_by("pk"):
        row = rows[str(need.public_id)]
        if row.get("need.prev.contact") == "YES":
            land_contact(need=need, day=_day(row.get("need.prev.contact_on"), visit, at), at=at)
        land_state(need=need, is_met=row.get("need.prev.state") == "SOLVED", at=at)


def _day(typed: Any, visit: Visit, at: datetime) -> date:
    return date.fromisoformat(typed) if typed else local_date(visit.started_at or at, visit.territory.time_zone)


def land_needs(*, report: Report, pathway: Pathway, answers: Mapping[str, Any], by: Member, at: datetime) -> None:
    """Write each row of `need.item`; a request is an orientation that waits for the team's decision (R004).

    A code this version does not know is left in the report: signing is never refused for it.
    """
    for place, row in enumerate(answers.get("need.item") or ()):
        code = row.get("need.item.code", "")
        if code not in NEEDS or NEEDS[code].is_sealed:
            continue
        spotted = Spotted(code=code, about=row.get("need.item.about", ""), words=row.get("need.item.facts") or "")
        reported = Reported(row=place, spotted=spotted, action=row.get("need.item.action", ""))
        need = land_need(pathway=pathway, report_id=report.public_id, reported=reported, by=by, at=at)
        if reported.action == "REQUEST":
            land_request(need=need, asked=_request(row), by=by, at=at)


def _request(row: Mapping[str, Any]) -> Request:
    return Request(
        target_type=row.get("need.item.target") or "",
        entry=row.get("need.item.entry") or "",
        agreement=row.get("need.item.agreed") or "",
        urgency=row.get("need.item.urgency") or "",
    )
