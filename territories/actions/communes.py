"""A commune outside the territory, where a family lives all the same (inclusion.md, incl.address: a warning)."""

import hashlib
import re

from copa.kernel.errors import BusinessError
from copa.kernel.french import normalised
from territories.models import Commune

# As "Metz (57000)", "Metz 57000" or "57000 Metz".
_AFTER = re.compile(r"^(?P<name>[^\d(]{2,80}?)[\s,(]+(?P<postal>\d{5})\)?$")
_BEFORE = re.compile(r"^(?P<postal>\d{5})\s+(?P<name>[^\d]{2,80})$")


def outside_commune(text: str) -> Commune | None:
    """The commune that this text names with its postal code, not stored yet; None when it names none."""
    found = _AFTER.match(text.strip()) or _BEFORE.match(text.strip())
    if found is None:
        return None
    name, postal = found["name"].strip(), found["postal"]
    # No COG code is known of it: a key of its own, which begins as no code does.
    digest = hashlib.sha256(f"{normalised(name)}:{postal}".encode()).hexdigest()
    return Commune(code=f"X{digest[:4]}", name=name, postal_code=postal, search=normalised(name), is_outside=True)


def check_outside_confirmed(commune: Commune | None, *, is_confirmed: bool) -> None:
    """Raises `outside_unconfirmed` for a commune outside the territory until somebody says that she has checked it."""
    if commune is not None and commune.is_outside and not is_confirmed:
        message = f"{commune} est hors du territoire. Si c’est bien là qu’elle sera, cochez la case."
        raise BusinessError("outside_unconfirmed", message, field="is_outside")


def stored_commune(commune: Commune | None) -> Commune | None:
    """The row of this commune; one outside the territory is kept the first time. Inside the caller's transaction.

    Raises `commune_unclear` in the rare case of two names under one key.
    """
    if commune is None or commune.pk is not None:
        return commune
    facts = {part: getattr(commune, part) for part in ("name", "postal_code", "search", "is_outside")}
    row, _ = Commune.objects.get_or_create(code=commune.code, defaults=facts)
    if (row.postal_code, row.search) != (commune.postal_code, commune.search):
        raise BusinessError("commune_unclear", "Écrivez autrement le nom de cette commune.", field="commune")
    kept: Commune = row
    return kept
