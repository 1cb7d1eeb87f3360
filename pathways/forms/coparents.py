"""What a co-parent is given and answers, asked beside the mother's inclusion; every question may stay empty."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from pathways.actions.information import CoParentSaid
from pathways.enums import Agreement, NoticeForm
from pathways.forms.inputs import tick, tiles
from pathways.models import CoParent

SAFE = "La mère, seule, dit que c’est sans danger pour elle"
WISHES = "Être accompagné aussi, sa réponse"


@dataclass(frozen=True, slots=True)
class CoParentGroup:
    """The questions of one co-parent, with his name."""

    name: str
    fields: tuple[Any, ...]
    is_open: bool


def coparent_fields(coparents: Sequence[CoParent]) -> dict[str, forms.Field]:
    """Two questions and a tick for each; none is required, and nothing of it can refuse the mother's inclusion."""
    fields: dict[str, forms.Field] = {}
    for place, one in enumerate(coparents):
        fields[f"coparent_notice_{place}"] = tiles(
            NoticeForm.choices, f"Son information remise à {one}", required=False
        )
        fields[f"coparent_safe_{place}"] = tick(SAFE)
        fields[f"coparent_answer_{place}"] = tiles(Agreement.choices, WISHES, required=False)
    return fields


def coparent_groups(form: forms.Form, coparents: Sequence[CoParent]) -> list[CoParentGroup]:
    """The questions as the page shows them."""
    groups = []
    for place, one in enumerate(coparents):
        fields = tuple(form[f"coparent_{part}_{place}"] for part in ("notice", "safe", "answer"))
        groups.append(CoParentGroup(str(one), fields, any(field.value() or field.errors for field in fields)))
    return groups


def said_by_coparents(data: dict[str, Any], coparents: Sequence[CoParent]) -> list[CoParentSaid]:
    """What was given and answered, as the action wants it; nobody who was not asked."""
    said = [
        CoParentSaid(
            coparent=one,
            notice_form=data[f"coparent_notice_{place}"],
            answer=data[f"coparent_answer_{place}"],
            is_safe=data[f"coparent_safe_{place}"],
        )
        for place, one in enumerate(coparents)
    ]
    return [one for one in said if one.notice_form or one.answer]
