"""Rules of the relay to the PMI: its moves, its patience, the overlap of the two teams, its horizon."""

from datetime import date, timedelta
from typing import Any

from copa.kernel.french import NBSP
from pathways.enums import Agreement, RelayOutcome, RelayState

# documents.md 2: the PMI is asked to be in touch with the family within seven days.
FIRST_CONTACT_DAYS = 7
# peers.md, idea 10: a relay that nobody has accepted after seven days is told every morning.
RELAY_PATIENCE_DAYS = 7
# documents.md 2, line 9: the team asks three things of the PMI at most.
RELAY_TASKS = 3
# R024, R061: the PMI follows a child until the sixth birthday.
PMI_YEARS = 6
# What a relay may become. Accepting ends it; what the PMI notes afterwards are contacts and an outcome.
RELAY_MOVES: dict[str, frozenset[str]] = {
    RelayState.WAITING: frozenset(
        {RelayState.QUESTIONED, RelayState.ACCEPTED, RelayState.DECLINED, RelayState.NOT_NEEDED}
    ),
    # Asked again while it waits for an answer: history keeps each question.
    RelayState.QUESTIONED: frozenset(
        {
            RelayState.QUESTIONED,
            RelayState.WAITING,
            RelayState.ACCEPTED,
            RelayState.DECLINED,
            RelayState.NOT_NEEDED,
        }
    ),
    RelayState.DECLINED: frozenset({RelayState.WAITING, RelayState.NOT_NEEDED}),
    RelayState.NOT_NEEDED: frozenset({RelayState.WAITING}),
    RelayState.ACCEPTED: frozenset(),
}
# With the PMI: she sees them and may answer.
RELAY_OPEN = frozenset({RelayState.WAITING, RelayState.QUESTIONED})
# Outcomes after which the PMI no longer follows the child: both teams keep the family for the overlap, then the PMI
# loses it and the referring team keeps the record.
RELAY_ENDS = frozenset({RelayOutcome.ENDED, RelayOutcome.FAMILY_DECLINES, RelayOutcome.MOVED})
# A PMI had accepted and the mother took her yes back, as columns: what a query asks and what is asked of a row.
TAKEN_BACK: dict[str, Any] = {"is_agreed": False, "state": RelayState.ACCEPTED, "outcome": ""}


def relay_refusal(*, is_agreed: bool, answer: str) -> tuple[str, str]:
    """Why the mother keeps a relay from leaving (A16), in the few words of the track, then as a sentence.

    `answer` is her last one for the PMI, "" when she was never asked; "" twice when she agreed.
    """
    if is_agreed:
        return "", ""
    if answer == Agreement.NO:
        return "elle a dit non", f"La mère ne souhaite pas que la PMI le reçoive{NBSP}: à revoir avec elle."
    return "accord à demander", f"La mère n’a pas encore donné son accord pour la PMI{NBSP}: à lui demander."


def first_contact_by(accepted_on: date) -> date:
    """Until which local day the PMI is asked to be in touch with a family it takes on this one (documents.md 2)."""
    return accepted_on + timedelta(days=FIRST_CONTACT_DAYS)


def is_ended_unmet(outcome: str, *, is_met: bool) -> bool:
    """Whether the PMI ended its follow-up of a family that nobody there has met, whatever it gives as the reason.

    Nobody follows the child then: that the family does not wish it, or has moved, is the word of who has not met it.
    """
    return outcome in RELAY_ENDS and not is_met


def is_taken_back(*, is_agreed: bool, state: str, outcome: str) -> bool:
    """Whether the mother took her yes back once the PMI had accepted: nobody follows the child, the team decides."""
    return {"is_agreed": is_agreed, "state": state, "outcome": outcome} == TAKEN_BACK


def relay_states_before(state: str) -> list[str]:
    """The states from which a relay may come to this one, for the WHERE of the UPDATE that moves it."""
    return sorted(old for old, targets in RELAY_MOVES.items() if state in targets)


def has_open_question(state: str, *, question: str, reply: str) -> bool:
    """Whether a question of the PMI waits for the team: the PMI may have taken the relay without waiting for it."""
    return state == RelayState.QUESTIONED or (state == RelayState.ACCEPTED and bool(question) and not reply)


def is_relay_late(due_on: date, today: date) -> bool:
    """Whether a relay nobody has accepted is told in the digest: more than seven local days after it was due."""
    return (today - due_on).days > RELAY_PATIENCE_DAYS


def relay_late_before(today: date) -> date:
    """Relays due before this local day are late: the same rule, for a query."""
    return today - timedelta(days=RELAY_PATIENCE_DAYS)


def overlap_last_day(accepted_on: date, closed_on: date, overlap_days: int) -> date:
    """The last local day on which the referring team and the AP keep a family that the PMI has taken.

    Counted from the acceptance, and never before the day the pathway closes.
    """
    return max(accepted_on + timedelta(days=overlap_days), closed_on)


def pmi_last_day(born_on: date, ended_on: date | None = None, overlap_days: int = 0) -> date:
    """The last local day on which the PMI keeps a family: the sixth birthday, or sooner the end of the overlap.

    `ended_on` is the local day on which an outcome of RELAY_ENDS was written, None while there is none.
    """
    six = sixth_birthday(born_on)
    return six if ended_on is None else min(six, ended_on + timedelta(days=overlap_days))


def sixth_birthday(born_on: date) -> date:
    """Until when the PMI may follow the child (R061); a child born on 29 February is six on 1 March."""
    year = born_on.year + PMI_YEARS
    if (born_on.month, born_on.day) == (2, 29) and not _is_leap(year):
        return date(year, 3, 1)
    return born_on.replace(year=year)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
