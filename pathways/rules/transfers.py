"""Rules of a family that another territory takes over."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

# An offer nobody answers is taken back, and what was to be sent is erased (R154: no longer than needed). « À valider ».
TRANSFER_KEPT = timedelta(days=30)

# Reports that go along are words, a few thousand letters each. Past this nobody has read them with her: « À valider ».
REPORT_LETTERS = 400_000


def kinds_of(visits: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The kinds of these visits, each as {"kind", "on"}: what another territory made is not promised again."""
    return frozenset(str(visit["kind"]) for visit in visits)
