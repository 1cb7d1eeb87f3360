"""Rules of needs and orientations: whom they concern, which moves exist, when to remind, what counts in I9."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from pathways.enums import Document, NeedAbout, OrientationState, OrientationUrgency, Recipient, SentBy
from territories.catalogue import NEEDS, TYPES, Audience, EntryClass, NeedCategory

# R004, peers.md idea 11: without an answer after a week the professional is asked once more, after two the team is
# told. Ours to choose: change the days here.
REMINDERS = (timedelta(days=7), timedelta(days=14))
# An answer link lives as long as an answer is still waited for, and no longer.
LINK_LIFE = timedelta(days=14)
# As many wrong codes as a tired reader types, far fewer than the million there are.
WRONG_CODES = 5
# A need is one line; the facts of a report's row are no longer (visit-report.md, need.item.facts).
NEED_WORDS = 160

# What an orientation may become; only `actions.orientations` writes the state.
ORIENTATION_MOVES: dict[str, frozenset[str]] = {
    OrientationState.PROPOSED: frozenset(
        {OrientationState.ACCEPTED, OrientationState.REFUSED, OrientationState.CLOSED}
    ),
    OrientationState.ACCEPTED: frozenset({OrientationState.SENT, OrientationState.CLOSED}),
    OrientationState.SENT: frozenset(
        {
            OrientationState.SEEN,
            OrientationState.NOT_COME,
            OrientationState.CANNOT_TAKE,
            OrientationState.CLOSED,
        }
    ),
    OrientationState.GIVEN: frozenset({OrientationState.SEEN, OrientationState.CLOSED}),
    OrientationState.NOT_COME: frozenset({OrientationState.SEEN, OrientationState.CLOSED}),
    OrientationState.CANNOT_TAKE: frozenset({OrientationState.CLOSED}),
    OrientationState.REFUSED: frozenset(),
    OrientationState.SEEN: frozenset(),
    OrientationState.CLOSED: frozenset(),
}
# Those of which a first contact may still be known one day.
AWAITS_CONTACT = tuple(sorted(old for old, targets in ORIENTATION_MOVES.items() if OrientationState.SEEN in targets))
ANSWERS = (OrientationState.SEEN, OrientationState.NOT_COME, OrientationState.CANNOT_TAKE)

_AUDIENCE = {
    NeedAbout.MOTHER: Audience.MOTHER,
    NeedAbout.COPARENT: Audience.COPARENT,
    NeedAbout.CHILD: Audience.CHILD,
    NeedAbout.SIBLING: Audience.FAMILY,
    NeedAbout.FAMILY: Audience.FAMILY,
}
# What is the mother's, or the whole family's, is ORIENTATION.
_DOCUMENT = {
    NeedAbout.CHILD: Document.CHILD_ORIENTATION,
    NeedAbout.SIBLING: Document.KIN_ORIENTATION,
    NeedAbout.COPARENT: Document.KIN_ORIENTATION,
}
# A type of the directory that is also a recipient the mother is asked about by name: her "no" there holds here too.
RECIPIENT_OF_TYPE: dict[str, Recipient] = {
    "LIBERAL_MIDWIFE": Recipient.LIBERAL_MIDWIFE,
    "GP": Recipient.GENERAL_PRACTITIONER,
    "PAEDIATRICIAN": Recipient.PAEDIATRICIAN,
    "PMI_CENTRE": Recipient.PMI,
    "PSYCHOLOGIST": Recipient.PSYCHOLOGIST,
}


# The most urgent first; what was asked outside a report says nothing, and comes among the ordinary ones.
_URGENT_FIRST = (OrientationUrgency.TODAY, OrientationUrgency.THIS_WEEK)


def urgency_rank(urgency: str) -> int:
    """Where an orientation stands among those that wait, the smallest first."""
    return _URGENT_FIRST.index(OrientationUrgency(urgency)) if urgency in _URGENT_FIRST else len(_URGENT_FIRST)


def less_urgent(urgency: str) -> list[str]:
    """The urgencies that this one takes the place of."""
    return [one for one in ("", *OrientationUrgency.values) if urgency_rank(one) > urgency_rank(urgency)]


def may_concern(code: str, about: str, *, is_left: bool = False) -> bool:
    """Whether this need is one that this person can have (directory-types.md 4, column « Pour »).

    `is_left`: the mother has died and her child lives; the household is then that of the parent who is left, and what
    it needs is asked for him.
    """
    audiences = NEEDS[code].audiences
    is_household = is_left and about == NeedAbout.COPARENT and Audience.FAMILY in audiences
    return is_household or _AUDIENCE[NeedAbout(about)] in audiences


def document_of(about: str) -> Document:
    """What an orientation about this person is, for `routing`."""
    return _DOCUMENT.get(NeedAbout(about), Document.ORIENTATION)


def recipient_of(target_type: str) -> Recipient:
    """The recipient behind a type; OTHER when the mother is asked for each orientation alone."""
    return RECIPIENT_OF_TYPE.get(target_type, Recipient.OTHER)


def reminder_due(sent_at: datetime, reminders: int, at: datetime) -> bool:
    """Whether the next reminder is due, `reminders` having been made; False once all are."""
    return reminders < len(REMINDERS) and sent_at + REMINDERS[reminders] <= at


# ---- I9 ------------------------------------------------------------------------------------------------------
class Loop(StrEnum):
    """I9 and its two companions."""

    STRICT = "strict"
    EXTENDED = "extended"
    SOCIAL = "social"


# Which classes of target close the loop in each count; S is counted apart, I never (directory-types.md 4).
CLASSES: dict[Loop, frozenset[EntryClass]] = {
    Loop.STRICT: frozenset({EntryClass.HEALTH}),
    Loop.EXTENDED: frozenset({EntryClass.HEALTH, EntryClass.EXTENDED}),
    Loop.SOCIAL: frozenset({EntryClass.SOCIAL}),
}
# Sealed, yet health: counted in the aggregates alone.
SEALED_HEALTH = frozenset({"MIND_SEALED"})


@dataclass(frozen=True, slots=True)
class Sent:
    """One orientation as I9 sees it: `sent_at` None when nothing left, `first_contact_on` None until confirmed."""

    target_type: str
    sent_at: datetime | None
    first_contact_on: date | None


def is_spotted_in(code: str, loop: Loop) -> bool:
    """Whether this need belongs to the denominator: health for the first two, social for the third."""
    if loop == Loop.SOCIAL:
        return NEEDS[code].category == NeedCategory.SOCIAL
    return NEEDS[code].category == NeedCategory.HEALTH or code in SEALED_HEALTH


def is_followed(loop: Loop, orientations: Iterable[Sent]) -> bool:
    """Whether one of the orientations of a need was sent and led to a first contact; two of them are still one need.

    An orientation to a social place closes no health loop: it is counted apart, with the social needs.
    """
    return any(
        one.sent_at is not None
        and one.first_contact_on is not None
        and TYPES[one.target_type].entry_class in CLASSES[loop]
        for one in orientations
    )


def ways_to_send(*, is_sealed: bool, email: str) -> list[SentBy]:
    """How a decided orientation may leave: S3 by voice alone, a link only where there is an address to write to."""
    if is_sealed:
        return [SentBy.PHONE]
    return [way for way in SentBy if way != SentBy.LINK or email]
