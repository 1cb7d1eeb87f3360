"""Addresses of needs and orientations."""

from tests.access.row import FOLLOWING, Row, without

DECIDERS = ("elise", "farid", "nora")
FOLLOWERS = (*DECIDERS, "amal", "gaelle")


def _row(name: str, allowed: tuple[str, ...], about: str, method: str = "get") -> Row:
    return Row(f"pathways:{name}", " ".join(allowed), about, without(*allowed), method=method)


ROWS: tuple[Row, ...] = (
    Row("pathways:needs", FOLLOWING, "family", without(*FOLLOWING.split())),
    _row("need_new", (*FOLLOWERS, "ines"), "family"),
    _row("need_follow", FOLLOWERS, "need"),
    _row("orientation_new", FOLLOWERS, "need"),
    # To everybody but its named readers a sealed need does not exist.
    Row("pathways:need_sealed", "elise farid nora", "sealed_need"),
    Row("pathways:orientations", "elise farid fanny nora olga amal bea chloe gaelle gina"),
    _row("orientation", tuple(FOLLOWING.split()), "orientation"),
    _row("orientation_letter", DECIDERS, "orientation"),
    # R004: the AP asks, the referring team decides.
    _row("orientation_decide", DECIDERS, "orientation", "post"),
    _row("orientation_service", DECIDERS, "orientation", "post"),
    _row("orientation_agreement", (*DECIDERS, "amal"), "orientation", "post"),
    _row("orientation_send", DECIDERS, "orientation", "post"),
    _row("orientation_link", DECIDERS, "orientation", "post"),
    _row("orientation_contact", FOLLOWERS, "orientation", "post"),
    _row("orientation_reply", DECIDERS, "orientation", "post"),
    _row("orientation_close", DECIDERS, "orientation", "post"),
)
