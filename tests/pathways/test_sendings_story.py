"""What was written to people outside, in the story of a family: to whom and by which way, never what it says."""

from datetime import UTC, datetime
from uuid import uuid4

from copa.kernel import scope
from pathways.models import Orientation, Pathway
from pathways.reads.story import told
from pathways.reads.told import Told
from tests import factories
from tests.factories import who

AT = datetime(2026, 11, 3, 14, 0, tzinfo=UTC)


def _written(pathway: Pathway, name: str = "amal") -> list[Told]:
    return [one for one in told(pathway.family, who(name)) if one.page == "pathways:recipients"]


def test_letter_to_several_people_is_one_event(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=who("amal"))
    for recipient, to in (("LIBERAL_MIDWIFE", "Ines Martin"), ("PMI", "PMI de Ligny")):
        factories.make_sending(pathway, recipient, document="NEWS", to=to, how="LETTER", at=AT)
    factories.make_sending(pathway, "PMI", document="REPORT", to="PMI de Ligny", how="PHONE", at=AT)

    assert [(one.title, one.text) for one in _written(pathway)] == [
        ("Lettre à Ines Martin et\u00a0PMI de Ligny", "Avis de nouveauté, lettre. Parti."),
        ("Appel à PMI de Ligny", "Compte rendu de visite, téléphone. Parti."),
    ]


def test_what_was_held_back_says_why(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=who("amal"))
    stopped = {"message": uuid4(), "stopped_at": AT, "stopped_reason": "La mère a dit non."}
    factories.make_sending(pathway, "PMI", document="NEWS", to="PMI de Ligny", how="MAIL", at=AT, **stopped)

    (event,) = _written(pathway)

    assert (event.title, event.state) == ("Message à PMI de Ligny", "none")
    assert event.text == "Avis de nouveauté, e-mail sans contenu. Retenu\u00a0: la mère a dit non."


def test_orientation_is_told_once_by_itself(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=who("amal"))
    orientation: Orientation = factories.make_orientation(factories.make_need(pathway), state="SENT")
    factories.make_sending(
        pathway, "OTHER", document="ORIENTATION", to="Cabinet", how="LINK", at=AT, orientation=orientation
    )

    assert _written(pathway) == []


def test_whoever_notes_no_agreement_reads_none(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=who("amal"))
    factories.make_grant(pathway.family, to=who("ines"))
    factories.make_sending(pathway, "PMI", document="NEWS", to="PMI de Ligny", how="LETTER", at=AT)

    assert len(_written(pathway)) == 1
    assert _written(pathway, "ines") == []
