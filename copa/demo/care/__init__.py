"""What professionals do around the staged families, once their lives are written: directory, roster, needs, screening,
meetings, relays, pauses. One step after the loading, in the same transaction manner; nothing leaves the platform.
"""

from copa.demo.care.alerts import write_alert_settings
from copa.demo.care.base import CARE_MODELS, Office
from copa.demo.care.beginnings import write_beginnings
from copa.demo.care.calendar import write_calendar
from copa.demo.care.circle import write_circle
from copa.demo.care.copies import write_copies
from copa.demo.care.deviations import write_deviations
from copa.demo.care.early import write_early_calls
from copa.demo.care.events import write_events
from copa.demo.care.meetings import write_meetings
from copa.demo.care.messages import write_messages
from copa.demo.care.needs import write_needs
from copa.demo.care.places import write_places
from copa.demo.care.relays import write_relays
from copa.demo.care.screening import write_screening
from copa.demo.care.steering import write_steering
from copa.demo.care.stops import write_stops
from copa.demo.care.teams import write_teams

__all__ = ["CARE_MODELS", "Office", "write_care"]

STEPS = (
    write_beginnings,
    write_early_calls,
    write_calendar,
    write_screening,
    write_needs,
    write_meetings,
    write_relays,
    write_stops,
    write_circle,
    write_copies,
    write_deviations,
    write_alert_settings,
    write_teams,
    write_messages,
)


def write_care(office: Office) -> int:
    """Everything, in the order in which rows point at each other; how many rows were written.

    In the scope of the territory. Without staged families (a very small territory) only its places and what
    leads it.
    """
    write_places(office)
    write_steering(office)
    if office.families:
        for step in STEPS:
            step(office)
    write_events(office)
    return office.written
