"""The whole file of a family as each of the cast sees it: what is the mother's alone, and what is between her and her
team, stays there."""

from typing import Any

import pytest
from django.utils.html import escape

from copa.kernel import clock, scope
from pathways.actions.circle import open_in_emergency
from pathways.enums import BirthPlace, Recipient
from pathways.models import Alert, Birth, Family, Mother, Pathway, ReceivedFile
from territories.models import Territory
from tests import factories
from tests.cast import LAGON
from visits.models import SealedAnswers

INSIDE = ("elise", "nora", "olga", "farid", "amal")
OUTSIDE = ("ines", "gaelle", "marc")


@pytest.fixture
def family(vallees: scope.Scope) -> Family:
    """A family that refused once, is followed by Amal, opened to Inès and to Marc, the doctor of the child."""
    at = clock.now()
    earlier = factories.make_birth(days_ago=500)
    factories.make_proposal(earlier, answer="NO", refusal_reasons=["PMI_FEAR"])
    pathway = factories.make_pathway(factories.make_birth(earlier.family), ap=factories.who("amal"))
    Family.objects.filter(pk=pathway.family_id).update(access_hint="Code 4512")
    Mother.objects.filter(family=pathway.family_id).update(phone="+33199003107")
    factories.make_agreement(pathway.family, Recipient.PAEDIATRICIAN)
    factories.make_agreement(pathway.family, Recipient.GENERAL_PRACTITIONER, "NO")
    factories.make_grant(pathway.family, to=factories.who("ines"))
    factories.make_grant(pathway.family, to=factories.who("marc"), recipient=Recipient.PAEDIATRICIAN)
    report = factories.make_report(factories.make_visit(pathway, "V1", "ended", ended_at=at), delivered_at=at)
    SealedAnswers.objects.create(report=report, family=pathway.family, answers={"grid.s3_facts": "secret"})
    factories.make_alert(pathway, "mother_sign", facts="ne dort plus")
    found: Family = Family.objects.get(pk=pathway.family_id)
    return found


def page(as_: Any, family: Family, who: str) -> str:
    response = as_(who).get(f"/t/vallees/families/{family.public_id}/")
    assert response.status_code == 200, who
    return str(response.content.decode())


# What stands on the file, and who may read it.
SHOWN = {
    "Crainte de la PMI": INSIDE,
    "crainte de la PMI": INSIDE,
    "Code 4512": INSIDE,
    "01 99 00 31 07": (*INSIDE, "ines", "gaelle"),
    "Médecin traitant": INSIDE,
    "Dossier ouvert à": INSIDE,
    # R075: the liberal midwife hears a sign at once.
    "ne dort plus": (*INSIDE, "ines"),
    "Partie protégée": ("elise", "nora", "farid"),
    "CoPa refusé": (*INSIDE, *OUTSIDE),
}


@pytest.mark.parametrize("who", [*INSIDE, *OUTSIDE])
def test_each_reads_what_is_hers(as_: Any, family: Family, who: str) -> None:
    shown = page(as_, family, who).replace("\u202f", " ").replace("\u00a0", " ")

    for words, readers in SHOWN.items():
        if who not in readers:
            assert escape(words) not in shown, words
    for words in ("01 99 00 31 07", "Code 4512", "ne dort plus"):
        assert (words in shown) is (who in SHOWN[words]), words


@pytest.mark.parametrize("who", OUTSIDE)
def test_panel_says_what_is_hidden_and_whom_to_ask(as_: Any, family: Family, who: str) -> None:
    shown = page(as_, family, who)

    assert "Ses accords pour d’autres personnes que vous" in shown
    assert "À qui demander" in shown
    assert ("vous lisez ce qui concerne l’enfant" in shown) is (who == "marc")


def test_reader_in_an_emergency_is_told_until_when(as_: Any, family: Family) -> None:
    why = "La mère appelle, le bébé ne tète plus depuis hier."
    open_in_emergency(family=family, why=why, by=factories.who("fanny"), at=clock.now())

    assert "Vous l’avez ouvert en urgence, jusqu’à" in page(as_, family, "fanny")


@pytest.mark.parametrize("state", ["withdrawn", "moved"])
def test_nobody_is_told_to_call_after_a_stop(as_: Any, family: Family, state: str) -> None:
    Pathway.objects.filter(family=family).update(state=state, closed_at=clock.now())
    Alert.objects.filter(family=family).update(ended_at=clock.now())

    assert "ne l’appelez pas" in page(as_, family, "elise")


@pytest.mark.parametrize("who", OUTSIDE)
def test_api_tells_nobody_outside_what_is_the_mothers(as_: Any, family: Family, who: str) -> None:
    response = as_(who).get(f"/api/v1/t/vallees/families/{family.public_id}/")

    assert response.status_code == 200
    body = response.content.decode()
    assert not any(word in body for word in ("PMI_FEAR", "dort plus", "secret", "epds", "Code 4512"))


@pytest.mark.parametrize("who", [*INSIDE, *OUTSIDE])
@pytest.mark.parametrize("words", ["hors maternité", "dans un autre territoire"])
def test_place_of_birth_is_read_by_the_team_and_the_pmi_alone(as_: Any, family: Family, who: str, words: str) -> None:
    """inclusion.md 2, incl.birth.place: columns E and M; the others read the maternity, also of a former birth that
    was a mourning."""
    former, last = Birth.objects.filter(family=family).order_by("at")
    Birth.objects.filter(family=family).update(place=BirthPlace.OUTSIDE_UNPLANNED)
    Birth.objects.filter(pk=former.pk).update(is_silent=True)
    if words == "dans un autre territoire":
        there = Territory.objects.get(slug=LAGON)
        for birth in (former, last):
            ReceivedFile.objects.create(family=family, birth=birth, from_territory=there, received_at=clock.now())

    shown = page(as_, family, who).lower()

    assert (words in shown) is (who in {*INSIDE, "gaelle"})
    assert last.maternity.name.lower() in shown
