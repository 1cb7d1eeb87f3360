"""The one way to somebody outside the team: asked of the rule, written down, asked again when it leaves (R076, A16).

Nothing here says anything of the family (L13): somebody who has a page to open signs in, anybody else calls the team.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from copa.kernel.french import phone
from pathways.enums import Document, SendingWay
from pathways.models import Family, Orientation, Pathway, Sending
from pathways.reads.addressees import Addressee
from pathways.reads.routing import may_send
from territories.models import Member
from territories.notices import queue_notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A neutral mail: its subject, its template, and the fact it tells, each told once to each address.

    `document` is NEWS while the follow-up goes on, NOTICE for what is told after a stop too.
    """

    subject: str
    template: str
    key: str
    document: Document = Document.NEWS


def tell_outside(
    *, pathway: Pathway, letter: Letter, readers: Iterable[Addressee], at: datetime, by: Member | None = None
) -> list[Addressee]:
    """Write to those the mother agreed to, whoever acted left out; who is told. In the transaction of the fact."""
    own = by.user.email if by else ""
    others = [one for one in readers if one.address != own]
    # What is called off says itself what not to do; anything else would send her to a file that closed.
    if letter.document != Document.CALLED_OFF and others and _has_moved(pathway):
        others = [replace(one, has_nothing_to_open=True) for one in others]
    return [one for one in others if _told(pathway, letter, one, by, at)]


def _has_moved(pathway: Pathway) -> bool:
    """Whether another territory follows the family: her file opens to nobody outside, though openings still run."""
    return bool(Family.objects.filter(pk=pathway.family_id, moved_at__isnull=False).exists())


def agreed_to(pathway: Pathway, readers: Iterable[Addressee], document: Document) -> list[Addressee]:
    """Those of them to whom this document may go now."""
    return [
        one
        for one in readers
        if may_send(
            family_id=pathway.family_id,
            recipient=one.recipient,
            named=one.named,
            document=document,
            pathway_id=pathway.pk,
            structure_id=one.structure_id,
        ).allowed
    ]


def _told(pathway: Pathway, letter: Letter, reader: Addressee, by: Member | None, at: datetime) -> bool:
    if not agreed_to(pathway, [reader], letter.document):
        return False
    team = pathway.carrier
    written = queue_notice(
        subject=letter.subject,
        template=_template(letter, reader),
        readers=[reader.address],
        key=letter.key,
        at=at,
        team_phone=phone(team.phone) if team.phone else "",
    )
    for message in written.values():
        keep_track(pathway=pathway, reader=reader, document=letter.document, message=message, by=by, at=at)
    return bool(written)


def _template(letter: Letter, reader: Addressee) -> str:
    """Nobody is sent to a page that she does not have, or that is closed to her."""
    if not reader.has_account:
        return "outside_call"
    return "team_call" if reader.has_nothing_to_open else letter.template


def keep_track(
    *,
    pathway: Pathway,
    reader: Addressee,
    document: Document,
    at: datetime,
    how: SendingWay = SendingWay.MAIL,
    message: UUID | None = None,
    orientation: Orientation | None = None,
    by: Member | None = None,
) -> None:
    """Write that something leaves for a recipient; its `message` is asked about again when it does."""
    Sending.objects.create(
        family_id=pathway.family_id,
        pathway=pathway,
        recipient=reader.recipient,
        named=reader.named,
        document=document,
        to=reader.name[:160],
        how=how,
        message=message,
        structure_id=reader.structure_id,
        orientation=orientation,
        by=by,
        at=at,
    )
