"""Forged dates in addresses: the ends of the calendar are answered, never an error of arithmetic."""

import pytest

from tests import factories
from tests.cast import VALLEES, Person
from tests.guards import GuardedClient

DAYS = ["0001-01-01", "9999-12-31", "0000-00-00", "-0001-01-01", "99999-12-31", "2026-02-30", "٢٠٢٦-01-01"]
QUARTERS = ["0001-T1", "1999-T4", "2101-T1", "9999-T4", "9999-T1", "99999-T4"]
KEYS = ["00010101000000000000-1", "99991231235959999999-1", f"20260101000000000000-{'9' * 30}", "-", "20260101-x"]
# Address inside the territory, what it reads, values that mean nothing, and the answers each may get.
ASKED = [
    ("day/", "date", DAYS, {200}),
    ("planning/", "semaine", DAYS, {200}),
    ("births/", "apres", KEYS, {200}),
    ("births/", "avant", KEYS, {200}),
    ("families/", "apres", ["9" * 18, "9" * 40, "-1", "²"], {200}),
    ("families/", "avant", ["9" * 18, "9" * 40, "-1", "²"], {200}),
    ("billing/", "trimestre", QUARTERS, {404}),
    ("figures/", "quarter", QUARTERS, {404}),
]


@pytest.mark.parametrize(("path", "key", "value", "statuses"), [(p, k, v, s) for p, k, vs, s in ASKED for v in vs])
def test_forged_date_is_answered(
    client: GuardedClient, cast: dict[str, Person], path: str, key: str, value: str, statuses: set[int]
) -> None:
    client.force_login(cast["amal" if path == "day/" else "elise"].user)

    assert client.get(f"/t/{VALLEES}/{path}", {key: value}).status_code in statuses


@pytest.mark.parametrize("path", ["", "report.pdf", "figures.csv"])
@pytest.mark.parametrize("value", QUARTERS)
def test_forged_quarter_is_unknown_to_the_region(
    client: GuardedClient, cast: dict[str, Person], path: str, value: str
) -> None:
    client.force_login(cast["hugo"].user)

    assert client.get(f"/ars/{path}", {"quarter": value}).status_code == 404


@pytest.mark.parametrize("value", [f"{day}T00:00" for day in DAYS] + ["9999-12-31T23:59", "1900-01-01T00:00"])
def test_forged_discharge_says_no_category(
    client: GuardedClient, cast: dict[str, Person], vallees: object, value: str
) -> None:
    birth = factories.make_birth()
    client.force_login(cast["elise"].user)

    address = f"/t/{VALLEES}/births/{birth.public_id}/discharge/"
    answer = client.get(address, {"discharged_at": value}, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "d’après les heures" not in answer.content.decode()


@pytest.mark.parametrize("value", ["2000-01-01", "2100-12-31"])
def test_ends_of_the_programme_are_days_like_others(client: GuardedClient, cast: dict[str, Person], value: str) -> None:
    for name, path, key in (("amal", "day/", "date"), ("elise", "planning/", "semaine")):
        client.force_login(cast[name].user)

        assert client.get(f"/t/{VALLEES}/{path}", {key: value}).status_code == 200


@pytest.mark.parametrize("value", ["2000-T1", "2100-T4"])
def test_ends_of_the_programme_are_quarters_like_others(
    client: GuardedClient, cast: dict[str, Person], value: str
) -> None:
    for name, path, key in (
        ("elise", f"t/{VALLEES}/billing/", "trimestre"),
        ("elise", f"t/{VALLEES}/figures/", "quarter"),
        ("hugo", "ars/", "quarter"),
    ):
        client.force_login(cast[name].user)

        assert client.get(f"/{path}", {key: value}).status_code == 200
