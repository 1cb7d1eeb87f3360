"""Names behind the rows that are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from copa.kernel.prepared import Prepared, among
from pathways.models import Pathway
from pathways.reads.facts.names import name_columns
from territories.models import full_name
from visits.reads.households import Household, households
from visits.reads.under_way import UnderWay


@dataclass(frozen=True, slots=True)
class Shown:
    """Names behind the rows that are shown, and those only; both by key."""

    pathways: Mapping[int, Any]
    homes: Mapping[int, Household]

    def ap_of(self, pathway: UnderWay) -> str:
        """The name of the AP; "" while nobody is named."""
        return "" if pathway.ap_id is None else full_name(*self.pathways[pathway.pk][-3:])


def shown_names(pathways: list[UnderWay], others: list[Any], alerts: list[Any]) -> Shown:
    """`alerts` are those whose pathway is told too."""
    keys = [*(pathway.pk for pathway in pathways), *(alert.pathway_id for alert in alerts)]
    homes = households([row.family_id for row in (*pathways, *others)])
    return Shown({row.pk: row for row in _pathways(keys=keys)}, homes)


@Prepared
def _pathways(keys: Any) -> Any:
    found = Pathway.objects.filter(among("pk", keys)).order_by("pk")
    return found.values_list("pk", "birth__day", "carrier__phone", *name_columns("ap"))
