"""A protocol of the territory is published, then published again: never changed (R090)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from territories.actions.files import Sent, store_pdf
from territories.models import Member, Protocol, ProtocolVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What a version says: words, a PDF or both; `valid_from` may lie ahead."""

    valid_from: date
    words: str
    document: Sent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    protocol: Protocol
    number: int
    after: date | None


@transaction.atomic
def publish_protocol(*, title: str, published: Published, by: Member, at: datetime) -> Protocol:
    """A new protocol with its first version.

    Raises `protocol_once`, `says_nothing`, and what `store_pdf` raises.
    """
    with refusals_of(Protocol, beside="title"):
        protocol: Protocol = Protocol.objects.create(title=title.strip())
    _publish(_Place(protocol=protocol, number=1, after=None), published, by, at)
    return protocol


@transaction.atomic
def publish_version(*, protocol: Protocol, published: Published, by: Member, at: datetime) -> ProtocolVersion:
    """The next version; the earlier ones stay readable. Two people at once: one after the other, both are kept.

    Raises `says_nothing`, `before_the_last`, and what `store_pdf` raises.
    """
    held = Protocol.objects.select_for_update(of=("self",)).get(pk=protocol.pk)
    last = ProtocolVersion.objects.filter(protocol=held).order_by("-number").first()
    place = _Place(protocol=held, number=last.number + 1 if last else 1, after=last.valid_from if last else None)
    return _publish(place, published, by, at)


def _publish(place: _Place, published: Published, by: Member, at: datetime) -> ProtocolVersion:
    """Raises `says_nothing`, `before_the_last` and what `store_pdf` raises."""
    if not published.words.strip() and published.document is None:
        raise BusinessError("says_nothing", "Écrivez le texte, ou envoyez le PDF.", field="words")
    if place.after is not None and published.valid_from < place.after:
        message = "Cette version commencerait avant la précédente : choisissez un jour plus tard."
        raise BusinessError("before_the_last", message, field="valid_from")
    made: ProtocolVersion = ProtocolVersion.objects.create(
        protocol=place.protocol,
        number=place.number,
        valid_from=published.valid_from,
        words=published.words.strip(),
        document=store_pdf(sent=published.document, by=by, at=at),
        published_by=by,
        published_at=at,
    )
    return made
