"""Figures of a territory, and the page as its text reads."""

from datetime import UTC, datetime
from typing import Any

from copa.kernel import scope
from copa.kernel.quarters import Quarter
from reporting.models import Figure
from territories.models import Territory
from tests.cast import inside

AT = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
T3 = Quarter(2026, 3)
PAGE, PDF, CSV = "/ars/", "/ars/report.pdf", "/ars/figures.csv"
# (slug, name, counts of P09) as in the reference page.
NEIGHBOURS = [
    ("sainte-croix", "Agglomération de Sainte-Croix", (155, 168, 2)),
    ("haute-marche", "Haute-Marche", (33, 40, 0)),
    ("plaine", "Plaine et Coteaux", (96, 118, 7)),
]
EMPTY = (0, 0, 0)


def text(response: Any) -> str:
    return response.content.decode().replace("\u00a0", " ").replace("\u202f", " ").replace("&nbsp;", " ")


MAIN, FURTHER = ("P02", "P04", "P09"), ("I9", "I9E", "I9S", "P23")


def write(slug: str, quarter: Quarter = T3, codes: tuple[str, ...] = MAIN, **figures: tuple[int, int, int]) -> None:
    """Figures of a territory, one for each of `codes`: P09=(numerator, denominator, missing)…"""
    with scope.opened(inside(slug)):
        territory = Territory.objects.get(slug=slug)
        for code in codes:
            numerator, denominator, missing = figures.get(code, EMPTY)
            Figure.objects.create(
                region_code=territory.region_id,
                indicator=code,
                definition_version="1",
                quarter_on=quarter.first,
                numerator=numerator,
                denominator=denominator,
                missing=missing,
                computed_at=AT,
            )
