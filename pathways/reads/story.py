"""Who tells the story of a family beside her births, visits and reports: one source per subject."""

from pathways.models import Family
from pathways.reads import coordination, screening_story
from pathways.reads.calendar_story import calendar_events
from pathways.reads.needs import told as told_needs
from pathways.reads.stops import told_stops
from pathways.reads.told import Source, Told
from pathways.reads.transfers import told_transfers
from territories.models import Member

SOURCES: tuple[Source, ...] = (
    calendar_events,
    told_stops,
    screening_story.told,
    coordination.told,
    told_needs,
    told_transfers,
)


def told(family: Family, member: Member) -> list[Told]:
    """What every subject tells this reader, in no order; as many queries as sources ask, however long the story."""
    return [event for source in SOURCES for event in source(family, member)]
