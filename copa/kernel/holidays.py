"""French public holidays, computed here: nobody is asked, and a year never runs out.

They are shown as information beside a planned visit; the programme works seven days a week (R074), so none of them
refuses anything.
"""

from datetime import date, timedelta
from functools import cache

_FIXED = {
    (1, 1): "jour de l’An",
    (5, 1): "fête du Travail",
    (5, 8): "victoire de 1945",
    (7, 14): "fête nationale",
    (8, 15): "Assomption",
    (11, 1): "Toussaint",
    (11, 11): "Armistice",
    (12, 25): "Noël",
}
# Days after Easter Sunday.
_MOVING = {1: "lundi de Pâques", 39: "Ascension", 50: "lundi de Pentecôte"}
# The abolition of slavery is a holiday of each overseas region, by its INSEE code.
_ABOLITION = {"01": (5, 27), "02": (5, 22), "03": (6, 10), "04": (12, 20), "06": (4, 27)}


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    cycle = year % 19
    century, in_century = divmod(year, 100)
    leap_centuries, rest = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * cycle + century - leap_centuries - shift + 15) % 30
    leaps, years = divmod(in_century, 4)
    weekday = (32 + 2 * rest + 2 * leaps - moon - years) % 7
    correction = (cycle + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int, region_code: str = "") -> dict[date, str]:
    """Every holiday of the year by date, with its name; `region_code` adds the one of an overseas region."""
    found = {date(year, month, day): name for (month, day), name in _FIXED.items()}
    sunday = easter(year)
    found |= {sunday + timedelta(days=days): name for days, name in _MOVING.items()}
    if region_code in _ABOLITION:
        found[date(year, *_ABOLITION[region_code])] = "abolition de l’esclavage"
    return found


def day_note(day: date, region_code: str = "") -> str:
    """What to know about a day: "férié (Toussaint)", "dimanche", or "" on an ordinary one."""
    name = holidays(day.year, region_code).get(day)
    if name:
        return f"férié ({name})"
    return "dimanche" if day.isoweekday() == 7 else ""
