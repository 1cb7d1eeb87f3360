"""What each mother of the demonstration said at the inclusion: turned by the number of her life, never drawn."""

import json
from datetime import timedelta
from typing import Any

from copa.demo.lives import Life
from pathways.enums import CalendarSource, CalendarStatus, InterviewProfessional
from pathways.rules import EARLY_INTERVIEW

# Language and what helps her, for one family in so many.
_SPOKEN = ((31, "ar", ["INTERPRETER"]), (37, "pt", ["NONE"]), (41, "fa", ["INTERPRETER", "ORAL"]), (43, "fr", ["SIGN"]))


def spoken(life: Life) -> tuple[str, str]:
    """Her language, and what helps her as JSON."""
    for every, language, needs in _SPOKEN:
        if life.number % every == 0:
            return language, json.dumps(needs)
    return "fr", '["NONE"]'


def asked(life: Life) -> tuple[Any, ...]:
    """The columns of InclusionAnswers after the pathway."""
    turn = life.theme
    wish = ("YES", "YES", "YES", "NO", "UNDECIDED")[turn % 5]
    is_wished = wish == "YES"
    kind = ("DURATION", "NO_TERM", "INITIATION")[turn % 3] if is_wished else ""
    is_timed = kind == "DURATION"
    return (
        "YES" if life.is_vulnerable else ("NO", "NO", "UNKNOWN")[turn % 3],
        wish,
        kind,
        (4, 13, 26)[turn % 7 % 3] if is_timed else None,
        turn % 2 == 0 if is_timed else None,
        ("YES", "YES", "NO")[turn % 11 % 3] if is_wished else "",
        ("NO", "YES", "UNKNOWN")[turn % 13 % 3],
        life.included_at if turn % 10 else None,
        "PANJO" if turn % 53 == 0 else "",
        json.dumps({"care": 3 + turn % 3, "surrounded": 2 + turn % 4}) if turn % 3 else "{}",
        life.included_at,
    )


def interview(life: Life) -> tuple[Any, ...]:
    """Her line of the calendar from its code to the transmission; empty when she did not know."""
    turn = life.number % 20
    if turn >= 17:
        return ()
    if turn >= 11:
        return (EARLY_INTERVIEW, CalendarStatus.MISSED, None, CalendarSource.PARENTS, "", "", None)
    on = life.day - timedelta(days=150 + 4 * turn)
    by = tuple(InterviewProfessional)[turn % 3 if turn % 5 else 3]
    return (
        EARLY_INTERVIEW,
        CalendarStatus.DONE,
        on,
        CalendarSource.PARENTS,
        "",
        by,
        (True, True, False, None)[turn % 4],
    )
