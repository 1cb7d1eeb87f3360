"""Forms of the two working lists: alerts and relays."""

from typing import Any

from django import forms

from pathways.forms.inputs import day


class TakeForm(forms.Form):
    """« Je prends l’alerte », with what the auxiliary must do; nothing to say for a reminder."""

    instruction = forms.CharField(
        label="Consigne à l’auxiliaire",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce qu’elle fait maintenant, qui la rappelle, dans combien de temps.",
        error_messages={"required": "Dites ce que l’auxiliaire doit faire."},
    )

    def __init__(self, *args: Any, is_sign: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instruction"].required = is_sign


class AcceptForm(forms.Form):
    """The PMI accepts and says when it will first be in touch."""

    next_contact_on = day("Prochain contact avec la famille")


class QuestionForm(forms.Form):
    """The PMI asks before accepting."""

    question = forms.CharField(
        label="Votre question à l’équipe de référence", max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReplyForm(forms.Form):
    """The referring team answers."""

    reply = forms.CharField(label="Votre réponse à la PMI", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
