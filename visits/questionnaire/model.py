"""The form as frozen dataclasses, read from a FHIR R4 Questionnaire.

`load` is the only door: it refuses a definition the engine could not hold to (unknown extension code, condition on
a question that does not exist, circular conditions). The caller caches the result by id and version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class DefinitionError(ValueError):
    """The Questionnaire cannot drive a form; the message (English) is for the person who imports it."""


@dataclass(frozen=True, kw_only=True)
class Questionnaire:
    """One version of one form. `document` is the FHIR JSON it was read from, kept to be served to the tablet."""

    id: str
    version: str
    title: str
    document: Mapping[str, Any]


def load(document: Mapping[str, Any]) -> Questionnaire:
    """Read a FHIR R4 Questionnaire. Raises DefinitionError when it cannot drive a form."""
    raise NotImplementedError
