"""A Celery worker that lives at the instant a test has written in a file, and reads it again before each task."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import time_machine
from celery.bin.celery import main
from celery.signals import task_prerun

# Where the test writes its instant, as ISO 8601 with its offset.
FILE_VARIABLE = "COPA_TEST_INSTANT_FILE"


def written_instant() -> datetime:
    """The instant of the test."""
    return datetime.fromisoformat(Path(os.environ[FILE_VARIABLE]).read_text())


def live_and_work() -> None:
    """Stand at that instant, then become the worker; its children are born there too."""
    with time_machine.travel(written_instant(), tick=False) as traveller:

        def move(**kwargs: Any) -> None:
            traveller.move_to(written_instant())

        task_prerun.connect(move, weak=False)
        main()


if __name__ == "__main__":
    live_and_work()
