"""Addresses of meetings and of the time of coordination."""

from tests.access.row import CARE, PILOTS, TEAM, Row, others, without

# Nora is not invited to the meeting to be written (R086).
LEAD = TEAM
SEALED = f"{TEAM} nora"
LEADERS = "elise farid fanny nora"
READ = "elise farid amal gaelle ines nora"
# Gaëlle is invited to the meeting; pilots and the administrator know that it exists and, not invited, read of it only
# its day, its team and how many families it will speak of (tests/pathways/meetings/test_agenda_read.py).
INVITED = f"{PILOTS} farid gaelle"

ROWS: tuple[Row, ...] = (
    Row("pathways:meetings", CARE),
    Row("pathways:team_meetings", "elise nora olga farid fanny amal bea chloe"),
    Row("pathways:team_meeting_pace", "elise nora"),
    Row("pathways:team_meeting_new", "elise nora farid", "structure", others("elise nora farid")),
    Row("pathways:team_meeting_cancel", "elise nora farid", "team_meeting", "olga amal bea jeanne", method="post"),
    Row("pathways:meeting_new", "elise farid fanny nora"),
    Row("pathways:meeting", INVITED, "meeting", "jeanne"),
    Row("pathways:meeting_pdf", INVITED, "meeting", "jeanne"),
    Row("pathways:meeting_presence", LEAD, "meeting", "nora olga gaelle jeanne"),
    Row("pathways:agenda_add", LEAD, "meeting", "nora olga gaelle jeanne", method="post"),
    Row("pathways:meeting_validate", LEAD, "meeting", "nora olga gaelle jeanne", method="post"),
    Row("pathways:meeting_item", LEAD, "draft_item", without("elise", "farid")),
    Row("pathways:item_remove", LEAD, "draft_item", without("elise", "farid"), method="post"),
    Row("pathways:item_annex", LEAD, "draft_item", without("elise", "farid")),
    Row("pathways:minutes", READ, "minutes_item", without(*READ.split())),
    Row("pathways:parents_copy", "elise farid amal nora", "minutes_item", without("elise", "farid", "amal", "nora")),
    Row("pathways:parents_pdf", "elise farid amal nora", "minutes_item", without("elise", "farid", "amal", "nora")),
    Row("pathways:annex", SEALED, "minutes_item", without("elise", "farid", "nora")),
    Row("pathways:annex_pdf", SEALED, "minutes_item", without("elise", "farid", "nora")),
    Row("pathways:decisions", CARE),
    # Given to Amal; those who lead her team may answer for her.
    Row("pathways:decision", "amal elise farid nora", "decision", without("amal", "elise", "farid", "nora")),
    Row("pathways:decision_hand_over", "amal elise farid nora", "decision", without("amal", "elise", "farid", "nora")),
    Row("pathways:decision_drop", LEAD, "draft_decision", without("elise", "farid"), method="post"),
    Row("pathways:coordination", "elise nora olga amal farid gaelle ines", "family", "jeanne bea"),
    Row("pathways:uncoordinated", LEADERS),
)
