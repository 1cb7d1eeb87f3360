"""Addresses of api."""

from tests.access.row import CARE, FOLLOW, FOLLOWING, Row, without

ROWS: tuple[Row, ...] = (
    Row("api:family-list", CARE),
    Row("api:family-detail", FOLLOWING, "family", without(*FOLLOW)),
    Row("api:pathway-list", CARE),
    Row("api:pathway-detail", FOLLOWING, "pathway", without(*FOLLOW)),
    Row("api:visit-list", CARE),
    Row("api:visit-detail", FOLLOWING, "done", without(*FOLLOW)),
    Row("api:report-list", CARE),
    Row("api:report-detail", FOLLOWING, "report", without(*FOLLOW)),
)
