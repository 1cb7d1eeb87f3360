"""« Qui appeler » : by the hour, by the reader, in mourning; and the card the family keeps."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from pypdf import PdfReader

from pathways.actions.emergency import set_emergency_number
from pathways.enums import EmergencyUse
from pathways.models import Birth, Family, Pathway
from territories.enums import DutyPlace
from tests.cast import VALLEES, Person
from tests.factories import make_circle_member, make_entry, make_grant, make_pathway, make_shift, who
from visits.reads import family_file as reads
from visits.reads.whom_to_call import call_card

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
ZONE = "Europe/Paris"


@pytest.fixture
def pathway(vallees):
    with time_machine.travel(AT, tick=False):
        yield make_pathway(ap=who("amal"))


def told(pathway: Pathway, name: str, at: datetime = AT) -> list[tuple[str, str]]:
    file = reads.family_file(pathway.family, who(name), at=at, zone=ZONE)
    return [(call.name, call.what.replace("\u00a0", " ")) for call in file.calls]


def names(pathway: Pathway, name: str) -> list[str]:
    return [one for one, _ in told(pathway, name)]


def test_team_is_called_by_the_hour_of_its_roster(pathway) -> None:
    make_shift(who("farid"), at=AT, starts_in=timedelta(hours=-1), hours=9)
    make_shift(who("elise"), DutyPlace.SECOND, at=AT)
    make_shift(who("elise"), DutyPlace.FIRST, at=AT, starts_in=timedelta(hours=12), structure=who("farid").structure)
    farid, elise = who("farid").user.get_full_name(), who("elise").user.get_full_name()

    by_day, by_night = told(pathway, "amal"), told(pathway, "amal", AT + timedelta(hours=9))

    assert by_day[:3] == [
        ("Maternité Saint-Rémi", "Équipe de référence, quelqu’un est de garde"),
        (farid, "De garde, jusqu’à 17 h 00"),
        (elise, "Si l’équipe ne répond pas, jusqu’à 8 h 00"),
    ]
    assert by_night[0] == (
        "Maternité Saint-Rémi",
        f"Équipe de référence. Personne n’est de garde en ce moment, à partir de 21 h 00 {elise}",
    )


def test_each_reader_has_her_own_list(pathway) -> None:
    amal = who("amal").user.get_full_name()
    make_circle_member(pathway.family, member=who("ines"))
    make_grant(pathway.family, to=who("ines"))

    assert amal not in names(pathway, "amal")
    assert amal in names(pathway, "farid")
    assert who("ines").user.get_full_name() in names(pathway, "amal")
    # Outside the team: its line alone.
    assert names(pathway, "ines") == ["Maternité Saint-Rémi"]


def test_midwife_of_the_directory_brings_her_number(pathway) -> None:
    entry = make_entry("LIBERAL_MIDWIFE", name="Cabinet des Tilleuls", phone="+33199004455")
    make_circle_member(pathway.family, entry=entry, role="LIBERAL_MIDWIFE")

    file = reads.family_file(pathway.family, who("amal"), at=AT, zone=ZONE)

    assert [one.phone for one in file.calls if one.name == "Cabinet des Tilleuls"] == ["+33199004455"]


def test_midwife_is_called_by_the_number_that_is_known_from_her_first_day_on(pathway) -> None:
    """The directory has no number of hers: the one that was written stands; she comes in on the 5th, not before."""
    entry = make_entry("LIBERAL_MIDWIFE", name="Cabinet des Saules", phone="")
    about = {"entry": entry, "name": "Mme Roy", "phone": "+33199003150", "since": date(2026, 11, 5)}
    make_circle_member(pathway.family, role="LIBERAL_MIDWIFE", **about)

    def midwives(at: datetime) -> tuple[list[tuple[str, str]], tuple[tuple[str, str], ...]]:
        file = reads.family_file(pathway.family, who("amal"), at=at, zone=ZONE)
        called = [(call.name, call.phone) for call in file.calls if call.what == "Sage-femme libérale"]
        return called, call_card(pathway, at, zone=ZONE, is_discreet=False).midwives

    hers = ("Mme Roy", "+33199003150")
    # The local day: 22:59 UTC on the 4th is one minute before midnight in Paris.
    assert midwives(datetime(2026, 11, 4, 22, 59, tzinfo=UTC)) == ([], ())
    assert midwives(datetime(2026, 11, 4, 23, 0, tzinfo=UTC)) == ([hers], (hers,))


def test_in_mourning_the_team_alone_is_called(pathway) -> None:
    make_circle_member(pathway.family, member=who("ines"))
    Birth.objects.filter(pk=pathway.birth_id).update(is_silent=True)

    assert names(pathway, "farid") == ["Maternité Saint-Rémi"]


def card_page(client: Any, cast: dict[str, Person], pathway: Pathway, name: str, query: str = "") -> Any:
    client.force_login(cast[name].user)
    return client.get(f"/t/{VALLEES}/pathways/{pathway.public_id}/card/pdf/{query}")


def test_card_is_a_paper_for_those_who_visit_and_their_team(client, cast, pathway) -> None:
    statuses = {
        name: card_page(client, cast, pathway, name).status_code
        for name in ("amal", "farid", "elise", "bea", "fanny", "jeanne")
    }

    assert statuses == {"amal": 200, "farid": 200, "elise": 200, "bea": 403, "fanny": 404, "jeanne": 403}
    assert card_page(client, cast, pathway, "amal").content[:4] == b"%PDF"


def test_no_card_in_mourning(client, cast, pathway) -> None:
    Birth.objects.filter(pk=pathway.birth_id).update(is_silent=True)

    assert card_page(client, cast, pathway, "amal").status_code == 403


def test_discreet_mother_never_gets_the_other_card(pathway) -> None:
    plain = call_card(pathway, AT, zone=ZONE, is_discreet=False)
    Family.objects.filter(pk=pathway.family_id).update(is_discreet=True)
    pathway.refresh_from_db()

    assert (plain.is_discreet, plain.team, len(plain.child_signs), len(plain.mother_signs)) == (
        False,
        "Maternité Saint-Rémi",
        5,
        5,
    )
    assert call_card(pathway, AT, zone=ZONE, is_discreet=False).is_discreet is True


def card_words(client: Any, cast: dict[str, Person], pathway: Pathway, query: str = "") -> str:
    pages = PdfReader(io.BytesIO(card_page(client, cast, pathway, "amal", query).content)).pages
    assert len(pages) == 2
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def test_card_says_the_numbers_of_the_territory(client, cast, pathway) -> None:
    set_emergency_number(use=EmergencyUse.SAMU, number="0199001515", region="FR", by=who("elise"), at=AT)
    set_emergency_number(use=EmergencyUse.VIOLENCE, number="0199003919", region="FR", by=who("elise"), at=AT)

    card = call_card(pathway, AT, zone=ZONE, is_discreet=False)
    told = card_words(client, cast, pathway)

    assert card.emergency.replace(" ", "") != "15"
    assert f"Appelez le {' '.join(card.emergency.split())} si" in told
    assert "3919" not in [number for number, _ in card.lines]
    assert "3114 idées noires, jour et nuit" in told


def test_discreet_card_leaves_out_violence_the_team_and_the_territory(client, cast, pathway) -> None:
    told = card_words(client, cast, pathway, "?discrete=oui")

    assert not any(word in told for word in ("3919", "violence", "Saint-Rémi", pathway.territory.name))
    assert "119 enfant en danger" in told


@pytest.mark.parametrize("query", ["", "?discrete=oui", "?facile=oui", "?facile=oui&discrete=oui"])
def test_every_card_carries_its_foot(client, cast, pathway, query: str) -> None:
    told = card_words(client, cast, pathway, query)

    assert "carte qui appeler" in told
    assert "empreinte" in told
    assert "page 1 / 2" in told
    assert "3 nov. 2026 à 9 h 00" in told.replace("\u00a0", " ")


def test_easy_card_says_one_idea_a_line(client, cast, pathway) -> None:
    told = card_words(client, cast, pathway, "?facile=oui")

    assert "Bébé ne mange plus." in told
    assert "Vous voulez mourir." in told
    assert "facile 2026.1" in told


def test_fingerprint_of_the_card_changes_with_what_it_says(pathway) -> None:
    plain = call_card(pathway, AT, zone=ZONE, is_discreet=False)

    assert plain.digest == call_card(pathway, AT, zone=ZONE, is_discreet=False).digest
    assert plain.digest != call_card(pathway, AT, zone=ZONE, is_discreet=True).digest


def test_midwife_of_the_pmi_is_called_by_her_work(pathway) -> None:
    entry = make_entry("PMI_CENTRE", name="PMI, sages-femmes", phone="+33199004466")
    make_circle_member(pathway.family, entry=entry, role="PMI_MIDWIFE")

    assert ("PMI, sages-femmes", "Sage-femme de PMI") in told(pathway, "amal")
    assert call_card(pathway, AT, zone=ZONE, is_discreet=False).midwives[0][0] == "PMI, sages-femmes"
