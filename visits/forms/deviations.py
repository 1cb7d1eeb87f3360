"""Why the protocol was not kept: one code, and a few words for « Autre »."""

from django import forms

from visits.rules import DEVIATION_NOTE_LETTERS


class CodingForm(forms.Form):
    """`seen` is the reason that stood on the page: somebody may have said another one meanwhile."""

    reason = forms.CharField(label="Motif", max_length=15, error_messages={"required": "Choisissez un motif."})
    note = forms.CharField(label="Précisez", required=False, max_length=DEVIATION_NOTE_LETTERS)
    seen = forms.CharField(required=False, max_length=15, widget=forms.HiddenInput)

    def ask_note(self) -> None:
        """Show the words as asked for: they are, once « Autre » is chosen."""
        self.fields["note"].required = True
