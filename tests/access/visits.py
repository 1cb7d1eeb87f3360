"""Addresses of visits."""

from tests.access.row import CARE, FOLLOW, FOLLOWING, INSIDERS, PILOTS, TEAM, Row, without

# Both sides of a relay.
RELAY = "elise nora olga farid gaelle"
EVERYBODY = " ".join(sorted(INSIDERS))
ROWS: tuple[Row, ...] = (
    # The address of the territory: whoever has another first page is led there (tests/visits/test_worklist.py).
    Row("visits:worklist", EVERYBODY),
    Row("visits:todo", CARE),
    Row("visits:todo_rest", PILOTS),
    Row("visits:first_alert", PILOTS),
    Row("visits:families", CARE),
    Row("visits:family", FOLLOWING, "family", without(*FOLLOW)),
    Row("visits:planning", "elise olga farid fanny amal bea chloe"),
    Row("visits:plan", "elise olga farid amal", "pathway", without("elise", "olga", "farid", "amal")),
    Row("visits:call_card", "elise farid amal", "pathway", without("elise", "farid", "amal")),
    Row("visits:inclusion_sheet", FOLLOWING, "pathway", without(*FOLLOW)),
    Row("visits:sheet_pdf", FOLLOWING, "pathway", without(*FOLLOW)),
    Row("visits:close_pathway", TEAM, "pathway", without("elise", "farid")),
    Row("visits:change", "elise olga farid amal", "planned", without("elise", "olga", "farid", "amal")),
    Row("visits:day", "amal bea chloe"),
    Row("visits:emergency", "amal bea chloe"),
    Row("visits:more", "amal bea chloe gaelle gina nora"),
    Row("visits:alarm", "amal bea chloe"),
    Row("visits:red_button", "amal", "pathway", without("amal")),
    Row("visits:visit_alarm", "", "planned", without()),
    Row("visits:procedure", "amal", "alert", without("amal")),
    Row("visits:pmi", "gaelle gina"),
    Row("visits:own", "gaelle gina nora"),
    Row("visits:relay_file", RELAY, "relay", without(*["elise", "nora", "olga", "farid", "gaelle"])),
    Row("visits:relay_pdf", RELAY, "relay", without(*["elise", "nora", "olga", "farid", "gaelle"])),
    Row("visits:joint", "gaelle nora", "joint", without("gaelle", "nora")),
    Row(
        "visits:joint_again", "elise olga farid amal", "joint", without("elise", "olga", "farid", "amal"), method="post"
    ),
    Row("visits:enter", "amal", "planned", without("amal")),
    Row("visits:leave", "amal", "planned", without("amal")),
    Row("visits:not_done", "amal", "planned", without("amal")),
    Row("visits:report_edit", "amal", "owed", without("amal")),
    Row("visits:report_answered", "amal", "owed", without("amal")),
    Row("visits:report_draft", "amal", "owed", without("amal"), method="put"),
    Row("visits:report_note", "amal", "owed", without("amal"), method="post"),
    Row("visits:death", "amal", "planned", without("amal")),
    Row("visits:kept", TEAM, "given_up", without("elise", "farid")),
    Row("visits:report_sign", "amal", "owed", without("amal"), method="post"),
    Row("visits:hand_report", "amal", "owed", without("amal")),
    # In nobody's hands: each is led to her first page.
    Row("visits:handed", EVERYBODY),
    Row("visits:handed_back", EVERYBODY, method="post"),
    # Given to Amal: nobody else knows that there is something.
    Row("visits:handing", "amal", "handing"),
    Row("visits:take_handed", "amal", "handing", method="post"),
    Row("visits:drop_handed", "amal", "handing", method="post"),
    Row("visits:reports", "elise nora olga farid fanny"),
    Row("visits:report", FOLLOWING, "report", without(*FOLLOW)),
    Row("visits:report_proof", FOLLOWING, "report", without(*FOLLOW)),
    Row("visits:report_pdf", FOLLOWING, "report", without(*FOLLOW)),
    Row("visits:opened", "farid", "report", without("farid"), method="post"),
    Row("visits:copies", "ines iris gaelle gina marc"),
    Row("visits:copy_opened", "gaelle ines", "report", without("gaelle", "ines"), method="post"),
    Row("visits:send_copies", TEAM, "report", without("elise", "farid"), method="post"),
    Row("visits:copy_link", TEAM, "copy", without("elise", "farid"), method="post"),
    Row("visits:addendum", "amal", "report", without("amal")),
    Row("visits:carried", FOLLOWING, "received", without(*FOLLOW)),
    Row("visits:carried_pdf", FOLLOWING, "received", without(*FOLLOW)),
    Row("visits:sealed", "elise farid nora", "report", without("elise", "farid", "nora")),
)
