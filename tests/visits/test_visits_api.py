"""Visits over the API: the same permissions and refusals as the pages, one error shape."""

from datetime import UTC, datetime, timedelta

import pytest

from copa.kernel import clock
from pathways.models import Pathway
from territories.models import AccessLog
from tests import queries
from tests.factories import make_grant, make_pathway, make_visit, who
from visits.api import VisitOut
from visits.enums import VisitState
from visits.models import Visit

URL = "/api/v1/t/vallees/visits/"


@pytest.fixture
def pathway(vallees) -> Pathway:
    return make_pathway(ap=who("amal"))


def noon() -> datetime:
    """Today at an hour of the day in Paris, whenever the tests run."""
    return clock.now().replace(hour=11)


def body(about: Pathway, **changed) -> dict:
    at = noon() + timedelta(days=2)
    asked = {
        "pathway": str(about.public_id),
        "kind": "V1",
        "ap": str(who("amal").public_id),
        "planned_at": at.isoformat(),
    }
    return asked | changed


def post(client, asked: dict):
    return client.post(URL, asked, content_type="application/json")


@pytest.mark.parametrize(
    ("sent", "code", "message", "fields"),
    [
        ("{", "parse_error", "Le contenu envoyé n’est pas du JSON lisible.", {}),
        (
            "null",
            "invalid",
            "Des champs sont à corriger.",
            {"non_field_errors": ["Rien n’a été envoyé\u00a0: un objet JSON est attendu."]},
        ),
    ],
)
def test_broken_body_is_told_in_french(pathway, client, cast, sent, code, message, fields) -> None:
    client.force_login(cast["elise"].user)

    response = client.post(URL, sent, content_type="application/json")

    assert response.status_code == 400
    assert response.json() == {"code": code, "message": message, "fields": fields}


def test_visit_is_planned(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)

    response = post(client, body(pathway))

    assert response.status_code == 201
    assert (response.json()["state"], response.json()["planned_minutes"], response.json()["clock"]) == (
        "planned",
        75,
        "not_started",
    )


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"colour": "blue"}, 400, "colour"),
        ({"kind": "V9"}, 400, "kind"),
        ({"planned_at": "demain"}, 400, "planned_at"),
        ({"planned_at": "9999-12-31T23:30:00Z"}, 400, "planned_at"),
        ({"confirm": ["everything"]}, 400, "confirm"),
        ({"planned_at": "2020-01-01T10:00:00Z"}, 409, "planned_at"),
        ({"kind": "V2"}, 409, "planned_at"),
        ({"kind": "V3"}, 409, "motive"),
        ({"motive": "PARENTS_REQUEST"}, 409, "motive"),
        ({"motive": "PLEASURE"}, 400, "motive"),
        ({"ap": "00000000-0000-0000-0000-000000000000"}, 409, "ap"),
    ],
)
def test_bad_input_has_one_shape_and_stores_nothing(pathway, client, cast, changed, status: int, field: str) -> None:
    client.force_login(cast["elise"].user)

    response = post(client, body(pathway, **changed))

    assert response.status_code == status
    assert set(response.json()) == {"code", "message", "fields"}
    assert field in response.json()["fields"]
    assert not Visit.objects.filter(pathway=pathway).exists()


def test_outside_the_window_asks_for_a_reason_then_a_confirmation(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)
    late = body(pathway, planned_at=(noon() + timedelta(days=40)).isoformat())

    assert post(client, late).json()["code"] == "window_reason_missing"
    assert post(client, late | {"window_reason": "PRETERM"}).json()["code"] == "outside_window"
    assert post(client, late | {"window_reason": "PRETERM", "confirm": ["outside_window"]}).status_code == 201


def test_forged_pathway_is_not_found(pathway, client, cast) -> None:
    client.force_login(cast["elise"].user)

    response = post(client, body(pathway, pathway="00000000-0000-0000-0000-000000000000"))

    assert (response.status_code, response.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("name", "status"),
    [("amal", 201), ("farid", 201), ("bea", 403), ("gaelle", 403), ("nora", 403), ("chloe", 404), ("dora", 404)],
)
def test_planning_answers_each_person(pathway, client, cast, name: str, status: int) -> None:
    client.force_login(cast[name].user)

    assert post(client, body(pathway)).status_code == status


