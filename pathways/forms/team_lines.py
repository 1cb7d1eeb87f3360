"""The hours of a team's line."""

from collections.abc import Sequence
from typing import Any

from django import forms

from pathways.actions.team_lines import LineHoursSet
from pathways.enums import LineDay
from pathways.reads.team_lines import LineRow
from territories.models import Structure


class TeamLineForm(forms.Form):
    """Days and hours, and the line that answers when this one is closed; `relays` are (public id, name)."""

    days = forms.TypedMultipleChoiceField(
        label="Jours où la ligne répond",
        choices=LineDay.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins un jour."},
    )
    opens = forms.TimeField(
        label="De", widget=forms.TimeInput(attrs={"type": "time"}), error_messages={"required": "Indiquez l’heure."}
    )
    closes = forms.TimeField(
        label="À",
        help_text="00:00 pour minuit.",
        widget=forms.TimeInput(attrs={"type": "time"}),
        error_messages={"required": "Indiquez l’heure."},
    )
    relay = forms.ChoiceField(
        label="Le reste du temps, la ligne de",
        required=False,
        help_text="Celle de la maternité partenaire. Sans elle, aucune visite ne se fixe quand la ligne est fermée.",
        error_messages={"invalid_choice": "Choisissez une équipe de la liste."},
    )

    def __init__(self, *args: Any, line: LineRow, relays: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        initial = {
            "days": list(line.days),
            "opens": f"{line.opens:%H:%M}",
            "closes": f"{line.closes:%H:%M}",
            "relay": str(line.relay_id or ""),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["relay"].choices = [("", "Personne"), *relays]  # type: ignore[attr-defined]

    @property
    def hours(self) -> LineHoursSet:
        """What was typed, for the action."""
        data = dict(self.cleaned_data)
        key = data.pop("relay")
        return LineHoursSet(relay=Structure.objects.get(public_id=key) if key else None, **data)
