"""Shape of what is typed about people."""

from django import forms

from copa.kernel.fields import DayField


class EndRightsForm(forms.Form):
    """The last day on which a member may still act."""

    last_day = DayField(
        label="Dernier jour",
        help_text="Elle se connecte encore ce jour-là, plus le lendemain.",
        error_messages={
            "required": "Indiquez le dernier jour.",
            "invalid": "Indiquez une date, par exemple 03/11/2026.",
        },
    )
