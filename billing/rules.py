"""What a closed pathway is worth: pure functions over visits done, tariffs and dates."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol, TypeVar

from billing.enums import LineKind
from copa.kernel.french import NBSP, full_day, plural

CENT = Decimal("0.01")
# R125, R126, A01, A03: only the number of counted visits done can be priced. A24: nothing else has a price.
LINE_KINDS: dict[int, LineKind] = {2: LineKind.P2, 3: LineKind.P3}


class Priced(Protocol):
    """A unit amount with its validity; both dates inclusive, `valid_to` None while it runs."""

    kind: str
    valid_from: date
    valid_to: date | None


_Tariff = TypeVar("_Tariff", bound=Priced)


def line_kind(visits_done: int) -> LineKind | None:
    """The flat amount for this number of V1, V2 and V3 done; None when there is no price (A24)."""
    return LINE_KINDS.get(visits_done)


def rounded(amount: Decimal) -> Decimal:
    """Euros with two decimals, halves up, pathway by pathway (C38: 41,445 → 41,45)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def tariff_on(tariffs: Iterable[_Tariff], kind: str, day: date) -> _Tariff | None:
    """The unit amount of this kind valid on this local day, the most recent if two overlap; None without one."""
    valid = [t for t in tariffs if t.kind == kind and t.valid_from <= day and (t.valid_to is None or t.valid_to >= day)]
    return max(valid, key=lambda tariff: tariff.valid_from, default=None)


def why_no_line(visits_done: int, closed_on: date, *, has_tariff: bool) -> str:
    """Why a closed pathway has no line, in a French sentence; the last case is one that will have it soon."""
    if visits_done == 0:
        return "Aucune visite faite."
    if line_kind(visits_done) is None:
        done = plural(visits_done, "visite faite,visites faites")
        return f"{done}{NBSP}: le programme n’a pas de prix pour ce nombre."
    if not has_tariff:
        return f"Aucun tarif valable le {full_day(closed_on)}."
    return "Sa ligne sera établie dans les cinq minutes."
