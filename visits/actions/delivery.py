"""Handing a signed report over to the referring team's inbox, with proof of each step, and to those outside it.

Everything a delivery changes lies in one database, so one transaction holds it all: the arrival, the first delivery of
the visit, the end of the clock's alerts, the copies (`copies`) and the mails that announce them. A worker killed
anywhere in it has done nothing but count its attempt, and the next one does everything, once. A report that was given
up is still owed: its visit stays in the lists of what is late until somebody starts it anew.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from copa.kernel import outbox
from copa.kernel.outbox import OutboxState
from pathways.actions import end_alerts
from pathways.actions.shared import hold_family
from pathways.enums import AlertKind
from territories.models import Member
from visits import notices
from visits.actions import copies, deviations
from visits.models import Delivery, Report, Visit
from visits.reads.fingerprint import fingerprint_of
from visits.reads.report import blocks_for

logger = logging.getLogger("copa.jobs")
# It takes well under a second, all of it in the database.
LEASE = timedelta(minutes=1)
CLOCK_KINDS = (AlertKind.REPORT_DUE_SOON, AlertKind.REPORT_OVERDUE)


def waiting_deliveries(*, at: datetime) -> list[int]:
    """Keys of the deliveries whose turn has come, oldest first; a lost message or a dead worker ends here."""
    return list(outbox.ready_ids(Delivery.objects.all(), at))


def claim_delivery(*, pk: int, at: datetime) -> int:
    """Take one delivery, in a transaction of its own: an attempt that kills its worker must stay counted.

    The number of the attempt, 0 when the delivery is not ours.
    """
    return outbox.claim(Delivery.objects.all(), pk, at, lease=LEASE)


@transaction.atomic
def deliver_report(*, pk: int, attempt: int, at: datetime) -> bool:
    """Put one report claimed for this attempt into its inbox; False when it cannot be, or another worker did it.

    A report that cannot be drawn is put back with a delay and the reason: the ones behind it do not wait.
    """
    try:
        with transaction.atomic():
            return _arrive(Delivery.objects.select_related("report__visit", "structure").get(pk=pk), at)
    except Exception as error:
        logger.exception("delivery %s was put back", pk)
        outbox.put_back(Delivery.objects.all(), pk, at, f"{type(error).__name__}: {error}", attempt=attempt)
        return False


def _arrive(delivery: Delivery, at: datetime) -> bool:
    # What she agreed to is held until the copies are written; always before the row of a visit.
    visit = delivery.report.visit
    hold_family(family_id=visit.family_id, pathway_id=visit.pathway_id)
    # The visit's row is locked: the deadline job asks the same row whether the report is still owed.
    visit = Visit.objects.select_for_update(of=("self",)).get(pk=delivery.report.visit_id)
    _refuse_what_cannot_be_read(delivery.report)
    if not outbox.mark_sent(Delivery.objects.all(), delivery.pk, at):
        return False
    Delivery.objects.filter(pk=delivery.pk).update(delivered_at=at, fingerprint=fingerprint_of(delivery.report))
    # A13: the clock stops at the first delivery; a later one never moves it.
    Visit.objects.filter(pk=visit.pk, report_delivered_at=None).update(report_delivered_at=at)
    end_alerts(kinds=CLOCK_KINDS, subject_id=visit.public_id, at=at)
    deviations.report_landed(visit=visit, at=at)
    notices.report_arrived(delivery=delivery, at=at)
    copies.copy_report(report=delivery.report, at=at)
    return True


def _refuse_what_cannot_be_read(report: Report) -> None:
    """Draw the team's copy once: a report nobody could open must not count as delivered."""
    blocks_for(report, "E")


@transaction.atomic
def open_report(*, report: Report, by: Member, at: datetime) -> bool:
    """Record that somebody of the receiving team has read it; True the first time. The first reader stays."""
    arrived = Delivery.objects.filter(report=report, structure=by.structure_id, state=OutboxState.SENT)
    first = arrived.filter(opened_at=None, delivered_at__isnull=False)
    return bool(first.update(opened_at=at, opened_by=by))
