"""A session that was put into somebody else's hands: it shows one page and nothing else, until a code is given."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

KEY = "handed"
CODE_DIGITS = 4
# A tablet that nobody touches does not stay open at somebody's home.
IDLE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Held:
    """What the session keeps of it: in which territory, which row says what is asked, since when nobody has moved."""

    slug: str
    key: UUID
    code: str
    seen_at: datetime

    def is_idle(self, at: datetime) -> bool:
        """Whether nobody has touched it for too long."""
        return at - self.seen_at > IDLE

    def opens_with(self, code: str) -> bool:
        """Whether this is the code; only its hash is kept."""
        return check_password(code, self.code)


def hand_over(request: HttpRequest, *, slug: str, key: UUID, code: str, at: datetime) -> None:
    """Lock this session: `HandedMiddleware` answers every other address with the one page of this row."""
    request.session[KEY] = {"slug": slug, "key": str(key), "code": make_password(code), "seen_at": at.isoformat()}


def held(request: HttpRequest) -> Held | None:
    """The handing of this session; None for one that is in its owner's hands."""
    kept: dict[str, Any] | None = request.session.get(KEY)
    if kept is None:
        return None
    return Held(kept["slug"], UUID(kept["key"]), kept["code"], datetime.fromisoformat(kept["seen_at"]))


def touch(request: HttpRequest, at: datetime) -> None:
    """Somebody has moved: the quarter of an hour begins again."""
    request.session[KEY] = {**request.session[KEY], "seen_at": at.isoformat()}


def take_back(request: HttpRequest) -> None:
    """The code was given: the session is its owner's again."""
    request.session.pop(KEY, None)