def test_ap_plans_for_herself_only(pathway, client, cast) -> None:
    client.force_login(cast["amal"].user)

    response = post(client, body(pathway, ap=str(who("bea").public_id)))

    assert (response.status_code, response.json()["code"]) == (409, "not_an_ap")


@pytest.mark.parametrize(
    ("name", "count"), [("elise", 2), ("amal", 1), ("bea", 1), ("farid", 2), ("chloe", 0), ("iris", 0)]
)
def test_each_person_lists_her_visits(pathway, client, cast, name: str, count: int) -> None:
    make_visit(pathway)
    make_visit(make_pathway(ap=who("bea")))
    client.force_login(cast[name].user)

    assert len(client.get(URL).json()["results"]) == count


@pytest.mark.parametrize(
    ("name", "status"), [("elise", 200), ("amal", 200), ("bea", 403), ("chloe", 404), ("emma", 404), ("jeanne", 403)]
)
def test_one_visit_answers_each_person(pathway, client, cast, name: str, status: int) -> None:
    visit = make_visit(pathway)
    client.force_login(cast[name].user)

    assert client.get(f"{URL}{visit.public_id}/").status_code == status


def test_reading_one_visit_is_logged(pathway, client, cast) -> None:
    visit = make_visit(pathway)
    client.force_login(cast["elise"].user)
    client.get(f"{URL}{visit.public_id}/")

    assert AccessLog.objects.filter(family_id=pathway.family_id).count() == 1


def test_one_visit_is_the_line_of_the_list_with_the_fields_of_the_schema(pathway, client, cast) -> None:
    ended_at = clock.now().replace(microsecond=0) - timedelta(hours=1)
    visit = make_visit(pathway, state=VisitState.ENDED, ended_at=ended_at)
    client.force_login(cast["elise"].user)

    line = client.get(URL).json()["results"][0]

    assert line == client.get(f"{URL}{visit.public_id}/").json()
    assert list(line) == list(VisitOut().fields)
    assert (line["family"], line["ap_name"]) == (str(pathway.family.public_id), who("amal").user.get_full_name())
    assert line["ended_at"] == ended_at.astimezone(UTC).isoformat()


def test_late_report_is_said_by_the_one_clock(pathway, client, cast) -> None:
    visit = make_visit(pathway, state=VisitState.ENDED, ended_at=clock.now() - timedelta(hours=25))
    client.force_login(cast["elise"].user)

    assert client.get(f"{URL}{visit.public_id}/").json()["clock"] == "late"


def test_ten_visits_cost_the_queries_of_one(pathway, client, cast) -> None:
    make_visit(pathway)
    client.force_login(cast["elise"].user)
    one = queries.count(client, URL)
    for _ in range(9):
        make_visit(make_pathway(ap=who("amal")))

    assert queries.count(client, URL) == one


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_no_other_verb(pathway, client, cast, method: str) -> None:
    visit = make_visit(pathway)
    client.force_login(cast["elise"].user)

    assert getattr(client, method)(f"{URL}{visit.public_id}/").status_code == 405


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("amal", {"window_reason", "motive", "partner_state", "not_joint_reason", "not_done_reason"}),
        ("ines", {"motive", "partner_state", "not_joint_reason"}),
        ("marc", set()),
    ],
)
def test_each_reader_learns_of_a_visit_what_her_page_says(pathway, as_, name: str, told: set[str]) -> None:
    make_grant(pathway.family, to=who("ines"))
    make_grant(pathway.family, to=who("marc"))
    why = {
        "window_reason": "CHILD_HOSPITAL",
        "motive": "VULNERABILITY",
        "partner_state": "cancelled",
        "not_joint_reason": "NO_AGREEMENT",
        "not_done_reason": "ABSENT",
    }
    visit = make_visit(pathway, "V3", VisitState.CANCELLED, planned_at=noon(), **why)

    (listed,) = as_(name).get(URL).json()["results"]
    alone = as_(name).get(f"{URL}{visit.public_id}/").json()

    assert listed == alone
    assert {key: alone[key] for key in why} == {key: value if key in told else None for key, value in why.items()}
    assert (alone["kind"], alone["state"]) == ("V3", "cancelled")
