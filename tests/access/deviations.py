"""Addresses of the deviations from the protocol."""

from tests.access.row import PILOTS, Row, without

# The visit is Amal's; Bea of the same structure is not asked, the PMI never is.
SEE = f"{PILOTS} farid amal"
CODE = "elise nora amal"

ROWS: tuple[Row, ...] = (
    Row("visits:deviations", PILOTS),
    Row("visits:deviations_file", PILOTS),
    Row("visits:deviations_to_code", "amal bea chloe"),
    Row("visits:deviation", SEE, "deviation", without(*SEE.split())),
    Row("visits:deviation", CODE, "deviation", without(*CODE.split()), method="post"),
    Row("visits:deviation_undo", CODE, "deviation", without(*CODE.split()), method="post"),
)
