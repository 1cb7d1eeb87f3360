"""Addresses of territories."""

from tests.access.row import Row, others

ROWS: tuple[Row, ...] = (
    Row("territories:members", "elise nora olga jeanne"),
    Row("territories:rights", "elise nora olga jeanne"),
    Row("territories:add_member", "jeanne"),
    Row("territories:invite_again", "jeanne", "member", others("jeanne"), method="post"),
    Row("territories:end_rights", "elise jeanne", "member", others("elise jeanne")),
    Row("territories:give_back_rights", "elise jeanne", "member", others("elise jeanne"), method="post"),
)
