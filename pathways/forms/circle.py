"""Forms of the care circle: who joins, who leaves, a file opened in an emergency."""

from typing import Any

from django import forms

from pathways.actions.circle import Newcomer
from pathways.enums import CircleEnd, CircleRole, Found
from pathways.forms.inputs import day, line, name, phone, tick, tiles
from pathways.reads.professionals import Group, Professionals
from territories.models import Territory


class JoinForm(forms.Form):
    """Somebody of the platform, or a name and a phone."""

    work = forms.ChoiceField(label="Son rôle", choices=[("", "Choisissez"), *CircleRole.choices])
    since = day("Depuis le")
    why = line("Pourquoi", max_length=200)

    def __init__(self, *args: Any, territory: Territory, known: Professionals, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        self.fields["member"] = known_field("Sur la plateforme, ou dans l’annuaire", known.choices())
        self.fields["name"] = name("Sinon, son nom", required=False, max_length=120)
        self.fields["name"].help_text = "Sans identifiant : vérifiez son numéro avant d’appeler."
        self.fields["phone"] = phone("Son téléphone", territory)
        self.fields["why"].help_text = "Ce qu’elle fait pour la famille."

    @property
    def newcomer(self) -> Newcomer:
        """Who was chosen or typed."""
        data = self.cleaned_data
        member, entry = self.known.chosen(data["member"])
        return Newcomer(
            work=data["work"],
            member=member,
            entry=entry,
            name=data["name"],
            phone=data["phone"] or "",
            why=data["why"],
        )


def known_field(label: str, groups: list[Group]) -> forms.ChoiceField:
    """Somebody who has an account, or stands in the directory."""
    return forms.ChoiceField(label=label, required=False, choices=[("", "Personne, ou pas encore"), *groups])


# The three people asked about at the inclusion (R068, R076): whose question, in the words of the form.
_ASKED = {
    CircleRole.LIBERAL_MIDWIFE: "Sa sage-femme libérale",
    CircleRole.GENERAL_PRACTITIONER: "Son médecin traitant",
    CircleRole.PAEDIATRICIAN: "Le médecin de l’enfant",
}


# [found]: beside the lists, somebody typed by hand, or nobody yet.
_TYPED, _NONE = "typed", "none"
_ELSE = [(_TYPED, "Saisi à la main, ci-dessous"), (_NONE, str(Found.NONE.label))]


def newcomer_fields(territory: Territory, known: Professionals) -> dict[str, forms.Field]:
    """One list per person asked about, then a name and a phone for whoever stands in none."""
    fields: dict[str, forms.Field] = {}
    for work, label in _ASKED.items():
        fields[f"known_{work}"] = forms.ChoiceField(
            label=label,
            choices=[("", "Choisissez"), *known.choices(work), *_ELSE],
            error_messages={"required": "Demandez-le-lui : dans la liste, saisi à la main, ou aucun."},
        )
    for work, label in _ASKED.items():
        fields[f"name_{work}"] = name(label, required=False, max_length=120)
        fields[f"phone_{work}"] = phone("Téléphone", territory)
    return fields


def check_newcomers(form: forms.Form) -> None:
    """Each of the three is answered, « aucun » too; a phone comes with a name, and nobody is named twice."""
    for work in _ASKED:
        if not {f"known_{work}", f"name_{work}"} & set(form.errors):
            _check_named(form, work)


def _check_named(form: forms.Form, work: str) -> None:
    data = form.cleaned_data
    known, typed = data.get(f"known_{work}", ""), data.get(f"name_{work}", "")
    if not typed and (known == _TYPED or data.get(f"phone_{work}")):
        form.add_error(f"name_{work}", "Écrivez aussi son nom.")
    elif typed and known != _TYPED:
        form.add_error(f"name_{work}", "Choisissez dans la liste, ou écrivez son nom : pas les deux.")


def found_of(data: dict[str, Any]) -> dict[str, str]:
    """How each of the three was named (Found)."""
    return {work: _found(data[f"known_{work}"], data[f"name_{work}"]) for work in _ASKED}


def _found(known: str, typed: str) -> str:
    if typed:
        return Found.FREE_TEXT
    return Found.NONE if known == _NONE else Found.DIRECTORY


def newcomers_of(data: dict[str, Any], known: Professionals) -> list[Newcomer]:
    """Those who were chosen or typed."""
    found = []
    for work in _ASKED:
        member, entry = known.chosen(data[f"known_{work}"])
        typed = data[f"name_{work}"]
        if member or entry or typed:
            phone_typed = data[f"phone_{work}"] or ""
            found.append(Newcomer(work=work, member=member, entry=entry, name=typed, phone=phone_typed))
    return found


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
