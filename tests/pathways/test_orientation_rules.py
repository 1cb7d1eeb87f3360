"""Rules of needs and orientations, as a midwife would check them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pathways.enums import Document, NeedAbout, OrientationState, Recipient
from pathways.rules.orientations import (
    ORIENTATION_MOVES,
    REMINDERS,
    Loop,
    Sent,
    document_of,
    is_followed,
    is_spotted_in,
    may_concern,
    recipient_of,
    reminder_due,
)

SENT_AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
MET = date(2026, 11, 10)


def sent(target: str, *, left: bool = True, met: bool = True) -> Sent:
    return Sent(target, SENT_AT if left else None, MET if met else None)


@pytest.mark.parametrize(
    ("orientations", "strict", "extended", "social"),
    [
        ((), False, False, False),
        ((sent("GP"),), True, True, False),
        # domain.md I9: a psychologist is no health professional of the CSP.
        ((sent("PSYCHOLOGIST"),), False, True, False),
        ((sent("TISF"),), False, False, True),
        ((sent("HELPLINE"),), False, False, False),
        # Sent, nobody came yet.
        ((sent("GP", met=False),), False, False, False),
        # The contact was given: the parents went, but nothing was sent.
        ((sent("GP", left=False),), False, False, False),
        # Oriented twice is one need, closed by whichever orientation worked.
        ((sent("GP", met=False), sent("PSYCHOLOGIST")), False, True, False),
        ((sent("GP"), sent("PAEDIATRICIAN")), True, True, False),
        ((sent("TISF"), sent("GP")), True, True, True),
    ],
)
def test_loop_is_closed_by_a_sending_and_a_first_contact(
    orientations: tuple[Sent, ...], strict: bool, extended: bool, social: bool
) -> None:
    found = {loop: is_followed(loop, orientations) for loop in Loop}

    assert found == {Loop.STRICT: strict, Loop.EXTENDED: extended, Loop.SOCIAL: social}


@pytest.mark.parametrize(
    ("code", "health", "social"),
    [
        ("MOOD", True, False),
        ("HOUSING", False, True),
        # Sealed, counted as health in aggregates; the other sealed ones in none.
        ("MIND_SEALED", True, False),
        ("VIOLENCE_SEALED", False, False),
    ],
)
def test_category_of_a_need_decides_where_it_counts(code: str, health: bool, social: bool) -> None:
    assert is_spotted_in(code, Loop.STRICT) is health
    assert is_spotted_in(code, Loop.EXTENDED) is health
    assert is_spotted_in(code, Loop.SOCIAL) is social


@pytest.mark.parametrize(
    ("made", "after", "is_due"),
    [
        (0, REMINDERS[0] - timedelta(seconds=1), False),
        (0, REMINDERS[0], True),
        (1, REMINDERS[1] - timedelta(seconds=1), False),
        (1, REMINDERS[1], True),
        (2, timedelta(days=365), False),
    ],
)
def test_reminders_fall_at_seven_and_fourteen_days(made: int, after: timedelta, is_due: bool) -> None:
    assert reminder_due(SENT_AT, made, SENT_AT + after) is is_due


def test_need_concerns_only_those_who_can_have_it() -> None:
    assert may_concern("EXHAUSTION", NeedAbout.COPARENT)
    assert not may_concern("PERINEUM", NeedAbout.CHILD)
    assert may_concern("NUTRITION", NeedAbout.SIBLING)


def test_child_orientation_is_its_own_document() -> None:
    assert document_of(NeedAbout.CHILD) == Document.CHILD_ORIENTATION
    assert document_of(NeedAbout.MOTHER) == Document.ORIENTATION
    assert (recipient_of("PMI_CENTRE"), recipient_of("LAEP")) == (Recipient.PMI, Recipient.OTHER)


def test_every_state_has_its_moves_and_none_leads_back_to_the_request() -> None:
    assert set(ORIENTATION_MOVES) == set(OrientationState)
    assert OrientationState.PROPOSED not in set().union(*ORIENTATION_MOVES.values())
