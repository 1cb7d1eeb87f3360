"""What leaves about messages: to a parent under the rules of her contact, to whoever reads without any content."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from copa.kernel import one_time, scope
from copa.kernel.french import NBSP
from messaging import texts
from messaging.models import Conversation, ParentAccount, SignInCode
from messaging.reads.standing import Reader, Standing
from pathways.enums import SafeChannel
from territories.models import OutgoingMessage
from territories.notices import queue_mail, queue_notice, queue_sms

WAITS = f"CoPa{NBSP}: un message vous attend"
# The head of the key of everything that leaves for an account: it is asked about again when it does.
_ABOUT = "space-"


def code_sent(*, account: ParentAccount, code: SignInCode, is_discreet: bool, at: datetime) -> None:
    """The code of one sign-in, to the phone of the account; of no use once it has lapsed."""
    queue_sms(
        to=account.phone,
        text=texts.sms("otp", is_discreet=is_discreet, code=one_time.code_place(code.public_id)),
        dedup_key=_key("code", account, code.public_id),
        at=at,
        useless_from=code.expires_at,
    )


def account_opened(*, account: ParentAccount, standing: Standing, at: datetime) -> None:
    """The address of the space, by SMS."""
    queue_sms(
        to=account.phone,
        text=texts.sms("account", is_discreet=standing.is_discreet, lien=entry_place(account)),
        dedup_key=_key("account", account, account.public_id),
        at=at,
        not_before=standing.contact(SafeChannel.SMS).not_before,
    )


@dataclass(frozen=True, slots=True)
class Told:
    """How a parent learns that something waits: `channel` of SafeChannel, or "" and why nothing leaves."""

    channel: str = ""
    reason: str = ""
    not_before: datetime | None = None


def how_told(standing: Standing) -> Told:
    """By SMS, else by mail, as she wished; nothing at calm, nor where prudence or a stop forbids it (A36, A38)."""
    found = {channel: standing.contact(channel) for channel in (SafeChannel.SMS, SafeChannel.EMAIL)}
    for channel, decision in found.items():
        if decision.allowed or decision.not_before:
            return Told(channel=channel, not_before=decision.not_before)
    return Told(reason=found[SafeChannel.SMS].reason)


def message_waits(*, account: ParentAccount, standing: Standing, first_unread: UUID, at: datetime) -> Told:
    """Tell a parent, once for all that she has not read; its own word for how, or why nothing leaves."""
    told = how_told(standing)
    shared = standing.facts.contact.is_phone_shared
    key, lien = _key("message", account, first_unread), "" if shared else entry_place(account)
    if told.channel == SafeChannel.SMS:
        text = texts.sms("message", is_discreet=standing.is_discreet, lien=lien)
        queue_sms(to=account.phone, text=text, dedup_key=key, at=at, not_before=told.not_before)
    elif told.channel == SafeChannel.EMAIL:
        subject, body = texts.mail("message", is_discreet=standing.is_discreet, lien=lien)
        to = standing.facts.mother.email
        queue_mail(to=to, subject=subject, body=body, dedup_key=key, at=at, not_before=told.not_before)
    return told


def parent_wrote(*, conversation: Conversation, reader: Reader, at: datetime) -> None:
    """To whoever reads now: a message waits; once for all that is unread, whoever is faster."""
    assert conversation.unread_since is not None, "nothing is told of what is read"
    key = f"parent-wrote:{conversation.public_id}:{conversation.unread_since:%y%m%d%H%M%S%f}"
    queue_notice(subject=WAITS, template="message_waits", readers={reader.address}, key=key, at=at)


def entry_place(account: ParentAccount) -> str:
    """What a text written into the outbox holds instead of the address of a space."""
    return one_time.place(f"entree/{scope.current().slug}", account.public_id)


def _key(kind: str, account: ParentAccount, about: UUID) -> str:
    return f"{_ABOUT}{kind}:{account.public_id}:{about}"


def account_behind(message: OutgoingMessage) -> tuple[str, UUID] | None:
    """What a message is (code, account, message) and the account it leaves for; None for all other messages."""
    kind, _, rest = message.dedup_key.partition(":")
    if not kind.startswith(_ABOUT):
        return None
    return kind.removeprefix(_ABOUT), UUID(rest.partition(":")[0])
