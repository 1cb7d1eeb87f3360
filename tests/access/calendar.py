"""Addresses of the calendar and of the rules."""

from tests.access.row import PILOTS, Row, without

_SEEING = "elise nora olga amal farid gaelle ines"
# Gaëlle's PMI has not accepted the relay of the table yet: she sees and does not note.
_NOTING = "elise farid amal ines"

ROWS: tuple[Row, ...] = (
    Row("pathways:calendar", _SEEING, "family", without(*_SEEING.split())),
    Row("pathways:calendar_note", _NOTING, "family", without(*_NOTING.split())),
    Row("pathways:midwife", _NOTING, "family", without(*_NOTING.split())),
    Row("pathways:rules", PILOTS),
)
