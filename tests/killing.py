"""What the tests that kill share: who runs where, an end that is certain, a wait that is bounded."""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from copa.kernel import processes

PATIENCE = 60.0


def until(is_true: Callable[[], bool], what: str | Callable[[], str], *, patience: float = PATIENCE) -> None:
    """Wait for a fact, some seconds at most; fails with its name, or with what is seen at the end."""
    deadline = time.monotonic() + patience
    while not is_true():
        assert time.monotonic() < deadline, f"never happened: {what if isinstance(what, str) else what()}"
        time.sleep(0.05)


def kill(*pids: int | None) -> None:
    """Kill and wait for the end: until then a dying server's socket still takes connections. None is a failure."""
    for pid in pids:
        assert pid is not None, "there is nothing to kill"
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    until(lambda: not any(processes.is_alive(pid) for pid in pids if pid), "the end of what was killed")


def inside(folder: Path) -> list[int]:
    """Live processes whose working directory this is, as every process of a server's is its data directory."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if entry.name.isdigit() and (entry / "cwd").samefile(folder) and processes.is_alive(int(entry.name)):
                found.append(int(entry.name))
    return found


def parent(pid: int) -> int:
    """The parent's number; for a process that has ended meanwhile, its own."""
    fields = processes.read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    return int(fields[1]) if fields else pid


def postmaster(var: Path) -> int | None:
    """The PostgreSQL of this directory; None when none runs."""
    return processes.server_of(var / "pg" / "postmaster.pid", var / "pg")


def redis_server(var: Path) -> int | None:
    """The Redis server of this directory; None when none runs."""
    return processes.server_of(var / "redis" / "valkey.pid", var / "redis")
