"""Addresses of pauses and stops."""

from tests.access.row import TEAM, Row, without

ROWS: tuple[Row, ...] = (
    Row("pathways:pauses", "elise nora olga farid fanny"),
    Row("pathways:hospital", "elise farid amal", "pathway", without("elise", "farid", "amal")),
    Row("pathways:contact", "elise farid amal", "pathway", without("elise", "farid", "amal")),
    Row("pathways:undo_withdrawal", "elise", "withdrawn", without("elise")),
    Row("pathways:close_space", "elise farid amal", "space_kept", without("elise", "farid", "amal")),
    Row("pathways:aftercare", TEAM, "birth", without("elise", "farid")),
    Row("pathways:transfer", TEAM, "pathway", without("elise", "farid")),
    Row("pathways:cancel_transfer", TEAM, "transfer", without("elise", "farid"), method="post"),
    # Only the coordinator of the territory it is offered to; nobody here knows of one that leaves.
    Row("pathways:answer_transfer", "", "transfer"),
    Row("pathways:stop", TEAM, "pathway", without("elise", "farid")),
)
