"""Addresses of screening and observations."""

from tests.access.row import FOLLOWING, TEAM, Row, without

READERS = "elise nora olga farid amal"
NAMED = "elise farid nora"

ROWS: tuple[Row, ...] = (
    Row("pathways:screening", READERS, "family", without(*READERS.split())),
    Row("pathways:grid", "elise farid nora amal", "family", without("elise", "farid", "nora", "amal")),
    Row("pathways:sealed_screening", NAMED, "family", without(*NAMED.split())),
    Row("pathways:signal", "amal", "family", without("amal")),
    Row("pathways:conclusion", NAMED, "family", without(*NAMED.split())),
    Row("pathways:third_visit", "elise farid amal", "family", without("elise", "farid", "amal")),
    Row("pathways:epds_new", "elise farid ines", "family", without("elise", "farid", "ines")),
    Row("pathways:hand_epds", "elise farid ines", "family", without("elise", "farid", "ines")),
    Row("pathways:epds", READERS, "scale", without(*READERS.split())),
    Row("pathways:epds_values", NAMED, "scale", without(*NAMED.split())),
    Row("pathways:epds_correction", "elise farid amal", "scale", without("elise", "farid", "amal")),
    Row("pathways:decide_correction", TEAM, "correction", without(*TEAM.split()), method="post"),
    Row("pathways:epds_thresholds", "elise nora"),
    Row("pathways:suggestions", "elise nora olga farid fanny"),
    Row("pathways:decide_suggestion", NAMED, "suggestion", without(*NAMED.split())),
    Row("pathways:observations", FOLLOWING, "family", without(*FOLLOWING.split())),
    # Written by Amal for the team: whoever may not read it does not know that it exists.
    Row("pathways:withdraw_observation", "amal", "observation", TEAM),
)
