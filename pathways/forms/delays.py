"""The delay of one family of signs."""

from typing import Any

from django import forms

from pathways.reads.delays import DelayLine


class DelayForm(forms.Form):
    """Minutes by day and by night; the bounds of the family stand beside each field."""

    minutes = forms.IntegerField(
        label="Le jour, en minutes", min_value=1, error_messages={"required": "Écrivez un nombre de minutes."}
    )
    night_minutes = forms.IntegerField(label="La nuit, en minutes", min_value=1, required=False)

    def __init__(self, *args: Any, line: DelayLine, **kwargs: Any) -> None:
        super().__init__(*args, initial={"minutes": line.day, "night_minutes": line.night}, **kwargs)
        self.fields["minutes"].help_text = f"Programme : {line.programme}. De 1 à {line.longest}."
        self.fields["night_minutes"].help_text = "De 20 h à 8 h. Vide : le même que le jour."
