"""What those outside the team received of each report around the staged families, and who has read it."""

from copa.demo.care.base import Office
from copa.kernel import one_time
from pathways.enums import Document, SendingWay
from pathways.models import AnswerLink, Pathway, Sending
from pathways.notices.outside import agreed_to
from pathways.reads.addressees import Addressee, around
from pathways.rules.orientations import LINK_LIFE
from territories.models import Member
from visits.models import Delivery, Report, ReportCopy
from visits.rules import KEPT_INFORMED

# From this day on a copy has been read, unless a link closed without being opened.
READ_AFTER_DAYS = 3


def write_copies(office: Office) -> None:
    """The copies of every report the team has received, as the mother agrees today."""
    families = [key for keys in office.families.values() for key in keys]
    arrived = Delivery.objects.of_reports().arrived().filter(family__in=families)
    readers: dict[int, list[Addressee]] = {}
    for delivery in arrived.select_related("report__visit__pathway__territory").order_by("pk"):
        pathway = delivery.report.visit.pathway
        if pathway.pk not in readers:
            readers[pathway.pk] = _readers(office, pathway)
        for reader in readers[pathway.pk]:
            _copy(office, delivery, pathway, reader)


def _readers(office: Office, pathway: Pathway) -> list[Addressee]:
    found = agreed_to(pathway, around(pathway, KEPT_INFORMED, office.at), Document.REPORT)
    return [reader for reader in found if reader.structure_id != pathway.carrier_id]


def _copy(office: Office, delivery: Delivery, pathway: Pathway, reader: Addressee) -> None:
    is_read = (office.at - delivery.delivered_at).days >= READ_AFTER_DAYS
    copy = office.put(
        ReportCopy,
        family_id=delivery.family_id,
        report_id=delivery.report_id,
        recipient=reader.recipient,
        to=reader.name,
        address=reader.address,
        user_id=reader.user_id,
        structure_id=reader.structure_id,
        fingerprint=delivery.fingerprint,
        sent_at=delivery.delivered_at,
        opened_at=office.moment(-1, 11) if is_read else None,
        opened_by=_member(reader) if is_read else None,
    )
    how = SendingWay.MAIL if reader.has_account else SendingWay.READING
    about = {"family_id": copy.family_id, "pathway_id": pathway.pk, "structure_id": reader.structure_id}
    sent = {"recipient": reader.recipient, "to": reader.name, "document": Document.REPORT, "how": how}
    office.put(Sending, **about, **sent, at=copy.sent_at)
    if copy.is_by_link:
        _link(office, copy, delivery.report)


def _member(reader: Addressee) -> Member | None:
    people = Member.objects.filter(user=reader.user_id) if reader.user_id else Member.objects.none()
    if reader.structure_id:
        people = Member.objects.filter(structure=reader.structure_id)
    found: Member | None = people.order_by("pk").first()
    return found


def _link(office: Office, copy: ReportCopy, report: Report) -> None:
    """The one-time address: used once the report has been read, alive until then."""
    key = office.uid()
    AnswerLink.objects.create(
        public_id=key,
        family_id=copy.family_id,
        copy_id=copy.public_id,
        token_hash=one_time.print_of(one_time.token_of(key)),
        created_at=copy.sent_at,
        created_by_id=report.author_id,
        expires_at=copy.sent_at + LINK_LIFE,
        used_at=copy.opened_at,
    )
    office.written += 1
