"""Addresses of pathways."""

from tests.access.row import TEAM, Row, without

ROWS: tuple[Row, ...] = (
    Row("pathways:births", "elise nora olga farid fanny amal bea chloe"),
    Row("pathways:birth_new", "elise farid fanny"),
    Row("pathways:proposal", "elise farid amal", "birth", without("elise", "farid", "amal")),
    Row("pathways:inclusion", "elise farid amal", "birth", without("elise", "farid", "amal")),
    Row("pathways:discharge", TEAM, "birth", without("elise", "farid")),
    Row("pathways:silence", TEAM, "birth", without("elise", "farid")),
    Row("pathways:family_edit", "elise farid amal", "family", without("elise", "farid", "amal")),
    Row("pathways:identity", "elise farid amal", "family", without("elise", "farid", "amal")),
    Row("pathways:recipients", "elise farid amal", "family", without("elise", "farid", "amal")),
    Row("pathways:open_family", TEAM, "family", without("elise", "farid")),
    Row("pathways:reads", "elise farid nora", "family", without("elise", "farid", "nora")),
    Row("pathways:withdraw", "elise farid amal", "pathway", without("elise", "farid", "amal")),
    Row("pathways:assign", "elise farid olga", "pathway", without("elise", "farid", "olga")),
    Row("pathways:alerts", "elise nora olga farid fanny amal bea chloe ines iris"),
    Row("pathways:alert_watch", "elise nora olga farid fanny"),
    Row(
        "pathways:alert",
        "elise nora olga farid amal ines",
        "alert",
        without("elise", "nora", "olga", "farid", "amal", "ines"),
    ),
    Row("pathways:close_alert", "elise farid nora", "alert", without("elise", "farid", "nora")),
    Row("pathways:alert_call", "elise farid nora amal", "alert", without("elise", "farid", "nora", "amal")),
    Row("pathways:alert_in_hand", "elise farid ines", "alert", without("elise", "farid", "ines")),
    Row("pathways:take_alert", "elise farid nora", "alert", without("elise", "farid", "nora")),
    Row("pathways:relays", "elise nora olga farid fanny gaelle gina"),
    Row("pathways:relay", "elise nora olga farid gaelle", "relay", without("elise", "nora", "olga", "farid", "gaelle")),
    Row("pathways:relay_reply", TEAM, "relay", without("elise", "farid")),
)
