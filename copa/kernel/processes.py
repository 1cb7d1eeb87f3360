"""Starting, watching and ending processes of this machine (Linux), for embedded services and supervisor."""

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

LOG_LIMIT = 10_000_000


@dataclass(frozen=True)
class Account:
    """The system account a server runs as when the caller is root."""

    uid: int
    gid: int


class _Surroundings(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]
    env: dict[str, str]
    cwd: str
    umask: int


def surroundings(account: Account | None, **more: str) -> _Surroundings:
    """Arguments of subprocess for a server: its account, none of the caller's PG… variables, cwd /."""
    given: _Surroundings = {"env": {"PATH": "/usr/bin:/bin", "TZ": "UTC", **more}, "cwd": "/", "umask": 0o077}
    if account:
        given |= {"user": account.uid, "group": account.gid, "extra_groups": []}
    return given


def can(account: Account, permission: str, path: Path) -> bool:
    """Whether the account has a permission of test(1), "-x" say, on the path, its parents included."""
    asked = subprocess.run(["/usr/bin/test", permission, path], check=False, **surroundings(account))
    return asked.returncode == 0


def spawn(command: list[str | Path], log: Path, account: Account | None, **environment: str) -> int:
    """Start a server detached from the caller, as a child of pid 1, and return its process number.

    What it prints is added to `log`; one old log is kept beside it.
    """
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as lines:
        shell = subprocess.run(
            ["/bin/sh", "-c", '"$@" </dev/null >&2 & echo $!', "sh", *command],
            check=True,
            stdout=subprocess.PIPE,
            stderr=lines,
            start_new_session=True,
            **surroundings(account, **environment),
        )
    return int(shell.stdout)


def is_alive(pid: int) -> bool:
    """Whether the process runs. A zombie does not: a container's pid 1 may leave it there for ever."""
    stat = read(Path(f"/proc/{pid}/stat"))
    return bool(stat) and stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def server_of(pid_file: Path, data: Path) -> int | None:
    """The live server a pid file names, known by its working directory.

    None for a server that died, also when its number was given to a stranger since.
    """
    words = read(pid_file).split(maxsplit=1)
    if not words or not words[0].isdigit() or not is_alive(int(words[0])):
        return None
    with contextlib.suppress(OSError):
        if Path(f"/proc/{words[0]}/cwd").samefile(data):
            return int(words[0])
    return None


def end(pid: int | None, how: signal.Signals, *, patience: float) -> None:
    """Ask a process to stop and wait until it has; it is killed when `patience` seconds were not enough."""
    if pid is None:
        return
    deadline = time.monotonic() + patience
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)
        while is_alive(pid):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)


def left_behind_in(folder: Path) -> list[int]:
    """Live processes whose working directory was this one before it was removed and perhaps made again."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and (entry / "cwd").readlink() == Path(f"{folder} (deleted)"):
                found.append(int(entry.name))
    return [pid for pid in found if is_alive(pid)]


def marked(mark: str) -> list[int]:
    """Live processes whose environment carries `mark` ("NAME=value"), this one excepted."""
    wanted = mark.encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with contextlib.suppress(OSError):
                if wanted in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
    return [pid for pid in found if is_alive(pid)]


def read(path: Path) -> str:
    """The text of a file, "" when there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, NotADirectoryError, ProcessLookupError):
        return ""


def tail(log: Path, *, lines: int = 15) -> str:
    """The last lines of a log."""
    return "\n".join(read(log).splitlines()[-lines:])
