"""The day of the tasks."""

import pytest
import time_machine

from tests.factories import (
    make_team_meeting,
    structure,
)
from tests.visits.todo.lines import AT


@pytest.fixture
def at(vallees):
    with time_machine.travel(AT, tick=False):
        # Both teams have met this week: that task has its own tests.
        for place in ("Maternité Saint-Rémi", "Maternité Montreval"):
            make_team_meeting(days_ago=1, structure_id=structure(place).pk)
        yield AT
