"""Copies of a report for those outside the team whom the mother agreed to (R076, R105, R110).

A copy is written in the transaction in which the report reaches the team, under the lock of the family; the mail that
announces it is asked about again when it leaves, and the reading when it is read: always by the one routing rule.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from copa.kernel.errors import BusinessError
from pathways.actions import answer_links
from pathways.actions.routing import check_may_send
from pathways.actions.shared import hold_family
from pathways.enums import Document, LinkStep, SendingWay
from pathways.models import AnswerLink, Pathway
from pathways.notices.outside import agreed_to, keep_track
from pathways.reads.addressees import Addressee, around, reached
from territories.models import Member
from visits import notices
from visits.models import Addendum, Delivery, Report, ReportCopy
from visits.reads.fingerprint import fingerprint_of, fingerprint_of_addendum
from visits.rules import KEPT_INFORMED


# ---- Writing copies ------------------------------------------------------------------------------------------
def copy_report(*, report: Report, at: datetime) -> int:
    """Write the copies that are missing, for those who are agreed to now; how many. Running it again adds none.

    Inside the caller's transaction, which holds the family.
    """
    pathway = _pathway_of(report)
    has_it = set(ReportCopy.objects.of_reports().filter(report=report).order_by("pk").values_list("address", flat=True))
    wanted = [reader for reader in _readers(pathway, at) if reader.address not in has_it]
    for reader in wanted:
        _copy(report, None, reader, pathway, at)
    return len(wanted)


def copy_addendum(*, addendum: Addendum, at: datetime) -> int:
    """The same for an addendum, for those who have the report; how many.

    Not for somebody who has yet to open the link to it: the addendum stands under what she will read.
    """
    pathway = _pathway_of(addendum.report)
    first = ReportCopy.objects.of_reports().filter(report=addendum.report).order_by("pk")
    has_it = {copy.address for copy in first if not _waits_behind_link(copy, at)}
    wanted = [reader for reader in _readers(pathway, at) if reader.address in has_it]
    for reader in wanted:
        _copy(addendum.report, addendum, reader, pathway, at)
    return len(wanted)


@transaction.atomic
def send_copies(*, report: Report, at: datetime) -> int:
    """Hand a delivered report to those who were agreed to since; how many. Raises `not_delivered`."""
    hold_family(family_id=report.family_id, pathway_id=report.visit.pathway_id)
    if not Delivery.objects.of_reports().arrived().filter(report=report).exists():
        raise BusinessError("not_delivered", "Ce compte rendu n’est pas encore arrivé : il part ensuite de lui-même.")
    return copy_report(report=report, at=at)


def _pathway_of(report: Report) -> Pathway:
    rows = Pathway.objects.select_related("carrier", "territory")
    found: Pathway = rows.get(pk=report.visit.pathway_id)
    return found


def _readers(pathway: Pathway, at: datetime) -> list[Addressee]:
    """Those who are kept informed and may read it now. A PMI that gave the relay back reads nothing more."""
    return agreed_to(pathway, reached(pathway, KEPT_INFORMED, at), Document.REPORT)


def _copy(report: Report, addendum: Addendum | None, reader: Addressee, pathway: Pathway, at: datetime) -> None:
    key = uuid4()
    ReportCopy.objects.create(
        public_id=key,
        family_id=report.family_id,
        report=report,
        addendum=addendum,
        recipient=reader.recipient,
        to=reader.name[:160],
        address=reader.address,
        user_id=reader.user_id,
        structure_id=reader.structure_id,
        message=_tell(key, reader, pathway, report.author, at, is_addendum=addendum is not None),
        fingerprint=fingerprint_of_addendum(addendum) if addendum else fingerprint_of(report),
        sent_at=at,
    )


def _tell(
    key: UUID, reader: Addressee, pathway: Pathway, by: Member, at: datetime, *, is_addendum: bool = False
) -> UUID | None:
    """Write the mail of one copy and its line among what was sent; None where the team's own mailbox is hers."""
    if reader.address == pathway.carrier.mailbox:
        return None
    if reader.has_account:
        how = SendingWay.MAIL
        message = notices.report_copied(to=reader.address, key=key, is_addendum=is_addendum, at=at)
    else:
        how = SendingWay.READING
        link = answer_links.make_reading_link(family_id=pathway.family_id, copy_id=key, by=by, at=at)
        message = notices.report_linked(to=reader.address, link=link, team_phone=pathway.carrier.phone, at=at)
    keep_track(pathway=pathway, reader=reader, document=Document.REPORT, how=how, message=message, at=at)
    return message


