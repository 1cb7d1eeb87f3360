"""What is known of the calendar of mother and child, and when the liberal midwife is expected."""

from dataclasses import dataclass
from datetime import date, timedelta

from copa.demo.care.base import Office
from pathways.enums import CalendarSource, CalendarStatus, CertificateStatus, HalfDay
from pathways.models import Birth, CalendarItem, Child, MidwifeVisit
from territories.enums import Role

DONE, PLANNED = CalendarStatus.DONE, CalendarStatus.PLANNED
BOOKLET, PARENTS, PROFESSIONAL = CalendarSource.BOOKLET, CalendarSource.PARENTS, CalendarSource.PROFESSIONAL


@dataclass(frozen=True)
class Line:
    """A line of a staged family: `day` after the birth, None when it has no date; of the first child or the mother."""

    script: str
    code: str
    status: str
    day: int | None
    source: str
    is_of_child: bool = True
    certificate: str = ""


LINES = (
    Line("relay_waits", "EPP", DONE, None, PROFESSIONAL, is_of_child=False),
    Line("relay_waits", "K01", DONE, 5, BOOKLET, certificate=CertificateStatus.FILLED),
    Line("relay_waits", "K02", DONE, 12, BOOKLET),
    Line("relay_waits", "K03", PLANNED, 27, PARENTS),
    Line("relay_waits", "K08", PLANNED, 34, PARENTS, is_of_child=False),
    Line("low_mood", "K01", DONE, 4, BOOKLET, certificate=CertificateStatus.NOT_FILLED),
    Line("low_mood", "K02", CalendarStatus.UNKNOWN, None, PARENTS),
    Line("low_mood", "K10", PLANNED, 45, PARENTS, is_of_child=False),
    Line("last_today", "K01", DONE, 6, BOOKLET, certificate=CertificateStatus.FILLED),
    Line("last_today", "K02", PLANNED, 13, PARENTS),
    Line("third_with_pmi", "K01", DONE, 7, PARENTS, certificate=CertificateStatus.UNKNOWN),
    Line("third_with_pmi", "K09", CalendarStatus.REFUSED, None, PARENTS, is_of_child=False),
    Line("mother_alert", "K01", PLANNED, 8, PARENTS),
)


def write_calendar(office: Office) -> None:
    """Lines done, planned, refused or unknown; the visits of the midwife around the next visits of the auxiliary."""
    for line in LINES:
        _item(office, line)
    for script, days, half in (("next_today", 1, HalfDay.MORNING), ("tomorrow", 1, HalfDay.AFTERNOON)):
        birth = Birth.objects.get(family=office.family(script))
        office.put(
            MidwifeVisit,
            family_id=birth.family_id,
            birth=birth,
            on=office.today(days),
            half=half,
            noted_by_id=office.member(Role.LIBERAL_MIDWIFE).pk,
            noted_at=office.moment(-1, 12),
        )


def _item(office: Office, line: Line) -> None:
    birth = Birth.objects.get(family=office.family(line.script))
    child = Child.objects.get(birth=birth, rank=1)
    on: date | None = None if line.day is None else birth.day + timedelta(days=line.day)
    whose = {"birth": birth, "child": child if line.is_of_child else None, "code": line.code}
    said = {
        "status": line.status,
        "on": on,
        "source": line.source,
        "certificate": line.certificate,
        "certificate_on": on if line.certificate == CertificateStatus.FILLED else None,
        "noted_by_id": office.member(Role.AP).pk,
        "noted_at": office.at - timedelta(hours=1),
    }
    # A signed report has said it before: what it calls done stays done.
    known = CalendarItem.objects.filter(**whose)
    if not known.exists():
        office.put(CalendarItem, family_id=birth.family_id, **whose, **said)
    elif line.status == DONE:
        known.update(**said)
