"""Shape of what is typed of a group or a workshop: itself, its dates, why it is cancelled."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from copa.kernel.fields import NOT_A_DAY, DayField
from copa.kernel.forms import asked_at_times
from territories.catalogue import Visibility
from territories.directory import audience_choices, need_choices
from territories.directory_forms import TOO_OLD, Group, known, line, whole_number
from territories.enums import EventKind, Registration, Rhythm
from territories.models import Commune, DirectoryEntry
from territories.rules import OLDEST_CHILD

_DAY = {"required": "Indiquez un jour.", **NOT_A_DAY}
_HOUR = {"invalid": "Écrivez une heure, par exemple 14:30.", "required": "Indiquez une heure."}
_LIST = "Choisissez dans la liste."

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("De quoi il s’agit", ("kind", "name", "theme", "words")),
    ("Où", ("entry", "commune", "address", "access_text", "wheelchair")),
    ("Pour qui", ("audiences", "child_age_from", "child_age_to", "visibility")),
    ("S’inscrire", ("registration", "phone", "link")),
)
DATES = ("Quand", ("day", "starts", "ends", "rhythm", "until"))


def _hour(label: str) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput, error_messages=_HOUR)


class DatesForm(forms.Form):
    """A first date with its hours, and how it comes again."""

    day = DayField(label="Première date", error_messages=_DAY)
    starts = _hour("De")
    ends = _hour("À")
    rhythm = forms.ChoiceField(label="Revient", choices=Rhythm.choices, initial=Rhythm.ONCE)
    until = asked_at_times(
        DayField(
            label="Jusqu’au",
            required=False,
            help_text="S’il revient. Un an d’avance au plus\u202f; une date se retire ensuite une à une.",
            error_messages=_DAY,
        )
    )

    @property
    def groups(self) -> list[Group]:
        """The fields as the page shows them."""
        return [Group(DATES[0], [self[name] for name in DATES[1]])]


class EventForm(forms.Form):
    """A group or a workshop. `entries` and `communes` are those that may be chosen, rows of the territory."""

    kind = forms.ChoiceField(label="Type", choices=EventKind.choices)
    name = forms.CharField(
        label="Nom",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Donnez-lui un nom."},
    )
    theme = forms.ChoiceField(label="Thème particulier", required=False, error_messages={"invalid_choice": _LIST})
    words = forms.CharField(
        label="Ce qui s’y passe",
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Jamais le nom d’une famille.",
    )
    entry = asked_at_times(
        forms.ChoiceField(
            label="Organisé par",
            required=False,
            help_text="Un service de l’annuaire. Sans lui, écrivez la commune et l’adresse.",
            error_messages={"invalid_choice": _LIST},
        )
    )
    commune = asked_at_times(
        forms.ChoiceField(
            label="Commune",
            required=False,
            help_text="Rien\u00a0: là où se trouve le service.",
            error_messages={"invalid_choice": _LIST},
        )
    )
    address = line("Adresse", max_length=200)
    access_text = line("Pour venir", max_length=200, help_text="Entrée, étage, stationnement, bus.")
    wheelchair = known("Accessible en fauteuil")
    audiences = forms.MultipleChoiceField(
        label="Publics",
        choices=audience_choices(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez pour qui il est.", "invalid_choice": _LIST},
    )
    child_age_from = whole_number("Âge de l’enfant, dès (mois)", OLDEST_CHILD, TOO_OLD)
    child_age_to = whole_number("Âge de l’enfant, jusqu’à (mois)", OLDEST_CHILD, TOO_OLD)
    visibility = forms.ChoiceField(
        label="Qui peut le lire", choices=[one for one in Visibility.choices if one[0] != Visibility.ARCHIVED]
    )
    registration = forms.ChoiceField(label="Inscription", choices=Registration.choices)
    phone = line("Téléphone", max_length=20, help_text="10 chiffres, ou avec l’indicatif du pays.")
    link = forms.URLField(
        label="Page d’inscription",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Écrivez l’adresse de la page comme https://exemple.fr."},
    )

    def __init__(
        self,
        *args: Any,
        entries: Iterable[DirectoryEntry],
        communes: Iterable[Commune],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._entries = {str(one.public_id): one for one in entries}
        self._communes = {one.code: one for one in communes}
        self._offer("theme", need_choices(), "Aucun")
        self._offer("entry", [(key, one.name) for key, one in self._entries.items()], "Personne de l’annuaire")
        self._offer("commune", [(key, one.name) for key, one in self._communes.items()], "Celle du service")

    def _offer(self, name: str, choices: Sequence[tuple[str, str]], nothing: str) -> None:
        self.fields[name].choices = [("", nothing), *choices]  # type: ignore[attr-defined]

    def clean_entry(self) -> DirectoryEntry | None:
        """The service, None for nobody."""
        return self._entries.get(self.cleaned_data["entry"])

    def clean_commune(self) -> Commune | None:
        """The commune, None for that of the service."""
        return self._communes.get(self.cleaned_data["commune"])

    def clean_wheelchair(self) -> str:
        """What was not answered is not known; it is never a no."""
        return self.cleaned_data["wheelchair"] or "unknown"

    @property
    def groups(self) -> list[Group]:
        """The fields as the page shows them."""
        return [Group(title, [self[name] for name in names]) for title, names in GROUPS]


class NewEventForm(EventForm, DatesForm):
    """A group or a workshop with its first dates."""

    @property
    def groups(self) -> list[Group]:
        """The fields as the page shows them: when comes after where."""
        dates = Group(DATES[0], [self[name] for name in DATES[1]])
        about, *others = super().groups
        return [about, dates, *others]


class CancelForm(forms.Form):
    """Why it will not take place."""

    reason = forms.CharField(
        label="Pourquoi",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Ce que l’on peut dire aux familles. Le nom de personne, rien sur la santé de quelqu’un.",
        error_messages={"required": "Dites pourquoi, sans nommer personne."},
    )

    @property
    def groups(self) -> list[Group]:
        """The field as the page shows it."""
        return [Group("Le motif", [self["reason"]])]
