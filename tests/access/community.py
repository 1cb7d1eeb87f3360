"""Addresses of the communauté de pratiques: those who take part read it, Bea does not; nobody else may."""

from tests.access.row import CARE, Row

MAY_JOIN = " ".join(sorted(set(CARE.split()) - {"marc"}))
INSIDE = "amal elise farid ines nora"
BINOME = "elise nora"

ROWS: tuple[Row, ...] = (
    Row("territories:community", MAY_JOIN),
    Row("territories:topic_new", MAY_JOIN),
    Row("territories:topic", INSIDE, "topic"),
    # Written by Amal; one of the two was pointed out, which the binôme would read without taking part.
    Row("territories:post_edit", "amal", "post", "elise farid ines nora"),
    Row("territories:post_flag", "elise farid ines nora", "post", "amal"),
    Row("territories:post_moderate", BINOME, "post", "amal farid ines"),
    Row("territories:post_keep", BINOME, "post", "amal farid ines", method="post"),
    Row("territories:post_withdraw", "amal", "withdrawn_post", "elise farid ines nora", method="post"),
    Row("territories:community_read", MAY_JOIN, method="post"),
    # These two change who takes part: last, the leaving at the end.
    Row("territories:community_join", MAY_JOIN, method="post"),
    Row("territories:community_leave", MAY_JOIN, method="post"),
)
