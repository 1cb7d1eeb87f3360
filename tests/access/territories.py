"""Addresses of territories."""

from tests.access.row import INSIDERS, Row, others

PLANNERS = "elise nora olga farid"

ROWS: tuple[Row, ...] = (
    Row("territories:members", "elise nora olga jeanne"),
    Row("territories:signed_in", " ".join(sorted(INSIDERS))),
    Row("territories:rights", "elise nora olga jeanne"),
    Row("territories:add_member", "jeanne"),
    Row("territories:invite_again", "jeanne", "member", others("jeanne"), method="post"),
    Row("territories:end_rights", "elise jeanne", "member", others("elise jeanne")),
    Row("territories:give_back_rights", "elise jeanne", "member", others("elise jeanne"), method="post"),
    # "member" is Bea: her own number, and the administrator's to write.
    Row("territories:phone", "bea jeanne", "member", others("bea jeanne")),
    Row("territories:supervision", "elise jeanne", "member", others("elise jeanne")),
    Row("territories:representative", "elise jeanne", "pmi_doctor", others("elise jeanne")),
    Row("territories:duty", "elise nora olga farid fanny"),
    Row("territories:remove_shift", PLANNERS, "shift", others(PLANNERS)),
    Row("territories:add_shift", PLANNERS, "structure", others(PLANNERS)),
    Row("territories:repeat_week", PLANNERS, "structure", others(PLANNERS), method="post"),
)
