"""Whom to call about a family now: the emergency lines of the territory, and those of its referring team."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from copa.kernel.french import NBSP, phone
from pathways.models import Pathway
from pathways.reads.emergency import EmergencyLine, lines_by_word
from pathways.reads.ladder import on_duty_for
from pathways.reads.team_lines import number_now
from territories.enums import DutyPlace

TEAM = "TEAM"


@dataclass(frozen=True, slots=True)
class CallButton:
    """One line to call; `is_team`: it is that of the referring team."""

    label: str
    href: str
    is_team: bool = False


def call_lines(pathway: Pathway, words: Iterable[str], at: datetime) -> tuple[CallButton, ...]:
    """The lines that these words of a procedure name (a short number, or TEAM), in order, each once."""
    lines = lines_by_word()
    found: list[CallButton] = []
    for word in dict.fromkeys(words):
        found += _team(pathway, at) if word == TEAM else [_line(lines[word])]
    return tuple(found)


def _line(line: EmergencyLine) -> CallButton:
    words = f"Écrire au {line.phone} (SMS)" if line.is_text else f"Appeler le {line.phone}"
    return CallButton(words, line.href)


def _team(pathway: Pathway, at: datetime) -> list[CallButton]:
    """The line that answers for the team now, then that of its second on duty (alerts.md 5.5.4, rule A0)."""
    line = number_now(pathway.carrier, at, pathway.territory)
    found = [CallButton(f"Appeler l’équipe, {phone(line)}", f"tel:{line}", is_team=True)] if line else []
    return [*found, *second_lines(pathway, line, at)]


def second_lines(pathway: Pathway, line: str, at: datetime) -> list[CallButton]:
    """The numbers of the second on duty of the team at this instant, but for `line`, which is shown already."""
    seconds = on_duty_for(pathway.carrier, DutyPlace.SECOND, at, pathway.territory)
    numbers = ((one.user.get_full_name(), one.user.phone) for one in seconds)
    return [
        CallButton(f"Second numéro{NBSP}: {name}, {phone(number)}", f"tel:{number}")
        for name, number in numbers
        if number and number != line
    ]
