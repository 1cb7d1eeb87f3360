"""The observations of a family that were written for this reader (R222)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pathways import perms
from pathways.enums import Document, GridDomain, MidwifeTopic, ObservationReader, ScreeningSource
from pathways.models import Family
from pathways.reads.facts.names import Directory
from pathways.reads.facts.words import words
from pathways.reads.routing import may_send
from pathways.rules.screening import RECIPIENT_OF_READER
from territories.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationLine:
    """One observation. `withdrawn_at` None while it stands; `may_withdraw` for its author only.

    `topic` is that of a liberal midwife, "" for the others.
    """

    public_id: UUID
    fact: str
    domain: str
    at: datetime
    source: str
    author: str
    recipients: str
    withdrawn_at: datetime | None
    withdrawn_reason: str
    may_withdraw: bool
    topic: str


def closed_readers(family: Family) -> dict[str, str]:
    """The kinds of professionals nothing may be written for now, each with the sentence that says why (A16).

    An observation goes where the reports go. A fixed number of queries.
    """
    answers = {
        kind: may_send(family_id=family.pk, recipient=recipient, document=Document.REPORT)
        for kind, recipient in RECIPIENT_OF_READER.items()
    }
    return {kind: answer.reason for kind, answer in answers.items() if not answer.allowed}


def observations_of(family: Family, member: Member) -> list[ObservationLine]:
    """Those this member may read, the latest first. Two queries."""
    rows = list(perms.READ_OBSERVATION.rows(member).filter(family=family).order_by("-at", "-pk"))
    directory = Directory()
    directory.expect(people=[row.author_id for row in rows])
    return [
        ObservationLine(
            public_id=row.public_id,
            fact=row.fact,
            domain=words(GridDomain, row.domain),
            at=row.at,
            source=words(ScreeningSource, row.source),
            author=directory.name(row.author_id),
            recipients=", ".join(words(ObservationReader, code) for code in row.recipients),
            withdrawn_at=row.withdrawn_at,
            withdrawn_reason=row.withdrawn_reason,
            may_withdraw=row.withdrawn_at is None and row.author_id == member.pk,
            topic=words(MidwifeTopic, row.midwife_topic),
        )
        for row in rows
    ]
