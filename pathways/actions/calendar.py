"""What becomes of the lines of the calendar, and when the midwife is expected at home."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from copa.kernel.errors import BusinessError, refusals_of
from pathways.actions.shared import local_day, lock_birth
from pathways.enums import CalendarSource, CalendarStatus, CalendarSubject, CertificateStatus, HalfDay
from pathways.models import Birth, CalendarItem, CalendarRule, Child, Death, MidwifeVisit
from pathways.rules import EARLY_INTERVIEW, FIRST_APPOINTMENT_BEFORE, LAST_APPOINTMENT_AFTER
from territories.models import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What somebody knows of a line.

    `on` is the day it was done or is planned, None when unknown; `certificate` "" leaves what was known of it.
    `professional`, `professional_kind` and `is_transmitted` (None: not asked) belong to the early prenatal interview
    (R223).
    """

    status: str
    source: str
    on: date | None = None
    certificate: str = ""
    certificate_on: date | None = None
    professional: str = ""
    professional_kind: str = ""
    is_transmitted: bool | None = None


@transaction.atomic
def note_item(*, birth: Birth, child: Child | None, code: str, known: Known, by: Member, at: datetime) -> CalendarItem:
    """Write what is known of one line: of the mother (`child` None), or of one child. History keeps what stood before.

    Raises `unknown_line`, `mourning` for somebody who died, and refuses a day that cannot be (field "on" or
    "certificate_on").
    """
    birth = lock_birth(birth.pk)
    rule = _rule(birth, child, code)
    _check_alive(birth, child)
    _check_days(birth, known, local_day(at), has_certificate=bool(rule.certificate))
    if code == EARLY_INTERVIEW and known.on and known.on > birth.day:
        message = "L’entretien prénatal précoce a lieu avant la naissance : vérifiez ce jour."
        raise BusinessError("interview_after_birth", message, field="on")
    if code != EARLY_INTERVIEW and known.on and known.on < birth.day:
        raise BusinessError("before_birth", "C’est avant la naissance : vérifiez ce jour.", field="on")
    values = {
        "status": known.status,
        "source": known.source,
        "on": known.on,
        "professional": known.professional.strip(),
        "professional_kind": known.professional_kind,
        "is_transmitted": known.is_transmitted,
        "noted_by": by,
        "noted_at": at,
    }
    if known.certificate:
        values |= {"certificate": known.certificate, "certificate_on": known.certificate_on}
    with refusals_of(CalendarItem):
        new = {**values, "family_id": birth.family_id}
        item: CalendarItem = CalendarItem.objects.update_or_create(
            birth=birth, child=child, code=code, defaults=values, create_defaults=new
        )[0]
    return item


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a signed report says of one child's line: "" for what it does not say."""

    code: str
    status: str
    source: str
    on: date | None
    certificate: str


@transaction.atomic
def land_seen(*, birth: Birth, child: Child, seen: Seen, by: Member, at: datetime) -> None:
    """What a report says of an examination or its certificate, in the transaction that signs it.

    It never weakens what is known: a done examination stays done, one seen in the booklet stays seen. The report asked
    only what was open, but somebody else may have noted it meanwhile.
    """
    item = CalendarItem.objects.filter(child=child, code=seen.code).first()
    item = item or CalendarItem(family_id=birth.family_id, birth=birth, child=child, code=seen.code)
    changed = False
    if seen.status and _is_news(item, seen):
        item.status, item.source, item.on = seen.status, seen.source, seen.on
        changed = True
    if seen.certificate and item.certificate != CertificateStatus.FILLED:
        item.certificate = seen.certificate
        item.status = item.status or CalendarStatus.UNKNOWN
        item.source = item.source or seen.source
        changed = True
    if changed:
        item.noted_by, item.noted_at = by, at
        item.save()


