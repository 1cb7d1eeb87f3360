"""Closing a pathway: its reason, and whether what is still planned falls with it."""

from typing import Any

from django import forms

from pathways.enums import ClosingReason


class CloseForm(forms.Form):
    """`is_complete` leaves the one reason that is true, or takes it away (P23)."""

    reason = forms.ChoiceField(
        label="Pourquoi le parcours se termine-t-il ?",
        choices=ClosingReason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez pourquoi.",
            "invalid_choice": "Ce motif ne va pas avec les visites faites.",
        },
    )
    cancels_planned = forms.BooleanField(label="Annuler les visites encore prévues", required=False)
    leaves_third = forms.BooleanField(
        label="La troisième visite que l’équipe a décidée n’aura pas lieu : elle en a convenu avec la famille",
        required=False,
    )

    def __init__(self, *args: Any, is_complete: bool, has_planned: bool, is_third_left: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (code, label) for code, label in ClosingReason.choices if (code == ClosingReason.COMPLETE) == is_complete
        ]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]
        if is_complete:
            self.fields["reason"].initial = ClosingReason.COMPLETE
        if not has_planned:
            del self.fields["cancels_planned"]
        if not is_third_left:
            del self.fields["leaves_third"]
