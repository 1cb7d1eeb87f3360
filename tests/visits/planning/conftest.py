"""The pathway that is planned, on the day it is."""

from collections.abc import Iterator

import pytest
import time_machine

from copa.kernel import scope
from pathways.models import Pathway
from tests.factories import make_birth, make_pathway, who
from tests.visits.planning.plans import AT, BORN


@pytest.fixture
def pathway(vallees: scope.Scope) -> Iterator[Pathway]:
    with time_machine.travel(AT, tick=False):
        yield make_pathway(make_birth(at=BORN), ap=who("amal"))
