"""Where those outside the team may be told that something waits, each as the recipient she is."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from copa.kernel import clock
from pathways.enums import CircleRole, Recipient
from pathways.models import CareCircleMember, FamilyGrant, Pathway, PmiRelay, Sending
from territories.models import Member, OutgoingMessage, Structure

# As whom somebody of the circle receives; the others of the circle receive nothing.
RECIPIENT_OF_WORK = {
    CircleRole.LIBERAL_MIDWIFE: Recipient.LIBERAL_MIDWIFE,
    CircleRole.GENERAL_PRACTITIONER: Recipient.GENERAL_PRACTITIONER,
    CircleRole.PAEDIATRICIAN: Recipient.PAEDIATRICIAN,
    CircleRole.PSYCHOLOGIST: Recipient.PSYCHOLOGIST,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Somebody who may be told, if the mother agrees. `address` is never "".

    `has_account`: she signs in and reads; somebody else is asked to call, and so is who `has_nothing_to_open`.
    `user_id` is hers, `structure_id` the service of a PMI.
    """

    recipient: str
    name: str
    address: str
    has_account: bool
    named: str = ""
    structure_id: int | None = None
    user_id: int | None = None
    has_nothing_to_open: bool = False


def around(pathway: Pathway, recipients: Collection[str], at: datetime) -> list[Addressee]:
    """Those of these recipients who have an address, once each: by grant, by the circle, the PMI of the relay.

    Whether the mother agrees is not asked here. Four queries at most.
    """
    day = clock.local_date(at, pathway.territory.time_zone)
    found = [*_granted(pathway, recipients, at, day), *_in_circle(pathway, recipients, day)]
    if Recipient.PMI in recipients:
        found += _pmi(pathway, at)
    return list({one.address: one for one in reversed(found)}.values())[::-1]


def reached(pathway: Pathway, recipients: Collection[str], at: datetime) -> list[Addressee]:
    """The same for what is written: a PMI that gave the relay back reads nothing more. Five queries at most.

    Whom it leaves out, and why: `standing.unreached`.
    """
    shown = PmiRelay.objects.shown().filter(pathway=pathway).order_by("pk")
    relays = set(shown.values_list("sector__structure", flat=True))
    found = around(pathway, recipients, at)
    return [one for one in found if one.structure_id is None or one.structure_id in relays]


def already_told(*, family_id: int, key: str) -> list[Addressee]:
    """Those to whom a mail about this fact left, or still leaves: `key` is the beginning of its dedup key.

    What they were told may have to be taken back, whatever the mother's answer has become.
    """
    rows = Sending.objects.filter(family=family_id, stopped_at=None, message__isnull=False).order_by("pk")
    messages = OutgoingMessage.objects.filter(public_id__in=rows.values("message"), dedup_key__startswith=key)
    address_of = dict(messages.order_by("pk").values_list("public_id", "to"))
    told = {
        address_of[row.message]: Addressee(
            recipient=row.recipient,
            name=row.to,
            address=address_of[row.message],
            has_account=True,
            named=row.named,
            structure_id=row.structure_id,
        )
        for row in rows.filter(message__in=list(address_of))
    }
    return list(told.values())


def _granted(pathway: Pathway, recipients: Collection[str], at: datetime, day: date) -> Iterator[Addressee]:
    """Those to whom the family is open now, whose rights run today; an emergency makes nobody a recipient."""
    granted = FamilyGrant.objects.running(at).filter(content_object=pathway.family_id)
    grants = granted.receiving(recipients)
    current = Member.objects.current(day).filter(user__in=grants.values("user")).values("user")
    for grant in grants.filter(user__in=current).select_related("user").order_by("pk"):
        yield Addressee(
            recipient=grant.recipient,
            named=grant.named,
            name=grant.user.get_full_name(),
            address=grant.user.email,
            has_account=True,
            user_id=grant.user_id,
        )


def _people(pathway: Pathway, recipients: Collection[str], day: date) -> Any:
    works = [work for work, recipient in RECIPIENT_OF_WORK.items() if recipient in recipients]
    return CareCircleMember.objects.running(day).filter(family=pathway.family_id, role__in=works)


def _in_circle(pathway: Pathway, recipients: Collection[str], day: date) -> Iterator[Addressee]:
    people = _people(pathway, recipients, day)
    for person in people.exclude(entry=None).select_related("entry").order_by("pk"):
        if person.entry and person.entry.email:
            yield Addressee(
                recipient=RECIPIENT_OF_WORK[CircleRole(person.role)],
                name=person.name,
                address=person.entry.email,
                has_account=False,
            )


def _pmi(pathway: Pathway, at: datetime) -> Iterator[Addressee]:
    """The mailbox of the PMI that has, or would have, the relay; none once it no longer follows."""
    relays = (
        PmiRelay.objects.lasting(at).filter(pathway=pathway, sector__isnull=False).select_related("sector__structure")
    )
    for relay in relays.order_by("pk"):
        if relay.sector and relay.sector.structure.mailbox:
            yield pmi_service(relay.sector.structure)


def pmi_service(pmi: Structure) -> Addressee:
    """A PMI service by its mailbox, which it must have."""
    return Addressee(recipient=Recipient.PMI, name=pmi.name, address=pmi.mailbox, has_account=True, structure_id=pmi.pk)
