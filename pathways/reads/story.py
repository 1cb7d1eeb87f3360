"""Who tells the story of a family beside her births, visits and reports: one source per subject."""

from itertools import islice

from copa.kernel.prepared import together
from pathways.models import Family
from pathways.reads import coordination, screening_story
from pathways.reads.calendar_story import CALENDAR
from pathways.reads.circle_story import CIRCLE
from pathways.reads.in_hand_story import IN_HAND
from pathways.reads.needs import told as told_needs
from pathways.reads.relay_story import RELAYS
from pathways.reads.sendings_story import SENDINGS
from pathways.reads.situation_story import SITUATION
from pathways.reads.stops import STOPS
from pathways.reads.told import KeptSource, Source, Told
from pathways.reads.transfers import TRANSFERS
from pathways.reads.untold_story import UNTOLD
from territories.models import Member

SOURCES: tuple[Source, ...] = (
    screening_story.told,
    coordination.told,
    told_needs,
)
# All of these in one exchange with the database: the file of a family is opened a hundred times a day.
KEPT_SOURCES: tuple[KeptSource, ...] = (
    CALENDAR,
    CIRCLE,
    IN_HAND,
    RELAYS,
    SENDINGS,
    SITUATION,
    STOPS,
    TRANSFERS,
    UNTOLD,
)
# What the layers above tell: they register their source once the apps are ready (style.md 5.1, they pull nothing here).
_FROM_ABOVE: list[Source] = []


def register(source: Source) -> None:
    """Add the source of a layer above to every story; once, however often it is asked."""
    if source not in _FROM_ABOVE:
        _FROM_ABOVE.append(source)


def told(family: Family, member: Member) -> list[Told]:
    """What every subject tells this reader, in no order; as many queries as sources ask, however long the story."""
    return [
        *_kept(family, member),
        *(event for source in (*SOURCES, *_FROM_ABOVE) for event in source(family, member)),
    ]


def _kept(family: Family, member: Member) -> list[Told]:
    held = [source for source in KEPT_SOURCES if source.perm.is_held_by(member)]
    reads = [read for source in held for read in source.reads]
    found = iter(together(*reads, family=family.pk) if reads else ())
    return [event for one in held for event in one.told(family, member, list(islice(found, len(one.reads))))]
