"""What an AP types at the door: an hour to correct, a reason."""

from datetime import datetime

from django import forms

from copa.kernel.fields import LocalDateTimeField
from visits.enums import UNCHOSEN_REASONS, NotDoneReason


class MomentForm(forms.Form):
    """The hour of an arrival or a departure; empty means now."""

    moment = LocalDateTimeField(label="Jour et heure", required=False)

    @property
    def given(self) -> datetime | None:
        """The hour typed, or None for now."""
        moment: datetime | None = self.cleaned_data["moment"]
        return moment


class NoteForm(forms.Form):
    """The free note of a visit after a death; owed by nobody."""

    note = forms.CharField(
        label="Un mot à l’équipe",
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Seulement si vous le souhaitez.",
    )


class NotDoneForm(forms.Form):
    """Why a visit did not take place."""

    reason = forms.ChoiceField(
        label="Pourquoi n’a-t-elle pas eu lieu ?",
        choices=[(one.value, one.label) for one in NotDoneReason if one not in UNCHOSEN_REASONS],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez pourquoi.", "invalid_choice": "Choisissez pourquoi."},
    )
