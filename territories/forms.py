"""Shape of what is typed about people."""

from collections.abc import Sequence
from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms

from copa.kernel.fields import NOT_A_DAY, DayField, LocalDateTimeField, PhoneField
from territories.enums import DutyPlace, Role

# Beside "Adresse e-mail" everywhere else, the library says "Courriel".
_EMAIL = "Adresse e-mail"


class SignInForm(LoginForm):  # type: ignore[misc] # the library has no types
    """The library's form with our word for the address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _EMAIL


class ForgottenPasswordForm(ResetPasswordForm):  # type: ignore[misc] # the library has no types
    """The library's form with our word for the address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _EMAIL


class MemberForm(forms.Form):
    """A person to add: her address, her name, her role and its days. `structures` are (public id, words)."""

    email = forms.EmailField(
        label=_EMAIL,
        help_text="Son adresse professionnelle : elle y reçoit l’invitation, et s’en sert pour se connecter.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "Indiquez son adresse.",
            "invalid": "Cette adresse est incomplète : écrivez-la comme prenom.nom@exemple.fr.",
        },
    )
    first_name = forms.CharField(label="Prénom", max_length=60, error_messages={"required": "Indiquez son prénom."})
    last_name = forms.CharField(label="Nom", max_length=60, error_messages={"required": "Indiquez son nom."})
    role = forms.ChoiceField(
        label="Rôle",
        choices=[("", "Choisissez"), *Role.choices],
        error_messages={"required": "Choisissez son rôle.", "invalid_choice": "Choisissez un rôle de la liste."},
    )
    structure = forms.ChoiceField(
        label="Structure",
        required=False,
        help_text="Celle où elle travaille. Une auxiliaire, une équipe médicale et une PMI en ont toujours une.",
        error_messages={"invalid_choice": "Choisissez une structure de la liste."},
    )
    starts_on = DayField(label="Depuis le", error_messages={"required": "Indiquez le premier jour.", **NOT_A_DAY})
    ends_on = DayField(
        label="Jusqu’au",
        required=False,
        help_text="Pour un remplacement ou un contrat qui finit. Vide quand la fin n’est pas connue.",
        error_messages=NOT_A_DAY,
    )

    def __init__(self, *args: Any, structures: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["structure"].choices = [("", "Aucune"), *structures]  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        """In lower case: an account has one address, however it is typed."""
        return str(self.cleaned_data["email"]).lower()


class EndRightsForm(forms.Form):
    """The last day on which a member may still act."""

    last_day = DayField(
        label="Dernier jour",
        help_text="Elle se connecte encore ce jour-là, plus le lendemain.",
        error_messages={"required": "Indiquez le dernier jour.", **NOT_A_DAY},
    )
    # Shown once the action has asked for it.
    leaves_alone = forms.BooleanField(label="Je sais que le binôme pilote sera incomplet", required=False)


class SupervisionForm(forms.Form):
    """Who answers for an auxiliary. `supervisors` and `nurses` are (public id, words)."""

    supervisor = forms.ChoiceField(
        label="Responsable dans l’équipe médicale",
        required=False,
        help_text="Sage-femme ou médecin qui répond de son travail.",
        error_messages={"invalid_choice": "Choisissez une personne de la liste."},
    )
    nurse = forms.ChoiceField(
        label="Infirmière ou puéricultrice",
        required=False,
        help_text="Celle sous la responsabilité de qui elle fait ses soins, si elle est nommée.",
        error_messages={"invalid_choice": "Choisissez une personne de la liste."},
    )

    def __init__(
        self, *args: Any, supervisors: Sequence[tuple[str, str]], nurses: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, people in (("supervisor", supervisors), ("nurse", nurses)):
            self.fields[name].choices = [("", "Pas encore nommée"), *people]  # type: ignore[attr-defined]


class RepresentativeForm(forms.Form):
    """Whom a member of the PMI stands for."""

    represents = forms.CharField(
        label="Elle représente",
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Le nom du médecin de PMI. Vide si elle est ce médecin.",
    )


class PhoneForm(forms.Form):
    """A professional number of the territory, or one with its country code."""

    def __init__(self, *args: Any, region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = PhoneField.of_region(
            region,
            label="Téléphone professionnel",
            required=False,
            help_text="Les alertes y arrivent par SMS, sans aucun nom. L’auxiliaire peut aussi vous y rappeler.",
        )


class ShiftForm(forms.Form):
    """A shift: who, at which place, from when to when. `people` are (public id, words)."""

    place = forms.ChoiceField(
        label="Place",
        choices=DutyPlace.choices,
        help_text="Une alerte appelle d’abord l’équipe de garde, puis la seconde, puis le médecin.",
        error_messages={"required": "Choisissez une place.", "invalid_choice": "Choisissez une place de la liste."},
    )
    member = forms.ChoiceField(
        label="Qui",
        error_messages={
            "required": "Choisissez une personne.",
            "invalid_choice": "Choisissez une personne de la liste.",
        },
    )
    starts_at = LocalDateTimeField(label="De", error_messages={"required": "Indiquez le début."})
    ends_at = LocalDateTimeField(label="À", error_messages={"required": "Indiquez la fin."})

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", "Choisissez"), *people]  # type: ignore[attr-defined]
