"""What a visit finds: danger signs, the mood questionnaire, a protected situation, with the shares of domain.md 8.2."""

from datetime import timedelta
from random import Random

from copa.demo import rates
from copa.demo.lives import Call, Life, Sign

# (family of alert, sign): frequent, plain signs; the vital ones stay rare.
CHILD_SIGNS = (
    ("CHILD_URGENT", "CHILD_YELLOW"),
    ("CHILD_URGENT", "CHILD_CORD"),
    ("CHILD_URGENT", "CHILD_NOT_FEEDING"),
    ("CHILD_URGENT", "CHILD_FEVER"),
    ("CHILD_URGENT", "CHILD_PARENTS_WORRY"),
    ("CHILD_VITAL", "CHILD_BLUE_GREY"),
)
MOTHER_SIGNS = (
    ("MOTHER_URGENT", "MOTHER_SCAR"),
    ("MOTHER_URGENT", "MOTHER_BREAST"),
    ("MOTHER_URGENT", "MOTHER_FEVER"),
    ("MIND_SOON", "MOTHER_LOW"),
    ("MIND_SOON", "MOTHER_NO_SLEEP"),
)
ITEM_10 = ("MIND_VITAL", "EPDS_ITEM10")
SIGNAL = ("PROTECTED", "HOME_VIOLENCE_TOLD")
ITEMS = 10
HIGH = 13


def draw(life: Life, rng: Random) -> None:
    """Put signs, the questionnaire and signals on the visits that will take place."""
    for call in life.calls:
        if call.started_at is None:
            continue
        if rng.random() < rates.CHILD_SIGN:
            add(call, *rng.choice(CHILD_SIGNS), rng)
        if rng.random() < rates.MOTHER_SIGN:
            add(call, *rng.choice(MOTHER_SIGNS), rng)
    _questionnaire(life, rng)
    if rng.random() < rates.SIGNAL:
        signal(next(call for call in reversed(life.calls) if call.started_at), rng)


def add(call: Call, family: str, code: str, rng: Random) -> None:
    """A sign ticked ten minutes or more after the arrival, taken by the team within the hour."""
    assert call.started_at is not None
    minutes = rng.randrange(10, 40)
    taken = call.started_at + timedelta(minutes=minutes + rng.randrange(2, 25))
    call.signs.append(Sign(family, code, minutes, taken))


def signal(call: Call, rng: Random) -> None:
    """A protected situation told to the AP, signalled to the team."""
    add(call, *SIGNAL, rng)


def _questionnaire(life: Life, rng: Random) -> None:
    """EPDS at V2 (R058), refused by one mother in ten."""
    for call in life.calls:
        if call.kind == "V2" and call.started_at:
            call.epds = values(rng) if rng.random() < rates.EPDS_DONE else None
            call.epds_refused = call.epds is None
            if call.epds and call.epds[-1]:
                add(call, *ITEM_10, rng)


def values(rng: Random) -> tuple[int, ...]:
    """Ten values of 0 to 3, the tenth last; their sum follows the gamma of domain.md 8.2."""
    total = min(30, round(rng.gammavariate(rates.EPDS_SHAPE, rates.EPDS_SCALE)))
    share = rates.ITEM_10_HIGH if total >= HIGH else (rates.ITEM_10_MIDDLE if total >= 4 else 0.0)
    tenth = 1 if rng.random() < share else 0
    nine = [0] * (ITEMS - 1)
    for _ in range(min(total - tenth, 3 * len(nine))):
        nine[rng.choice([place for place, value in enumerate(nine) if value < 3])] += 1
    return (*nine, tenth)
