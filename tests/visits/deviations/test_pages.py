"""The pages: what an AP codes in one tap, one deviation, the register and its file."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from copa.kernel import clock, scope
from copa.kernel.french import NBSP
from territories.models import AccessLog
from tests import factories
from tests.cast import VALLEES, Person, inside
from tests.guards import GuardedClient
from tests.queries import count
from visits.models import Deviation
from visits.reads.deviation_register import COLUMNS
from visits.reads.deviations import HEALTH, rows_of, uncoded


def url(name: str, *args: Any) -> str:
    return reverse(f"visits:{name}", args=[VALLEES, *args])


def text(client: GuardedClient, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def deviation(cast: dict[str, Person]) -> Deviation:
    """Amal's visit was too short."""
    with scope.opened(inside(VALLEES)):
        found = factories.make_deviation()
        return Deviation.objects.select_related("family", "visit", "pathway__birth").get(pk=found.pk)


def stored(deviation: Deviation) -> Deviation:
    with scope.opened(inside(VALLEES)):
        return Deviation.objects.get(pk=deviation.pk)


# ---- One tap ----------------------------------------------------------------------------------------------------
def test_ap_codes_in_one_tap(client: GuardedClient, cast: dict[str, Person], deviation: Deviation) -> None:
    client.force_login(cast["amal"].user)
    page = text(client, url("deviations_to_code"))
    assert "1\xa0écart à coder" in page
    assert "Visite trop courte" in page

    response = client.post(url("deviation", deviation.public_id), {"reason": "ROAD", "seen": ""})

    assert response.status_code == 302
    assert stored(deviation).reason == "ROAD"
    assert "Aucun écart à coder" in text(client, url("deviations_to_code"))


def test_slip_of_the_thumb_is_taken_back_where_it_was_made(
    client: GuardedClient, cast: dict[str, Person], deviation: Deviation
) -> None:
    client.force_login(cast["amal"].user)
    page = client.post(url("deviation", deviation.public_id), {"reason": "ROAD", "seen": ""}, follow=True)
    assert "Vous venez de noter" in page.content.decode()
    assert url("deviation_undo", deviation.public_id) in page.content.decode()

    back = client.post(url("deviation_undo", deviation.public_id), {"seen": "ROAD"}, follow=True)

    assert stored(deviation).reason == ""
    assert "1\xa0écart à coder" in back.content.decode()


def test_colleague_is_not_offered_to_take_it_back(
    client: GuardedClient, cast: dict[str, Person], deviation: Deviation
) -> None:
    client.force_login(cast["amal"].user)
    client.post(url("deviation", deviation.public_id), {"reason": "ROAD", "seen": ""})
    client.force_login(cast["bea"].user)

    page = text(client, url("deviations_to_code"), fait=str(deviation.public_id))

    assert "Vous venez de noter" not in page


def test_neighbour_finds_nothing_of_hers(client: GuardedClient, cast: dict[str, Person], deviation: Deviation) -> None:
    client.force_login(cast["bea"].user)

    assert "Aucun écart à coder" in text(client, url("deviations_to_code"))


def test_day_page_leads_to_what_waits(client: GuardedClient, cast: dict[str, Person], deviation: Deviation) -> None:
    client.force_login(cast["amal"].user)

    assert url("deviations_to_code") in text(client, url("day"))


def test_other_asks_for_words_and_shows_the_field(
    client: GuardedClient, cast: dict[str, Person], deviation: Deviation
) -> None:
    client.force_login(cast["amal"].user)
    assert "en quelques mots" in text(client, url("deviation", deviation.public_id), motif="autre")

    response = client.post(url("deviation", deviation.public_id), {"reason": "OTHER", "note": "x", "seen": ""})

    assert response.status_code == 422
    assert "dites lequel" in response.content.decode()
    assert stored(deviation).reason == ""


def test_empty_sending_says_what_is_missing(
    client: GuardedClient, cast: dict[str, Person], deviation: Deviation
) -> None:
    client.force_login(cast["amal"].user)

    response = client.post(url("deviation", deviation.public_id))

    assert response.status_code == 422
    assert "Choisissez un motif." in response.content.decode()


def test_coordinator_takes_a_reason_back(client: GuardedClient, cast: dict[str, Person], deviation: Deviation) -> None:
    client.force_login(cast["elise"].user)
    client.post(url("deviation", deviation.public_id), {"reason": "ROAD", "seen": ""})
    assert "Retirer ce motif" in text(client, url("deviation", deviation.public_id))

    client.post(url("deviation_undo", deviation.public_id), {"seen": "ROAD"})

    assert stored(deviation).reason == ""


