"""One parent for the processes of the product: it starts them, starts again what dies, takes all with it.

A child that dies leaves grandchildren: the workers of a web server keep its port. So every process below a
program carries a mark in its environment, and marked leftovers are killed before the program starts again,
those of an earlier run included. A child whose supervisor is killed gets SIGTERM from Linux itself.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType

from copa.kernel import processes

MARK = "COPA_PROGRAM"
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
STOP_PATIENCE = 6.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
MAX_DOUBLINGS = 6
# A child that ran this long was healthy: its next death is a first one again.
HEALTHY_AFTER = 30.0


@dataclass(frozen=True)
class Program:
    """A name for the logs, the command line that runs it in the foreground, and seconds to wait before it."""

    name: str
    command: Sequence[str]
    delay: float = 0.0


@dataclass
class _Child:
    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    deaths: int = 0


def pause_after(deaths: int) -> float:
    """Seconds before a program starts again, `deaths` being how often it has died in a row before.

    The doubling is bounded, not its result alone: after a night of failures the power would not fit a float.
    """
    return min(FIRST_PAUSE * 2.0 ** min(deaths, MAX_DOUBLINGS), LONGEST_PAUSE)


class Supervisor:
    """Runs programs until SIGTERM, SIGINT or SIGHUP, or until it is no longer wanted.

    `owner` tells this installation's processes from another's; `write(name, line)` receives all they print.
    """

    def __init__(self, programs: Sequence[Program], *, owner: str, write: Callable[[str, str], None]) -> None:
        self.owner = owner
        self.write = write
        self.children = [_Child(program) for program in programs]
        self.is_stopping = False

    def run(self, is_wanted: Callable[[], bool] = lambda: True) -> None:
        """Return when everything has ended. To be called from the main thread, which children follow."""
        previous = {number: signal.signal(number, self._stop_soon) for number in STOP_SIGNALS}
        for child in self.children:
            child.start_again_at = time.monotonic() + child.program.delay
        try:
            while not self.is_stopping and is_wanted():
                for child in self.children:
                    self._look_after(child)
                time.sleep(0.1)
        finally:
            self._stop_all()
            for number, handler in previous.items():
                signal.signal(number, handler)

    def end_leftovers(self) -> None:
        """Kill what an earlier run of this installation left behind."""
        for child in self.children:
            self._kill_marked(child.program)

    def _stop_soon(self, number: int, frame: FrameType | None) -> None:
        self.is_stopping = True

    def _look_after(self, child: _Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_again_at:
                self._start(child)
        elif child.process.poll() is not None:
            if now - child.started_at > HEALTHY_AFTER:
                child.deaths = 0
            pause = pause_after(child.deaths)
            child.deaths += 1
            child.start_again_at = now + pause
            self.write(child.program.name, f"ended ({child.process.returncode}), starts again in {pause:g} s")
            child.process = None
            self._kill_marked(child.program)

    def _start(self, child: _Child) -> None:
        # Not preexec_fn: running Python between fork and exec is not safe beside other threads.
        follow = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
        child.process = subprocess.Popen(
            [*follow, *child.program.command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", MARK: self._mark(child.program)},
            # Ctrl-C reaches the supervisor alone, which then ends its children in order.
            start_new_session=True,
        )
        child.started_at = time.monotonic()
        threading.Thread(target=self._copy_lines, args=(child.program.name, child.process), daemon=True).start()

    def _copy_lines(self, name: str, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            # A closed terminal must not stop the reading: a full pipe would block the child.
            with contextlib.suppress(OSError):
                self.write(name, line.decode(errors="replace").rstrip())

    def _stop_all(self) -> None:
        running = [child.process for child in self.children if child.process]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_PATIENCE
        while any(process.poll() is None for process in running) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.end_leftovers()
        for process in running:
            process.wait()

    def _kill_marked(self, program: Program) -> None:
        while left := processes.marked(f"{MARK}={self._mark(program)}"):
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)

    def _mark(self, program: Program) -> str:
        return f"{self.owner}:{program.name}"
