"""Pages that belong to no app: first page, state of the services, faults."""

import logging

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.test import Client

from copa.kernel.logs import PlainFormatter
from copa.pages import views
from tests.cast import VALLEES, Person


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch, cast: dict[str, Person]):
    """A signed-in client whose next page meets this error."""

    def meeting(error: Exception) -> Client:
        def broken(*args: object) -> None:
            raise error

        monkeypatch.setattr("copa.pages.views.places.of_user", broken)
        client = Client(raise_request_exception=False)
        client.force_login(cast["elise"].user)
        return client

    return meeting


def test_page_without_its_database_asks_to_wait(faulty) -> None:
    response = faulty(OperationalError("the server closed the connection")).get("/")

    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert "Encore un instant" in response.content.decode()


def test_page_that_fails_says_so_without_details(faulty) -> None:
    response = faulty(ValueError("secret")).get("/")

    assert response.status_code == 500
    assert "secret" not in response.content.decode()


def test_health_names_each_service(client, db: None) -> None:
    answer = client.get("/healthz").json()

    assert {"status", "database", "redis", "worker", "beat"} == set(answer)
    assert (answer["database"], answer["redis"]) == ("ok", "ok")


def test_style_guide_is_not_for_production(client, cast: dict[str, Person], settings) -> None:
    settings.COPA_DEMO = False
    client.force_login(cast["elise"].user)

    assert client.get("/styleguide/").status_code == 404


def test_person_with_two_places_chooses(client, cast: dict[str, Person], monkeypatch) -> None:
    places = [views.places.Place("Vallées", "AP", f"/t/{VALLEES}/day/"), views.places.Place("Lagon", "AP", "/t/x/")]
    monkeypatch.setattr("copa.pages.views.places.of_user", lambda user: places)
    client.force_login(cast["elise"].user)

    page = client.get("/").content.decode()

    assert f'href="/t/{VALLEES}/day/"' in page
    assert 'href="/t/x/"' in page


def formatted(record: logging.LogRecord) -> str:
    return PlainFormatter("%(levelname)s %(message)s").format(record)


def test_log_never_quotes_a_refused_row(db: None) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("insert into territories_region values ('99', null)")
    except DatabaseError as error:
        record = logging.LogRecord("copa", logging.ERROR, "", 0, "failed", None, (type(error), error, None))

    assert "Failing row" in str(record.exc_info[1])
    assert "Failing row" not in formatted(record)


def test_refusal_is_one_line_in_the_log() -> None:
    error = PermissionError("no")
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Forbidden", None, (type(error), error, None))
    record.status_code = 403

    assert formatted(record) == "WARNING Forbidden"
