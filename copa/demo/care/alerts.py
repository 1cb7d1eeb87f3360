"""How a territory answers its alerts: doctors and lines of the teams, a number of its own, a family in hand."""

from datetime import time

from copa.demo.care.base import Office
from copa.kernel.french import phone
from pathways.enums import EmergencyUse, LineDay
from pathways.models import AlertReader, EmergencyNumber, InHand, TeamLine
from territories.enums import Role, StructureKind

POISON_LINE = 1390
WEEK = [day.value for day in LineDay if day < LineDay.SATURDAY]
WHY = "Mise au sein douloureuse, crevasses : je reviens chaque matin jusqu’à vendredi."


def write_alert_settings(office: Office) -> None:
    """Named by the coordinator some months ago; the midwife has taken one family in hand since the day before."""
    coordinator, at = office.known.coordinator.pk, office.moment(-150, 10)
    number = phone(office.place.phone(POISON_LINE))
    office.put(EmergencyNumber, use=EmergencyUse.POISON, number=number, valid_from=at, set_by_id=coordinator)
    for house in office.place.houses:
        if not house.pathways:
            continue
        structure = office.known.houses[house.name]
        doctor = office.team.of(Role.REFERRING_TEAM, house.name)[0].pk
        office.put(AlertReader, structure_id=structure, member_id=doctor, named_by_id=coordinator, named_at=at)
        if house.kind != StructureKind.MATERNITY:
            _line(office, structure, coordinator)
    midwife = office.member(Role.LIBERAL_MIDWIFE).pk
    since, noted_at = office.moment(-1, 9), office.moment(-1, 11)
    office.put(InHand, **office.of("relay_waits"), by_id=midwife, since=since, why=WHY, noted_at=noted_at)


def _line(office: Office, structure: int, coordinator: int) -> None:
    """A CPP or a PMI answers on working days; the maternity answers the rest of the time."""
    office.put(
        TeamLine,
        structure_id=structure,
        days=WEEK,
        opens=time(8),
        closes=time(18),
        relay_id=office.maternity,
        valid_from=office.moment(-150, 10),
        set_by_id=coordinator,
    )
