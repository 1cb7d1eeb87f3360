"""Every month a service says by a link whether it takes new families: asked once, answered once, dated."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from copa.kernel import clock, one_time, scope
from territories import directory
from territories.actions import capacity, review_entry
from territories.models import CapacityCheck, DirectoryEntry, HistoryEvent, OutgoingMessage, Territory
from territories.tasks import ask_capacities, send_outgoing
from tests import factories, races
from tests.cast import LAGON, VALLEES, Person, inside

FIRST = datetime(2026, 11, 2, 9, tzinfo=UTC)
URL = f"/t/{VALLEES}/directory/"


def entry(**fields: Any) -> DirectoryEntry:
    values = {"type": "PSYCHOLOGIST", "capacity_now": "open", "capacity_on": date(2026, 10, 5)} | fields
    with scope.opened(inside(VALLEES)):
        return factories.make_entry(**values)


def run(at: datetime = FIRST) -> int:
    with scope.opened(inside(VALLEES)) as place:
        territory = str(place.territory_id)
    with time_machine.travel(at, tick=False):
        return int(ask_capacities(territory))


def questions() -> list[str]:
    with scope.opened(inside(VALLEES)):
        rows = OutgoingMessage.objects.filter(dedup_key__startswith="capacity:").order_by("pk")
        return [row.dedup_key.rpartition(":")[2] for row in rows]


def address() -> str:
    with scope.opened(inside(VALLEES)):
        key = CapacityCheck.objects.order_by("-pk").values_list("public_id", flat=True)[0]
    return f"/places/{VALLEES}/{one_time.token_of(key)}/"


def kept(one: DirectoryEntry) -> tuple[str, date | None]:
    with scope.opened(inside(VALLEES)):
        found = DirectoryEntry.objects.get(pk=one.pk)
    return found.capacity_now, found.capacity_on


def test_asked_once_a_month_and_reminded_once(cast: dict[str, Person]) -> None:
    entry()
    told = []

    for days in (0, 0, 1, 9, 10, 11, 27, 29, 29):
        run(FIRST + timedelta(days=days))
        told.append(len(questions()))

    # The second of December is another month: another question, and the first link is dead.
    assert told == [1, 1, 1, 1, 2, 2, 2, 3, 3]
    assert questions() == ["first", "again", "first"]


@pytest.mark.parametrize(
    "fields",
    [
        {"email": ""},
        {"valid_to": date(2026, 11, 1)},
        {"valid_from": date(2026, 12, 1)},
        {"type": "TRANSFER_CELL"},
        {"type": "CRIP"},
        {"capacity_on": date(2026, 11, 1)},
    ],
)
def test_who_is_not_asked(cast: dict[str, Person], fields: dict[str, Any]) -> None:
    entry(**fields)

    assert run() == 0
    assert questions() == []


def test_service_that_answered_is_asked_no_more_this_month(cast: dict[str, Person]) -> None:
    one = entry()
    run()

    with time_machine.travel(FIRST + timedelta(days=1), tick=False):
        page = Client().get(address())
        thanks = Client().post(address(), {"answer": "waiting"})
    run(FIRST + timedelta(days=12))

    assert one.name in page.content.decode()
    assert "noindex" in page["X-Robots-Tag"]
    assert (page.status_code, thanks.status_code) == (200, 200)
    assert kept(one) == ("waiting", date(2026, 11, 3))
    assert questions() == ["first"]


def test_looking_answers_nothing(cast: dict[str, Person]) -> None:
    """Mail servers open what they carry."""
    one = entry()
    run()

    with time_machine.travel(FIRST, tick=False):
        for _ in range(3):
            Client().get(address())

    assert kept(one) == ("open", date(2026, 10, 5))


@pytest.mark.parametrize("typed", ["", "unknown", "OPEN", "maybe"])
def test_other_answer_is_refused_and_stores_nothing(cast: dict[str, Person], typed: str) -> None:
    one = entry()
    run()

    with time_machine.travel(FIRST, tick=False):
        refused = Client().post(address(), {"answer": typed})
        later = Client().post(address(), {"answer": "full"})

    assert refused.status_code == 422
    assert "Choisissez une des trois réponses." in refused.content.decode()
    assert later.status_code == 200
    assert kept(one) == ("full", date(2026, 11, 2))


def test_link_replayed_guessed_expired_or_of_another_territory(cast: dict[str, Person]) -> None:
    one = entry()
    run()
    url = address()

    with time_machine.travel(FIRST, tick=False):
        Client().post(url, {"answer": "full"})
        replayed = Client().post(url, {"answer": "open"})
        guessed = Client().get(f"/places/{VALLEES}/{'a' * 43}/")
        elsewhere = Client().get(url.replace(VALLEES, LAGON))
    with time_machine.travel(FIRST + timedelta(days=31), tick=False):
        expired = Client().get(url)

    assert "déjà répondu" in replayed.content.decode()
    assert [answer.status_code for answer in (guessed, elsewhere, expired)] == [404, 404, 404]
    assert kept(one) == ("full", date(2026, 11, 2))


def test_former_link_dies_with_the_next_months(cast: dict[str, Person]) -> None:
    entry()
    run(datetime(2026, 11, 20, 9, tzinfo=UTC))
    former = address()
    run(datetime(2026, 12, 1, 9, tzinfo=UTC))

    with time_machine.travel(datetime(2026, 12, 1, 10, tzinfo=UTC), tick=False):
        answers = [Client().get(url).status_code for url in (former, address())]

    assert answers == [404, 200]


def test_entry_that_has_ended_answers_no_more(cast: dict[str, Person]) -> None:
    one = entry()
    run()
    with scope.opened(inside(VALLEES)):
        DirectoryEntry.objects.filter(pk=one.pk).update(valid_to=date(2026, 11, 5))

    with time_machine.travel(FIRST + timedelta(days=6), tick=False):
        assert Client().post(address(), {"answer": "full"}).status_code == 404
    assert run(FIRST + timedelta(days=12)) == 0


def test_guessing_is_slowed_down(cast: dict[str, Person]) -> None:
    client = Client()

    codes = [client.get(f"/places/{VALLEES}/{'b' * 42}{rank:x}/").status_code for rank in range(16) for _ in (0, 1)]

    assert codes[:30] == [404] * 30
    assert codes[30:] == [429, 429]


def test_mail_names_the_service_and_nothing_of_health(cast: dict[str, Person]) -> None:
    entry(name="Cabinet des Érables")
    entry(type="VIOLENCE_SUPPORT", name="L’Abri-Calme", email="abri@lieu.example")
    run()
    with scope.opened(inside(VALLEES)) as place:
        territory = str(place.territory_id)
    with time_machine.travel(FIRST, tick=False):
        send_outgoing(territory)

    first, secret = sorted(mail.outbox, key=lambda one: one.to[0])[::-1]
    if "abri" in first.to[0]:
        first, secret = secret, first
    assert "Cabinet des Érables" in first.body
    assert f"/places/{VALLEES}/" in first.body
    assert "Abri" not in secret.body + secret.subject
    with scope.opened(inside(VALLEES)):
        assert (
            not OutgoingMessage.objects.filter(body__contains="/places/").exclude(body__contains="[[places/").exists()
        )


def test_answer_is_kept_with_its_author_and_without_its_token(cast: dict[str, Person]) -> None:
    entry()
    run()

    with time_machine.travel(FIRST, tick=False):
        Client().post(address(), {"answer": "full"})

    with scope.opened(inside(VALLEES)):
        events = list(HistoryEvent.objects.filter(table_name="territories_directoryentry").order_by("id"))
        asked = HistoryEvent.objects.filter(table_name="territories_capacitycheck").order_by("id")[0]
        stored = CapacityCheck.objects.get()
    assert events[-1].actor.startswith("link:")
    assert events[-1].after["capacity_now"] == "full"
    assert stored.token_hash not in str(asked.after)
    assert (stored.answer, stored.used_at) == ("full", FIRST)


def test_two_answers_at_the_same_instant_are_one(committed: None) -> None:
    with scope.opened(inside(VALLEES)):
        one = factories.make_entry("PSYCHOLOGIST")
        territory = Territory.objects.get(slug=VALLEES)
        at = clock.now()
        capacity.ask_capacity(pk=one.pk, territory=territory, at=at)
        check = CapacityCheck.objects.get()

    def say(answer: str) -> Any:
        return lambda: capacity.answer_capacity(check=check, answer=answer, today=at.date(), at=at)

    assert races.behind(say("full"), say("open")) == ["done", "answered"]
    assert kept(one)[0] == "full"


def test_age_of_an_answer_is_told(cast: dict[str, Person]) -> None:
    today = date(2026, 11, 3)
    with scope.opened(inside(VALLEES)):
        fresh = factories.make_entry("PSYCHOLOGIST", capacity_now="full", capacity_on=today - timedelta(days=31))
        old = factories.make_entry("PSYCHOLOGIST", capacity_now="full", capacity_on=today - timedelta(days=32))
        none = factories.make_entry("PSYCHOLOGIST")
        words = [directory.entry_line(one, today).capacity_words for one in (fresh, old, none)]
        choices = directory.choices_for(factories.who("farid"), "MOOD", "", today)

    assert words == ["complet en ce moment", "complet le 2\u00a0oct.\u00a02026, à redemander", ""]
    assert [line.capacity for line in choices] == ["unknown", "full", "full"]
    assert "complet le 2\u00a0oct.\u00a02026, à redemander" in choices[-1].choice_words + choices[-2].choice_words


def test_entry_says_when_it_was_said_and_that_it_was_asked(as_: Any, cast: dict[str, Person]) -> None:
    with time_machine.travel(FIRST, tick=False):
        one = entry(capacity_now="open", capacity_on=date(2026, 10, 20))
        run()
        page = as_("amal").get(f"{URL}{one.public_id}/").content.decode()

    assert "prend de nouvelles familles, dit le 20 oct. 2026" in " ".join(page.split())
    assert "demandé par e-mail le 2\u00a0nov.\u00a02026, pas encore de réponse" in page


def test_whoever_checks_an_entry_dates_its_places(vallees: scope.Scope) -> None:
    known = factories.make_entry(capacity_now="open", capacity_on=date(2026, 1, 5))
    unknown = factories.make_entry()

    for one in (known, unknown):
        review_entry(entry=one, by=factories.who("elise"), today=date(2026, 11, 3))

    assert DirectoryEntry.objects.get(pk=known.pk).capacity_on == date(2026, 11, 3)
    assert DirectoryEntry.objects.get(pk=unknown.pk).capacity_on is None


@pytest.mark.parametrize(
    "values", [{"answer": "open"}, {"answer": "", "used_at": FIRST}, {"answer": "unknown", "used_at": FIRST}]
)
def test_database_refuses_half_an_answer(vallees: scope.Scope, values: dict[str, Any]) -> None:
    one = factories.make_entry()
    about = {"entry": one, "month": date(2026, 11, 1), "asked_at": FIRST, "expires_at": FIRST, "token_hash": "x"}

    with pytest.raises(IntegrityError, match="capacity_answered_whole"), transaction.atomic():
        CapacityCheck.objects.create(**about, **values)
