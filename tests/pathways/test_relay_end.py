"""The PMI keeps a family until the sixth birthday, or for the overlap after an outcome that ends its follow-up."""

from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from copa.kernel import scope
from pathways import migrations
from pathways.actions import relay_followup, relays
from pathways.models import Family, Pathway, PmiRelay
from pathways.perms import ANSWER_RELAY, SEE_FAMILY, SEE_RELAYS
from pathways.reads.addressees import around
from territories.models import Territory
from tests import factories
from tests.cast import VALLEES, inside
from tests.pathways.addresses import address
from visits.actions.joint import askable

PARIS, REUNION = "Europe/Paris", "Indian/Reunion"
SECOND = timedelta(seconds=1)


def local(day: date, zone: str, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def live_in(zone: str) -> None:
    Territory.objects.filter(pk=scope.current_territory_id()).update(time_zone=zone)


def taken(day: date, zone: str = PARIS, born_on: date | None = None) -> PmiRelay:
    """A relay that Gaëlle took on this local day, of a family whose pathway is closed."""
    at = local(day, zone)
    with time_machine.travel(at, tick=False):
        birth = factories.make_birth(at=local(born_on or day - timedelta(days=10), zone))
        pathway = factories.make_pathway(birth, ap=factories.who("amal"), state="closed")
        relay = PmiRelay.objects.get(pathway=pathway)
        relays.accept_relay(relay=relay, next_contact_on=day, by=factories.who("gaelle"), at=at)
    return relay


def end(relay: PmiRelay, day: date, outcome: str = "moved", zone: str = PARIS, hour: int = 10) -> None:
    at = local(day, zone, hour)
    with time_machine.travel(at, tick=False):
        relay_followup.set_outcome(relay=relay, outcome=outcome, on=day, by=factories.who("gaelle"), at=at)


def holds(name: str, at: datetime) -> bool:
    """Whether she may open the family; then she may find its relay and answer it too, and only then."""
    with time_machine.travel(at, tick=False):
        member = factories.who(name)
        held = SEE_FAMILY.rows(member).exists()
        assert held == Family.objects.visible_to(member).exists()
        assert held == SEE_RELAYS.rows(member).exists() or name == "amal"
        assert held == ANSWER_RELAY.rows(member).exists() or name != "gaelle"
    return held


@pytest.mark.parametrize(
    ("zone", "noted", "over"),
    [
        # The clocks go back on 25 October and forward on 28 March: thirty local days all the same.
        (PARIS, date(2026, 10, 20), "2026-11-19T23:00"),
        (PARIS, date(2026, 9, 25), "2026-10-25T23:00"),
        (PARIS, date(2027, 2, 26), "2027-03-28T22:00"),
        (REUNION, date(2026, 10, 20), "2026-11-19T20:00"),
    ],
)
@pytest.mark.parametrize("outcome", ["ended", "declines", "moved"])
def test_outcome_that_ends_leaves_thirty_local_days(
    vallees: scope.Scope, zone: str, noted: date, over: str, outcome: str
) -> None:
    live_in(zone)
    ends_at = datetime.fromisoformat(f"{over}+00:00")
    relay = taken(noted - timedelta(days=5), zone)

    end(relay, noted, outcome, zone, hour=23)

    assert PmiRelay.objects.get().ends_at == ends_at
    assert [holds("gaelle", at) for at in (ends_at - SECOND, ends_at, ends_at + SECOND)] == [True, False, False]


@pytest.mark.parametrize(
    ("zone", "born_on", "over"),
    [
        (PARIS, date(2026, 11, 3), "2032-11-03T23:00"),
        (PARIS, date(2026, 7, 3), "2032-07-03T22:00"),
        (PARIS, date(2024, 2, 29), "2030-03-01T23:00"),
        (REUNION, date(2026, 7, 3), "2032-07-03T20:00"),
    ],
)
def test_sixth_birthday_is_the_last_day(vallees: scope.Scope, zone: str, born_on: date, over: str) -> None:
    live_in(zone)
    ends_at = datetime.fromisoformat(f"{over}+00:00")
    taken(born_on + timedelta(days=10), zone, born_on)

    assert [holds("gaelle", at) for at in (ends_at - SECOND, ends_at, ends_at + SECOND)] == [True, False, False]
    # Whom nobody of the PMI follows any more stays with the team, whose record it is.
    assert [holds("farid", at) for at in (ends_at - SECOND, ends_at)] == [False, True]


def test_overlap_is_the_setting_of_the_programme(vallees: scope.Scope) -> None:
    relay = taken(date(2026, 11, 1))
    version = Pathway.objects.select_related("rules").get(pk=relay.pathway_id).rules
    type(version).objects.filter(pk=version.pk).update(relay_overlap_days=10)

    end(relay, date(2026, 11, 20))

    assert PmiRelay.objects.get().ends_at == local(date(2026, 12, 1), PARIS, hour=0)


def test_record_comes_back_to_the_team_from_the_outcome_on(vallees: scope.Scope) -> None:
    relay, much_later = taken(date(2026, 11, 1)), date(2027, 3, 1)
    before, after = local(much_later, PARIS, hour=9), local(much_later, PARIS, hour=11)
    assert not holds("farid", before)

    end(relay, much_later)

    assert [holds(name, after) for name in ("amal", "farid", "gaelle", "elise", "nora")] == [True] * 5
    assert [holds(name, local(date(2027, 4, 1), PARIS)) for name in ("amal", "farid", "gaelle")] == [True, True, False]


def test_correction_keeps_the_first_end_and_a_follow_up_that_goes_on_takes_it_back(vallees: scope.Scope) -> None:
    relay = taken(date(2026, 11, 1))
    end(relay, date(2026, 11, 10), "moved")
    first = PmiRelay.objects.get().ends_at

    end(relay, date(2026, 11, 20), "declines")
    assert PmiRelay.objects.get().ends_at == first
    end(relay, date(2026, 11, 21), "followed")

    # Born on 22 October.
    assert PmiRelay.objects.get().ends_at == local(date(2032, 10, 23), PARIS, hour=0)
    assert not holds("farid", local(date(2026, 12, 5), PARIS))


def test_pages_and_lists_close_together(as_: Any, vallees: scope.Scope) -> None:
    relay = taken(date(2026, 11, 1))
    end(relay, date(2026, 11, 10))
    pages = [
        address("relay", relay.public_id),
        address("relay_outcome", relay.public_id),
        reverse("visits:relay_file", args=["vallees", relay.public_id]),
        reverse("visits:family", args=["vallees", relay.family.public_id]),
    ]
    found = []

    for day in (date(2026, 12, 10), date(2026, 12, 11)):
        with time_machine.travel(local(day, PARIS), tick=False):
            found.append([as_("gaelle").get(page).status_code for page in pages])
            listed = as_("gaelle").get(address("relays") + "?etat=acceptes").content.decode()
            assert ("Haddad" in listed) is (day.day == 10)

    assert found == [[200] * 4, [404] * 4]


def test_nothing_more_is_sent_to_a_pmi_that_no_longer_follows(vallees: scope.Scope) -> None:
    relay = taken(date(2026, 11, 1))
    end(relay, date(2026, 11, 10))
    over = local(date(2026, 12, 11), PARIS)

    for at, names in ((over - timedelta(days=1), ["PMI de Ligny"]), (over, [])):
        with time_machine.travel(at, tick=False):
            assert [one.name for one in around(relay.pathway, ["PMI"], at)] == names
            assert askable(pathway_id=relay.pathway_id) is bool(names)


@pytest.mark.parametrize("zone", [PARIS, REUNION])
def test_relays_made_before_end_on_the_same_day(vallees: scope.Scope, zone: str) -> None:
    live_in(zone)
    taken(date(2024, 3, 10), zone, date(2024, 2, 29))
    end(taken(date(2026, 10, 1), zone), date(2026, 10, 20), "declines", zone, hour=23)
    end(taken(date(2026, 10, 2), zone), date(2026, 10, 20), "followed", zone)
    wanted = dict(PmiRelay.objects.order_by("pk").values_list("pk", "ends_at"))
    PmiRelay.objects.update(ends_at=None)
    stem = next(path.stem for path in Path(migrations.__file__).parent.glob("*_relays_end_before.py"))

    [ending] = import_module(f"pathways.migrations.{stem}").Migration.operations
    with connection.schema_editor() as editor:
        ending.code(None, editor)

    with scope.opened(inside(VALLEES)):
        assert dict(PmiRelay.objects.order_by("pk").values_list("pk", "ends_at")) == wanted
    assert len(set(wanted.values())) == 3
