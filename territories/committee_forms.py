"""Form of the register of committees."""

from django import forms

from copa.kernel.fields import NOT_A_DAY, DayField


class CommitteeForm(forms.Form):
    """A committee that took place."""

    held_on = DayField(
        label="Il s’est tenu le",
        error_messages={"required": "Indiquez le jour.", **NOT_A_DAY},
    )
    participants = forms.CharField(
        label="Qui était là",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Structures et tutelles représentées.",
        error_messages={"required": "Écrivez qui était là."},
    )
    minutes = forms.CharField(
        label="Ce qui s’est dit",
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Toute la région le lit. Jamais le nom d’une famille.",
        error_messages={"required": "Écrivez ce qui s’est dit."},
    )
