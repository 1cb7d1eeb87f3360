"""Small pieces of the kernel: environment, clock, read-only cursor, outbox claims, files."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection

from copa.kernel import clock, env, outbox, readonly, scope, tabular
from territories.models import OutgoingMessage
from tests import cast as cast_module


def test_database_url_with_a_socket_directory() -> None:
    entry = env.postgres("postgresql://app:p%40ss@/copa?host=/run/pg&port=5433")

    assert (entry["USER"], entry["PASSWORD"], entry["NAME"]) == ("app", "p@ss", "copa")
    assert (entry["HOST"], entry["PORT"]) == ("/run/pg", "5433")


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://host", "copa"])
def test_malformed_database_url_stops(url: str) -> None:
    with pytest.raises(env.MalformedSetting):
        env.postgres(url)


@pytest.mark.parametrize(("name", "read"), [("COPA_WORD", env.boolean), ("COPA_WORD", env.integer)])
def test_malformed_value_stops_and_names_the_variable(monkeypatch, name, read) -> None:
    monkeypatch.setenv(name, "perhaps")

    with pytest.raises(env.MalformedSetting, match=name):
        read(name, default=1)


def test_secret_may_come_from_a_file(monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    monkeypatch.setenv("COPA_WORD_FILE", str(tmp_path / "secret"))

    assert env.text("COPA_WORD") == "s3cret"


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2028, 2, 29), 24)])
def test_local_day_is_as_long_as_the_clocks_make_it(day: date, hours: int) -> None:
    start, end = clock.day_bounds(day, "Europe/Paris")

    assert end - start == timedelta(hours=hours)


def test_local_date_is_the_one_of_the_territory() -> None:
    at = datetime(2026, 11, 2, 20, 30, tzinfo=UTC)

    assert clock.local_date(at, "Europe/Paris") == date(2026, 11, 2)
    assert clock.local_date(at, "Indian/Reunion") == date(2026, 11, 3)


@pytest.mark.parametrize(
    "statement",
    [
        "update territories_region set name = 'x'",
        "insert into territories_region values ('99', 'x')",
        "delete from territories_region",
        "with gone as (delete from territories_region returning 1) select * from gone",
        "select * from territories_region for update",
        "create table x (id int)",
        "select 1; truncate territories_region",
    ],
)
def test_reading_cannot_write(db: None, statement: str) -> None:
    with pytest.raises(readonly.WriteOnRead), readonly.reading_only(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    ["select 1", "with one as (select 1) select * from one", "(select 1) union (select 2)", "select 1; select 2;"],
)
def test_reading_reads(db: None, statement: str) -> None:
    with readonly.reading_only(), connection.cursor() as cursor:
        cursor.execute(statement)

        assert cursor.fetchone() == (1,)


AT = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


def make_message(key: str = "k") -> OutgoingMessage:
    return OutgoingMessage.objects.create(
        to="equipe@copa.example", subject="s", body="b", dedup_key=key, created_at=AT, next_attempt_at=AT
    )


def test_outbox_row_is_claimed_once(vallees: scope.Scope) -> None:
    message = make_message()

    first = outbox.claim(OutgoingMessage.objects.all(), message.pk, AT)
    second = outbox.claim(OutgoingMessage.objects.all(), message.pk, AT)

    assert (first, second) == (1, 0)


def test_claim_of_a_dead_worker_is_free_after_the_lease(vallees: scope.Scope) -> None:
    message = make_message()
    outbox.claim(OutgoingMessage.objects.all(), message.pk, AT)

    just_before = outbox.claim(OutgoingMessage.objects.all(), message.pk, AT + outbox.LEASE - timedelta(seconds=1))
    at_the_lease = outbox.claim(OutgoingMessage.objects.all(), message.pk, AT + outbox.LEASE)

    assert (just_before, at_the_lease) == (0, 2)


def test_failed_row_comes_back_later_and_stops_after_the_last_attempt(vallees: scope.Scope) -> None:
    message = make_message()
    rows = OutgoingMessage.objects.all()
    at = AT
    for _ in range(outbox.MAX_ATTEMPTS):
        attempt = outbox.claim(rows, message.pk, at)
        outbox.put_back(rows, message.pk, at, "450 boîte pleine", attempt=attempt)
        at += timedelta(hours=2)

    message.refresh_from_db()
    assert message.state == outbox.OutboxState.FAILED
    assert message.answer == "450 boîte pleine"
    assert not outbox.claim(rows, message.pk, at)


def test_slow_worker_does_not_put_back_what_another_one_is_sending(vallees: scope.Scope) -> None:
    message, rows = make_message(), OutgoingMessage.objects.all()
    slow = outbox.claim(rows, message.pk, AT)
    later = AT + outbox.LEASE
    outbox.claim(rows, message.pk, later)

    outbox.put_back(rows, message.pk, later, "délai dépassé", attempt=slow)

    assert not outbox.ready_ids(rows, later + timedelta(minutes=1))


def test_what_a_slow_worker_sent_after_all_does_not_leave_again(vallees: scope.Scope) -> None:
    message, rows = make_message(), OutgoingMessage.objects.all()
    outbox.claim(rows, message.pk, AT)
    later = AT + outbox.LEASE
    second = outbox.claim(rows, message.pk, later)
    outbox.put_back(rows, message.pk, later, "450 boîte pleine", attempt=second)

    assert outbox.mark_sent(rows, message.pk, later)

    assert not outbox.ready_ids(rows, later + timedelta(days=1))


def test_row_that_silences_every_worker_waits_longer_each_time_and_is_given_up(
    vallees: scope.Scope, caplog: pytest.LogCaptureFixture
) -> None:
    message = make_message()
    rows = OutgoingMessage.objects.all()
    at, waits = AT, []
    for _ in range(outbox.MAX_ATTEMPTS):
        assert outbox.claim(rows, message.pk, at)
        message.refresh_from_db()
        waits.append((message.next_attempt_at - at) // timedelta(minutes=1))
        assert not outbox.claim(rows, message.pk, message.next_attempt_at - timedelta(seconds=1))
        at = message.next_attempt_at

    assert waits == [5, 5, 5, 8, 16, 32, 32, 32]
    assert outbox.ready_ids(rows, at) == [message.pk]
    assert not outbox.claim(rows, message.pk, at)
    message.refresh_from_db()
    assert (message.state, message.answer) == (outbox.OutboxState.FAILED, outbox.SILENCED)
    assert "was given up after 8 attempts" in caplog.text
    assert outbox.ready_ids(rows, at + timedelta(days=1)) == []


def test_rows_given_up_are_listed_without_their_content_and_tried_again_on_request(
    vallees: scope.Scope, capsys: pytest.CaptureFixture[str]
) -> None:
    message = make_message()
    OutgoingMessage.objects.update(state=outbox.OutboxState.FAILED, attempts=8, answer="450 full")

    call_command("outbox")
    listed = capsys.readouterr().out
    call_command("outbox", retry=True)

    assert listed == f"vallees territories.OutgoingMessage {message.pk}: 8 attempts, 450 full\n1 given up\n"
    assert outbox.ready_ids(OutgoingMessage.objects.all(), clock.now()) == [message.pk]
    message.refresh_from_db()
    assert (message.state, message.attempts) == (outbox.OutboxState.QUEUED, 0)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("=SOMME(A1)", "'=SOMME(A1)"),
        ("+33199001248", "'+33199001248"),
        ("01234", "01234"),
        (-3, "-3"),
        (Decimal("2.50"), "2,50"),
        (date(2026, 11, 3), "2026-11-03"),
        (True, "1"),
        (None, ""),
    ],
)
def test_cell_is_text_that_no_spreadsheet_runs(cell: tabular.Cell, text: str) -> None:
    assert tabular.safe(cell) == text


def test_scope_comes_back_after_a_nested_one(vallees: scope.Scope, cast) -> None:
    with scope.opened(cast_module.inside(cast_module.LAGON)):
        pass

    with connection.cursor() as cursor:
        cursor.execute("select current_setting('copa.territory')")
        assert cursor.fetchone()[0] == str(vallees.territory_id)


def test_error_of_the_database_inside_a_nested_scope_is_not_hidden(vallees: scope.Scope, cast) -> None:
    with (
        pytest.raises(DatabaseError, match="division by zero"),
        scope.opened(cast_module.inside(cast_module.LAGON)),
        connection.cursor() as cursor,
    ):
        cursor.execute("select 1 / 0")

    with connection.cursor() as cursor:
        cursor.execute("select current_setting('copa.territory')")
        assert cursor.fetchone()[0] == str(vallees.territory_id)
