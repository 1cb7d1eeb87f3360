"""The whole table: every address and what each person gets."""

from tests.access import (
    api,
    billing,
    calendar,
    consents,
    directory,
    early,
    imports,
    meetings,
    orientations,
    pathways,
    presentations,
    reporting,
    screening,
    stops,
    territories,
    visits,
)

ROWS = (
    *visits.ROWS,
    *early.ROWS,
    *pathways.ROWS,
    *consents.ROWS,
    *imports.ROWS,
    *stops.ROWS,
    *screening.ROWS,
    *meetings.ROWS,
    *calendar.ROWS,
    *presentations.ROWS,
    *territories.ROWS,
    *directory.ROWS,
    *orientations.ROWS,
    *billing.ROWS,
    *reporting.ROWS,
    *api.ROWS,
)
