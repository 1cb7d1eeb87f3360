"""« Prise en main » of a family."""

from django import forms

from copa.kernel.fields import LocalDateTimeField


class FamilyInHandForm(forms.Form):
    """Since when and why; who is whoever writes."""

    since = LocalDateTimeField(label="Depuis", error_messages={"required": "Indiquez le jour et l’heure."})
    why = forms.CharField(
        label="Pourquoi, et ce que vous faites",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="L’auxiliaire et l’équipe le lisent dans le dossier. Rien de protégé ici.",
        error_messages={"required": "Dites pourquoi vous intervenez."},
    )
