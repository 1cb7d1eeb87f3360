"""A parent signs in: the address says who, a code by SMS proves it; thirty minutes without a page and it is over."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from copa.kernel import one_time
from copa.kernel.errors import BusinessError
from messaging import notices
from messaging.enums import SpaceState
from messaging.models import ParentAccount, ParentSession, SignInCode
from messaging.reads.standing import Standing, standing_of
from messaging.rules import CODE_LIFE, CODES_AT_MOST, CODES_WITHIN, SESSION_IDLE, SESSION_KEPT, WRONG_CODES


@dataclass(frozen=True, slots=True)
class Entrant:
    """Somebody at the door of her space, or inside: `session` is None at the door, and dead once it slept too long."""

    account: ParentAccount
    standing: Standing
    session: ParentSession | None = None
    is_alive: bool = False


def entrant_by_token(*, token: str, at: datetime) -> Entrant | None:
    """Who holds this address; None for any other, for a closed space, for one that opens nothing now."""
    account = _accounts().filter(token_hash=one_time.print_of(token)).first()
    return _entrant(account, None, at)


def entrant_by_session(*, key: str, at: datetime) -> Entrant | None:
    """Who signed in with this cookie; not alive after SESSION_IDLE, None once it ended or slept for SESSION_KEPT."""
    sessions = ParentSession.objects.filter(key_hash=one_time.print_of(key), ended_at=None)
    session = sessions.filter(seen_at__gt=at - SESSION_KEPT).first() if key else None
    if session is None:
        return None
    return _entrant(_accounts().filter(pk=session.account_id).first(), session, at)


def _accounts() -> Any:
    return ParentAccount.objects.open().select_related("family")


def _entrant(account: ParentAccount | None, session: ParentSession | None, at: datetime) -> Entrant | None:
    if account is None:
        return None
    standing = standing_of(family_id=account.family_id, coparent=account.coparent_id, at=at)
    if standing.state == SpaceState.SHUT:
        return None
    is_alive = session is not None and at - session.seen_at < SESSION_IDLE
    return Entrant(account, standing, session, is_alive)


@transaction.atomic
def send_code(*, entrant: Entrant, at: datetime) -> None:
    """Send a new code to the phone of the account; the one before it ends.

    Raises `too_many_codes` beyond CODES_AT_MOST within CODES_WITHIN: somebody may be guessing.
    """
    account = _locked(entrant.account)
    codes = SignInCode.objects.filter(account=account)
    if codes.filter(sent_at__gt=at - CODES_WITHIN).count() >= CODES_AT_MOST:
        message = "Trop de codes ont été demandés. Réessayez dans une heure, ou appelez l’équipe."
        raise BusinessError("too_many_codes", message)
    codes.filter(ended_at=None).update(ended_at=at)
    code = SignInCode.objects.create(account=account, sent_at=at, expires_at=at + CODE_LIFE)
    notices.code_sent(account=account, code=code, is_discreet=entrant.standing.is_discreet, at=at)


@transaction.atomic
def sign_in(*, entrant: Entrant, typed: str, at: datetime) -> str | None:
    """The key of a new session for the right code, used up by it; None for a wrong one, which is counted.

    Under the lock of the account: a thousand guesses sent together are counted one by one.
    """
    account = _locked(entrant.account)
    alive = SignInCode.objects.filter(account=account, ended_at=None, expires_at__gt=at, wrong_tries__lt=WRONG_CODES)
    code = alive.order_by("-pk").first()
    if code is None or account.closed_at is not None:
        return None
    if not one_time.is_code(code.public_id, typed):
        SignInCode.objects.filter(pk=code.pk).update(wrong_tries=F("wrong_tries") + 1)
        return None
    SignInCode.objects.filter(pk=code.pk).update(ended_at=at)
    key = secrets.token_urlsafe(32)
    ParentSession.objects.create(account=account, key_hash=one_time.print_of(key), opened_at=at, seen_at=at)
    return key


def _locked(account: ParentAccount) -> ParentAccount:
    locked: ParentAccount = ParentAccount.objects.select_for_update(of=("self",)).get(pk=account.pk)
    return locked


def note_seen(*, session: ParentSession, at: datetime) -> None:
    """She has just asked for a page: her thirty minutes begin anew."""
    ParentSession.objects.filter(pk=session.pk, ended_at=None, seen_at__lt=at).update(seen_at=at)


def sign_out(*, session: ParentSession, at: datetime) -> None:
    """End a session, here and now."""
    ParentSession.objects.filter(pk=session.pk, ended_at=None).update(ended_at=at)
