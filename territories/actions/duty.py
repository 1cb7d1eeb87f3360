"""Changes of the duty roster: a shift is added, given up, or a whole week comes again."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from copa.kernel import clock
from copa.kernel.errors import BusinessError, refusals_of
from copa.kernel.french import full_day
from territories.enums import ANYWHERE, ROLES_OF_PLACE, DutyPlace
from territories.models import DutyShift, Member, Structure

# A slip of the keyboard in the date would keep a place for months.
LONGEST = timedelta(days=7)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Repeated:
    """How many shifts of a week came again a week later, and how many could not."""

    added: int
    left_out: int


@transaction.atomic
def add_shift(
    *, structure: Structure, member: Member, place: int, starts_at: datetime, ends_at: datetime, at: datetime
) -> DutyShift:
    """Put somebody on the roster of a structure, from one instant (included) to another (excluded).

    Refuses a place that is held, a shift that is over, longer than seven days, or beyond her rights, and somebody who
    may not stand there.
    """
    _check_span(starts_at, ends_at, at)
    _check_member(structure, member, place, starts_at, ends_at)
    with refusals_of(DutyShift, beside="starts_at"):
        shift: DutyShift = DutyShift.objects.create(
            structure=structure,
            member=member,
            place=place,
            starts_at=starts_at.astimezone(UTC),
            ends_at=ends_at.astimezone(UTC),
        )
    return shift


@transaction.atomic
def remove_shift(*, shift: DutyShift, at: datetime) -> None:
    """Take a shift away; one that runs ends now, so that the past still says whom an alert was told to."""
    shift = DutyShift.objects.select_for_update(of=("self",)).get(pk=shift.pk)
    if shift.ends_at <= at:
        raise BusinessError("shift_over", "Cette garde est finie : elle reste dans l’historique.")
    if shift.starts_at >= at:
        shift.delete()
        return
    DutyShift.objects.filter(pk=shift.pk).update(ends_at=at)


@transaction.atomic
def repeat_week(*, structure: Structure, monday: date, zone: str, at: datetime) -> Repeated:
    """Write the shifts that begin in this local week again, seven days later, at the same hours on the clock.

    A place already held, and somebody whose rights end before, are left out: run twice, nothing is added.
    """
    first, _ = clock.day_bounds(monday, zone)
    _, last = clock.day_bounds(monday + timedelta(days=6), zone)
    shifts = DutyShift.objects.filter(structure=structure, starts_at__gte=first, starts_at__lt=last)
    found = list(shifts.select_related("member__user").order_by("starts_at", "place"))
    return Repeated(
        added=(added := sum(_comes_again(shift, structure, zone, at) for shift in found)),
        left_out=len(found) - added,
    )


def _comes_again(shift: DutyShift, structure: Structure, zone: str, at: datetime) -> bool:
    starts_at, ends_at = (_week_later(moment, zone) for moment in (shift.starts_at, shift.ends_at))
    try:
        add_shift(
            structure=structure,
            member=shift.member,
            place=shift.place,
            starts_at=starts_at,
            ends_at=ends_at,
            at=at,
        )
    except BusinessError:
        return False
    return True


def _week_later(moment: datetime, zone: str) -> datetime:
    """The same hour on the clock of the territory, seven days later."""
    local = moment.astimezone(ZoneInfo(zone))
    return (local.replace(tzinfo=None) + WEEK).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _check_span(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if ends_at <= starts_at:
        raise BusinessError("duty_ends_after_start", "La fin de la garde vient après son début.", field="ends_at")
    if ends_at <= at:
        raise BusinessError(
            "shift_over", "Cette garde serait déjà finie : choisissez une fin à venir.", field="ends_at"
        )
    if ends_at - starts_at > LONGEST:
        message = "Une garde dure au plus 7 jours : vérifiez les dates, ou écrivez-en plusieurs."
        raise BusinessError("shift_too_long", message, field="ends_at")


def _check_member(structure: Structure, member: Member, place: int, starts_at: datetime, ends_at: datetime) -> None:
    roles = ROLES_OF_PLACE[place]
    mine = Member.objects.filter(pk=member.pk).with_role(*roles)
    is_of_place = member.structure_id == structure.pk or mine.with_role(*ANYWHERE).exists()
    if not mine.exists() or not is_of_place:
        message = f"Cette personne ne peut pas tenir la place « {DutyPlace(place).label} » dans cette structure."
        raise BusinessError("not_for_this_place", message, field="member")
    zone = member.territory.time_zone
    last = clock.local_date(ends_at - timedelta(microseconds=1), zone)
    for day in (clock.local_date(starts_at, zone), last):
        if not member.is_current_on(day):
            message = f"Cette personne n’a pas de droits sur le territoire le {full_day(day)}."
            raise BusinessError("no_rights", message, field="member")
