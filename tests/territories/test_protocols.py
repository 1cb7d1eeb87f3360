"""Protocols of a territory: published, never changed, older versions readable (R090); the library (R089)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from territories.actions.protocols import Published, publish_version
from territories.models import HistoryEvent, Protocol, ProtocolVersion
from territories.reads.protocols import protocols
from tests import factories, queries
from tests.cast import LAGON, VALLEES, Person, inside

URL = f"/t/{VALLEES}/steering/protocols/"
AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
TODAY = date(2026, 11, 3)


@pytest.fixture
def here(vallees: scope.Scope) -> Any:
    with time_machine.travel(AT, tick=False) as travelled:
        yield travelled


def next_version(protocol: Protocol, *, days: int, words: str = "Autre texte") -> ProtocolVersion:
    said = Published(valid_from=TODAY + timedelta(days=days), words=words, document=None)
    return publish_version(protocol=protocol, published=said, by=factories.who("nora"), at=AT)


def test_version_in_force_is_the_last_that_has_begun(here: Any) -> None:
    made = factories.make_protocol()
    next_version(made, days=0, words="Aujourd’hui")
    next_version(made, days=1, words="Demain")

    [line] = protocols(TODAY)
    assert [(one.number, one.state) for one in line.versions] == [(3, "ahead"), (2, "running"), (1, "past")]
    assert line.shown.words == "Aujourd’hui"
    assert protocols(TODAY + timedelta(days=1))[0].shown.words == "Demain"


def test_protocol_that_has_not_begun_is_shown_as_such(here: Any) -> None:
    factories.make_protocol(days_ago=-10)

    assert protocols(TODAY)[0].shown.state == "ahead"


def test_published_version_never_changes(here: Any) -> None:
    made = factories.make_protocol()

    with pytest.raises(DatabaseError), transaction.atomic():
        ProtocolVersion.objects.filter(protocol=made).update(words="Autre chose")

    assert HistoryEvent.objects.filter(table_name="territories_protocolversion").exists()
    with scope.opened(inside(LAGON)):
        assert (Protocol.unscoped.count(), ProtocolVersion.unscoped.count()) == (0, 0)


def test_version_before_the_last_or_empty_is_refused_and_leaves_nothing(here: Any) -> None:
    made = factories.make_protocol()

    for days, words, code in ((-31, "Texte", "before_the_last"), (0, "  ", "says_nothing")):
        with pytest.raises(BusinessError) as refusal:
            next_version(made, days=days, words=words)
        assert refusal.value.code == code
    with pytest.raises(BusinessError, match="existe déjà"):
        factories.make_protocol()
    with pytest.raises(BusinessError):
        factories.make_protocol("Un autre", words="", document=None)

    assert (Protocol.objects.count(), ProtocolVersion.objects.count()) == (1, 1)


@pytest.mark.parametrize("name", ["amal", "ines", "marc", "gaelle", "olga", "farid"])
def test_everybody_reads_every_version_and_the_library(client, cast: dict[str, Person], name: str) -> None:
    with scope.opened(inside(VALLEES)):
        made = factories.make_protocol()
        next_version(made, days=-1)
        first = ProtocolVersion.objects.get(protocol=made, number=1)
    client.force_login(cast[name].user)

    listed = client.get(URL).content.decode()
    old = client.get(f"{URL}versions/{first.public_id}/").content.decode()

    assert "version 2" in listed
    assert "ARS Grand Est" in listed
    assert "Le compte rendu part le jour même." in old
    assert client.get(f"{URL}versions/{first.public_id}/document/").content == factories.A_PDF


@time_machine.travel(AT, tick=False)
def test_binome_publishes_from_the_page(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["nora"].user)
    typed = {"title": "Week-end", "valid_from": "2026-11-01", "words": "La permanence prend les sorties."}

    assert client.post(f"{URL}new/", typed).status_code == 302
    with scope.opened(inside(VALLEES)):
        made = Protocol.objects.get()
    again = client.post(f"{URL}{made.public_id}/new/", typed | {"valid_from": "2026-10-01"})

    assert again.status_code == 422
    assert again.context["form"].has_error("valid_from")
    assert "La permanence prend les sorties." in again.content.decode()


def test_one_protocol_and_ten_cost_the_same(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_protocol()
    client.force_login(cast["amal"].user)
    one = queries.count(client, URL)
    with scope.opened(inside(VALLEES)):
        for rank in range(9):
            next_version(factories.make_protocol(f"Protocole {rank}"), days=rank)

    assert queries.count(client, URL) == one
