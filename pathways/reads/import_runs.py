"""The last sendings of lists, as their page shows them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pathways import perms
from territories.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A line of the list of sendings."""

    public_id: UUID
    structure: str
    requested_at: datetime
    requested_by: str
    state: str
    label: str
    added: int


def recent_runs(member: Member) -> list[RunRow]:
    """The last sendings this member may see, newest first."""
    rows: Any = perms.IMPORT_BIRTHS.rows(member)
    runs = rows.with_added().select_related("structure", "requested_by__user")
    return [
        RunRow(
            public_id=run.public_id,
            structure=run.structure.name,
            requested_at=run.requested_at,
            requested_by=run.requested_by.user.get_full_name() if run.requested_by else "commande",
            state=run.state,
            label=run.get_state_display(),
            added=run.added,
        )
        for run in runs.order_by("-requested_at", "-pk")[:10]
    ]
