"""The days on which these tests plan, and a visit planned as the coordinator does."""

from datetime import UTC, datetime

from pathways.models import Pathway
from tests.factories import who
from visits.actions import planning
from visits.actions.planning import Slot
from visits.models import Visit

# Tuesday 3 November 2026, 9 h in Paris. A birth three days before: the window is 2 to 21 November.
AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
BORN = datetime(2026, 10, 31, 9, 0, tzinfo=UTC)


def local(day: int, hour: int = 14, month: int = 11, year: int = 2026) -> datetime:
    """An hour of Paris in winter."""
    return datetime(year, month, day, hour - 1, 0, tzinfo=UTC)


def plan(pathway: Pathway, kind: str = "V1", at: datetime | None = None, *, ap: str = "amal", **options) -> Visit:
    slot = Slot(
        kind=kind,
        planned_at=at or local(5),
        window_reason=options.pop("window_reason", ""),
        motive=options.pop("motive", ""),
        is_joint=options.pop("is_joint", False),
        not_joint_reason=options.pop("not_joint_reason", ""),
    )
    return planning.plan_visit(pathway=pathway, ap=who(ap), slot=slot, by=who("elise"), at=AT, **options)
