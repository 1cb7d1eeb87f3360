"""Forms of what an auxiliary has learnt and done."""

from django import forms

from copa.kernel.fields import NOT_A_DAY, DayField
from copa.kernel.forms import asked_at_times
from territories.enums import TrainingModule

_MONTHS = "Écrivez un nombre de mois entre 0 et 600."


class TrainingForm(forms.Form):
    """A module that was followed."""

    module = forms.ChoiceField(
        label="Formation",
        choices=TrainingModule.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez la formation."},
    )
    words = asked_at_times(forms.CharField(label="Intitulé, pour une autre formation", required=False, max_length=160))
    done_on = DayField(label="Suivie le", error_messages={"required": "Indiquez le jour.", **NOT_A_DAY})


class ExperienceForm(forms.Form):
    """Experience of the first days after a birth."""

    months = forms.IntegerField(
        label="Mois d’expérience en suites de naissance",
        min_value=0,
        max_value=600,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _MONTHS),
    )
    words = forms.CharField(
        label="Où et comment",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Service, années. Rien sur sa santé ni sur une famille.",
        error_messages={"required": "Écrivez où elle l’a acquise."},
    )
