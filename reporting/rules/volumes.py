"""How far the programme is from the births it aims at (R039): pure, aggregates alone."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

# R039: 20 000 births a year, 60 000 over the three years of the experiment.
BIRTHS_A_YEAR = 20_000
BIRTHS_IN_ALL = 60_000
# The quarter in which the second programme began (1 December 2025).
FIRST_QUARTER_ON = date(2025, 10, 1)
# A sum is told by the hundred: beside a table with masked counts an exact one would give them away (N7).
STEP = 100


@dataclass(frozen=True, slots=True)
class Volume:
    """A counter and its aim."""

    label: str
    count: int
    aim: int
    is_rounded: bool

    @property
    def step(self) -> int:
        """What a rounded count is told by."""
        return STEP

    @property
    def share(self) -> Decimal:
        """The part of the aim that is reached."""
        return Decimal(self.count) / Decimal(self.aim)


def volumes(*, declared: int, proposed: int) -> tuple[Volume, Volume]:
    """`declared` births a year of the territories under way; `proposed` births at which CoPa was proposed so far."""
    return (
        Volume("Naissances par an des territoires actifs", declared, BIRTHS_A_YEAR, is_rounded=False),
        Volume("Naissances où CoPa a été proposé, depuis le début", by_step(proposed), BIRTHS_IN_ALL, is_rounded=True),
    )


def by_step(count: int) -> int:
    """The hundred below."""
    return count // STEP * STEP
