"""The reports of the API: the same readers, the same copies, and never a sealed word."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from copa.kernel import scope
from territories.models import AccessLog
from tests import factories
from tests.cast import Person
from tests.guards import GuardedClient
from tests.visits import reports
from visits.api_reports import ReportDetail, ReportLine
from visits.models import Report

LIST = "/api/v1/t/vallees/reports/"


@pytest.fixture
def report(vallees: scope.Scope) -> Report:
    visit = reports.ended_visit("V2", days=12)
    signed = reports.sign(visit, reports.second_answers(visit, 0, 1, 1, 0, 2, 1, 0, 1, 1, 1) | CALL)
    reports.deliver(signed)
    return signed


CALL = {
    "alert": [
        {
            "alert.family": "MIND_VITAL",
            "alert.spoke_to": "NO_ANSWER",
            "alert.called_15": True,
            "alert.sfl_told": "BY_EMR",
            "alert.facts": "Elle pleurait",
        }
    ]
}


def one(client: GuardedClient, report: Report) -> Any:
    return client.get(f"{LIST}{report.public_id}/")


def test_team_gets_the_answers_as_fhir_without_anything_sealed(
    client: GuardedClient, cast: dict[str, Person], report: Report
) -> None:
    client.force_login(cast["farid"].user)

    body = one(client, report).json()

    response = body["questionnaire_response"]
    assert response["resourceType"] == "QuestionnaireResponse"
    assert response["id"] == str(report.public_id)
    assert response["status"] == "completed"
    text = json.dumps(body, ensure_ascii=False)
    assert "theme.bond" in text
    for sealed in ("epds.i10", "epds.i01", "Elle pleurait", "MIND_VITAL", "EPDS_ITEM10", "task.done", "sleep.back"):
        assert sealed not in text


def test_pmi_gets_its_own_copy_and_no_raw_answers(
    client: GuardedClient, cast: dict[str, Person], report: Report
) -> None:
    client.force_login(cast["gaelle"].user)

    body = one(client, report).json()

    assert body["copy_for"] == "M"
    assert body["questionnaire_response"] is None
    assert "mother" not in {block["code"] for block in body["blocks"]}


@pytest.mark.parametrize(
    ("who", "status"),
    [("farid", 200), ("elise", 200), ("amal", 200), ("bea", 403), ("chloe", 404), ("fanny", 404), ("dora", 404)],
)
def test_api_answers_each_person_as_the_page_does(
    client: GuardedClient, cast: dict[str, Person], report: Report, who: str, status: int
) -> None:
    client.force_login(cast[who].user)

    response = one(client, report)

    assert response.status_code == status
    if status != 200:
        assert set(response.json()) == {"code", "message", "fields"}


def test_reading_through_the_api_is_logged(client: GuardedClient, cast: dict[str, Person], report: Report) -> None:
    client.force_login(cast["farid"].user)
    one(client, report)

    assert AccessLog.objects.filter(what="visits.read_report", family_id=report.family_id).count() == 1


def test_list_holds_the_reports_of_ones_families_only_and_no_answer(
    client: GuardedClient, cast: dict[str, Person], report: Report
) -> None:
    other = factories.make_pathway(ap=factories.who("chloe"), carrier=factories.structure("Maternité Montreval"))
    reports.sign(reports.ended_visit(pathway=other))
    client.force_login(cast["farid"].user)

    rows = client.get(LIST).json()["results"]

    assert [row["id"] for row in rows] == [str(report.public_id)]
    assert rows[0]["clock"] == "on_time"
    assert set(rows[0]) == {
        "id", "visit", "family", "kind", "author", "form", "ended_at", "signed_at", "due_at", "delivered_at", "clock",
    }  # fmt: skip


def test_one_report_begins_with_its_line_of_the_list_and_has_the_fields_of_the_schema(
    client: GuardedClient, cast: dict[str, Person], report: Report
) -> None:
    client.force_login(cast["farid"].user)

    line, body = client.get(LIST).json()["results"][0], one(client, report).json()

    assert (list(line), list(body)) == (list(ReportLine().fields), list(ReportDetail().fields))
    assert {name: body[name] for name in line} == line
    assert line["author"] == report.author.user.get_full_name()
    assert line["form"] == str(report.form)


def test_list_costs_the_same_queries_for_one_report_and_for_ten(
    client: GuardedClient, cast: dict[str, Person], report: Report
) -> None:
    client.force_login(cast["elise"].user)
    client.get(LIST)
    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _ in range(9):
        factories.make_report()

    with CaptureQueriesContext(connection) as many:
        client.get(LIST)

    assert len(few) == len(many)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_reports_are_read_only(client: GuardedClient, cast: dict[str, Person], report: Report, method: str) -> None:
    client.force_login(cast["farid"].user)

    assert getattr(client, method)(f"{LIST}{report.public_id}/").status_code == 405


@pytest.mark.parametrize("key", ["1", "abc", "not-a-uuid", "0" * 36])
def test_a_forged_id_is_not_found(client: GuardedClient, cast: dict[str, Person], key: str) -> None:
    client.force_login(cast["farid"].user)

    assert client.get(f"{LIST}{key}/").status_code == 404
