"""Forms of the register of team meetings."""

from collections.abc import Sequence
from typing import Any

from django import forms

from pathways.forms.inputs import day
from pathways.rules.team_meetings import FEWEST_DAYS, MOST_DAYS

_RANGE = f"Écrivez un nombre de jours entre {FEWEST_DAYS} et {MOST_DAYS}."


class TeamMeetingForm(forms.Form):
    """A meeting that took place. `people` are (public id, words)."""

    held_on = day("Elle a eu lieu le", error_messages={"required": "Indiquez le jour."})
    topics = forms.CharField(
        label="De quoi vous avez parlé",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Organisation, gestes, outils, formation. Jamais le nom d’une famille.",
        error_messages={"required": "Écrivez de quoi vous avez parlé."},
    )
    people = forms.MultipleChoiceField(
        label="Qui était là",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez qui était là.",
            "invalid_choice": "Cochez des personnes de la liste.",
        },
    )

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = list(people)  # type: ignore[attr-defined]


class PaceForm(forms.Form):
    """How many days at most between two meetings."""

    every_days = forms.IntegerField(
        label="Au plus tous les (jours)",
        min_value=FEWEST_DAYS,
        max_value=MOST_DAYS,
        error_messages={"required": _RANGE, "invalid": _RANGE, "min_value": _RANGE, "max_value": _RANGE},
    )