def _waits_behind_link(copy: ReportCopy, at: datetime) -> bool:
    alive = answer_links.still_open(at).filter(copy_id=copy.public_id)
    return copy.is_by_link and copy.opened_at is None and bool(alive.exists())


# ---- Another link --------------------------------------------------------------------------------------------
@transaction.atomic
def send_link_again(*, copy: ReportCopy, by: Member, at: datetime) -> None:
    """Another link with another code: the former one is dead.

    To the address the care circle has for her today. Raises `may_not_send` with the sentence of the routing,
    `not_by_link`, `left_circle`.
    """
    if not copy.is_by_link:
        raise BusinessError("not_by_link", "Cette personne a un compte : elle lit le compte rendu en se connectant.")
    pathway = _pathway_of(copy.report)
    check_may_send(
        family_id=copy.family_id,
        recipient=copy.recipient,
        document=Document.REPORT,
        pathway_id=pathway.pk,
        at=at,
    )
    reader = _same_person(copy, around(pathway, [copy.recipient], at))
    if reader is None:
        message = "Cette personne n’est plus dans le cercle de soins de la famille : rien ne part."
        raise BusinessError("left_circle", message)
    answer_links.kill_reading_links(copy_id=copy.public_id, at=at)
    message_id = _tell(copy.public_id, reader, pathway, by, at)
    ReportCopy.objects.filter(pk=copy.pk).update(message=message_id, address=reader.address)


def _same_person(copy: ReportCopy, readers: Iterable[Addressee]) -> Addressee | None:
    """By her address, else by her name: a mistyped address is corrected in the directory, then the link sent again."""
    here = [reader for reader in readers if not reader.has_account]
    by_address = (reader for reader in here if reader.address == copy.address)
    by_name = (reader for reader in here if reader.name == copy.to)
    return next(by_address, None) or next(by_name, None)


# ---- Reading -------------------------------------------------------------------------------------------------
@transaction.atomic
def open_copies(*, report: Report, by: Member, at: datetime) -> bool:
    """Record that she has read what she received of a report, its addenda too; True the first time."""
    mine = ReportCopy.objects.addressed_to(by).filter(report=report, opened_at=None)
    return bool(mine.update(opened_at=at, opened_by=by))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reading link opens: a copy, or only that it has been read."""

    link: AnswerLink
    copy: ReportCopy
    is_read: bool


def reading(*, token: str, at: datetime) -> Reading | None:
    """What this token opens now; None for anything else, whatever the reason: unknown, expired, too many wrong codes,
    agreement withdrawn, out of the care circle, pathway stopped, family in mourning."""
    link = answer_links.link_of(token=token, at=at)
    if link is None or link.copy_id is None:
        return None
    rows = ReportCopy.objects.select_related("report__visit", "report__author__user")
    copy = rows.get(public_id=link.copy_id)
    if not _may_read(copy, at):
        return None
    return Reading(link, copy, is_read=link.used_at is not None)


def _may_read(copy: ReportCopy, at: datetime) -> bool:
    """Opening is reading: who stands around the family and the rule of routing are asked as when it was sent."""
    pathway = _pathway_of(copy.report)
    here = [reader for reader in around(pathway, [copy.recipient], at) if reader.address == copy.address]
    return bool(agreed_to(pathway, here, Document.REPORT))


@transaction.atomic
def read_by_link(*, found: Reading, at: datetime) -> None:
    """Use the link up: whoever holds it reads the report as it stands now, addenda included.

    Under the lock of the family. Raises `link_dead` for a second reading, a withdrawal or a stop that came first.
    """
    copy = found.copy
    hold_family(family_id=copy.family_id, pathway_id=copy.report.visit.pathway_id)
    if not _may_read(copy, at) or not answer_links.use_up(link=found.link, at=at, step=LinkStep.READ):
        raise BusinessError("link_dead", "Ce lien ne sert plus. L’équipe qui vous l’a envoyé peut en refaire un.")
    same = ReportCopy.objects.filter(report=copy.report_id, address=copy.address, opened_at=None)
    same.update(opened_at=at)
