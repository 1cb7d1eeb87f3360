"""Shape of what is typed about people, and into the directory."""

from collections.abc import Sequence
from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms

from copa.kernel.fields import DayField, LocalDateTimeField, PhoneField
from territories.catalogue import Visibility
from territories.enums import Capacity, Cost, DutyPlace, Known, Role

_DAY_ERRORS = {"invalid": "Indiquez une date, par exemple 03/11/2026."}


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
    starts_on = DayField(label="Depuis le", error_messages={"required": "Indiquez le premier jour.", **_DAY_ERRORS})
    ends_on = DayField(
        label="Jusqu’au",
        required=False,
        help_text="Pour un remplacement ou un contrat qui finit. Vide quand la fin n’est pas connue.",
        error_messages=_DAY_ERRORS,
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
        error_messages={"required": "Indiquez le dernier jour.", **_DAY_ERRORS},
    )
    # Shown once the action has asked for it.
    leaves_alone = forms.BooleanField(label="Je sais que le binôme pilote sera incomplet", required=False)


def _line(label: str, *, max_length: int, **kwargs: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=max_length, widget=widget, **kwargs)


class EntryForm(forms.Form):
    """A resource of the directory. `types` and `communes` are (code, words)."""

    type = forms.ChoiceField(
        label="Type", error_messages={"required": "Choisissez un type.", "invalid_choice": "Choisissez un type."}
    )
    name = forms.CharField(
        label="Nom",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Indiquez le nom du service ou du professionnel."},
    )
    phone = _line("Téléphone", max_length=20, help_text="10 chiffres, ou avec l’indicatif du pays.")
    short_number = _line("Numéro court", max_length=8, help_text="3114, 119…")
    email = forms.EmailField(
        label=_EMAIL,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="Celle du service\u00a0: le lien pour répondre à une orientation y arrive.",
        error_messages={"invalid": "Cette adresse est incomplète\u00a0: écrivez-la comme accueil@exemple.fr."},
    )
    web = forms.URLField(
        label="Site",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Écrivez l’adresse du site comme https://exemple.fr."},
    )
    address = _line("Adresse", max_length=200)
    communes = forms.MultipleChoiceField(
        label="Communes couvertes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Rien de coché\u00a0: tout le territoire.",
        error_messages={"invalid_choice": "Choisissez des communes de la liste."},
    )
    hours = _line("Horaires", max_length=160)
    delay_days = forms.IntegerField(
        label="Attente habituelle, en jours",
        required=False,
        min_value=0,
        max_value=730,
        error_messages={"invalid": "Un nombre de jours.", "max_value": "Deux ans au plus."},
    )
    cost = forms.ChoiceField(label="Coût", choices=Cost.choices)
    capacity_now = forms.ChoiceField(label="Prend de nouvelles familles", choices=Capacity.choices)
    wheelchair = forms.ChoiceField(label="Accessible en fauteuil", choices=Known.choices)
    accepts_without_cover = forms.ChoiceField(label="Reçoit sans couverture santé", choices=Known.choices)
    languages = _line("Langues", max_length=120, help_text="En plus du français.")
    at_home = forms.BooleanField(label="Vient à domicile", required=False)
    visibility = forms.ChoiceField(
        label="Qui peut le lire", choices=[one for one in Visibility.choices if one[0] != Visibility.ARCHIVED]
    )
    valid_from = DayField(label="En service depuis le", error_messages={"required": "Indiquez un jour.", **_DAY_ERRORS})
    valid_to = DayField(
        label="Jusqu’au",
        required=False,
        help_text="Pour un dispositif dont la fin est connue. Ensuite il reste lisible, sans nouvelle orientation.",
        error_messages=_DAY_ERRORS,
    )
    notes_pro = forms.CharField(
        label="Entre professionnels",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Conseils pratiques. Jamais le nom d’une famille.",
    )

    def __init__(
        self,
        *args: Any,
        types: Sequence[tuple[str, str]],
        communes: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = [("", "Choisissez"), *types]  # type: ignore[attr-defined]
        self.fields["communes"].choices = list(communes)  # type: ignore[attr-defined]


class ArchiveForm(forms.Form):
    """The last day of a resource."""

    last_day = DayField(
        label="Dernier jour",
        help_text="Le service reste lisible ensuite, et ne reçoit plus de nouvelle orientation.",
        error_messages={"required": "Indiquez le dernier jour.", **_DAY_ERRORS},
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
