"""A visit just ended and the answers of its report, written through the actions as the AP does."""

from datetime import datetime, timedelta
from typing import Any

from copa.kernel import clock
from pathways.models import Child
from tests import factories
from tests.visits.questionnaires import child, epds, whole
from visits.actions import delivery
from visits.actions.report import Origin, save_draft, sign_report
from visits.models import Delivery, Report, Visit

NEW = Origin(revision=0)
EPDS = (0, 1, 1, 0, 2, 1, 0, 1, 1, 0)


def ended_visit(kind: str = "V1", *, hours_ago: float = 1, days: int = 6, **pathway: Any) -> Visit:
    """A visit of Amal that ended; the child is `days` days old."""
    held = pathway.pop("pathway", None) or factories.make_pathway(ap=factories.who("amal"), days_ago=days, **pathway)
    return factories.make_visit(held, kind, "ended", ended_at=clock.now() - timedelta(hours=hours_ago))


def answers(visit: Visit, **changes: Any) -> dict[str, Any]:
    """What an AP types for a normal visit; a change to None takes the answer out."""
    children = Child.objects.filter(birth=visit.pathway.birth_id).order_by("rank")
    rows = [child(str(one.public_id), child__exam__k02="BOOKED") for one in children]
    return whole(
        **({"visit__outcome": None, "child": rows, "feed__goal__wish": "NO", "sfl__none": "LOOKING"} | changes)
    )


def second_answers(visit: Visit, *values: int, **changes: Any) -> dict[str, Any]:
    """A normal V2 with the EPDS; V1 was not written in these tests, so its questions come again."""
    given = epds(*(values or EPDS), epds__alone="ALONE", v3__ask="NO", pmi__link="NONE", res__same=None)
    quiz = dict.fromkeys(["sleep.back", "sleep.bed", "sleep.empty", "sleep.room", "sleep.smoke"])
    raw = answers(visit) | given | {"res.helpers": ["COPARENT"]} | quiz | changes
    return {key: value for key, value in raw.items() if value is not None}


def save(
    visit: Visit, document: dict[str, Any], *, at: datetime | None = None, revision: int = 0, **origin_: Any
) -> Report:
    """Keep a draft as the visit's AP; `screen` and `base` tell where it comes from."""
    origin = Origin(revision=revision, **origin_)
    saved = save_draft(visit=visit, author=visit.ap, document=document, origin=origin, at=at or clock.now())
    return saved.report


def sign(visit: Visit, document: dict[str, Any] | None = None, *, at: datetime | None = None) -> Report:
    """Write and sign a report as the visit's AP."""
    at = at or clock.now()
    save(visit, answers(visit) if document is None else document, at=at)
    return sign_report(visit=visit, author=visit.ap, at=at)


def deliver(report: Report, *, at: datetime | None = None) -> Delivery:
    """Hand a signed report over, as the task does."""
    waiting = Delivery.objects.get(report=report)
    at = at or clock.now()
    delivery.claim_delivery(pk=waiting.pk, at=at)
    delivery.deliver_report(pk=waiting.pk, attempt=1, at=at)
    return Delivery.objects.get(pk=waiting.pk)
