"""The embedded servers: started once whoever asks, back with their data whatever is killed."""

import os
import shutil
import subprocess
import sys
import tempfile
import timeit
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from copa.kernel import processes, services
from tests.killing import inside, kill, parent, postmaster, redis_server

ROOT = Path(__file__).resolve().parents[2]
START = "import pathlib, sys; from copa.kernel import services; services.ensure(pathlib.Path(sys.argv[1]))"

pytestmark = pytest.mark.kill


@pytest.fixture(scope="module")
def var() -> Iterator[Path]:
    """A directory of its own for these servers; readable by all, as a checkout usually is."""
    var = Path(tempfile.mkdtemp(prefix="copa-test-"))
    var.chmod(0o755)
    yield var
    services.stop(var)
    shutil.rmtree(var)


def _write(var: Path, text: str) -> None:
    with psycopg.connect(services.ensure(var).superuser_database_url) as connection:
        connection.execute("create table if not exists notes (text text)")
        connection.execute("insert into notes values (%s)", [text])


def _kept(var: Path, text: str) -> bool:
    with psycopg.connect(services.ensure(var).superuser_database_url) as connection:
        return bool(connection.execute("select 1 from notes where text = %s", [text]).fetchone())


def _set(var: Path, key: str, value: str) -> None:
    with Redis.from_url(services.ensure(var).redis_url) as redis:
        redis.set(key, value)


def _get(var: Path, key: str) -> object:
    with Redis.from_url(services.ensure(var).redis_url) as redis:
        return redis.get(key)


def test_eight_processes_starting_at_once_share_one_pair_of_servers(var: Path) -> None:
    services.stop(var)

    starting = [subprocess.Popen([sys.executable, "-c", START, str(var)], cwd=ROOT) for _ in range(8)]

    assert [process.wait(60) for process in starting] == [0] * 8
    assert services.is_up(var)
    cluster = inside(var / "pg")
    assert [pid for pid in cluster if parent(pid) not in cluster] == [postmaster(var)]
    assert inside(var / "redis") == [redis_server(var)]


def test_ensure_costs_little_when_all_is_up(var: Path) -> None:
    services.ensure(var)

    # The best of several: another test may be using the processor.
    assert min(timeit.repeat(lambda: services.ensure(var), number=1, repeat=20)) < 0.01


def test_runtime_login_is_neither_superuser_nor_exempt_from_row_security(var: Path) -> None:
    with psycopg.connect(services.ensure(var).database_url) as connection:
        login = connection.execute(
            "select rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, pg_has_role('copa_runtime', 'member')"
            " from pg_roles where rolname = current_user"
        ).fetchone()

    assert login == ("copa_app", False, False, False, False, True)


def test_owner_login_owns_the_database_and_obeys_row_security(var: Path) -> None:
    with psycopg.connect(services.ensure(var).owner_database_url) as connection:
        login = connection.execute(
            "select rolname, rolsuper, rolbypassrls, rolcreatedb, datdba = pg_roles.oid from pg_roles, pg_database"
            " where rolname = current_user and datname = current_database()"
        ).fetchone()

    assert login == ("copa_owner", False, False, True, True)


def test_runtime_login_creates_no_table(var: Path) -> None:
    refused = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with psycopg.connect(services.ensure(var).database_url) as connection, refused:
        connection.execute("create table intruder (id int)")


def test_sockets_are_closed_to_other_accounts(var: Path) -> None:
    services.ensure(var)

    assert (var / "run").resolve().stat().st_mode & 0o777 == 0o700


def test_committed_rows_survive_the_kill_of_thepostmaster(var: Path) -> None:
    _write(var, "before the kill")

    kill(postmaster(var))

    assert _kept(var, "before the kill")


def test_committed_rows_and_keys_survive_the_kill_of_every_process(var: Path) -> None:
    _write(var, "before the massacre")
    _set(var, "job", "waiting")

    kill(*inside(var / "pg"), *inside(var / "redis"))

    assert _kept(var, "before the massacre")
    assert _get(var, "job") == b"waiting"


def test_key_survives_the_kill_of_redis(var: Path) -> None:
    _set(var, "key", "kept")

    kill(redis_server(var))

    assert _get(var, "key") == b"kept"


def test_data_survive_a_stop_with_an_open_connection(var: Path) -> None:
    _write(var, "before the stop")
    connection = psycopg.connect(services.ensure(var).database_url)

    services.stop(var)

    connection.close()
    assert not services.is_up(var)
    assert _kept(var, "before the stop")


def test_servers_come_back_when_their_sockets_were_removed(var: Path) -> None:
    _write(var, "before the broom")

    for path in (var / "run").iterdir():
        path.unlink()

    assert _kept(var, "before the broom")


def test_servers_whose_data_were_removed_give_way_to_new_ones(var: Path) -> None:
    services.ensure(var)
    old = inside(var / "pg") + inside(var / "redis")

    for name in ("pg", "redis", "run"):
        shutil.rmtree(var / name)
    services.ensure(var)

    assert not any(processes.is_alive(pid) for pid in old)
    assert services.is_up(var)


def test_pid_file_naming_a_stranger_does_not_prevent_the_start(var: Path) -> None:
    """After a restart of the machine or container, small process numbers are given again."""
    _write(var, "before the restart")
    services.stop(var)
    owner = (var / "pg").stat()
    pid_file = var / "pg" / "postmaster.pid"

    pid_file.write_text(f"{os.getpid()}\n{var}/pg\n1\n5432\n{var}/run\n\n 1 0\nready   \n")
    os.chown(pid_file, owner.st_uid, owner.st_gid)

    assert _kept(var, "before the restart")


@pytest.mark.parametrize(
    "left", ["update pg_database set datconnlimit = -2 where datname = 'copa'", "drop database copa"]
)
def test_emptying_killed_half_way_is_finished_by_the_next_start(var: Path, left: str) -> None:
    running = services.ensure(var)
    maintenance = running.superuser_database_url.replace("/copa?", "/postgres?")
    (var / "services.ready").unlink()
    with psycopg.connect(maintenance, autocommit=True) as connection:
        connection.execute(left)

    with psycopg.connect(services.ensure(var).database_url) as connection:
        assert connection.execute("select current_user").fetchone() == ("copa_app",)


def test_emptied_database_is_ready_and_its_tables_are_gone(var: Path) -> None:
    _write(var, "before")

    with psycopg.connect(services.empty(var).superuser_database_url) as connection:
        assert connection.execute("select to_regclass('notes')").fetchone() == (None,)

    assert services.is_up(var)


def test_private_directory_of_somebody_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir(mode=0o755)

    with pytest.raises(services.ServicesError, match="private"):
        services._make_private(tmp_path / "run", None)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the servers to another account")
def test_root_in_a_private_directory_gets_its_data_behind_links() -> None:
    private = Path(tempfile.mkdtemp(prefix="copa-private-"))
    var = private / "var"

    try:
        _write(var, "reachable")

        assert private.stat().st_mode & 0o777 == 0o700
        assert (var / "pg").is_symlink()
        assert _kept(var, "reachable")
    finally:
        services.stop(var)
        shutil.rmtree((var / "pg").resolve().parent)
        shutil.rmtree(private)
