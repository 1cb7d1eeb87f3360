"""Addresses of the messages: the auxiliary of the family and the team that carries it; for anybody else no message is.

Élise coordinates from the structure that carries the family; Fanny is of another team, Bea follows another family.
"""

from tests.access.row import Row, others, without

READERS = "amal elise farid"
ROLES = "amal bea chloe elise farid fanny"

ROWS: tuple[Row, ...] = (
    Row("messaging:conversations", ROLES),
    Row("messaging:conversation", READERS, "conversation"),
    Row("messaging:conversation", READERS, "conversation", method="post"),
    Row("messaging:spaces", READERS, "family", without(*READERS.split())),
    Row("messaging:spaces", READERS, "family", without(*READERS.split()), method="post"),
    Row("messaging:address", READERS, "account"),
    Row("messaging:all_hours", "amal bea chloe elise"),
    # Bea's own.
    Row("messaging:hours", "bea elise", "member", others("bea elise")),
    Row("messaging:close_account", READERS, "account", method="post"),
)
