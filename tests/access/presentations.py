"""Addresses of presentations before the birth, and of births without a proposal."""

from tests.access.row import Row, without

# Inès presented; the team of the maternity and the coordinator follow. Pilots and the administrator know of it.
_HOLD = "elise farid ines"

ROWS: tuple[Row, ...] = (
    Row("pathways:presentations", "elise nora olga farid fanny gaelle gina ines iris"),
    Row("pathways:presentation_new", "elise farid fanny gaelle gina ines iris"),
    Row("pathways:presentation", _HOLD, "presentation", "nora olga jeanne"),
    Row("pathways:presentation_adhesion", _HOLD, "presentation", "nora olga jeanne"),
    Row("pathways:presentation_text_pdf", _HOLD, "presentation", "nora olga jeanne", extra=("adhesion-2026.1-fr",)),
    Row("pathways:not_proposed", "elise farid amal", "birth", without("elise", "farid", "amal")),
    Row("pathways:unnamed_births", "elise farid fanny"),
    Row("visits:funnel", "elise nora olga"),
    Row("visits:funnel_births", "elise nora olga"),
)
