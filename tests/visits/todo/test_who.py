"""« Tâches »: what each person of the cast finds, and what falls silent."""

from datetime import timedelta

from copa.kernel import scope
from copa.kernel.french import day as short_day
from pathways.enums import AlertKind, ProposalAnswer
from pathways.models import (
    Birth,
    Family,
)
from tests import world
from tests.cast import LAGON, inside
from tests.factories import (
    make_alert,
    make_birth,
    make_decision,
    make_early_call,
    make_meeting,
    make_meeting_item,
    make_need,
    make_orientation,
    make_pathway,
    make_proposal,
    make_transfer,
    who,
)
from tests.visits.todo.lines import AT, CARE, TODAY, page, planned, scale, suggest, words
from visits.reads.todo import Subject

# ---- Who finds what --------------------------------------------------------------------------------------
TEAM = {
    "Alerte à prendre",
    "Alerte prise, consigne à écrire",
    "Trouver une auxiliaire",
    "Fixer V1 et\u00a0V2",
    "Accepter ou non une correction d’EPDS",
    "Décider\u00a0: une troisième visite",
    "Décider une orientation",
}
WHY = "Dire pourquoi le protocole n’a pas été suivi"
HERS = {
    "amal": {
        "Remettre le compte rendu",
        "Confirmer la visite ultra-précoce",
        "Décision de réunion à tenir",
        "Fixer V1 et\u00a0V2",
        WHY,
    },
    "elise": TEAM | {WHY},
    "farid": TEAM,
    "gaelle": {"Accepter le relais", "Prendre la transmission"},
    "nora": TEAM - {"Fixer V1 et\u00a0V2", "Accepter ou non une correction d’EPDS"} | {"Prendre la transmission", WHY},
    "olga": {"Trouver une auxiliaire", "Fixer V1 et\u00a0V2"},
}


def test_each_finds_what_she_may_do_and_nobody_her_neighbours_things(at, cast) -> None:
    world.build(cast)

    assert {name: set(words(name)) for name in CARE} == {name: HERS.get(name, set()) for name in CARE}


def test_no_line_leads_to_a_refusal(client, cast, at) -> None:
    world.build(cast)
    for name in HERS:
        client.force_login(cast[name].user)
        urls = [row.url for row in page(name).page.object_list]

        assert {url: client.get(url).status_code for url in urls} == dict.fromkeys(urls, 200), name


def test_nothing_of_another_territory_is_found(at, cast) -> None:
    with scope.opened(inside(LAGON)):
        make_birth()
        make_alert(make_pathway(ap=who("dora")))

    assert words() == []


def test_family_another_territory_follows_is_nobodys_task_here(at) -> None:
    """The binôme still opens the record (A38): it must not be asked to act on it."""
    pathway = make_pathway()
    make_orientation(make_need(pathway, by=who("amal")))
    make_birth(pathway.family, days_ago=2)
    assert words() != []
    Family.objects.filter(pk=pathway.family_id).update(moved_at=AT)

    assert words() == []


def test_offer_of_another_territory_waits_without_a_name_and_not_as_long_as_it_is_kept(cast, at) -> None:
    """Nobody visits the family meanwhile: an answer is due within two days, whatever the thirty it is kept."""
    with scope.opened(inside(LAGON)):
        make_transfer(make_pathway(ap=who("dora"), days_ago=16), to="vallees", by=who("emma"))

    [row] = page("elise", Subject.HANDOVERS).page.object_list

    assert (row.words, row.name) == ("Accepter ou non une famille qui arrive", "")
    assert row.detail == f"Lagon, J16, visites jusqu’au {short_day(AT.date() + timedelta(days=5))}"
    assert row.when == f"avant le {short_day(AT.date() + timedelta(days=2))}"
    assert words("farid", Subject.HANDOVERS) == []


# ---- Silences --------------------------------------------------------------------------------------------
def test_mourning_asks_for_nothing_but_what_is_about_safety(at) -> None:
    pathway = planned()
    need = make_need(pathway)
    make_orientation(need)
    make_orientation(need, target_type="CPAM", state="SENT", proposed_at=AT - timedelta(days=20))
    make_early_call(pathway)
    item = make_meeting_item(make_meeting(is_validated=True), pathway.family)
    make_decision(item, owner=who("elise"), days=-3)
    make_proposal(make_birth(is_silent=True), answer=ProposalAnswer.YES)
    make_alert(pathway)
    suggest(pathway)
    scale(pathway, TODAY)
    assert len(words()) == 7
    Birth.objects.filter(pk=pathway.birth_id).update(is_silent=True)

    assert words() == ["Alerte à prendre"]


def test_death_is_told_without_the_children(at) -> None:
    make_alert(planned(), AlertKind.DEATH, code="")

    assert [row.place for row in page().page.object_list] == [""]


def test_sealed_things_say_nothing(at) -> None:
    pathway = planned()
    make_alert(pathway, AlertKind.PROTECTED, is_sealed=True, facts="secret")
    make_orientation(make_need(pathway, "VIOLENCE_SEALED", by=who("farid")), target_type="VIOLENCE")

    rows = page().page.object_list

    assert [row.detail for row in rows] == ["Alerte protégée\u00a0: appelez l’équipe"]