def _is_news(item: CalendarItem, seen: Seen) -> bool:
    if item.status != CalendarStatus.DONE:
        return seen.status != CalendarStatus.UNKNOWN or item.status in {"", CalendarStatus.UNKNOWN}
    is_firmer = seen.source == CalendarSource.BOOKLET and item.source != CalendarSource.BOOKLET
    return seen.status == CalendarStatus.DONE and (is_firmer or item.on is None)


# ---- The midwife at home ------------------------------------------------------------------------------------
@transaction.atomic
def note_prado(*, birth: Birth, is_prado: bool) -> None:
    """Whether she goes home with Prado (R022): the midwife then comes within 24 hours of the discharge."""
    Birth.objects.filter(pk=birth.pk).update(is_prado=is_prado)


@transaction.atomic
def expect_midwife(*, birth: Birth, on: date, half: str, by: Member, at: datetime) -> MidwifeVisit:
    """Note a half-day on which the midwife is expected (R019). Refuses a day far from the birth, and the same twice."""
    if half not in HalfDay.values:
        raise BusinessError("unknown_half", "Choisissez le matin ou l’après-midi.", field="half")
    if not birth.day <= on <= birth.day + LAST_APPOINTMENT_AFTER:
        raise BusinessError("far_from_birth", "Ce jour est loin de la naissance : vérifiez-le.", field="on")
    with refusals_of(MidwifeVisit):
        visit: MidwifeVisit = MidwifeVisit.objects.create(
            birth=birth, family_id=birth.family_id, on=on, half=half, noted_by=by, noted_at=at
        )
    return visit


@transaction.atomic
def forget_midwife(*, visit: MidwifeVisit) -> None:
    """The midwife does not come then; history keeps that she was expected."""
    MidwifeVisit.objects.filter(pk=visit.pk).delete()


# ---- Facts that forbid ----------------------------------------------------------------------------------------
def _rule(birth: Birth, child: Child | None, code: str) -> CalendarRule:
    subject = CalendarSubject.MOTHER if child is None else CalendarSubject.CHILD
    since = Q(births_from=None) | Q(births_from__lte=birth.day)
    until = Q(births_to=None) | Q(births_to__gte=birth.day)
    rule: CalendarRule | None = CalendarRule.objects.filter(
        since, until, code=code, subject=subject, is_noted=True
    ).first()
    if rule is None or (child is not None and child.birth_id != birth.pk):
        raise BusinessError("unknown_line", "Cette ligne n’est pas dans le calendrier de cette naissance.")
    return rule


def _check_alive(birth: Birth, child: Child | None) -> None:
    if child is None:
        is_dead = Death.objects.of_mothers().filter(birth=birth).exists()
    else:
        is_dead = Child.objects.filter(pk=child.pk, closed_at__isnull=False).exists()
    if is_dead:
        raise BusinessError("mourning", "Plus rien n’est noté à ce sujet dans le calendrier.")


def _check_days(birth: Birth, known: Known, today: date, *, has_certificate: bool) -> None:
    if known.status not in CalendarStatus.values:
        raise BusinessError("unknown_status", "Choisissez ce que l’on sait.", field="status")
    if known.source not in CalendarSource.values:
        raise BusinessError("unknown_source", "Choisissez qui le dit.", field="source")
    if known.certificate and not has_certificate:
        raise BusinessError("no_certificate", "Cet examen n’a pas de certificat de santé.", field="certificate")
    if known.status == CalendarStatus.DONE and known.on and known.on > today:
        raise BusinessError("future", "Ce jour n’est pas encore arrivé : notez « Prévu ».", field="on")
    first, last = birth.day - FIRST_APPOINTMENT_BEFORE, birth.day + LAST_APPOINTMENT_AFTER
    if known.on and not first <= known.on <= last:
        raise BusinessError("far_from_birth", "Ce jour est loin de la naissance : vérifiez-le.", field="on")
    if known.certificate_on and not birth.day <= known.certificate_on <= today:
        message = "Le certificat se remplit entre la naissance et aujourd’hui."
        raise BusinessError("certificate_day", message, field="certificate_on")
