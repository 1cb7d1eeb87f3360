"""One family and everything around it, for the tables that ask every address as every person."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from copa.kernel import clock
from pathways.models import PmiRelay
from tests import factories
from tests.cast import Person
from visits.enums import VisitState
from visits.models import SealedAnswers


def build(cast: dict[str, Person]) -> dict[str, UUID]:
    """Public ids by name: a family of Saint-Rémi followed by Amal, agreed for the PMI of Ligny, opened to Inès."""
    at = clock.now()
    amal = cast["amal"].member
    pathway = factories.make_pathway(ap=amal, days_ago=9)
    factories.make_grant(pathway.family, to=cast["ines"].member)
    done = factories.make_visit(pathway, "V1", VisitState.ENDED, ended_at=at - timedelta(hours=30))
    report = factories.make_report(done, delivered_at=at - timedelta(hours=20))
    SealedAnswers.objects.create(report=report, family=pathway.family, answers={})
    owed = factories.make_visit(pathway, "V2", VisitState.ENDED, ended_at=at - timedelta(hours=2))
    planned = factories.make_visit(pathway, "V3", planned_at=at + timedelta(hours=2))
    alert = factories.make_alert(pathway)
    rows: dict[str, Any] = {
        "family": pathway.family,
        "birth": pathway.birth,
        "pathway": pathway,
        "done": done,
        "owed": owed,
        "planned": planned,
        "member": cast["bea"].member,
        "report": report,
        "alert": alert,
        "relay": PmiRelay.objects.get(pathway=pathway),
    }
    return {name: row.public_id for name, row in rows.items()}
