"""The escalation of a sign nobody takes (alerts.md 7). T is the delay of its family; silent hours do not exist."""

from collections.abc import Collection
from datetime import datetime, timedelta

from pathways.enums import SIGN_KINDS, AlertFamily, AlertKind, LadderStep

# What is told at how many times T after the alert was received, while nobody has taken it.
LADDER: tuple[tuple[LadderStep, int], ...] = (
    (LadderStep.SECOND, 1),
    (LadderStep.DOCTOR, 2),
    (LadderStep.AP, 3),
    (LadderStep.PILOTS, 4),
)
# alerts.md 5.5: whoever ticked the sign knows within a day what was done; else the alert comes back on top, and whoever
# took it is told again, with the coordination.
RETURN_WITHIN = timedelta(hours=24)
# An SMS about a danger, held up longer than this, speaks of what has long been answered.
SMS_USELESS_AFTER = timedelta(hours=2)

# What is looked at first, by family of sign: where a life is in danger now, then what gets worse within the hour.
_DANGER: dict[str, int] = {
    AlertFamily.CHILD_VITAL: 0,
    AlertFamily.MOTHER_VITAL: 0,
    AlertFamily.MIND_VITAL: 0,
    AlertFamily.DANGER_NOW: 0,
    AlertFamily.CHILD_URGENT: 1,
    AlertFamily.MOTHER_URGENT: 1,
    AlertFamily.MIND_SOON: 2,
    AlertFamily.PROTECTED: 2,
    AlertFamily.HOME_TONIGHT: 3,
}
# After the signs: a death is confirmed within two hours (alerts.md 6.1), a report is owed within a day.
_OTHERS: dict[str, int] = {AlertKind.DEATH: 4, AlertKind.REPORT_OVERDUE: 5}
_LAST = 6


def danger_rank(kind: str, family: str) -> int:
    """The place of an alert among those that wait, 0 first; a sign of an unknown family is urgent."""
    return _DANGER.get(family, 1) if kind in SIGN_KINDS else _OTHERS.get(kind, _LAST)


def next_step(family: str, reached: Collection[str]) -> tuple[LadderStep, int] | None:
    """The step that comes next and its multiple of T; None at the top.

    In a danger that is there now, the phone of the AP stays silent: her step is left out.
    """
    for step, times in LADDER:
        is_silent = step == LadderStep.AP and family == AlertFamily.DANGER_NOW
        if step not in reached and not is_silent:
            return step, times
    return None


def answer_delay(raised_at: datetime, answer_due_at: datetime | None) -> timedelta | None:
    """T: how long the team has to answer this alert; None when nobody has to answer by a given instant."""
    return None if answer_due_at is None else answer_due_at - raised_at


def instruction_due_at(taken_at: datetime, raised_at: datetime, answer_due_at: datetime | None) -> datetime:
    """By when whoever took a sign by her name writes what the auxiliary does.

    alerts.md 1 gives the team T to *answer*: the visit may close after an instruction, not after a name (5.5: the
    taker « chooses one », with its hour). Her name holds the ladder for one T more; then it climbs on.
    """
    return taken_at + (answer_delay(raised_at, answer_due_at) or RETURN_WITHIN)


def step_after_taking(reached: Collection[str]) -> LadderStep | None:
    """Whom to tell next while a sign was taken and no instruction is written; None at the top.

    Its taker first, then the others in their order. The AP is left out: she was told who took it, and « personne n’a
    répondu » would be false.
    """
    order = (LadderStep.UNSAID, *(step for step, _ in LADDER if step != LadderStep.AP))
    return next((step for step in order if step not in reached), None)


def steps_passed(
    family: str, raised_at: datetime, answer_due_at: datetime, at: datetime, reached: Collection[str] = ()
) -> list[LadderStep]:
    """The steps whose hour is over at this instant, in their order; `reached` are left out.

    An alert that was given back has no delay of its own: alerts.md 7 counts from the reception.
    """
    found: list[LadderStep] = []
    following = next_step(family, reached)
    while following is not None and step_at(raised_at, answer_due_at, following[1]) <= at:
        found.append(following[0])
        following = next_step(family, [*reached, *found])
    return found


def step_at(raised_at: datetime, answer_due_at: datetime, times: int) -> datetime:
    """When a step comes: elapsed time, the same across a change of clocks. `answer_due_at` is the first T."""
    return raised_at + times * (answer_due_at - raised_at)
