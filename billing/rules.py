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


class Validity(Protocol):
    """What holds from one local day to another; both inclusive, `valid_to` None while it runs."""

    valid_from: date
    valid_to: date | None


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


def tariff_on(tariffs: Iterable[_Tariff], kind: str, day: date, version: Validity) -> _Tariff | None:
    """The unit amount of this kind valid on this local day, the most recent if two overlap; None without one.

    An amount belongs to the version of the programme it was set under: what v1 promised has no price of v2, whenever
    the pathway closes (R006, R118, A24).
    """
    valid = [one for one in tariffs if one.kind == kind and _holds(one, day) and _holds(version, one.valid_from)]
    return max(valid, key=lambda tariff: tariff.valid_from, default=None)


def _holds(what: Validity, day: date) -> bool:
    return what.valid_from <= day and (what.valid_to is None or day <= what.valid_to)


def why_no_line(visits_done: int, closed_on: date, *, has_tariff: bool, version: str) -> str:
    """Why a closed pathway has no line, in a French sentence; the last case is one that will have it soon.

    `version` names the version of the programme.
    """
    if visits_done == 0:
        return "Aucune visite faite."
    if line_kind(visits_done) is None:
        done = plural(visits_done, "visite faite,visites faites")
        return f"{done}{NBSP}: le programme n’a pas de prix pour ce nombre."
    if not has_tariff:
        return f"{version}{NBSP}: aucun tarif valable le {full_day(closed_on)}."
    return "Sa ligne sera établie dans les cinq minutes."
