"""Groups and workshops of the territory (R226), held by services of its directory or by nobody of it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from copa.demo.care.base import Office
from territories.catalogue import Visibility
from territories.enums import EventKind, Known, Registration, Rhythm
from territories.models import Commune, GroupEvent, GroupEventDate
from territories.rules import repeated_days

GROUP_LINE = 1480


@dataclass(frozen=True)
class Held:
    """One event. `first` is its first date in days from today, on the next `weekday` (Monday 0), for `weeks` weeks."""

    kind: str
    name: str
    entry: str
    weekday: int
    first: int
    weeks: int
    rhythm: str
    hours: tuple[time, time]
    audiences: str
    registration: str
    ages: tuple[int | None, int | None] = (None, None)
    theme: str = ""
    visibility: str = Visibility.PUBLIC
    wheelchair: str = Known.YES
    village: int | None = None
    words: str = ""
    cancelled: tuple[int, str] | None = field(default=None)


EVENTS = (
    Held(EventKind.OPEN_DOOR, "Matinée de La Parenthèse", "LAEP", 3, -28, 16, Rhythm.WEEKLY,
         (time(9, 30), time(11, 30)), "MCBF", Registration.FREE, ages=(0, 72),
         words="On vient et on repart quand on veut. Les aînés sont les bienvenus.",
         cancelled=(5, "Salle prise par la commune ce jour-là")),
    Held(EventKind.GROUP, "Jumeaux et plus, entre parents", "", 5, -40, 26, Rhythm.MONTHLY, (time(10), time(12)),
         "MCF", Registration.PHONE, ages=(0, 24), theme="MULTIPLES", village=0,
         words="Les bébés viennent avec leurs parents, des bénévoles aident à porter."),
    Held(EventKind.GROUP, "Groupe de parole après la perte d’un bébé", "PSYCHOLOGIST", 1, 8, 20, Rhythm.MONTHLY,
         (time(18), time(19, 30)), "MCF", Registration.REQUIRED, theme="BEREAVEMENT",
         visibility=Visibility.PROFESSIONAL, wheelchair=Known.UNKNOWN, village=1,
         words="La psychologue appelle les parents avant la première rencontre."),
    Held(EventKind.WORKSHOP, "Atelier allaitement et reprise du travail", "LACTATION", 1, 6, 0, Rhythm.ONCE,
         (time(14), time(16)), "M", Registration.FULL, ages=(2, 12), theme="FEEDING_DIFFICULTY"),
    Held(EventKind.INFORMATION, "Modes de garde, à qui s’adresser", "SOCIAL_WORKER", 2, -20, 0, Rhythm.ONCE,
         (time(17, 30), time(18, 30)), "MC", Registration.FREE, theme="CHILDCARE", wheelchair=Known.NO),
)  # fmt: skip


def write_events(office: Office) -> None:
    """A morning each week, two monthly groups, a workshop that is full, and one that is over."""
    for shown in EVENTS:
        event = _event(office, shown)
        first = office.today(shown.first)
        first += timedelta(days=(shown.weekday - first.weekday()) % 7)
        days = repeated_days(first, shown.rhythm, first + timedelta(weeks=shown.weeks))
        for rank, day in enumerate(days):
            _date(office, event, shown, day, is_cancelled=shown.cancelled is not None and rank == shown.cancelled[0])


def _event(office: Office, shown: Held) -> GroupEvent:
    village = None if shown.village is None else office.place.villages[shown.village % len(office.place.villages)]
    return office.put(
        GroupEvent,
        kind=shown.kind,
        name=shown.name,
        entry=office.entries[shown.entry] if shown.entry else None,
        commune_id=Commune.objects.values_list("pk", flat=True).get(code=village.code) if village else None,
        address="Salle des Tilleuls, 8 rue de l’École" if village else "",
        access_text="Au fond de la cour, porte verte" if village else "",
        audiences=list(shown.audiences),
        child_age_from=shown.ages[0],
        child_age_to=shown.ages[1],
        theme=shown.theme,
        registration=shown.registration,
        phone=office.place.phone(GROUP_LINE) if shown.registration == Registration.PHONE else "",
        wheelchair=shown.wheelchair,
        visibility=shown.visibility,
        words=shown.words,
        written_by_id=office.known.coordinator.pk,
        written_at=office.moment(-45, 11),
    )


def _date(office: Office, event: GroupEvent, shown: Held, day: date, *, is_cancelled: bool) -> None:
    starts_at, ends_at = (datetime.combine(day, hour, office.known.zone) for hour in shown.hours)
    by = {"cancelled_at": office.moment(-1, 10), "cancelled_by_id": office.known.coordinator.pk}
    told = by | {"cancel_reason": shown.cancelled[1]} if is_cancelled and shown.cancelled else {}
    office.put(GroupEventDate, event=event, starts_at=starts_at, ends_at=ends_at, **told)
