"""What a pathway is worth; the sums are those of domain.md 2.2."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from billing import rules
from billing.enums import LineKind
from billing.reference import TARIFFS

PRICES = {tariff["kind"]: tariff["amount"] for tariff in TARIFFS}


@dataclass
class Unit:
    kind: str
    valid_from: date
    valid_to: date | None = None


@dataclass
class Version:
    valid_from: date
    valid_to: date | None = None


V1 = Version(date(2021, 1, 1), date(2025, 11, 30))
V2 = Version(date(2025, 12, 1), date(2028, 11, 30))


@pytest.mark.parametrize(("visits", "kind"), [(0, None), (1, None), (2, "P2"), (3, "P3"), (4, None)])
def test_only_two_or_three_visits_have_a_price(visits: int, kind: str | None) -> None:
    assert rules.line_kind(visits) == kind


def test_reference_amounts_are_those_of_the_programme() -> None:
    assert list(PRICES.items()) == [(LineKind.P2, Decimal("200.77")), (LineKind.P3, Decimal("293.78"))]


def test_reference_amounts_give_the_sums_of_the_research() -> None:
    marginal = PRICES[LineKind.P3] - PRICES[LineKind.P2]

    assert PRICES[LineKind.P2] / 2 == Decimal("100.385")  # C01
    assert rules.rounded(PRICES[LineKind.P3] / 3) == Decimal("97.93")  # C02
    assert marginal == Decimal("93.01")  # C03
    assert PRICES[LineKind.P2] - 2 * marginal == Decimal("14.75")  # C04
    assert PRICES[LineKind.P3] - Decimal("1.5") * PRICES[LineKind.P2] == Decimal("-7.375")  # C05
    assert rules.rounded(marginal / Decimal("1.25")) == Decimal("74.41")  # C06


@pytest.mark.parametrize(("exact", "euros"), [("41.445", "41.45"), ("41.444", "41.44"), ("41.435", "41.44")])
def test_halves_of_a_cent_go_up(exact: str, euros: str) -> None:
    assert rules.rounded(Decimal(exact)) == Decimal(euros)  # C38


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 11, 30), None),
        (date(2025, 12, 1), 0),
        (date(2026, 12, 31), 0),
        (date(2027, 1, 1), 1),
        (date(2030, 1, 1), 1),
    ],
)
def test_tariff_is_the_one_valid_on_the_day(day: date, expected: int | None) -> None:
    units = [
        Unit("P2", date(2025, 12, 1), date(2026, 12, 31)),
        Unit("P2", date(2027, 1, 1)),
        Unit("P3", date(2020, 1, 1)),
    ]

    found = rules.tariff_on(units, "P2", day, V2)

    assert found is (None if expected is None else units[expected])


def test_amount_of_v2_is_no_price_of_v1() -> None:
    units = [Unit("P2", date(2025, 12, 1))]

    assert rules.tariff_on(units, "P2", date(2026, 1, 15), V1) is None
    assert rules.tariff_on(units, "P2", date(2026, 1, 15), V2) is units[0]


@pytest.mark.parametrize(
    ("visits", "has_tariff", "why"),
    [
        (0, True, "Aucune visite faite."),
        (1, True, "1 visite faite : le programme n’a pas de prix pour ce nombre."),
        (2, False, "CoPa v2 : aucun tarif valable le 3 nov. 2025."),
        (2, True, "Sa ligne sera établie dans les cinq minutes."),
    ],
)
def test_a_pathway_without_a_line_says_why(visits: int, has_tariff: bool, why: str) -> None:
    found = rules.why_no_line(visits, date(2025, 11, 3), has_tariff=has_tariff, version="CoPa v2")

    assert found.replace("\u00a0", " ") == why
