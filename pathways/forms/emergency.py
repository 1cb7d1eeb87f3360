"""One emergency number."""

from typing import Any

from django import forms

from pathways.reads.emergency import NumberRow


class EmergencyNumberForm(forms.Form):
    """A short code or a whole number; empty: the national one."""

    number = forms.CharField(
        label="Numéro sur ce territoire",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, row: NumberRow, **kwargs: Any) -> None:
        super().__init__(*args, initial={"number": row.line.phone if row.is_own else ""}, **kwargs)
        help_text = f"Vide : le {row.national}, numéro national." if row.national else "Vide : aucun numéro."
        self.fields["number"].help_text = help_text
