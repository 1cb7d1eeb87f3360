"""Addresses of the directory: every member reads it, the coordinator and the administrator keep it."""

from tests.access.row import INSIDERS, Row, others

EVERYBODY = " ".join(sorted(INSIDERS))
KEEPERS = "elise jeanne"

ROWS: tuple[Row, ...] = (
    Row("territories:directory", EVERYBODY),
    Row("territories:offer_map", EVERYBODY),
    Row("territories:entry_new", KEEPERS),
    Row("territories:entry", EVERYBODY, "entry"),
    Row("territories:entry_edit", KEEPERS, "entry", others(KEEPERS)),
    Row("territories:entry_review", KEEPERS, "entry", others(KEEPERS), method="post"),
    Row("territories:entry_archive", KEEPERS, "entry", others(KEEPERS)),
    Row("territories:events", EVERYBODY),
    Row("territories:events_print", EVERYBODY),
    Row("territories:event_new", KEEPERS),
    Row("territories:event", EVERYBODY, "event"),
    Row("territories:event_edit", KEEPERS, "event", others(KEEPERS)),
    Row("territories:event_dates", KEEPERS, "event", others(KEEPERS)),
    Row("territories:event_cancel", KEEPERS, "event", others(KEEPERS)),
    Row("territories:event_date_cancel", KEEPERS, "event_date", others(KEEPERS)),
)
