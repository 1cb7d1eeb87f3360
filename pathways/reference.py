"""The versions of the programme, of the grid, and the calendar. `load()` may run any number of times.

Facts come from domain.md.
"""

from datetime import date
from typing import Any

from pathways import reference_grid
from pathways.calendar_table import LINES
from pathways.models import CalendarRule, GridFactor, GridTemplate, ProgrammeRules

V1 = {
    "code": "v1",
    "label": "CoPa v1 (2021-2025)",
    # R168, A28: from 1 January 2021 until the day before v2.
    "valid_from": date(2021, 1, 1),
    "valid_to": date(2025, 11, 30),
    # R162: three visits of 1 h to 1 h 30; R170: 1 h 15 on average. R163: four or five when it is complex.
    "planned_visits": 3,
    "visit_minutes": 75,
    # R176: the ultra-early visit appears with v2.
    "ultra_early_minutes": 0,
    # R167: at home between the 2nd and the 21st day.
    "window_from_day": 2,
    "window_to_day": 21,
    # R164, K17: PMI relay at three weeks of life.
    "relay_day": 21,
    # R163: four or five visits in a complex post-partum or a vulnerability.
    "max_visits": 5,
    "extra_motives": ["COMPLEX", "VULNERABILITY"],
    # The v1 brochure says nothing of the mood questionnaire: it comes with v2 (R058).
    "epds_visit": "",
    "epds_moves_to_third": False,
    "ultra_early_days_after": 0,
    "ultra_early_from_hours": 0,
    "ultra_early_to_hours": 0,
    # A08: the default of the arbitration, until the programme says another.
    "up_max_hours": 24,
}
V2 = {
    "code": "v2",
    "label": "CoPa v2 (2025-2028)",
    # R118, A27: 36 months from December 2025.
    "valid_from": date(2025, 12, 1),
    "valid_to": date(2028, 11, 30),
    # R045: two visits of 1 h 15 within three weeks; R046: an optional third is not counted here.
    "planned_visits": 2,
    "visit_minutes": 75,
    # R054: 2 h 15 on the day of an ultra-early discharge or the day after.
    "ultra_early_minutes": 135,
    # R167, A12, K14: D+2 to D+21, both inclusive, local dates.
    "window_from_day": 2,
    "window_to_day": 21,
    # K17: due D+21.
    "relay_day": 21,
    # R046: an optional third, for a vulnerability or because the parents ask.
    "max_visits": 3,
    "extra_motives": ["VULNERABILITY", "PARENTS_REQUEST"],
    # R058, A09: at the second visit, at the third when it was decided before the second took place.
    "epds_visit": "V2",
    "epds_moves_to_third": True,
    # R054: the day of discharge or the day after.
    "ultra_early_days_after": 1,
    # R176, A06: between 6 h and 24 h of life, as advice; R054 decides which days are in time.
    "ultra_early_from_hours": 6,
    "ultra_early_to_hours": 24,
    # A08: the default of the arbitration, until the programme says another.
    "up_max_hours": 24,
}
VERSIONS: tuple[dict[str, Any], ...] = (V1, V2)


def load() -> int:
    """Write the versions that are missing; a version in use is never rewritten (R001). Returns how many were added."""
    added = 0
    for version in VERSIONS:
        values = {name: value for name, value in version.items() if name != "code"}
        _, is_new = ProgrammeRules.objects.get_or_create(code=version["code"], defaults=values)
        added += is_new
    return added + _load_grid() + _load_calendar()


def _load_grid() -> int:
    """The versions of the grid that are missing; one that is there is never rewritten: answers were given under it."""
    added = 0
    for version in reference_grid.VERSIONS:
        values = {name: value for name, value in version.items() if name != "version"}
        template, is_new = GridTemplate.objects.get_or_create(version=version["version"], defaults=values)
        if is_new:
            rows = reference_grid.factors(template.version)
            GridFactor.objects.bulk_create(GridFactor(template=template, **row) for row in rows)
        added += is_new
    return added


def _load_calendar() -> int:
    """The lines of the calendar that are missing; one that is there is never rewritten."""
    added = 0
    for line in LINES:
        key = {"code": line["code"], "births_from": line.get("births_from")}
        values = {name: value for name, value in line.items() if name not in key}
        _, is_new = CalendarRule.objects.get_or_create(**key, defaults=values)
        added += is_new
    return added
