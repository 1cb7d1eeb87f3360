"""Under a bead of the thread, the day of another year says it."""

from datetime import date

import pytest

from visits.reads.thread import file_thread


@pytest.mark.parametrize(
    ("today", "subs"),
    [
        (date(2025, 12, 30), ["dim. 28 déc.", "18 janv. 2026"]),
        (date(2026, 1, 10), ["28 déc. 2025", "dim. 18 janv."]),
        (date(2027, 1, 10), ["28 déc. 2025", "18 janv. 2026"]),
    ],
)
def test_day_of_another_year_says_it(today: date, subs: list[str]) -> None:
    thread = file_thread(
        birth_day=date(2025, 12, 28),
        visits=[],
        today=today,
        zone="Europe/Paris",
        relay_on=date(2026, 1, 18),
        name="Lou",
        is_active=False,
    )

    assert [bead.sub.replace("\u00a0", " ") for bead in thread.beads] == subs
    assert [bead.day for bead in thread.beads] == [0, 21]
