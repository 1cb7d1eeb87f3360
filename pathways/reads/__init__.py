"""What pages of this app and of the layers above read, as frozen values."""

from pathways.reads.births import (
    BirthCard,
    BirthRow,
    BirthStep,
    accepted_not_included,
    birth_counts,
    birth_page,
    birth_rows,
    births_not_proposed,
    proposals_without_answer,
)
from pathways.reads.facts import FamilyFacts, families_facts, family_facts

__all__ = [
    "BirthCard",
    "BirthRow",
    "BirthStep",
    "FamilyFacts",
    "accepted_not_included",
    "birth_counts",
    "birth_page",
    "birth_rows",
    "births_not_proposed",
    "families_facts",
    "family_facts",
    "proposals_without_answer",
]
