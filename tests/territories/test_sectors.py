"""Sector by radius (forms/directory-types.md 3): what it reaches, where it is asked, what it may not be."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connections, transaction

from copa.kernel import scope
from territories.actions.directory import Resource, edit_entry
from territories.actions.sectors import place_communes
from territories.directory import choices_for
from territories.models import Commune, DirectoryEntry, HistoryEvent
from territories.rules import distance_km, within
from tests import factories, queries
from tests.cast import VALLEES, Person, inside
from tests.territories.test_directory import typed

URL = f"/t/{VALLEES}/directory/"
# On one meridian: a tenth of a degree is 11,12 km. Valmont-les-Bois (55003) has no place yet.
LIGNY, BRECOURT = (48.7, 5.3), (48.8, 5.3)
FAR = (49.7, 5.3)


@pytest.fixture
def placed(cast: dict[str, Person]) -> dict[str, Person]:
    """Two communes whose place is known, and one that has none."""
    with scope.opened(inside(VALLEES)):
        place_communes(points={"55001": LIGNY, "55002": BRECOURT})
    return cast


def stored() -> DirectoryEntry:
    with scope.opened(inside(VALLEES)):
        found: DirectoryEntry = DirectoryEntry.objects.get()
    return found


def found(client: Any, **query: str) -> bool:
    return ">La Maison bleue</a>" in client.get(URL, query).content.decode()


def test_distance_over_the_sphere() -> None:
    assert round(distance_km(LIGNY, LIGNY), 6) == 0
    assert round(distance_km(LIGNY, FAR), 1) == 111.2
    # Over the day line, and along a parallel where degrees are shorter.
    assert round(distance_km((0, 179.5), (0, -179.5)), 1) == 111.2
    assert round(distance_km((60, 5), (60, 6)), 1) == 55.6


def test_edge_of_the_radius_is_reached_and_a_step_beyond_is_not() -> None:
    communes = {"55001": LIGNY, "55002": BRECOURT, "55003": None}
    edge = distance_km(LIGNY, BRECOURT)

    assert within(LIGNY, edge, communes) == ["55001", "55002"]
    assert within(LIGNY, edge - 0.001, communes) == ["55001"]
    assert within(FAR, 1, communes) == []


@pytest.mark.parametrize(("radius", "reached"), [("11", ["55001"]), ("12", ["55001", "55002"])])
def test_radius_around_a_commune_answers_the_filter(
    client, placed: dict[str, Person], radius: str, reached: list[str]
) -> None:
    client.force_login(placed["elise"].user)

    response = client.post(f"{URL}new/", typed(around="55001", radius_km=radius))

    assert response.status_code == 302
    assert stored().communes == reached
    assert [code for code in ("55001", "55002", "55003") if found(client, commune=code)] == reached
    with scope.opened(inside(VALLEES)):
        elise, today = placed["elise"].member, stored().reviewed_on
        chosen = [code for code in ("55001", "55002", "55003") if choices_for(elise, "PARENTING", code, today)]
    assert chosen == reached


def test_commune_without_a_place_is_not_reached_and_the_page_says_so(client, placed: dict[str, Person]) -> None:
    client.force_login(placed["elise"].user)
    client.post(f"{URL}new/", typed(point="48,7 ; 5,3", radius_km="200"))

    page = client.get(f"{URL}{stored().public_id}/").content.decode()

    assert "À 200\u00a0km à la ronde\u00a0: Ligny-le-Haut et\u00a0Brécourt" in page
    assert "<dt>Hors du rayon, faute de coordonnées</dt><dd>Valmont-les-Bois</dd>" in page


def test_radius_that_reaches_nobody_is_not_the_whole_territory(client, placed: dict[str, Person]) -> None:
    client.force_login(placed["elise"].user)

    client.post(f"{URL}new/", typed(point="49.7, 5.3", radius_km="1"))

    assert [code for code in ("55001", "55002", "55003") if found(client, commune=code)] == []
    assert "aucune commune du territoire" in client.get(URL).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"around": "55001"}, "radius_km"),
        ({"radius_km": "10"}, "around"),
        ({"around": "55001", "radius_km": "0"}, "radius_km"),
        ({"around": "55001", "radius_km": "201"}, "radius_km"),
        ({"around": "55001", "radius_km": "10", "communes": ["55002"]}, "radius_km"),
        ({"around": "55003", "radius_km": "10"}, "around"),
        ({"point": "ici", "radius_km": "10"}, "point"),
        ({"point": "48.7, 5.3", "around": "55001", "radius_km": "10"}, "point"),
        ({"point": "95, 5", "radius_km": "10"}, "point"),
        # R024: exactly one centre per commune.
        ({"type": "PMI_CENTRE", "around": "55001", "radius_km": "10"}, "radius_km"),
    ],
)
def test_half_a_radius_is_refused_beside_its_field(
    client, placed: dict[str, Person], changes: dict[str, object], field: str
) -> None:
    client.force_login(placed["elise"].user)

    response = client.post(f"{URL}new/", typed(**changes))

    assert response.status_code == 422
    assert response.context["form"].errors[field]
    with scope.opened(inside(VALLEES)):
        assert not DirectoryEntry.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"radius_km": 5},
        {"latitude": 48.7},
        {"latitude": 48.7, "longitude": 5.3},
        {"latitude": 48.7, "radius_km": 5},
        {"latitude": 98.7, "longitude": 5.3, "radius_km": 5},
    ],
)
def test_database_keeps_the_radius_whole(vallees: scope.Scope, fields: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_entry(**fields)


def test_radius_comes_back_into_the_form_and_goes_when_it_is_taken_away(client, placed: dict[str, Person]) -> None:
    client.force_login(placed["elise"].user)
    client.post(f"{URL}new/", typed(around="55001", radius_km="12"))
    edit = f"{URL}{stored().public_id}/edit/"

    page = client.get(edit).content.decode()
    assert '<option value="55001" selected>' in page
    assert 'name="communes" value="55001" checked' not in page.replace("\n", " ")
    client.post(edit, typed(point="48.702, 5.3", radius_km="11"))
    assert stored().communes == ["55001", "55002"]
    assert 'value="48.70200, 5.30000"' in client.get(edit).content.decode()

    client.post(edit, typed())
    now = stored()
    assert (now.communes, now.radius_km, now.latitude) == ([], None, None)
    assert found(client, commune="55003")


def test_territory_without_coordinates_is_not_asked_and_is_told_why(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)

    page = client.get(f"{URL}new/").content.decode()
    forged = client.post(f"{URL}new/", typed(point="48.7, 5.3", radius_km="10"))

    assert "n’ont pas leurs coordonnées" in page
    assert 'name="radius_km"' not in page
    assert forged.status_code == 302
    assert stored().radius_km is None


def test_new_place_of_a_commune_reaches_the_services(client, placed: dict[str, Person], tmp_path: Path) -> None:
    client.force_login(placed["elise"].user)
    client.post(f"{URL}new/", typed(around="55001", radius_km="12"))
    file = tmp_path / "points.csv"
    file.write_text("code;latitude;longitude\n55003;48,75;5,3\n55002;49.7;5.3\n99999;1;1\n")

    call_command("load_commune_points", str(file), territory=VALLEES)
    assert stored().communes == ["55001", "55002"]
    for _ in range(2):
        call_command("load_commune_points", str(file), territory=VALLEES, apply=True)

    assert stored().communes == ["55001", "55003"]
    with scope.opened(inside(VALLEES)):
        assert Commune.objects.get(code="55003").latitude == 48.75
        changes = HistoryEvent.objects.filter(table_name="territories_directoryentry", operation="update")
        assert [one.actor for one in changes.order_by("pk")] == ["command:load_commune_points"]


HEAD = "code;latitude;longitude"


@pytest.mark.parametrize("text", ["code;lat\n1;2\n", f"{HEAD}\n55001;x;5\n", f"{HEAD}\n55001;99;5\n"])
def test_file_of_places_that_cannot_be_read_changes_nothing(
    placed: dict[str, Person], tmp_path: Path, text: str
) -> None:
    file = tmp_path / "points.csv"
    file.write_text(text)

    with pytest.raises(CommandError):
        call_command("load_commune_points", str(file), territory=VALLEES, apply=True)

    with scope.opened(inside(VALLEES)):
        assert Commune.objects.get(code="55001").latitude == LIGNY[0]


def test_one_service_with_a_radius_and_ten_cost_the_same(client, placed: dict[str, Person]) -> None:
    client.force_login(placed["elise"].user)
    near = {"latitude": LIGNY[0], "longitude": LIGNY[1], "radius_km": 5, "communes": ["55001"]}
    with scope.opened(inside(VALLEES)):
        factories.make_entry(**near)
    one = queries.count(client, URL, commune="55001")
    with scope.opened(inside(VALLEES)):
        for _ in range(9):
            factories.make_entry(**near)

    assert queries.count(client, URL, commune="55001") == one


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("editor_is_first", [True, False])
def test_places_loaded_while_a_radius_is_edited_are_those_the_sector_reaches(*, editor_is_first: bool) -> None:
    """Whoever comes second waits for the first, on a connection of her own, and computes with what it wrote."""
    with scope.opened(inside(VALLEES)):
        place_communes(points={"55001": LIGNY, "55002": BRECOURT})
        entry = factories.make_entry(latitude=LIGNY[0], longitude=LIGNY[1], radius_km=5, communes=["55001"])
        who, today = factories.who("elise"), entry.reviewed_on
    wider = replace(_resource(entry), point=LIGNY, radius_km=30)
    works = [
        lambda: edit_entry(entry=entry, resource=wider, by=who, today=today),
        lambda: place_communes(points={"55002": FAR, "55003": BRECOURT}),
    ]
    first, second = works if editor_is_first else works[::-1]
    acted = Event()

    def begin() -> None:
        with scope.opened(inside(VALLEES)):
            first()
            acted.set()
            # The other one is asked to wait by the database: seen there, not slept for.
            _until_somebody_waits()

    def follow() -> None:
        assert acted.wait(timeout=20)
        with scope.opened(inside(VALLEES)):
            second()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(_closing, begin), pool.submit(_closing, follow)]:
            done.result(timeout=30)

    now = stored()
    assert (now.radius_km, now.communes) == (30, ["55001", "55003"])


def _closing(work: Any) -> None:
    try:
        work()
    finally:
        connections.close_all()


def _until_somebody_waits() -> None:
    with connections["default"].cursor() as cursor:
        for _ in range(20_000):
            cursor.execute("select 1 from pg_locks where locktype = 'advisory' and not granted")
            if cursor.fetchone():
                return
    raise AssertionError("nobody waited")


def _resource(entry: DirectoryEntry) -> Resource:
    names = set(Resource.__dataclass_fields__) - {"point", "communes"}
    return Resource(communes=(), point=None, **{name: getattr(entry, name) for name in names})
