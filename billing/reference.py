"""The unit amounts of the programme (000, table 1). `load()` may run any number of times."""

from datetime import date
from decimal import Decimal
from typing import Any

from billing.enums import LineKind
from billing.models import Tariff

# R006, R118: v2 starts in December 2025.
TARIFFS: tuple[dict[str, Any], ...] = (
    {"kind": LineKind.P2, "valid_from": date(2025, 12, 1), "amount": Decimal("200.77"), "source": "000 T1 (R125)"},
    {"kind": LineKind.P3, "valid_from": date(2025, 12, 1), "amount": Decimal("293.78"), "source": "000 T1 (R126)"},
)


def load() -> int:
    """Write the amounts that are missing; one that exists is never rewritten. Returns how many were added."""
    added = 0
    for tariff in TARIFFS:
        key = {name: tariff[name] for name in ("kind", "valid_from")}
        values = {name: tariff[name] for name in ("amount", "source")}
        _, is_new = Tariff.objects.get_or_create(**key, defaults=values)
        added += is_new
    return added