def test_team_reads_and_has_no_button(client: GuardedClient, cast: dict[str, Person], deviation: Deviation) -> None:
    client.force_login(cast["farid"].user)

    page = text(client, url("deviation", deviation.public_id))

    assert "Visite trop courte" in page
    assert 'name="reason"' not in page


def test_mourning_hides_it_everywhere(client: GuardedClient, cast: dict[str, Person], deviation: Deviation) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_death(deviation.pathway.birth)
    for who, page in (("amal", "deviations_to_code"), ("elise", "deviations")):
        client.force_login(cast[who].user)
        assert "Visite trop courte" not in text(client, url(page))

    response = client.post(url("deviation", deviation.public_id), {"reason": "ROAD", "seen": ""})
    assert response.status_code != 422
    assert stored(deviation).reason == ""


# ---- The visit's page -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("who", "shown"), [("amal", True), ("elise", True), ("farid", True), ("ines", False)])
def test_report_page_shows_it_to_column_e(
    client: GuardedClient, cast: dict[str, Person], deviation: Deviation, who: str, *, shown: bool
) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_grant(deviation.family, to=cast["ines"].member)
        report = factories.make_report(deviation.visit, delivered_at=clock.now())
    client.force_login(cast[who].user)

    page = text(client, url("report", report.public_id))

    assert ("Visite trop courte" in page) is shown


# ---- The story of the family ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("who", "shown"), [("amal", True), ("farid", True), ("gaelle", False), ("ines", False)])
def test_story_tells_it_inside_the_team_alone(
    client: GuardedClient, cast: dict[str, Person], deviation: Deviation, who: str, *, shown: bool
) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_grant(deviation.family, to=cast["ines"].member)
        factories.make_deviation(deviation.visit, "EPDS", reason="REFUSED")
    client.force_login(cast[who].user)

    page = text(client, url("family", deviation.family.public_id))

    assert ("visite trop courte" in page) is shown
    assert ("Motif noté." in page) is shown
    assert "Ne souhaite pas" not in page


# ---- The register -----------------------------------------------------------------------------------------------
@pytest.fixture
def several(cast: dict[str, Person]) -> list[Deviation]:
    """Three coded, one not, one that no longer applies."""
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway(ap=cast["amal"].member, days_ago=30)
        first = factories.make_visit(pathway, "V1", "ended")
        second = factories.make_visit(pathway, "V2", "ended")
        last_month = (clock.now().date().replace(day=1) - timedelta(days=1)).replace(day=1)
        return [
            factories.make_deviation(first, reason="ROAD"),
            factories.make_deviation(second, minutes=130, reason="MUCH_TO_SAY", on=last_month),
            factories.make_deviation(first, "WINDOW", reason="MOTHER_HOSPITAL"),
            factories.make_deviation(second, "EPDS", reason="REFUSED"),
            factories.make_deviation(pathway=pathway, kind="SECOND_VISIT"),
            factories.make_deviation(first, "LATE", lifted_at=clock.now(), lifted_why="facts"),
        ]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, {"Visite 2 pas faite"}),
        ({"etat": "codes"}, {"Visite trop courte", "Visite trop longue", "Visite hors dates", "Questionnaire EPDS"}),
        ({"etat": "sans-objet"}, {"Compte rendu après 24"}),
        ({"etat": "codes", "ecart": "WINDOW"}, {"Visite hors dates"}),
        ({"etat": "codes", "structure": "pmi"}, set()),
        ({"etat": "codes", "ecart": "<b>", "structure": "x", "ap": "y", "mois": "2026-99", "page": "-4"},
         {"Visite trop courte", "Visite trop longue", "Visite hors dates", "Questionnaire EPDS"}),
    ],
)  # fmt: skip
def test_register_keeps_what_is_asked(
    client: GuardedClient, cast: dict[str, Person], several: list[Deviation], query: dict[str, str], titles: set[str]
) -> None:
    client.force_login(cast["elise"].user)
    response = client.get(url("deviations"), query)

    rows = response.context["register"].page.object_list
    assert len(rows) == len(titles)
    assert all(any(row.title.startswith(title) for title in titles) for row in rows)


