"""Addresses of how a territory is led."""

from tests.access.row import Row, others

READ_CONVENTIONS = "elise nora olga farid fanny gaelle gina amal bea chloe jeanne"
KEEP = "elise nora jeanne"

READ_BEA = "elise nora olga farid bea jeanne"
LEADS_BEA = "elise nora farid jeanne"
EVERYBODY = others("")

ROWS: tuple[Row, ...] = (
    Row("territories:steering", EVERYBODY),
    Row("territories:activate", "jeanne", method="post"),
    Row("territories:auxiliaries", "elise nora olga farid fanny amal bea chloe jeanne"),
    # "member" is Bea, of Saint-Rémi: herself, Farid of her team, and those who lead.
    Row(
        "territories:auxiliary",
        READ_BEA,
        "member",
        others(READ_BEA),
    ),
    Row("territories:training_new", LEADS_BEA, "member", others(LEADS_BEA)),
    Row("territories:experience", LEADS_BEA, "member", others(LEADS_BEA)),
    # A training is known to whoever may read her: another auxiliary does not learn that it exists.
    Row("territories:training_cancel", LEADS_BEA, "training", "olga bea", method="post"),
    Row("territories:protocols", EVERYBODY),
    Row("territories:protocol_new", KEEP),
    Row("territories:version_new", KEEP, "protocol", others(KEEP)),
    Row("territories:protocol_version", EVERYBODY, "protocol_version"),
    Row("territories:protocol_file", EVERYBODY, "protocol_version"),
    Row("territories:committees", READ_CONVENTIONS),
    Row("territories:committee_new", KEEP),
    Row("territories:committee_cancel", KEEP, "committee", others(KEEP), method="post"),
    Row("territories:partnerships", READ_CONVENTIONS),
    Row("territories:partnership_new", KEEP),
    Row("territories:partnership", READ_CONVENTIONS, "convention", others(READ_CONVENTIONS)),
    Row("territories:partnership_file", READ_CONVENTIONS, "convention", others(READ_CONVENTIONS)),
    Row("territories:partnership_edit", KEEP, "convention", others(KEEP)),
    Row("territories:eligibility", KEEP, "structure", others(KEEP)),
)
