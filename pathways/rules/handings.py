"""The tablet in the mother's hands: what is asked, in which order, and until when her answers are kept."""

import re
from datetime import timedelta

from pathways.rules.screening import EPDS_ITEMS

# Wrong codes before the session is signed out; her answers stay for the author.
WRONG_CODES = 5
# The last move of hers is so long ago that the tablet is no longer hers: the author, signed in again, reads.
LEFT_AFTER = timedelta(minutes=15)
# After this nobody came for them: her answers are erased.
KEPT_FOR = timedelta(days=7)
# « Je préfère ne pas répondre »: an answer of its own, which is none of the scale.
NO_ANSWER = ""

_CODE = re.compile(r"[0-9]{4}", re.ASCII)
_TOO_EASY = frozenset({"1234", "4321", *(str(digit) * 4 for digit in range(10))})


def is_code(code: str) -> bool:
    """Four digits."""
    return _CODE.fullmatch(code) is not None


def is_easy_code(code: str) -> bool:
    """Whether anybody who holds the tablet would try it."""
    return code in _TOO_EASY


def epds_order() -> tuple[str, ...]:
    """The ten items as she reads them, from the first to the tenth."""
    return tuple(EPDS_ITEMS)


def first_name(first_names: str) -> str:
    """The first of the first names; nothing else of her stands on the handed page."""
    return re.split(r"[ ,]+", first_names.strip())[0]
