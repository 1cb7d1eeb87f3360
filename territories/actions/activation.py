"""A territory begins: led by a coordinating midwife and a doctor of the PMI, or not at all (R034, R041)."""

from datetime import date, datetime

from django.db import transaction

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from copa.kernel.french import inner
from territories.enums import BEFORE_ACTIVE, LEADERS, Role, TerritoryStatus
from territories.models import Activation, Member, Territory


@transaction.atomic
def activate_territory(*, by: Member, at: datetime) -> Activation:
    """Families may be included from now on. Raises `binome_incomplete`, `not_waiting`; two clicks activate once.

    Returns how it began: the first time stays written when it is activated again.
    """
    territory = by.territory
    today = clock.local_date(at, territory.time_zone)
    found = {role: _leader(role, today) for role in LEADERS}
    missing = [inner(role.label) for role, member in found.items() if member is None]
    if missing:
        message = (
            f"Il manque au binôme pilote : {' et '.join(missing)}. "
            "Ajoutez d’abord cette personne dans « Membres et droits »."
        )
        raise BusinessError("binome_incomplete", message)
    waiting = Territory.objects.filter(pk=territory.pk, status__in=BEFORE_ACTIVE)
    if not waiting.update(status=TerritoryStatus.ACTIVE):
        raise BusinessError("not_waiting", "Ce territoire n’attend pas sa mise en service.")
    led = {"coordinator": found[Role.COORDINATOR], "pmi_doctor": found[Role.PMI_DOCTOR]}
    first = led | {"activated_by": by, "activated_at": at}
    # Support may have put it back in preparation: it began once, and who led it then stays what is written.
    row: Activation = Activation.objects.get_or_create(territory=territory, defaults=first)[0]
    return row


def _leader(role: str, today: date) -> Member | None:
    """Whoever holds the role today, held until the transaction ends: her rights do not end meanwhile."""
    current = Member.objects.current(today).with_role(role).select_for_update(of=("self",))
    leader: Member | None = current.order_by("starts_on", "pk").first()
    return leader
