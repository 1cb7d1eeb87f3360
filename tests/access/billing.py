"""Addresses of billing."""

from tests.access.row import Row

ROWS: tuple[Row, ...] = (
    Row("billing:lines", "elise nora olga jeanne"),
    Row("billing:make_lines", "elise nora olga jeanne", method="post"),
)
