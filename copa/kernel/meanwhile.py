"""Two people on one page: what somebody has read is compared with what stands when she saves."""

import hashlib
from typing import Any

from django.http import HttpRequest

from copa.kernel.errors import BusinessError

# The hidden field in which a page carries what it has read. A refused form carries the present state: what was typed
# stays, and the next saving is compared with now.
_FIELD = "token"


def token_of(*stored: Any) -> str:
    """A short print of stored values, whose `repr` must say them whole: of tuples and lists, not of a QuerySet."""
    return hashlib.sha256(repr(stored).encode()).hexdigest()[:16]


def read_by(request: HttpRequest) -> str:
    """What the page that was sent has read; "" when it does not say."""
    return request.POST.get(_FIELD, "")


def is_stale(request: HttpRequest, stored: str) -> bool:
    """Whether this page was sent, and somebody wrote since it was opened."""
    return request.method == "POST" and read_by(request) != stored


def check_unchanged(read: str, stored: str) -> None:
    """Raises `changed_meanwhile` when the state somebody read is no longer the one stored."""
    if read != stored:
        message = "Quelqu’un a écrit ici entre-temps. Relisez ce qui a changé, puis enregistrez de nouveau."
        raise BusinessError("changed_meanwhile", message)
