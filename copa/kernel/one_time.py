"""One-time addresses: the database keeps the print of a token, a mail in the outbox only the place of its link.

Token and code come from the key of the link and the secret of the server: whoever reads the database can make
neither, and the code may be said again to the team without being stored.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare

CODE_DIGITS = 6
_PLACE = re.compile(r"\[\[(?P<path>[-\w/]+)/(?P<key>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]\]")


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


def filled(text: str) -> str:
    """The mail as it leaves: each place becomes its address."""
    site = settings.SITE_ADDRESS.rstrip("/")
    return _PLACE.sub(lambda found: f"{site}/{found['path']}/{token_of(UUID(found['key']))}/", text)
