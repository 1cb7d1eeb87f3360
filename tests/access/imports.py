"""Addresses of the lists of births: those who register births in that maternity."""

from tests.access.row import Row

_KNOW = "elise farid"
# Pilots and the administrator know that a list exists; Fanny's maternity is another one.
_SEE = "nora olga jeanne"

ROWS: tuple[Row, ...] = (
    Row("pathways:birth_imports", "elise farid fanny"),
    Row("pathways:birth_import", _KNOW, "births_list", _SEE),
    Row("pathways:import_columns", _KNOW, "births_list", _SEE),
    Row("pathways:import_progress", _KNOW, "births_list", _SEE),
)
