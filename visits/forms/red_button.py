"""The red button: the signs of one person, ticked in the words of the alert book."""

from typing import Any

from django import forms

from copa.kernel.french import NBSP
from copa.kernel.look import Tile
from pathways.enums import SafeCall
from pathways.forms.inputs import many_tiles, tiles
from pathways.rules.device import device_clock

UNANSWERED = f"Pour une violence ou un danger. Sans réponse, c’est non{NBSP}: ni SMS, ni e-mail, ni message vocal."


class SignsForm(forms.Form):
    """What the AP sees or hears. `key` is made by the page: sent twice, it raises one alert.

    `noticed_at` and `sent_at` are hours of the tablet's clock, written by the page as it sends: they are no reason to
    refuse an alert, whatever stands in them.
    """

    key = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    who = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    noticed_at = forms.Field(required=False, widget=forms.HiddenInput)
    sent_at = forms.Field(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, signs: list[tuple[str, Tile]], asks_safe_call: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        errors = {
            "required": "Cochez ce que vous voyez ou entendez.",
            "invalid_choice": "Choisissez parmi les signes de la liste.",
        }
        self.fields["signs"] = many_tiles(signs, "Ce que je vois, ce que j’entends", error_messages=errors)
        if asks_safe_call:
            question = f"Peut-on l’appeler sans danger{NBSP}?"
            self.fields["safe_call"] = tiles(SafeCall.choices, question, required=False, help_text=UNANSWERED)

    @property
    def pressed(self) -> dict[str, Any]:
        """What the action takes of this form."""
        data = self.cleaned_data
        device = device_clock(data["noticed_at"], data["sent_at"])
        said = {"who": data["who"], "signs": data["signs"], "key": data["key"], "device": device}
        return said | {"safe_call": data.get("safe_call", "")}
