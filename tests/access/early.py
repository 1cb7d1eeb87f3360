"""Addresses of the ultra-early discharges."""

from tests.access.row import PILOTS, Row, without

# Amal was called; Bea of the same structure was not.
SEE = f"{PILOTS} farid amal"

ROWS: tuple[Row, ...] = (
    Row("visits:early_calls", f"{PILOTS} farid fanny amal bea chloe"),
    Row("visits:early_call", SEE, "early", without(*SEE.split())),
)
