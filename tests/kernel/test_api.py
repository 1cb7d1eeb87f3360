"""What every list of the API is built on, and how it refuses."""

import pytest
from django.db import connection
from django.db.models import Model
from django.test import Client

from pathways.models import Family, Pathway
from tests.cast import VALLEES, Person
from tests.guards import GuardedClient
from visits.models import Report, Visit

INDEXES = """
select array_agg(a.attname::text order by k.rank)
from pg_index i
cross join lateral unnest(i.indkey::int[]) with ordinality k(attnum, rank)
join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
where i.indrelid = %s::regclass and i.indpred is null
group by i.indexrelid
"""


@pytest.mark.parametrize("model", [Family, Pathway, Report, Visit])
def test_pages_are_cut_by_an_index_of_the_territory(db: None, model: type[Model]) -> None:
    """Ordered by key alone, the newest page of a quiet territory would read the rows of all the others."""
    with connection.cursor() as cursor:
        cursor.execute(INDEXES, [model._meta.db_table])
        indexes = [columns for (columns,) in cursor.fetchall()]

    assert ["territory_id", "id"] in indexes


PATHWAYS = f"/api/v1/t/{VALLEES}/pathways/"


@pytest.fixture
def elise(client: GuardedClient, cast: dict[str, Person]) -> GuardedClient:
    """Élise, signed in."""
    client.force_login(cast["elise"].user)
    return client


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=abc", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=", "cursor"),
        ("cursor=cD14", "cursor"),
        ("cursor=cj0x", "cursor"),
        ("limit=-1", "limit"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=deux", "limit"),
        ("etat=clos", "etat"),
    ],
)
def test_parameter_that_is_not_understood_is_refused(elise: GuardedClient, query: str, field: str) -> None:
    response = elise.get(f"{PATHWAYS}?{query}")

    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert list(response.json()["fields"]) == [field]


@pytest.mark.parametrize("path", ["", "nope/", f"t/{VALLEES}/", f"t/{VALLEES}/pathways/12/", "t/nulle-part/pathways/"])
def test_unknown_address_answers_in_the_shape_of_the_api(elise: GuardedClient, path: str) -> None:
    response = elise.get(f"/api/v1/{path}")

    assert response.status_code == 404
    assert response.json() == {
        "code": "not_found",
        "message": "Introuvable, ou pas à vous de le connaître.",
        "fields": {},
    }


def test_missing_token_is_told_in_french(cast: dict[str, Person]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["elise"].user)

    response = client.post(f"/api/v1/t/{VALLEES}/visits/", {}, content_type="application/json")

    assert response.status_code == 403
    assert response.json()["message"].startswith("Le jeton de sécurité (X-CSRFToken) manque")


def test_words_of_the_library_are_replaced(elise: GuardedClient, cast: dict[str, Person]) -> None:
    visits = f"/api/v1/t/{VALLEES}/visits/"

    not_json = elise.get(PATHWAYS, headers={"Accept": "text/csv"})
    a_list = elise.post(visits, [1], content_type="application/json")
    no_choice = elise.post(visits, {"kind": "ZZ"}, content_type="application/json")
    elise.force_login(cast["jeanne"].user)
    refused = elise.get(PATHWAYS)

    assert not_json.json()["message"] == "Cette API ne répond qu’en JSON."
    assert a_list.json()["fields"] == {"non_field_errors": ["Un objet JSON est attendu."]}
    assert no_choice.json()["fields"]["kind"] == ["«\u00a0ZZ\u00a0» n’est pas un choix valide."]
    assert refused.json()["message"] == "Ce droit ne vous est pas ouvert ici\u00a0: voir les parcours."
