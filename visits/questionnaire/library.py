"""The form definitions delivered with the code. Others may be imported later and live in the database."""

from __future__ import annotations

from typing import Any


def packaged_definitions() -> list[dict[str, Any]]:
    """The FHIR Questionnaires of visits/questionnaires/, oldest version first, to be stored as ReportForm rows."""
    raise NotImplementedError
