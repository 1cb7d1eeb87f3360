"""Alerts born of answers: which family, for whom, and the procedure the tablet shows.

Families, delays and procedures are data (`visits/questionnaires/alerts.json`, from docs/forms/alerts.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from visits.questionnaire.model import Questionnaire


@dataclass(frozen=True, kw_only=True)
class RaisedAlert:
    """One alert row to record: one family, for one person, with every sign that caused it.

    `subject` is "MOTHER", "HOME" or the `ref` of a child. `sensitivity` is "S2" or "S3" (the highest of the codes:
    an S3 sign seals the whole alert). `codes` are sign codes, or `EPDS_ITEM10`.
    """

    family: str
    subject: str
    codes: tuple[str, ...]
    sensitivity: str


def alerts_raised(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> list[RaisedAlert]:
    """Every alert these answers raise, one per family and subject (W4). Pure: recording and keeping is the caller's.

    `epds.i10` at 1 or more always raises MIND_VITAL, whatever the other nine values (E1, P12). Un-ticking a sign
    makes its alert disappear from this list; a recorded alert never closes that way.
    """
    raise NotImplementedError
