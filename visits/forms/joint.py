"""The answer of the PMI to a joint visit."""

from django import forms

from visits.enums import PartnerReason


class StayForm(forms.Form):
    """Why the PMI does not come; choosing is what confirms it."""

    reason = forms.ChoiceField(
        label="Pourquoi la PMI ne vient pas\u202f?",
        choices=PartnerReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites pourquoi la PMI ne vient pas.", "invalid_choice": "Choisissez pourquoi."},
    )
