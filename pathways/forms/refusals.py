"""A mother refuses any follow-up: her words, then what the doctor of the team decides (alerts.md 5.5)."""

from django import forms

from copa.kernel.fields import LocalDateTimeField


def her_words(*, required: bool) -> forms.CharField:
    """What she said, as she said it."""
    return forms.CharField(
        label="Ce qu’elle a dit, avec ses mots",
        required=required,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez ce qu’elle a dit, avec ses mots."},
    )


class RefusalForm(forms.Form):
    """Her words, and by when the doctor decides."""

    refusal_words = her_words(required=True)
    due_at = LocalDateTimeField(
        label="Le médecin décide avant", error_messages={"required": "Dites avant quelle heure le médecin décide."}
    )


class DoctorDecisionForm(forms.Form):
    """What the doctor decides."""

    doctor_decision = forms.CharField(
        label="Ce que vous décidez",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Rien ne part à personne d’autre : ce que vous décidez se lit ici, par les lecteurs nommés.",
        error_messages={"required": "Écrivez ce que vous décidez."},
    )
