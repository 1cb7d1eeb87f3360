"""A family whose child was born this very Monday, with its own auxiliary or not."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from copa.kernel import scope
from pathways.models import Pathway
from tests import factories
from tests.visits.early.calls import MONDAY, leave, on_duty


@pytest.fixture
def pathway(vallees: scope.Scope) -> Any:
    """A family of Amal whose child was born this very Monday, at an hour before midnight."""
    with time_machine.travel(MONDAY, tick=False):
        yield factories.make_pathway(factories.make_birth(at=MONDAY - timedelta(hours=10)), ap=factories.who("amal"))


@pytest.fixture
def followed(pathway: Pathway) -> Pathway:
    """Amal follows the family and has planned V1; Bea is on duty and was called too."""
    on_duty("bea")
    leave(pathway)
    factories.make_visit(pathway, "V1", planned_at=MONDAY + timedelta(days=6))
    return pathway
