"""The addendum of a signed report."""

from django import forms
from django.core.validators import MaxLengthValidator

LIMIT = 2000

REASONS = (
    ("correction", "Corriger une réponse"),
    ("oubli", "Ajouter un oubli"),
    ("nouveau", "Dire ce qui s’est passé depuis"),
)


class AddendumForm(forms.Form):
    """Why, and what. Neither replaces anything."""

    reason = forms.ChoiceField(label="Pourquoi ce complément ?", choices=REASONS, widget=forms.RadioSelect)
    text = forms.CharField(
        label="Ce qu’il faut lire",
        help_text="Des faits : ni diagnostic, ni nom d’une personne extérieure. Ce que vous avez signé reste lisible.",
        # Not the field's own `max_length`: the browser would cut what is pasted, without a word.
        validators=[MaxLengthValidator(LIMIT, "2 000 caractères au plus : raccourcissez, rien n’est coupé.")],
        widget=forms.Textarea(attrs={"rows": 6, "data-copa-limit": LIMIT}),
        error_messages={"required": "Écrivez ce que l’équipe doit lire."},
    )

    def clean_reason(self) -> str:
        """The reason in words: it is printed with the report."""
        return dict(REASONS)[self.cleaned_data["reason"]]
