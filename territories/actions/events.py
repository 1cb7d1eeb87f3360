"""Changes of groups and workshops (R226): one is written, corrected, given dates, cancelled whole or for one date."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from copa.kernel import clock
from copa.kernel.errors import BusinessError, refusals_of
from territories.catalogue import SECRET_TYPES
from territories.enums import Rhythm
from territories.models import Commune, DirectoryEntry, GroupEvent, GroupEventDate, Member
from territories.rules import DATES_AHEAD, repeated_days


@dataclass(frozen=True, kw_only=True)
class Gathering:
    """A group or a workshop as typed; ages in months, None for any. `theme` is the code of a need, "" for none."""

    kind: str
    name: str
    entry: DirectoryEntry | None
    commune: Commune | None
    address: str
    access_text: str
    audiences: tuple[str, ...]
    child_age_from: int | None
    child_age_to: int | None
    theme: str
    registration: str
    phone: str
    link: str
    wheelchair: str
    visibility: str
    words: str

    def columns(self) -> dict[str, Any]:
        """Values of the row."""
        return {**vars(self), "audiences": list(self.audiences)}


@dataclass(frozen=True, kw_only=True)
class Occasions:
    """When it is held: a first local day with its hours, and how it comes again; `until` None for a single date."""

    day: date
    starts: time
    ends: time
    rhythm: str
    until: date | None


@transaction.atomic
def add_event(*, gathering: Gathering, occasions: Occasions, by: Member, at: datetime) -> GroupEvent:
    """Write a group or a workshop with its dates. Raises what `add_dates` raises, `secret_place` and constraints."""
    _check_open(gathering)
    with refusals_of(GroupEvent, GroupEventDate, beside=_FIELDS):
        event: GroupEvent = GroupEvent.objects.create(**gathering.columns(), written_by=by, written_at=at)
    _write_dates(event, occasions, by, at)
    return event


@transaction.atomic
def edit_event(*, event: GroupEvent, gathering: Gathering, by: Member, at: datetime) -> None:
    """Correct what it says of itself; its dates stay. Raises `event_cancelled`, `secret_place` and constraints."""
    _standing(event)
    _check_open(gathering)
    with refusals_of(GroupEvent, GroupEventDate, beside=_FIELDS):
        GroupEvent.objects.filter(pk=event.pk).update(**gathering.columns(), written_by=by, written_at=at)


@transaction.atomic
def add_dates(*, event: GroupEvent, occasions: Occasions, by: Member, at: datetime) -> int:
    """Give it more dates; how many. All of them or none.

    Raises `event_cancelled`, `day_past`, `ends_first`, `until_missing`, `until_first`, `until_far`, `event_date_once`.
    """
    return _write_dates(_standing(event), occasions, by, at)


def _standing(event: GroupEvent) -> GroupEvent:
    """The row, held until the end of the transaction: nobody cancels what is being changed."""
    row: GroupEvent = GroupEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
    if row.cancelled_at is not None:
        raise BusinessError("event_cancelled", "Il a été annulé\u00a0: notez-en un nouveau.")
    return row


def _check_open(gathering: Gathering) -> None:
    """R003: what is held in a secret place is written in no list."""
    if gathering.entry is not None and gathering.entry.type in SECRET_TYPES:
        raise BusinessError("secret_place", "Ce lieu reste secret\u00a0: choisissez un autre service.", field="entry")


def _write_dates(event: GroupEvent, occasions: Occasions, by: Member, at: datetime) -> int:
    zone = by.territory.time_zone
    _check_occasions(occasions, clock.local_date(at, zone))
    days = repeated_days(occasions.day, occasions.rhythm, occasions.until or occasions.day)
    local = ZoneInfo(zone)
    with refusals_of(GroupEvent, GroupEventDate, beside=_FIELDS):
        # The hour on the wall stays the same when the clocks change.
        GroupEventDate.objects.bulk_create(
            GroupEventDate(
                event=event,
                starts_at=datetime.combine(day, occasions.starts, local),
                ends_at=datetime.combine(day, occasions.ends, local),
            )
            for day in days
        )
    return len(days)


def _check_occasions(occasions: Occasions, today: date) -> None:
    until = occasions.until
    if occasions.day < today:
        raise BusinessError("day_past", "Ce jour est passé\u00a0: notez une date à venir.", field="day")
    if occasions.day > today + DATES_AHEAD:
        raise BusinessError("day_far", "Un an d’avance au plus.", field="day")
    if occasions.ends <= occasions.starts:
        raise BusinessError("ends_first", "L’heure de fin vient après celle du début.", field="ends")
    if occasions.rhythm == Rhythm.ONCE:
        return
    if until is None:
        raise BusinessError("until_missing", "Dites jusqu’à quel jour il revient.", field="until")
    if until < occasions.day:
        raise BusinessError("until_first", "Ce jour précède la première date.", field="until")
    if until > today + DATES_AHEAD:
        raise BusinessError("until_far", "Un an d’avance au plus\u00a0: vous ajouterez la suite.", field="until")


@transaction.atomic
def cancel_date(*, occasion: GroupEventDate, reason: str, by: Member, at: datetime) -> None:
    """One date will not take place; it stays, shown as cancelled. Raises `date_over`, `cancelled`, `reason_missing`."""
    told = _reason(reason)
    _standing(occasion.event)
    if occasion.ends_at <= at:
        raise BusinessError("date_over", "Cette date est passée.")
    values = {"cancelled_at": at, "cancelled_by": by, "cancel_reason": told}
    if not GroupEventDate.objects.filter(pk=occasion.pk, cancelled_at=None).update(**values):
        raise BusinessError("cancelled", "Cette date est déjà annulée.")


@transaction.atomic
def cancel_event(*, event: GroupEvent, reason: str, by: Member, at: datetime) -> None:
    """All that was still to come is cancelled; what has been held stays held. Raises `event_cancelled`, `all_over`."""
    told = _reason(reason)
    _standing(event)
    if not GroupEventDate.objects.filter(event=event, ends_at__gt=at).exists():
        raise BusinessError("all_over", "Toutes ses dates sont passées\u00a0: il n’y a plus rien à annuler.")
    values = {"cancelled_at": at, "cancelled_by": by, "cancel_reason": told}
    GroupEvent.objects.filter(pk=event.pk).update(**values)


def _reason(reason: str) -> str:
    if not reason.strip():
        raise BusinessError("reason_missing", "Dites pourquoi, sans nommer personne.", field="reason")
    return reason.strip()


# Beside which field of the page the sentence of a violated constraint stands.
_FIELDS = {
    "event_somewhere": "entry",
    "event_audiences": "audiences",
    "event_ages": "child_age_to",
    "event_age_of_a_child": "child_age_to",
    "event_theme_not_sealed": "theme",
    "event_phone_given": "phone",
    "event_link_given": "link",
    "event_registration_reachable": "phone",
    "event_date_once": "day",
}
