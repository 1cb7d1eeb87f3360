"""The emergency numbers of a territory: set by the binôme, read by everybody who sees the procedures (alerts.md)."""

import re
from datetime import datetime

from django.db import transaction

from copa.kernel.errors import BusinessError, refusals_of
from copa.kernel.french import phone
from copa.kernel.phones import e164
from pathways.enums import EmergencyUse
from pathways.models import EmergencyNumber
from territories.models import Member

# Short codes are not E.164: two to five digits, as 15, 114 or 3919.
_SHORT = re.compile(r"\d{2,5}")


@transaction.atomic
def set_emergency_number(*, use: str, number: str, region: str, by: Member, at: datetime) -> EmergencyNumber:
    """Give a use another number from now on; "" gives the national one back. `region` reads a long number.

    Raises `unknown_use`, `not_a_number`, `unchanged`.
    """
    if use not in EmergencyUse.values:
        raise BusinessError("unknown_use", "Choisissez un numéro de la liste.")
    value = _as_number(number, region)
    last = EmergencyNumber.objects.filter(use=use).order_by("-valid_from", "-pk").first()
    if value == (last.number if last else ""):
        raise BusinessError("unchanged", "Ce numéro est déjà en vigueur.", field="number")
    with refusals_of(EmergencyNumber):
        row: EmergencyNumber = EmergencyNumber.objects.create(use=use, number=value, valid_from=at, set_by=by)
    return row


def _as_number(typed: str, region: str) -> str:
    text = typed.strip()
    if not text or _SHORT.fullmatch(text):
        return text
    long = e164(text, region)
    if long is None:
        message = "Écrivez un numéro court (15, 3114) ou un numéro de téléphone complet."
        raise BusinessError("not_a_number", message, field="number")
    return phone(long)
