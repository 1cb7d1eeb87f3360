"""Rules of a pathway: its states, its stops, its mourning."""

from collections.abc import Iterable
from datetime import timedelta

from copa.kernel.french import inner
from pathways.enums import AftercareStep, NeedAbout, PathwayState

# The PMI is in touch within three months of taking a relay; further ahead it is a typing error.
CONTACT_AHEAD = timedelta(days=92)
# A family is opened to one professional by name for three months at most (design.md 3.2).
GRANT_MAX_DAYS = 92
# alerts.md 6.1: the referring team confirms a death noted by somebody else, or takes it back, within this time.
DEATH_CONFIRMED_WITHIN = timedelta(hours=2)
# Followed now, or about to be again: may still be stopped or change hands.
RUNNING = frozenset({PathwayState.ACTIVE, PathwayState.SUSPENDED, PathwayState.NO_NEWS})
# Stops for good: nothing is planned, sent or handed over any more (A38, L12).
STOPPED = frozenset({PathwayState.WITHDRAWN, PathwayState.MOVED, PathwayState.BEREAVED})
# What a pathway may become. CLOSED is reached from the visits. A withdrawn family comes back by a new inclusion: its
# way back to ACTIVE is for a slip of the hand, the same day, by whoever noted it.
PATHWAY_MOVES: dict[str, frozenset[str]] = {
    PathwayState.ACTIVE: STOPPED | {PathwayState.SUSPENDED, PathwayState.NO_NEWS, PathwayState.CLOSED},
    PathwayState.SUSPENDED: STOPPED | {PathwayState.ACTIVE, PathwayState.CLOSED},
    # Any news brings the family back.
    PathwayState.NO_NEWS: STOPPED | {PathwayState.ACTIVE, PathwayState.SUSPENDED, PathwayState.CLOSED},
    PathwayState.CLOSED: frozenset(),
    PathwayState.WITHDRAWN: frozenset({PathwayState.ACTIVE}),
    PathwayState.MOVED: frozenset(),
    # Only to undo a typing error: a mourning noted on the wrong family.
    PathwayState.BEREAVED: frozenset({PathwayState.ACTIVE}),
}
# What is said to somebody who comes too late to do something on the pathway.
STATE_SENTENCES: dict[str, str] = {
    PathwayState.SUSPENDED: "Ce parcours est suspendu : reprenez-le d’abord.",
    PathwayState.NO_NEWS: "Cette famille est sans nouvelles : notez d’abord son retour.",
    PathwayState.CLOSED: "Ce parcours est déjà clos.",
    PathwayState.WITHDRAWN: "Ce parcours est déjà arrêté, à la demande de la famille.",
    PathwayState.MOVED: "Ce parcours est déjà arrêté, après un déménagement.",
    PathwayState.BEREAVED: "Ce parcours est déjà arrêté.",
}


# What a pathway has become, after « parcours »; the others say it with the label of their state.
_COURSES: dict[str, str] = {PathwayState.MOVED: "arrêté après un déménagement"}


def course_words(state: str) -> str:
    """As "parcours suspendu (hospitalisation)", "parcours arrêté après un déménagement"."""
    return f"parcours {_COURSES.get(state) or inner(PathwayState(state).label)}"


def is_in_silence(*, children: int, dead_children: int, has_lost_mother: bool) -> bool:
    """Whether everything around a birth is silent (A38): the mother died, or no child of it is alive.

    The path of a twin goes on beside the silence around the other one.
    """
    return has_lost_mother or 0 < children <= dead_children


def aftercare_steps(*, has_lost_mother: bool, has_living_child: bool) -> tuple[AftercareStep, ...]:
    """What a person does after one death, in order (alerts.md 6.1)."""
    is_orphan = has_lost_mother and has_living_child
    return tuple(step for step in AftercareStep if is_orphan or step != AftercareStep.CHILD_FOLLOWED)


def has_kept_space(*, state: str, keeps_space: bool) -> bool:
    """Whether she stopped the visits and nothing else (inclusion.md, VISITS_KEEP_SPACE).

    Her space stays, and the child's calendar for those she agreed to; everything else falls silent as after any stop.
    """
    return keeps_space and state == PathwayState.WITHDRAWN


def closes_files(*, keeps_space: bool, others: Iterable[str]) -> bool:
    """Whether a withdrawal ends the openings of the file by name.

    Not while she keeps her space, nor while another pathway of hers, by their states, runs: they are open for that one.
    """
    return not keeps_space and RUNNING.isdisjoint(others)


def takes_nothing_new(*, is_silent: bool, state: str) -> bool:
    """Whether nothing new is noted or asked for outside the visits: stopped for good, or silent (A38, L12)."""
    return is_silent or state in STOPPED


# Whose needs and orientations go on after the death of the mother, while a child of hers lives: everybody's but hers,
# and those of the family, which are hers too.
KEPT_FOR_ORPHAN = frozenset({NeedAbout.CHILD, NeedAbout.SIBLING, NeedAbout.COPARENT})


def goes_on(about: str, *, is_over: bool, has_orphan: bool) -> bool:
    """Whether something new is noted or asked for about this NeedAbout; `is_over` as `takes_nothing_new` says it."""
    return not is_over or (has_orphan and about in KEPT_FOR_ORPHAN)


def has_orphan(*, is_silent: bool, has_living_child: bool, state: str) -> bool:
    """Whether a child lives after the death of its mother: her death silences what is hers, the child's goes on (A38).

    Not where she had stopped everything, or moved, before.
    """
    return is_silent and has_living_child and state not in STOPPED - {PathwayState.BEREAVED}


def is_in_mourning(*, is_silent: bool, state: str) -> bool:
    """Whether a birth, with the state of its pathway ("" without one), is in mourning: the one place that says so."""
    return is_silent or state == PathwayState.BEREAVED
