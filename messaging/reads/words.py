"""When somebody reads, and what a space answers, in French (parents.md 5.3)."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from copa.kernel.french import NBSP, listed, long_day, phone
from messaging.enums import SpaceState, WeekDay
from messaging.reads.standing import Reader, Standing
from messaging.rules import Span, Week

THIN = "\u202f"


def clock_words(at: time) -> str:
    """As "9 h", "9 h 30"."""
    return f"{at.hour}{NBSP}h{NBSP}{at.minute:02d}" if at.minute else f"{at.hour}{NBSP}h"


def week_words(week: Week) -> str:
    """As "du lundi au vendredi, de 9 h à 17 h", or span by span."""
    by_span: dict[Span, list[int]] = {}
    for day, span in sorted(week.items()):
        by_span.setdefault(span, []).append(day)
    said = [
        f"{_days(days)}, de {clock_words(span.opens)} à {clock_words(span.closes)}" for span, days in by_span.items()
    ]
    return f"{THIN}; ".join(said)


def _days(days: list[int]) -> str:
    names = [str(WeekDay(day).label) for day in days]
    is_run = len(days) > 2 and days == list(range(days[0], days[-1] + 1))
    return f"du {names[0]} au {names[-1]}" if is_run else listed([f"le {name}" for name in names])


def reads_words(reader: Reader) -> str:
    """When messages are read, for whoever is about to write one."""
    who = "L’équipe lit les messages" if reader.is_team else f"{reader.name} lit ses messages"
    return f"{who} {week_words(reader.week)}."


def sent_words(standing: Standing, reader: Reader, reads: datetime, number: str) -> str:
    """What the page says once a message is stored: at once in hours, else when it is read and whom to call before."""
    if reads <= standing.at and standing.state == SpaceState.CALM:
        return f"Message envoyé. L’équipe le lit{THIN}; vous pouvez aussi l’appeler."
    if reads <= standing.at:
        return "Message envoyé. Réponse sur les heures de travail. En urgence, le 15."
    zone = ZoneInfo(standing.territory.time_zone)
    local = reads.astimezone(zone)
    ahead = (local.date() - standing.at.astimezone(zone).date()) // timedelta(days=1)
    day = {0: "aujourd’hui", 1: "demain"}.get(ahead) or long_day(local.date())
    call = f"appelez {phone(number)}, ou le 15 en urgence" if number else "appelez le 15"
    if standing.coparent is None:
        worry = "Si vous êtes inquiète pour vous ou pour votre enfant, n’attendez pas"
    else:
        worry = "Si quelque chose vous inquiète, pour vous ou pour votre enfant, n’attendez pas"
    return (
        f"Votre message est bien gardé. {reader.name} le lira {day} à partir de {clock_words(local.time())}. "
        f"{worry}{NBSP}: {call}. Idées noires{NBSP}: le 3114, jour et nuit."
    )


def calm_words(number: str) -> str:
    """What stands at the head of a space at calm."""
    reach = f" L’équipe reste joignable{NBSP}: {phone(number)}." if number else ""
    return f"Votre espace est au calme. Aucun message automatique ne vous sera envoyé.{reach}"
