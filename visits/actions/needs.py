"""The needs of a signed report become needs of the family, once, in the transaction that signs it (R088, I9)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pathways.actions.needs import Reported, Spotted, land_need
from pathways.actions.orientations import land_request
from pathways.models import Pathway
from territories.catalogue import NEEDS
from territories.models import Member
from visits.models import Report


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
            agreement = row.get("need.item.agreed") or ""
            target_type = row.get("need.item.target") or ""
            land_request(need=need, target_type=target_type, agreement=agreement, by=by, at=at)
