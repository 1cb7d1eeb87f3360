"""What pages of this app and of the layers above read, as frozen values."""

from pathways.reads.births import (
    BirthRow,
    BirthStep,
    birth_counts,
    birth_page,
    birth_rows,
    up_max_hours,
)
from pathways.reads.facts import FamilyFacts, families_facts, family_facts

__all__ = [
    "BirthRow",
    "BirthStep",
    "FamilyFacts",
    "birth_counts",
    "birth_page",
    "birth_rows",
    "families_facts",
    "family_facts",
    "up_max_hours",
]
