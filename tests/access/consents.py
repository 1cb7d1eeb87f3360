"""Addresses of consents, of the care circle and of openings in an emergency."""

from tests.access.row import TEAM, Row, without

_EMR = "elise farid nora"
_CIRCLE = "elise nora olga farid amal"

_KEEPERS = "elise farid amal"
_OTHERS = without("elise", "farid", "amal")

ROWS: tuple[Row, ...] = (
    Row("pathways:recipient_change", _KEEPERS, "family", _OTHERS, method="post"),
    Row("pathways:adhesion_scan", _KEEPERS, "family", _OTHERS),
    Row("pathways:adhesion_scan_file", _KEEPERS, "adhesion_scan", _OTHERS),
    Row("pathways:recipients_ask", _KEEPERS, "family", _OTHERS),
    Row("pathways:hand_agreements", _KEEPERS, "family", _OTHERS),
    Row("pathways:evaluation", _KEEPERS, "family", _OTHERS),
    Row("pathways:notice_given", _KEEPERS, "family", _OTHERS),
    Row("pathways:coparent_answer", _KEEPERS, "coparent", _OTHERS),
    Row("pathways:consent_text", _KEEPERS, "family", _OTHERS, extra=("adhesion-2026.1-fr",)),
    Row("pathways:consent_text_pdf", _KEEPERS, "family", _OTHERS, extra=("adhesion-2026.1-fr",)),
    Row("pathways:circle", _CIRCLE, "family", without(*_CIRCLE.split())),
    Row("pathways:circle_join", "elise farid amal", "family", without("elise", "farid", "amal")),
    Row("pathways:circle_leave", TEAM, "circle_member", without("elise", "farid")),
    Row("pathways:emergency_opening", "farid fanny gaelle gina"),
    Row("pathways:pmi_transmission", _EMR, "birth", without(*_EMR.split())),
    Row("pathways:concern", _EMR, "birth", without(*_EMR.split())),
    Row("pathways:concern_read", _EMR, "concern"),
    Row("pathways:concern_pdf", _EMR, "concern"),
    Row("pathways:transmissions", "elise nora farid fanny gaelle gina"),
    Row("pathways:transmission", f"{_EMR} gaelle", "transmission"),
)
