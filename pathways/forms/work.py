"""Forms of the two working lists: alerts and relays."""

from typing import Any

from django import forms

from copa.kernel.fields import LocalDateTimeField
from copa.kernel.forms import asked_at_times
from pathways.actions import Taking
from pathways.enums import Called
from pathways.forms.inputs import day, line, tiles
from pathways.forms.refusals import her_words
from pathways.rules.alert_people import decision_choices


class AnswerForm(forms.Form):
    """What the auxiliary must do; left empty as she takes an alert, her name alone is recorded.

    Where nobody may be left alone, also what the team decides and by when (alerts.md 5.5). `is_due`: it was taken.
    """

    instruction = forms.CharField(
        label="Consigne à l’auxiliaire",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce qu’elle fait maintenant, qui la rappelle, dans combien de temps.",
        error_messages={"required": "Dites ce que l’auxiliaire doit faire."},
    )

    def __init__(self, *args: Any, is_due: bool, asks_decision: bool, about: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instruction"].required = is_due
        if asks_decision:
            self.fields["decision"] = tiles(
                decision_choices(about),
                "Ce que l’équipe décide",
                required=is_due,
                error_messages={"required": "Choisissez ce que l’équipe décide."},
            )
            self.fields["due_at"] = LocalDateTimeField(
                label="Ce sera fait avant",
                required=is_due,
                error_messages={"required": "Dites avant quelle heure ce sera fait."},
            )
            self.fields["refusal_words"] = her_words(required=False)
            self.fields["refusal_words"].help_text = "Si elle refuse tout suivi : le médecin de l’équipe décide."

    @property
    def taking(self) -> Taking:
        """What was typed, for the action."""
        data = self.cleaned_data
        return Taking(
            instruction=data["instruction"],
            decision=data.get("decision", ""),
            due_at=data.get("due_at"),
            refusal_words=data.get("refusal_words", ""),
        )


class GiveBackForm(forms.Form):
    """Why whoever took the alert gives it back; she need not say it."""

    reason = forms.CharField(
        label="Pourquoi (facultatif)",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="L’équipe le lit dans l’alerte.",
    )


class CloseAlertForm(forms.Form):
    """What was done, and whether it was a false alarm: never held against who called."""

    outcome = forms.CharField(
        label="Ce qui a été fait",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Quoi, par qui, à quelle heure.",
        error_messages={"required": "Écrivez ce qui a été fait, et par qui."},
    )
    is_false_alarm = forms.BooleanField(
        label="C’était une fausse alerte",
        required=False,
        help_text="L’auxiliaire lira : « Vous avez bien fait d’appeler. »",
    )


class CallForm(forms.Form):
    """« J’ai appelé : qui, quelle heure, quelle consigne »."""

    called = tiles(Called.choices, "Qui", error_messages={"required": "Dites qui vous avez appelé."})
    happened_at = LocalDateTimeField(label="À quelle heure", error_messages={"required": "Indiquez l’heure."})
    no_answer = forms.BooleanField(label="Personne n’a répondu", required=False)
    words = forms.CharField(
        label="La consigne", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    @property
    def call(self) -> dict[str, Any]:
        """What was typed, for the action."""
        data = dict(self.cleaned_data)
        return {"is_answered": not data.pop("no_answer"), **data}


class InHandForm(forms.Form):
    """« Prise en main »: she came and cares herself (R111)."""

    happened_at = LocalDateTimeField(label="Depuis quelle heure", error_messages={"required": "Indiquez l’heure."})
    words = forms.CharField(
        label="Ce que vous faites", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )


class AcceptForm(forms.Form):
    """The PMI accepts and says when it will first be in touch."""

    next_contact_on = day("Prochain contact avec la famille")
    late_reason = asked_at_times(line("Raison d’un premier contact plus tardif", max_length=400))


class QuestionForm(forms.Form):
    """The PMI asks before accepting."""

    question = forms.CharField(
        label="Votre question à l’équipe de référence", max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReplyForm(forms.Form):
    """The referring team answers."""

    reply = forms.CharField(label="Votre réponse à la PMI", max_length=400, widget=forms.Textarea(attrs={"rows": 3}))
