"""The file of a family, one module per subject: the home, the births, the pathways, the agreements."""

from pathways.reads.facts.births import BirthFacts, ChildFacts, LastBirth, last_births
from pathways.reads.facts.families import FACT_READS, FamilyFacts, facts_of, families_facts, family_facts
from pathways.reads.facts.homes import ContactFacts, HomeFacts, homes
from pathways.reads.facts.names import Directory
from pathways.reads.facts.pathways import PathwayFacts, RelayFacts

__all__ = [
    "FACT_READS",
    "BirthFacts",
    "ChildFacts",
    "ContactFacts",
    "Directory",
    "FamilyFacts",
    "HomeFacts",
    "LastBirth",
    "PathwayFacts",
    "RelayFacts",
    "facts_of",
    "families_facts",
    "family_facts",
    "homes",
    "last_births",
]
