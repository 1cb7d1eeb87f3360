"""What reached the PMI after a refusal, for those who may know of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator

from pathways import perms
from pathways.enums import ProposalAnswer
from pathways.models import Birth, Concern, Mother, PmiTransmission, Proposal
from territories.models import Member

PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class TransmissionLine:
    """One transmission without its facts; `taken_by` "" while the PMI has not taken it.

    `is_included_since`: the mother said yes afterwards; what follows goes by her agreements and the relay.
    `is_ended`: her agreement was its basis, and she has said no to the PMI since.
    """

    public_id: UUID
    name: str
    basis: str
    pmi: str
    sent_by: str
    sent_at: datetime
    taken_by: str
    taken_at: datetime | None
    is_included_since: bool
    is_ended: bool


def transmissions(member: Member, page: str) -> "Page[TransmissionLine]":
    """Those this member may read, the ones that wait first; four queries."""
    rows = perms.READ_TRANSMISSION.rows(member).with_ended()
    rows = rows.select_related("structure", "sent_by__user", "taken_by__user")
    found = Paginator(rows.order_by("is_ended", "taken_at", "-sent_at", "-pk"), PAGE).get_page(page)
    found.object_list = _lines(list(found.object_list))
    return found


def transmissions_of(birth: Birth, member: Member) -> list[TransmissionLine]:
    """Those of one birth; three queries."""
    rows = perms.READ_TRANSMISSION.rows(member).with_ended().filter(birth=birth)
    return _lines(list(rows.select_related("structure", "sent_by__user", "taken_by__user").order_by("-sent_at", "-pk")))


def concerns_of(birth: Birth, member: Member) -> list[Concern]:
    """The informations préoccupantes of one birth; their facts are read one by one, each reading logged."""
    rows = perms.READ_CONCERN.rows(member).filter(birth=birth).defer("facts", "not_told_reason")
    return list(rows.select_related("written_by__user").order_by("-written_at", "-pk"))


def accepted_since(births: Iterable[int]) -> set[int]:
    """Those of these births, by key, whose mother says yes to CoPa now."""
    accepted = Proposal.objects.filter(birth__in=list(births), answer=ProposalAnswer.YES)
    return set(accepted.values_list("birth", flat=True))


def has_ended(transmission: PmiTransmission) -> bool:
    """Whether it rested on the mother's agreement, and she has said no to the PMI since."""
    return not PmiTransmission.objects.standing().filter(pk=transmission.pk).exists()


def _lines(rows: list[Any]) -> list[TransmissionLine]:
    accepted = accepted_since(row.birth_id for row in rows)
    mothers = {one.family_id: str(one) for one in Mother.objects.filter(family__in=[row.family_id for row in rows])}
    return [
        TransmissionLine(
            public_id=row.public_id,
            name=mothers.get(row.family_id, ""),
            basis=row.get_basis_display(),
            pmi=row.structure.name,
            sent_by=row.sent_by.user.get_full_name(),
            sent_at=row.sent_at,
            taken_by=row.taken_by.user.get_full_name() if row.taken_by else "",
            taken_at=row.taken_at,
            is_included_since=row.birth_id in accepted,
            is_ended=row.is_ended,
        )
        for row in rows
    ]
