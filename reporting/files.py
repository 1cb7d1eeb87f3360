"""The file of figures that an ARS takes away: one line per territory and indicator, masked as on screen."""

from collections.abc import Iterator
from dataclasses import dataclass

from copa.kernel.french import decimal
from copa.kernel.tabular import Cell, Column
from reporting.reads.cards import rate
from reporting.reads.region import Overview, mask_words
from reporting.rules.indicators import INDICATORS, IndicatorDefinition
from reporting.rules.masking import Mask, Shown


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A line of the file; `territory` is "TOTAL" on the lines of the whole."""

    quarter: str
    region: str
    territory: str
    definition: IndicatorDefinition
    shown: Shown


FIGURE_COLUMNS: tuple[Column, ...] = (
    ("trimestre", lambda row: row.quarter),
    ("region", lambda row: row.region),
    ("territoire", lambda row: row.territory),
    ("indicateur", lambda row: row.definition.code),
    ("libelle", lambda row: row.definition.label),
    ("version", lambda row: row.definition.version),
    ("numerateur", lambda row: _count(row.shown.numerator, row.shown.mask)),
    ("denominateur", lambda row: _count(row.shown.denominator, row.shown.mask)),
    ("manquants", lambda row: _count(row.shown.missing, row.shown.missing_mask)),
    ("taux_pourcent", lambda row: _rate(row.shown)),
)


def figure_rows(view: Overview) -> Iterator[FigureRow]:
    """The lines of the file: territories by name, then the total."""
    rows = [(row.name, row) for row in sorted(view.rows, key=lambda row: (row.region, row.name))]
    for name, row in [*rows, ("TOTAL", view.total)]:
        for definition in INDICATORS:
            shown = row.figures.get(definition.code)
            if shown is not None:
                yield FigureRow(view.quarter.code, row.region, name, definition, shown)


def _count(count: int | None, mask: Mask) -> Cell:
    return mask_words(mask).removesuffix(" *") if count is None else count


def _rate(shown: Shown) -> Cell:
    value = rate(shown)
    return "" if value is None else decimal(value * 100, 1)
