"""Follow-up committees: two a civil year, of the programme and of each region; who keeps them (R091, R092)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from territories.actions.committees import cancel_committee
from territories.models import Committee, Mandate, Member
from territories.reads.committees import register, year_counts
from territories.rules import committee_years, too_few_committees
from tests import factories, queries
from tests.cast import VALLEES, Person

URL, ABOVE = f"/t/{VALLEES}/steering/committees/", "/ars/committees/"
AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
TODAY = date(2026, 11, 3)
TYPED = {"held_on": "2026-10-01", "participants": "L’ARS", "minutes": "Bilan du semestre"}


@pytest.fixture(autouse=True)
def _at() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def alerts(holder: Member | Mandate) -> dict[str, str]:
    return {one.place: one.alert for one in year_counts(holder, TODAY) if one.year == TODAY.year}


@pytest.mark.parametrize(
    ("count", "alert"), [(0, "aucune réunion en 2026"), (1, "une seule réunion en 2026"), (2, ""), (3, "")]
)
def test_one_meeting_in_a_year_is_too_few(count: int, alert: str) -> None:
    assert too_few_committees(count, 2026) == alert


def test_years_before_the_programme_are_not_counted() -> None:
    assert committee_years(TODAY) == [2026]
    assert committee_years(date(2027, 1, 1)) == [2027, 2026]


def test_each_kind_and_each_year_counts_apart(vallees: scope.Scope) -> None:
    factories.make_committee()
    factories.make_committee(held_on=date(2026, 1, 1))
    factories.make_committee(None)
    factories.make_committee(None, held_on=date(2025, 12, 31))
    mistake = factories.make_committee(None, days_ago=20)
    cancel_committee(committee=mistake, by=factories.who("elise").user, at=AT)

    assert alerts(factories.who("elise")) == {"national": "une seule réunion en 2026", "Grand Est": ""}


def test_same_day_ahead_or_too_old_is_refused(vallees: scope.Scope) -> None:
    for region in ("44", None):
        factories.make_committee(region)
        with pytest.raises(BusinessError, match="déjà noté"):
            factories.make_committee(region)
    # Another region meets when it wants.
    factories.make_committee("04")
    for days, code in ((-1, "day_ahead"), (367, "too_old")):
        with pytest.raises(BusinessError) as refusal:
            factories.make_committee(days_ago=days)
        assert refusal.value.code == code
    assert Committee.objects.count() == 3


def test_each_reads_her_region_and_the_national_one(vallees: scope.Scope, cast: dict[str, Person]) -> None:
    for region in ("44", "04", None):
        factories.make_committee(region)

    def places(name: str) -> set[str]:
        holder = cast[name].member or cast[name].mandate
        return {one.place for one in register(holder, "1", str).object_list}

    assert places("amal") == places("hugo") == {"Grand Est", "national"}
    assert places("hana") == {"La Réunion", "national"}
    assert places("karim") == places("lina") == {"Grand Est", "La Réunion", "national"}


@pytest.mark.parametrize(
    ("name", "url", "kind"),
    [("nora", URL, "territorial"), ("hugo", ABOVE, "territorial"), ("karim", ABOVE, "national")],
)
def test_whoever_leads_notes_hers_and_takes_it_back(
    client, cast: dict[str, Person], name: str, url: str, kind: str
) -> None:
    client.force_login(cast[name].user)

    assert client.post(f"{url}new/", TYPED).status_code == 302
    made = Committee.objects.get()
    assert (made.kind, made.noted_by) == (kind, cast[name].user)
    assert "une seule réunion en 2026" in client.get(url).content.decode()
    client.post(f"{url}{made.public_id}/cancel/")

    made.refresh_from_db()
    assert made.cancelled_by == cast[name].user


def test_nobody_notes_nor_takes_back_that_of_others(client, cast: dict[str, Person], vallees: scope.Scope) -> None:
    national = factories.make_committee(None, by="karim").public_id
    there = factories.make_committee("04", by="hana").public_id
    client.force_login(cast["lina"].user)
    assert client.get(f"{ABOVE}new/").status_code == 403
    for name, key, status in (("hugo", national, 403), ("hugo", there, 404), ("karim", there, 403)):
        client.force_login(cast[name].user)
        assert client.post(f"{ABOVE}{key}/cancel/").status_code == status
    client.force_login(cast["elise"].user)
    assert client.post(f"{URL}{national}/cancel/").status_code == 403

    assert not Committee.objects.exclude(cancelled_at=None).exists()


def test_refusal_stands_beside_its_field(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["jeanne"].user)

    answer = client.post(f"{URL}new/", TYPED | {"held_on": (TODAY + timedelta(days=1)).isoformat()})

    assert answer.status_code == 422
    assert answer.context["form"].has_error("held_on")


def test_one_committee_and_ten_cost_the_same(client, cast: dict[str, Person], vallees: scope.Scope) -> None:
    factories.make_committee()
    counted = []
    for name, url in (("elise", URL), ("karim", ABOVE)):
        client.force_login(cast[name].user)
        counted.append(queries.count(client, url))
    for days in range(8, 17):
        factories.make_committee(days_ago=days)

    for (name, url), before in zip((("elise", URL), ("karim", ABOVE)), counted, strict=True):
        client.force_login(cast[name].user)
        assert queries.count(client, url) == before
