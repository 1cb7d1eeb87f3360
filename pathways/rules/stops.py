"""Rules of stops: whose hospital stay pauses a pathway, when a family is without news."""

from datetime import timedelta

from pathways.enums import Patient

# A hospital stay noted later than this after it began, or before the birth, is a typing error.
STAY_BACK_DAYS = 90
# Proposed « sans nouvelles »: this many attempts without an answer, on so many local days. « À valider p ».
NO_NEWS_ATTEMPTS = 3
NO_NEWS_DAYS = 2
# parents.md, states: after the mother's death nothing automatic goes to the co-parent for 30 days. « À valider c ».
COPARENT_SILENCE = timedelta(days=30)


def stay_pauses(*, person: str, others_at_home: int) -> bool:
    """Whether a stay pauses the visits: the mother's, or that of a child when no other followed one is at home.

    A twin at home goes on being visited: only what concerns the other one waits (peers.md idea 21).
    """
    return person == Patient.MOTHER or others_at_home == 0


def is_paused(*, has_mother_stay: bool, at_home: int, has_pausing_stay: bool) -> bool:
    """Whether the stays that run keep the pathway paused; `at_home` counts followed children who are at home.

    A child still on the ward since its birth (a stay that pauses nothing) never paused it.
    """
    return has_mother_stay or (at_home == 0 and has_pausing_stay)


def is_without_news(*, attempts: int, days: int) -> bool:
    """Whether the attempts since the last news, on so many local days, are enough to propose it to the team."""
    return attempts >= NO_NEWS_ATTEMPTS and days >= NO_NEWS_DAYS