def test_register_filters_by_month_and_auxiliary(
    client: GuardedClient, cast: dict[str, Person], several: list[Deviation]
) -> None:
    client.force_login(cast["elise"].user)
    month = f"{several[1].on:%Y-%m}"

    in_month = client.get(url("deviations"), {"etat": "tous", "mois": month}).context["register"]
    of_bea = client.get(url("deviations"), {"ap": str(cast["bea"].member.public_id)}).context["register"]

    assert "Visite trop longue" in {row.title for row in in_month.page.object_list}
    assert of_bea.total == 0


def test_figures_count_by_kind_and_reason(
    client: GuardedClient, cast: dict[str, Person], several: list[Deviation]
) -> None:
    client.force_login(cast["elise"].user)

    found = client.get(url("deviations")).context["register"]

    lines = {line.label: (line.total, line.coded, [(one.label, one.number) for one in line.reasons])
             for line in found.lines}  # fmt: skip
    assert lines == {
        "Visite trop courte": (1, 1, [("Retard sur la route", 1)]),
        "Visite trop longue": (1, 1, [("Beaucoup de questions", 1)]),
        "Visite hors dates": (1, 1, [("Mère hospitalisée", 1)]),
        "Questionnaire EPDS non rempli": (1, 1, [("Ne souhaite pas", 1)]),
        "Visite 2 pas faite": (1, 0, []),
    }
    assert (found.total, found.coded) == (5, 4)


def test_file_names_nobody_and_keeps_health_reasons(
    client: GuardedClient, cast: dict[str, Person], several: list[Deviation]
) -> None:
    client.force_login(cast["elise"].user)

    response = client.get(url("deviations_file"), {"etat": "tous"})

    content = response.content.decode()
    lines = content.removeprefix("\ufeff").splitlines()
    assert lines[0] == ";".join(name for name, _ in COLUMNS)
    assert len(lines) == 6
    assert lines.count(next(line for line in lines if "date" in line and HEALTH in line)) == 1
    for secret in ("Haddad", "hospitalisée", "Ne souhaite pas", "T-", "Amal"):
        assert secret not in content
    with scope.opened(inside(VALLEES)):
        assert AccessLog.objects.filter(what="visits.deviations_file").count() == 1


def test_menu_counts_what_waits(cast: dict[str, Person], several: list[Deviation]) -> None:
    with scope.opened(inside(VALLEES)):
        numbers = {name: uncoded(cast[name].member).count() for name in ("amal", "bea", "elise", "olga", "gaelle")}

    assert numbers == {"amal": 1, "bea": 0, "elise": 1, "olga": 0, "gaelle": 0}


def test_same_queries_for_one_and_for_ten(client: GuardedClient, cast: dict[str, Person], deviation: Deviation) -> None:
    pages = (("elise", "deviations"), ("amal", "deviations_to_code"))
    found = {}
    for who, name in pages:
        client.force_login(cast[who].user)
        found[name] = count(client, url(name))
    with scope.opened(inside(VALLEES)):
        for _ in range(9):
            factories.make_deviation()

    for who, name in pages:
        client.force_login(cast[who].user)
        assert count(client, url(name)) == found[name], name


# ---- In words ---------------------------------------------------------------------------------------------------
def test_facts_in_words(vallees: scope.Scope, cast: dict[str, Person]) -> None:
    pathway = factories.make_pathway(ap=cast["amal"].member, days_ago=30)
    visit = factories.make_visit(pathway, "V2", "ended")
    days = {"first_day": date(2026, 11, 4), "last_day": date(2026, 11, 23), "on": date(2026, 11, 25)}
    made = [
        factories.make_deviation(visit),
        factories.make_deviation(visit, "WINDOW", **days),
        factories.make_deviation(visit, "EPDS"),
        factories.make_deviation(visit, "LATE"),
        factories.make_deviation(pathway=pathway, kind="FIRST_VISIT", **days),
    ]

    def read(year: int) -> list[str]:
        with time_machine.travel(datetime(year, 12, 1, 9, tzinfo=UTC), tick=False):
            rows = rows_of([one.pk for one in made], cast["elise"].member)
        return [row.facts.replace(NBSP, " ") for row in rows]

    assert read(2027)[1] == "faite mer. 25 nov. 2026, attendue du mer. 4 nov. 2026 au lun. 23 nov. 2026"
    assert read(2026) == [
        "30 min, au lieu de 45 min à 1 h 50",
        "faite mer. 25 nov., attendue du mer. 4 nov. au lun. 23 nov.",
        "attendu à la V2",
        "pas encore remis 24 h après la visite",
        "attendue du mer. 4 nov. au lun. 23 nov.",
    ]
