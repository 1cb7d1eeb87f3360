"""What somebody says of the lines of a list that cannot be written as they are, and what still waits for it."""

from collections.abc import Mapping
from types import MappingProxyType

from pathways.rules.import_listed import ListedBirth

# What somebody may decide of a probable duplicate; ADD is followed by the public id of the family.
OTHER, NOTHING, ADD = "other", "nothing", "add:"
# What somebody may say of a commune outside the territory: checked, or left for the adhesion to choose.
CONFIRMED, WITHOUT = "confirmed", "without"
# What was said of a list so far: by line, by `outside_key`, by `twin_key`.
Choices = Mapping[str, str]
NO_CHOICES: Choices = MappingProxyType({})


def outside_key(line: int) -> str:
    """Where a run keeps what was said of the commune of this line, among its choices."""
    return f"outside{line}"


def waits_for_commune(birth: ListedBirth, choice: str, answer: str) -> bool:
    """Whether a line is not written yet: its commune is outside, of which nobody has said anything (incl.address).

    Another birth of a known family (`choice` ADD) writes no commune: the family keeps its own.
    """
    return bool(birth.outside) and answer not in {CONFIRMED, WITHOUT} and not choice.startswith(ADD)


def twin_key(line: int) -> str:
    """Where a run keeps what was said of a line that may say a twin, among its choices."""
    return f"twin{line}"


def waits(birth: ListedBirth, choices: Choices) -> bool:
    """Whether a line to write is not written yet, because of something nobody has said of it."""
    choice = choices.get(str(birth.line), "")
    is_outside = waits_for_commune(birth, choice, choices.get(outside_key(birth.line), ""))
    return is_outside or any(not choices.get(twin_key(doubt.line)) for doubt in birth.doubts)


def is_undecided(birth: ListedBirth, choices: Choices) -> bool:
    """Whether a probable duplicate is asked about: nothing was said, or what was said could not be written."""
    choice = choices.get(str(birth.line), "")
    return not choice or (choice != NOTHING and not waits(birth, choices))
