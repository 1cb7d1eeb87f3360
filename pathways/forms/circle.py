"""Forms of the care circle: who joins, who leaves, a file opened in an emergency."""

from collections.abc import Iterable
from typing import Any

from django import forms

from pathways.actions.circle import Newcomer
from pathways.enums import CircleEnd, CircleRole
from pathways.forms.inputs import day, line, name, phone, tick, tiles
from territories.models import Member, Territory


class JoinForm(forms.Form):
    """Somebody of the platform, or a name and a phone."""

    work = forms.ChoiceField(label="Son rôle", choices=[("", "Choisissez"), *CircleRole.choices])
    since = day("Depuis le")
    why = line("Pourquoi", max_length=200)

    def __init__(self, *args: Any, territory: Territory, professionals: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.professionals = {str(one.public_id): one for one in professionals}
        self.fields["member"] = member_field(self.professionals)
        self.fields["name"] = name("Sinon, son nom", required=False, max_length=120)
        self.fields["name"].help_text = "Sans identifiant : vérifiez son numéro avant d’appeler."
        self.fields["phone"] = phone("Son téléphone", territory)
        self.fields["why"].help_text = "Ce qu’elle fait pour la famille."

    @property
    def newcomer(self) -> Newcomer:
        """Who was chosen or typed."""
        data = self.cleaned_data
        return Newcomer(
            work=data["work"],
            member=self.professionals.get(data["member"]),
            name=data["name"],
            phone=data["phone"] or "",
            why=data["why"],
        )


def member_field(professionals: dict[str, Member]) -> forms.ChoiceField:
    """Somebody outside the team who has an account."""
    choices = [
        (key, f"{one.user.get_full_name()}, {one.get_role_display().lower()}") for key, one in professionals.items()
    ]
    return forms.ChoiceField(
        label="Sur la plateforme", required=False, choices=[("", "Personne, ou pas encore"), *choices]
    )


class LeaveForm(forms.Form):
    """Until when, and why."""

    until = day("Jusqu’au")
    reason = tiles(CircleEnd.choices, "Pourquoi")


class EmergencyForm(forms.Form):
    """Whom she means, and what happens: nobody opens a file by looking around."""

    reference = line("Référence du dossier", max_length=12)
    birth_name = name("Nom de naissance de la mère", required=False)
    birth_on = day("Sa date de naissance", required=False)
    why = forms.CharField(
        label="Ce qui se passe, et ce que vous devez faire",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="La coordinatrice et l’équipe de référence le liront.",
    )
    knows = tick(
        "Je sais que cette ouverture est signalée tout de suite et relue",
        required=True,
        error_messages={"required": "Cochez pour continuer."},
    )

    def clean(self) -> dict[str, Any]:
        """The reference alone, or the name with the date of birth."""
        data = super().clean() or {}
        if not data.get("reference") and not (data.get("birth_name") and data.get("birth_on")):
            self.add_error("reference", "Écrivez la référence, ou le nom et la date de naissance de la mère.")
        return data
