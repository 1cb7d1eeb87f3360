"""Who may do what with money."""

from billing.models import ChargeableLine  # noqa: F401 - the permission names it
from copa.kernel.access import Perm, everything
from territories.enums import PILOTS, Role

SEE_LINES = Perm(
    code="billing.see_lines",
    label="Voir les parcours financés",
    model="billing.ChargeableLine",
    roles=PILOTS | {Role.ADMINISTRATOR},
    where=everything,
)
MAKE_LINES = Perm(
    code="billing.make_lines",
    label="Établir les lignes des parcours clos",
    model="billing.ChargeableLine",
    roles=PILOTS | {Role.ADMINISTRATOR},
    where=everything,
)
