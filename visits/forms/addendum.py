"""The addendum of a signed report."""

from django import forms

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
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Écrivez ce que l’équipe doit lire.", "max_length": "2 000 caractères au plus."},
    )

    def clean_reason(self) -> str:
        """The reason in words: it is printed with the report."""
        return dict(REASONS)[self.cleaned_data["reason"]]
