"""Forms of the tablet that is handed: the code of whoever hands it, and the code that takes it back."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from copa.kernel.handed import CODE_DIGITS
from pathways.enums import Presence
from pathways.forms.inputs import tiles
from pathways.rules.handings import is_code, is_easy_code

_PRESENCE = [choice for choice in Presence.choices if choice[0] != Presence.UNKNOWN]


def _code(label: str, **kwargs: Any) -> forms.CharField:
    """Hidden by its style: a field of type password would be kept, and filled in, by the browser of a shared tablet."""
    attrs = {
        "class": "secret",
        "inputmode": "numeric",
        "autocomplete": "off",
        "maxlength": str(CODE_DIGITS),
        "pattern": "[0-9]*",
    }
    return forms.CharField(label=label, max_length=CODE_DIGITS, widget=forms.TextInput(attrs=attrs), **kwargs)


class HandForm(forms.Form):
    """In which language, who is beside her, and the code twice. `languages` empty: French, without a question."""

    code = _code("Votre code pour la reprendre", help_text="Quatre chiffres que vous choisissez, pour cette fois.")
    code_again = _code("Le même code encore une fois")

    def __init__(self, *args: Any, languages: Sequence[tuple[str, str]], asks_presence: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if languages:
            self.fields["language"] = tiles(languages, "Dans quelle langue ?", initial=languages[0][0])
        if asks_presence:
            self.fields["presence"] = tiles(_PRESENCE, "La maman est-elle seule ?")
        self.order_fields(["language", "presence", "code", "code_again"])

    def clean_code(self) -> str:
        """Four digits that nobody tries first."""
        code = str(self.cleaned_data["code"])
        if not is_code(code):
            raise ValidationError("Tapez quatre chiffres.", code="no_code")
        if is_easy_code(code):
            raise ValidationError("Ce code se devine : choisissez-en un autre.", code="easy_code")
        return code

    def clean(self) -> dict[str, Any]:
        """A code mistyped once would sign her out."""
        data: dict[str, Any] = super().clean() or {}
        if "code" in data and data.get("code_again") and data["code"] != data["code_again"]:
            self.add_error("code_again", ValidationError("Les deux codes sont différents.", code="not_the_same"))
        return data


class CodeForm(forms.Form):
    """The code that takes the tablet back."""

    code = _code("Votre code")
