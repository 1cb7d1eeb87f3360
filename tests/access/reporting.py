"""Addresses of reporting."""

from tests.access.row import PILOTS, Row, others

ROWS: tuple[Row, ...] = (
    Row("reporting:quarter", "elise nora olga jeanne"),
    Row("reporting:compute", PILOTS, method="post"),
    Row("reporting:export_request", "elise nora", method="post"),
    Row("reporting:export_status", "elise nora olga jeanne", "export", others("elise nora olga jeanne")),
    Row("reporting:export_file", "elise nora", "export", others("elise nora"), extra=("csv",)),
)
