"""The supervisor: what dies comes back, what is stopped leaves nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from copa.kernel import processes, supervisor
from tests.killing import until

ROOT = Path(__file__).resolve().parents[2]
# A program with a worker of its own that ignores polite requests, as a hung web worker would.
PROGRAM = """
import signal, subprocess, sys
stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
subprocess.Popen([sys.executable, "-c", stubborn])
print("started", flush=True)
signal.pause()
"""
RUN = """
import sys
from copa.kernel.supervisor import Program, Supervisor
program = Program("web", [sys.executable, "-c", sys.argv[2]])
Supervisor([program], owner=sys.argv[1], write=lambda name, line: print(name, line, flush=True)).run()
print("stopped", flush=True)
"""

pytestmark = pytest.mark.kill


@pytest.fixture
def owner() -> Iterator[str]:
    """A mark nobody else uses; whatever a failed test leaves under it is killed."""
    owner = f"test-{os.getpid()}-{time.monotonic_ns()}"
    yield owner
    supervisor.Supervisor([supervisor.Program("web", [])], owner=owner, write=print).end_leftovers()


@pytest.fixture
def running(owner: str) -> Iterator[subprocess.Popen[str]]:
    """A supervisor with one program and its stubborn worker, both up."""
    with subprocess.Popen(
        [sys.executable, "-c", RUN, owner, PROGRAM], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        until(lambda: len(_below(owner)) == 2, "a program and its worker")
        yield process
        process.kill()


def _below(owner: str) -> list[int]:
    return processes.marked(f"{supervisor.MARK}={owner}:web")


@pytest.mark.parametrize(("deaths", "seconds"), [(0, 0.5), (1, 1), (5, 16), (6, 30), (100_000, 30)])
def test_pause_doubles_up_to_half_a_minute(deaths: int, seconds: float) -> None:
    assert supervisor.pause_after(deaths) == seconds


def test_killed_program_starts_again_without_its_old_workers(running: subprocess.Popen[str], owner: str) -> None:
    old = set(_below(owner))

    os.kill(min(old), signal.SIGKILL)

    until(lambda: len(_below(owner)) == 2 and not old & set(_below(owner)), "two new processes")


def test_stop_leaves_no_process(running: subprocess.Popen[str], owner: str) -> None:
    started = time.monotonic()

    running.terminate()
    output, _ = running.communicate(timeout=15)

    assert running.returncode == 0
    assert output.endswith("stopped\n")
    assert _below(owner) == []
    assert time.monotonic() - started < supervisor.STOP_PATIENCE + 3


def test_program_is_told_to_end_when_its_supervisor_is_killed(running: subprocess.Popen[str], owner: str) -> None:
    program = min(_below(owner))

    running.kill()

    until(lambda: not processes.is_alive(program), "the end of the program")


def test_leftovers_of_a_killed_run_are_ended(running: subprocess.Popen[str], owner: str) -> None:
    running.kill()
    running.wait()

    supervisor.Supervisor([supervisor.Program("web", [])], owner=owner, write=print).end_leftovers()

    assert _below(owner) == []


def test_every_line_is_written_after_the_name_of_its_program(running: subprocess.Popen[str], owner: str) -> None:
    running.terminate()
    output, _ = running.communicate(timeout=15)

    assert "web started" in output.splitlines()
