"""What was told at the inclusion that somebody needs after it: her goal, another programme, who was presented."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from copa.kernel.french import full_day
from copa.kernel.prepared import Prepared, among
from pathways.models import InclusionAnswers


@Prepared
def goals_given(pathways: Any) -> Any:
    """Her wish and her own goal as she said them at the inclusion of these pathways (I3, R146)."""
    rows = InclusionAnswers.objects.filter(among("pathway", pathways)).order_by("pathway", "pk")
    return rows.values_list("wish", "goal_kind", "goal_weeks", "goal_is_exclusive")


@Prepared
def other_programmes(keys: Any) -> Any:
    """Another programme at home, of each inclusion of these families, the last one last (R025)."""
    rows = InclusionAnswers.objects.filter(among("family", keys)).order_by("family", "answered_at", "pk")
    return rows.values_list("family_id", "other_programme", "other_programme_from", "other_programme_to")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAtInclusion:
    """What proves it. `presented_at`: the professionals who can help were presented (R063), None while nobody did it.

    `pmi_named` is the PMI she knows, "" when she named none.
    """

    presented_at: datetime | None
    pmi_named: str


NOTHING = ToldAtInclusion(presented_at=None, pmi_named="")


def told_at_inclusion(family_id: int) -> ToldAtInclusion:
    """Of the last inclusion of the family; one query."""
    row = InclusionAnswers.objects.filter(family=family_id).order_by("-answered_at", "-pk").first()
    if row is None:
        return NOTHING
    return ToldAtInclusion(presented_at=row.professionals_presented_at, pmi_named=row.pmi_named)


def programme_words(row: Any) -> str:
    """As "PANJO, depuis le 3 nov. 2026, jusqu’au 3 janv. 2027"; over, it stays readable (R025)."""
    if not row.other_programme:
        return ""
    since = f", depuis le {full_day(row.other_programme_from)}" if row.other_programme_from else ""
    until = f", jusqu’au {full_day(row.other_programme_to)}" if row.other_programme_to else ""
    return f"{row.other_programme}{since}{until}"
