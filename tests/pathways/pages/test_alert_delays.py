"""The delays of a territory: bounds, day and night, who and when; an alert keeps the one it was raised under."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from pathways.actions.alerts import raise_alert
from pathways.actions.delays import set_delay
from pathways.enums import AlertFamily, AlertKind
from pathways.models import Alert, AlertDelay, Pathway
from pathways.reads.delays import delays_page
from pathways.tasks import climb_ladders
from territories.models import HistoryEvent, Territory
from tests import queries
from tests.cast import VALLEES
from tests.factories import make_pathway, who

# 15 h 05 in Paris.
AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    return make_pathway(ap=who("amal"))


def url(family: str = "") -> str:
    return reverse("pathways:alert_delays", args=[VALLEES]) + (f"?famille={family}" if family else "")


def set_to(minutes: int, night: int | None = None, *, family: str = "CHILD_URGENT", at: datetime = AT) -> AlertDelay:
    return set_delay(family=family, minutes=minutes, night_minutes=night, by=who("elise"), at=at)


def raised(pathway: Pathway, at: datetime, family: str = "CHILD_URGENT") -> Alert:
    subject_id = uuid4()
    raise_alert(
        pathway=pathway, kind=AlertKind.CHILD_SIGN, subject_id=subject_id, code=f"{family}:SIGN", facts="",
        is_sealed=False, raised_by=who("amal"), answer_due_at=at + 10 * MINUTE, at=at,
    )  # fmt: skip
    return Alert.objects.get(subject_id=subject_id)


# ---- Bounds -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("family", "minutes", "night", "code"),
    [
        ("CHILD_URGENT", 1, None, ""),
        ("CHILD_URGENT", 30, 30, ""),
        ("CHILD_URGENT", 31, None, "too_long"),
        ("CHILD_URGENT", 10, 31, "too_long"),
        ("CHILD_URGENT", 0, None, "too_short"),
        ("CHILD_URGENT", 10, 0, "too_short"),
        ("MIND_VITAL", 15, None, ""),
        ("MIND_VITAL", 16, None, "too_long"),
        ("HOME_TONIGHT", 180, None, ""),
        ("NOTHING", 5, None, "unknown_family"),
        ("", 5, None, "unknown_family"),
    ],
)
def test_a_delay_has_bounds(pathway: Pathway, family: str, minutes: int, night: int | None, code: str) -> None:
    if not code:
        set_to(minutes, night, family=family)
        assert AlertDelay.objects.get().set_by == who("elise")
        return
    with pytest.raises(BusinessError) as refusal:
        set_to(minutes, night, family=family)
    assert refusal.value.code == code
    assert not AlertDelay.objects.exists()


def test_the_database_holds_the_bounds_and_what_was_set(pathway: Pathway) -> None:
    for values in ({"minutes": 0}, {"minutes": 241}, {"minutes": 5, "night_minutes": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            AlertDelay.objects.create(family="CHILD_VITAL", valid_from=AT, **values)
    set_to(12)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        AlertDelay.objects.update(minutes=1)


def test_the_same_again_is_refused(pathway: Pathway) -> None:
    set_to(12, 20)

    with pytest.raises(BusinessError, match="déjà en vigueur"):
        set_to(12, 20, at=AT + MINUTE)


# ---- For alerts that come afterwards ----------------------------------------------------------------------
def test_an_alert_keeps_the_delay_it_was_raised_under(pathway: Pathway, clock: Any) -> None:
    before = raised(pathway, AT)
    set_to(25, at=AT + MINUTE)
    after = raised(pathway, AT + 2 * MINUTE)

    assert before.answer_due_at == AT + 10 * MINUTE
    assert after.answer_due_at == AT + 27 * MINUTE
    clock.move_to(AT + 10 * MINUTE)
    assert climb_ladders(str(scope.current_territory_id())) == 1
    clock.move_to(AT + 20 * MINUTE)
    climb_ladders(str(scope.current_territory_id()))
    before.refresh_from_db()
    after.refresh_from_db()
    assert (before.next_step_at, after.next_step_at) == (AT + 30 * MINUTE, AT + 27 * MINUTE)


@pytest.mark.parametrize(
    ("zone", "at", "minutes"),
    [
        ("Europe/Paris", AT, 10),
        ("Europe/Paris", datetime(2026, 11, 3, 19, 0, tzinfo=UTC), 20),
        ("Europe/Paris", datetime(2026, 11, 4, 6, 59, tzinfo=UTC), 20),
        # The night when the clocks go back: both two o'clocks, and the delay is elapsed time.
        ("Europe/Paris", datetime(2026, 10, 25, 0, 55, tzinfo=UTC), 20),
        ("Indian/Reunion", datetime(2026, 11, 3, 16, 30, tzinfo=UTC), 20),
        ("America/Cayenne", datetime(2026, 11, 3, 19, 0, tzinfo=UTC), 10),
    ],
)
def test_night_has_its_own_delay(pathway: Pathway, zone: str, at: datetime, minutes: int) -> None:
    Territory.objects.filter(pk=pathway.territory_id).update(time_zone=zone)
    pathway.refresh_from_db()
    set_to(10, 20, at=datetime(2026, 10, 1, tzinfo=UTC))

    assert raised(pathway, at).answer_due_at == at + minutes * MINUTE


def test_another_family_and_another_territory_keep_theirs(pathway: Pathway) -> None:
    set_to(5)

    assert raised(pathway, AT, "CHILD_VITAL").answer_due_at == AT + 10 * MINUTE


# ---- The page ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["elise", "nora"])
def test_the_binome_sets_a_delay_and_reads_who_set_what(as_: Any, pathway: Pathway, name: str) -> None:
    client = as_(name)
    assert "comme le programme" in client.get(url()).content.decode()
    form = client.get(url("CHILD_URGENT")).content.decode()
    assert "Programme\u00a0: 10. De 1 à 30." in form

    answer = client.post(url("CHILD_URGENT"), {"minutes": "12", "night_minutes": "20"})

    assert answer.status_code == 302
    page = client.get(url()).content.decode()
    assert "12\u00a0min" in page
    assert "20\u00a0min" in page
    assert who(name).user.get_full_name() in page
    event = HistoryEvent.objects.get(table_name="pathways_alertdelay")
    assert (event.after["minutes"], event.after["night_minutes"]) == (12, 20)


@pytest.mark.parametrize(
    "sent",
    [{}, {"minutes": ""}, {"minutes": "0"}, {"minutes": "-5"}, {"minutes": "31"}, {"minutes": "1.5"},
     {"minutes": "dix"}, {"minutes": "10", "night_minutes": "31"}, {"minutes": "99999999999999999999"}],
)  # fmt: skip
def test_what_is_no_delay_is_refused_with_what_was_typed(as_: Any, pathway: Pathway, sent: dict[str, str]) -> None:
    answer = as_("elise").post(url("CHILD_URGENT"), sent)

    assert answer.status_code == 422
    assert 'id="form-problems"' in answer.content.decode()
    assert not AlertDelay.objects.exists()


@pytest.mark.parametrize("name", ["olga", "farid", "amal", "ines", "jeanne"])
def test_nobody_else_sets_a_delay(as_: Any, pathway: Pathway, name: str) -> None:
    client = as_(name)

    assert client.post(url("CHILD_URGENT"), {"minutes": "1"}).status_code == 403
    assert not AlertDelay.objects.exists()
    assert url() not in client.get(reverse("pathways:alerts", args=[VALLEES])).content.decode()


def test_an_unknown_family_shows_the_list_and_stores_nothing(as_: Any, pathway: Pathway) -> None:
    client = as_("elise")

    assert client.get(url("NOTHING")).status_code == 200
    assert client.post(url("NOTHING"), {"minutes": "5"}).status_code == 200
    assert not AlertDelay.objects.exists()


def test_a_long_history_costs_the_queries_of_a_short_one(as_: Any, pathway: Pathway) -> None:
    client = as_("elise")
    set_to(3)
    one = queries.count(client, url())
    for number, family in enumerate(AlertFamily.values * 3):
        set_to(2 + number // len(AlertFamily), family=family, at=AT + number * MINUTE)

    assert queries.count(client, url()) == one
    assert len(delays_page(AT + timedelta(days=1)).lines) == len(AlertFamily)
