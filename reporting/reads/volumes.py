"""The counters of the whole programme, for those who see every region (R039)."""

from django.db.models import F, Sum

from reporting.perms import SEE_REGION
from reporting.rules.indicators import ADHESION
from reporting.rules.volumes import FIRST_QUARTER_ON, Volume, volumes
from territories.models import Mandate, Territory


def national_volumes(mandate: Mandate) -> tuple[Volume, ...]:
    """The two counters, in two queries; empty for a mandate over one region: a part has no such aim."""
    if mandate.region_id is not None:
        return ()
    figures = SEE_REGION.rows(mandate).filter(indicator=ADHESION.code, quarter_on__gte=FIRST_QUARTER_ON)
    proposed = figures.aggregate(all=Sum(F("denominator") + F("missing")))["all"] or 0
    declared = Territory.objects.active().aggregate(all=Sum("annual_births"))["all"] or 0
    return volumes(declared=declared, proposed=proposed)
