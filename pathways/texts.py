"""The texts an adult is given, each under its version: one changed word is a new version (forms/inclusion.md 5 to 7).

A version is never taken out nor rewritten: what somebody was given stays readable from her file.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

# The programme these texts present includes families from this day on (`ProgrammeRules`).
CALL_2025 = date(2025, 12, 1)
ADHESION_VERSION = "adhesion-2026.1-fr"


class Reader(StrEnum):
    """Whom a text is for."""

    ADHESION = "adhesion"
    MOTHER = "mother"
    COPARENT = "coparent"


@dataclass(frozen=True, slots=True)
class Text:
    """One version. `template` holds its words; `is_offered` while it is still given; `is_easy`: easy to read (FALC).

    `valid_from` is the first local day on which it was given: that of the programme which asks for it.
    """

    version: str
    label: str
    reader: Reader
    template: str
    valid_from: date
    is_offered: bool = True
    is_easy: bool = False


TEXTS = (
    Text(
        ADHESION_VERSION,
        "Texte d’adhésion",
        Reader.ADHESION,
        "pathways/texts/adhesion-2026.1-fr.html",
        CALL_2025,
    ),
    Text(
        "notice-2026.1-fr",
        "Information sur vos données",
        Reader.MOTHER,
        "pathways/texts/notice-2026.1-fr.html",
        CALL_2025,
    ),
    Text(
        "notice-falc-2026.1-fr",
        "Version facile à lire",
        Reader.MOTHER,
        "pathways/texts/notice-falc-2026.1-fr.html",
        CALL_2025,
        is_easy=True,
    ),
    Text(
        "notice-coparent-2026.1-fr",
        "Information du co-parent",
        Reader.COPARENT,
        "pathways/texts/notice-coparent-2026.1-fr.html",
        CALL_2025,
    ),
)


def text_of(version: str) -> Text | None:
    """The text of this version; None for one the platform never had."""
    return next((one for one in TEXTS if one.version == version), None)


def adhesion_on(day: date) -> Text | None:
    """The text of adhesion in force on this local day; None before the first one."""
    known = [one for one in TEXTS if one.reader == Reader.ADHESION and one.valid_from <= day]
    return max(known, key=lambda one: one.valid_from, default=None)


def given_to(reader: Reader) -> list[Text]:
    """The texts given today to this reader."""
    return [one for one in TEXTS if one.reader == reader and one.is_offered]


def offered_to(reader: Reader) -> list[tuple[str, str]]:
    """The same as choices: (version, label)."""
    return [(one.version, one.label) for one in given_to(reader)]
