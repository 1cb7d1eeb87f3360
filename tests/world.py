"""One family and everything around it, for the tables that ask every address as every person."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from copa.kernel import clock
from pathways.enums import Agreement, Recipient
from tests import factories
from tests.cast import Person


def build(cast: dict[str, Person]) -> dict[str, UUID]:
    """Public ids by name: a family of Saint-Rémi followed by Amal, agreed for the PMI of Ligny, opened to Inès."""
    at = clock.now()
    amal = cast["amal"].member
    pathway = factories.make_pathway(ap=amal, carrier=amal.structure, agreed_pmi=True)
    factories.make_recipient_consent(pathway.family, Recipient.LIBERAL_MIDWIFE, Agreement.YES)
    factories.make_grant(pathway.family, cast["ines"].user)
    done = factories.make_visit(pathway, "V1", ended_at=at - timedelta(hours=30))
    report = factories.make_report(done, signed=True, delivered_at=at - timedelta(hours=20))
    planned = factories.make_visit(pathway, "V2", planned_at=at + timedelta(hours=2))
    alert = factories.make_alert(pathway)
    rows: dict[str, Any] = {
        "family": pathway.family,
        "birth": pathway.birth,
        "pathway": pathway,
        "done": done,
        "planned": planned,
        "report": report,
        "alert": alert,
    }
    return {name: row.public_id for name, row in rows.items()}
