"""One-time addresses: the database keeps the print of a token, a mail in the outbox only the place of its link.

Token and code come from the key of the link and the secret of the server: whoever reads the database can make
neither, and the code may be said again to the team without being stored.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare

CODE_DIGITS = 6
_PLACE = re.compile(r"\[\[(?P<path>[-\w/]+)/(?P<key>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]\]")
# What stands for the address in the place of a code; no page has it.
_CODE = "code"
# Stands for a place while the words around it are changed: plain letters of an SMS, which nobody writes.
_MARK = "@@"


def _secret(purpose: str, key: UUID) -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), f"copa.one_time.{purpose}:{key}".encode(), hashlib.sha256).digest()


def token_of(key: UUID) -> str:
    """The token that stands in the address: 43 letters, 256 bits."""
    return urlsafe_b64encode(_secret("token", key)).decode().rstrip("=")


def print_of(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def code_of(key: UUID) -> str:
    """The code given apart, six digits."""
    return f"{int.from_bytes(_secret('code', key)[:8]) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def is_code(key: UUID, typed: str) -> bool:
    """Whether this is the code of the link, spaces aside; in constant time."""
    return constant_time_compare(code_of(key), "".join(typed.split()))


def place(path: str, key: UUID) -> str:
    """What a mail written into the outbox holds instead of the address of the link."""
    return f"[[{path.strip('/')}/{key}]]"


def code_place(key: UUID) -> str:
    """What an SMS written into the outbox holds instead of the code."""
    return place(_CODE, key)


def address_of(path: str, key: UUID) -> str:
    """The address itself, for whoever hands it over on paper."""
    return f"{settings.SITE_ADDRESS.rstrip('/')}/{path.strip('/')}/{token_of(key)}/"


def filled(text: str) -> str:
    """The message as it leaves: each place becomes its address, or its code."""
    return _PLACE.sub(_said, text)


def _said(found: "re.Match[str]") -> str:
    key = UUID(found["key"])
    return code_of(key) if found["path"] == _CODE else address_of(found["path"], key)


def around_places(text: str, change: Callable[[str], str]) -> str:
    """The text changed by `change`, its places left as they are; `change` keeps plain letters."""
    places = [found.group(0) for found in _PLACE.finditer(text)]
    changed = change(_PLACE.sub(_MARK, text))
    for one in places:
        changed = changed.replace(_MARK, one, 1)
    return changed
