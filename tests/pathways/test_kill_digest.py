"""A worker killed between two digests of late relays: each reader gets one mail a day, however often it runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from copa.celery import app
from copa.kernel import clock, scope
from pathways.actions.relay_digest import DIGEST_FROM, digests_due
from pathways.models import PmiRelay
from pathways.relay_notices import digest_key
from territories.models import OutgoingMessage, Structure, Territory
from tests import factories, workers
from tests.cast import VALLEES, inside
from tests.killing import until

pytestmark = pytest.mark.kill


@pytest.fixture
def queues(committed: None) -> Iterator[str]:
    with workers.real_queue() as prefix:
        yield prefix


def where_digests_leave() -> str:
    """A zone of the Republic where it is after eight now."""
    zones = ("Europe/Paris", "America/Cayenne", "Pacific/Noumea")
    return next(zone for zone in zones if clock.now().astimezone(ZoneInfo(zone)).time() >= DIGEST_FROM)


def late_relay() -> list[str]:
    """A relay eight days late; the keys of the two mails about it, in the order in which they are written."""
    zone = where_digests_leave()
    Territory.objects.filter(slug=VALLEES).update(time_zone=zone)
    with scope.opened(inside(VALLEES)):
        today = clock.local_date(clock.now(), zone)
        relay = factories.make_relay()
        PmiRelay.objects.filter(pk=relay.pk).update(due_on=today - timedelta(days=8))
        readers = (Structure.objects.get(name="PMI de Ligny").public_id, factories.who("elise").public_id)
        return sorted(digest_key(today, str(reader)) for reader in readers)


@contextmanager
def writing(key: str) -> Iterator[psycopg.Connection[Any]]:
    """Somebody else is about to write the mail of this key: whoever writes it too waits for her."""
    with scope.opened(inside(VALLEES)):
        at = clock.now()
        later = {"created_at": at, "next_attempt_at": at + timedelta(days=1)}
        model = OutgoingMessage.objects.create(to="x@copa.example", subject="x", body="x", dedup_key="model", **later)
    names = [field.column for field in OutgoingMessage._meta.concrete_fields if not field.primary_key]
    changed = {"dedup_key": "%(key)s", "public_id": "gen_random_uuid()"}
    with psycopg.connect(workers.database_url("default")) as other:
        other.execute("select set_config('copa.territory', %s, true)", [str(model.territory_id)])
        other.execute("select set_config('copa.actor', 'test', true)")
        columns = ", ".join(f'"{name}"' for name in names)
        values = ", ".join(changed.get(name, f'"{name}"') for name in names)
        table = OutgoingMessage._meta.db_table
        query = f"insert into {table} ({columns}) select {values} from {table} where id = %(model)s"
        other.execute(query, {"key": key, "model": model.pk})
        yield other
        other.rollback()


def written() -> list[str]:
    with scope.opened(inside(VALLEES)):
        mails = OutgoingMessage.objects.exclude(dedup_key="model").order_by("dedup_key")
        return list(mails.values_list("dedup_key", flat=True))


def test_a_worker_killed_between_two_digests_loses_none_and_sends_none_twice(queues: str) -> None:
    first, second = late_relay()

    with writing(second) as holder:
        app.send_task("pathways.send_relay_digests_everywhere")
        with workers.worker(queues) as victim:
            until(lambda: workers.somebody_waits(holder), "the worker waits to write the second mail")
            workers.kill(victim)
    assert written() == [first]

    workers._sweep(queues)
    app.send_task("pathways.send_relay_digests_everywhere")
    app.send_task("pathways.send_relay_digests_everywhere")
    with workers.worker(queues):
        until(lambda: written() == [first, second], "the second mail is written")
    with scope.opened(inside(VALLEES)):
        again = digests_due(at=clock.now())

    assert again == []
    assert written() == [first, second]
