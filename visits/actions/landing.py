"""What a signed report says of the children's examinations lands in the calendar, in the transaction that signs it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from pathways.actions.calendar import Seen, land_seen
from pathways.enums import CalendarSource, CalendarStatus, CertificateStatus
from pathways.models import Birth, Child
from territories.models import Member
from visits.questionnaire.sheet import CHILD, ROW_KEYS

# The examinations the report asks about, with the certificate that goes with each (I4, I7).
EXAMS = (("K01", "k01", "cs8"), ("K02", "k02", ""))
# [exam] of visit-report.md: what it says, and who says so.
_EXAM: dict[str, tuple[str, str]] = {
    "DONE_SEEN": (CalendarStatus.DONE, CalendarSource.BOOKLET),
    "DONE_SAID": (CalendarStatus.DONE, CalendarSource.PARENTS),
    "BOOKED": (CalendarStatus.PLANNED, CalendarSource.PARENTS),
    "NOT_BOOKED": (CalendarStatus.UNKNOWN, CalendarSource.REPORT),
    "UNKNOWN": (CalendarStatus.UNKNOWN, CalendarSource.REPORT),
}
# [certificate]; « rempli » is never inferred from the examination.
_CERTIFICATE: dict[str, str] = {
    "FILLED_SEEN": CertificateStatus.FILLED,
    "FILLED_SAID": CertificateStatus.FILLED,
    "NOT_FILLED": CertificateStatus.NOT_FILLED,
    "UNKNOWN": CertificateStatus.UNKNOWN,
}


def land_exams(*, birth: Birth, answers: Mapping[str, Any], author: Member, at: datetime) -> None:
    """Each child's examinations and certificates; children who died since are left in silence (A38)."""
    followed = Child.objects.filter(birth=birth, closed_at=None).order_by("rank")
    children = {str(child.public_id): child for child in followed}
    for row in answers.get(CHILD, ()):
        child = children.get(str(row.get(ROW_KEYS[CHILD])))
        if child is None:
            continue
        for seen in seen_in(row):
            land_seen(birth=birth, child=child, seen=seen, by=author, at=at)


def seen_in(row: Mapping[str, Any]) -> Iterator[Seen]:
    """What the answers about one child say of each examination."""
    for code, exam, certificate in EXAMS:
        status, source = _EXAM.get(row.get(f"child.exam.{exam}", ""), ("", CalendarSource.REPORT))
        filled = _CERTIFICATE.get(row.get(f"child.cert.{certificate}", ""), "")
        if status or filled:
            on = _day(row.get(f"child.exam.{exam}_on")) if status == CalendarStatus.DONE else None
            yield Seen(code=code, status=status, source=source, on=on, certificate=filled)


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
