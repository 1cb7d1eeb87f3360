"""Messages that leave: a row in the same transaction as the fact, sent after commit (design.md 3.7)."""

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import blake2s
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string

from copa.kernel import gsm, one_time, scope
from copa.kernel.french import NBSP
from copa.kernel.jobs import after_commit
from territories.accounts import first_password_url
from territories.enums import Channel
from territories.models import DirectoryEntry, Member, OutgoingMessage, Territory
from territories.rules import ENDS_SOON_DAYS

INVITATION = f"CoPa{NBSP}: votre invitation"
CAPACITY = f"CoPa{NBSP}: prenez-vous de nouvelles familles\u202f?"
PARTNERSHIP_ENDS = f"CoPa{NBSP}: une convention prend bientôt fin"


def queue_mail(
    *, to: str, subject: str, body: str, dedup_key: str, at: datetime, not_before: datetime | None = None
) -> bool:
    """Write one mail to be sent after commit; False when this very mail was written before, or nobody reads `to`.

    Subject and body hold no name of a family and no health content (L13): the templates are tested for it.
    `not_before`: it leaves then, and not at once.
    """
    if not to:
        return False
    values = {"dedup_key": dedup_key, "next_attempt_at": not_before or at, "created_at": at}
    return _queue(OutgoingMessage(to=to, subject=subject, body=body, **values))


def queue_sms(
    *,
    to: str,
    text: str,
    dedup_key: str,
    at: datetime,
    not_before: datetime | None = None,
    useless_from: datetime | None = None,
) -> bool:
    """Write one SMS to be sent after commit; False when it was written before, or there is no number (E.164).

    The text is put into plain letters; it names no family, no place and no cause (alerts.md 8), and is refused
    (ValueError) over 160 characters, the address or the code that it holds a place for (`one_time`) counted. It leaves
    from `not_before` on, at once without it; what has not left by `useless_from` does not leave any more.
    """
    if not to:
        return False
    gsm.plain(one_time.filled(text))
    body = one_time.around_places(text, gsm.plain)
    values = {"dedup_key": dedup_key, "next_attempt_at": not_before or at, "created_at": at}
    return _queue(OutgoingMessage(channel=Channel.SMS, to=to, body=body, useless_from=useless_from, **values))


def _queue(row: OutgoingMessage) -> bool:
    # The unique key decides, not a look before the insert: two workers may say the same thing at once.
    OutgoingMessage.objects.bulk_create([row], ignore_conflicts=True)
    is_new: bool = OutgoingMessage.objects.filter(public_id=row.public_id).exists()
    if is_new:
        after_commit("territories.send_outgoing")
    return is_new


def invitation(*, member: Member, at: datetime) -> bool:
    """Tell somebody that she has rights in this territory; with the link to her first password when she has none.

    At most one a minute. False when this minute's has been written.
    """
    user = member.user
    words = {
        "territory": member.territory.name,
        "role": member.get_role_display(),
        "starts_on": member.starts_on,
        "link": "" if user.has_usable_password() else first_password_url(user),
        "sign_in": f"{settings.SITE_ADDRESS.rstrip('/')}/",
    }
    body = render_to_string("emails/invitation.txt", words)
    key = f"invitation:{member.public_id}:{at:%Y%m%d%H%M}"
    return queue_mail(to=user.email, subject=INVITATION, body=body, dedup_key=key, at=at)


def queue_notice(
    *, subject: str, template: str, readers: Iterable[str], key: str, at: datetime, **words: str
) -> dict[str, UUID]:
    """One mail per address, whatever the number of roles behind it, each written once, ever; "" is nobody.

    `template` is a name of `emails/`: it says that something waits and where to sign in, nothing more (L13). The
    messages written now, by address.
    """
    about = {"sign_in": f"{settings.SITE_ADDRESS.rstrip('/')}/", **words}
    body = render_to_string(f"emails/{template}.txt", about)
    written = {}
    for address in sorted(set(readers) - {""}):
        own = f"{key}:{_short(address)}"
        if queue_mail(to=address, subject=subject, body=body, dedup_key=own, at=at):
            written[address] = message_with(own)
    return written


def partnership_ends(*, partnership: UUID, ends_on: date, readers: Iterable[str], at: datetime) -> None:
    """A convention ends within ENDS_SOON_DAYS (R035); once for each last day, and to whoever joins meanwhile."""
    key = f"partnership-ends:{partnership}:{ends_on.isoformat()}"
    queue_notice(
        subject=PARTNERSHIP_ENDS, template="partnership_ends", readers=readers, key=key, at=at, days=str(ENDS_SOON_DAYS)
    )


def message_with(dedup_key: str) -> UUID:
    """The public id of a message that was written."""
    found: UUID = OutgoingMessage.objects.values_list("public_id", flat=True).get(dedup_key=dedup_key)
    return found


def _short(address: str) -> str:
    """An address in a key of 120 characters: its beginning and a fingerprint, so that two never meet."""
    return address if len(address) <= 40 else f"{address[:20]}#{blake2s(address.encode(), digest_size=8).hexdigest()}"


def capacity_question(*, entry: DirectoryEntry, territory: Territory, key: UUID, is_again: bool, at: datetime) -> bool:
    """Ask a service whether it takes new families; a place that is secret is not named in a mail."""
    words = {
        "territory": territory.name,
        "service": "" if entry.kind.is_secret else entry.name,
        "is_again": is_again,
        "link": one_time.place(f"places/{scope.current().slug}", key),
    }
    body = render_to_string("emails/capacity_question.txt", words)
    dedup = f"capacity:{key}:{'again' if is_again else 'first'}"
    return queue_mail(to=entry.email, subject=CAPACITY, body=body, dedup_key=dedup, at=at)
