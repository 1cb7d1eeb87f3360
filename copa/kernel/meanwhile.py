"""Two people on one page: what somebody has read is compared with what stands when she saves."""

import hashlib
from typing import Any

from copa.kernel.errors import BusinessError


def token_of(*stored: Any) -> str:
    """A short print of stored values, whose `repr` must say them whole: of tuples and lists, not of a QuerySet."""
    return hashlib.sha256(repr(stored).encode()).hexdigest()[:16]


def check_unchanged(read: str, stored: str) -> None:
    """Raises `changed_meanwhile` when the state somebody read is no longer the one stored."""
    if read != stored:
        message = "Quelqu’un a écrit ici entre-temps. Relisez ce qui a changé, puis enregistrez de nouveau."
        raise BusinessError("changed_meanwhile", message)
