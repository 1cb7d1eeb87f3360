"""Shape of what is typed into the directory: a resource in seven groups, its last day."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from copa.kernel.fields import NOT_A_DAY, DayField
from copa.kernel.forms import asked_at_times
from copa.kernel.identifiers import compact, is_finess, is_rpps, is_siret
from territories.catalogue import Visibility
from territories.directory import audience_choices
from territories.enums import AskBy, Capacity, Cost, Known
from territories.rules import LARGEST_RADIUS_KM, OLDEST_CHILD, Point

_MAIL_ERRORS = {"invalid": "Cette adresse est incomplète\u00a0: écrivez-la comme accueil@exemple.fr."}


def line(label: str, *, max_length: int, **kwargs: Any) -> forms.CharField:
    """A line of text that may be left out."""
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=max_length, widget=widget, **kwargs)


def _mail(label: str, help_text: str) -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "off"})
    return forms.EmailField(
        label=label, required=False, widget=widget, help_text=help_text, error_messages=_MAIL_ERRORS
    )


def known(label: str) -> forms.ChoiceField:
    """A yes or no; a page that does not ask says nobody knows."""
    return forms.ChoiceField(label=label, choices=Known.choices, required=False, initial=Known.UNKNOWN)


def whole_number(label: str, highest: int, too_many: str, **kwargs: Any) -> forms.IntegerField:
    """A number from 0 to `highest` that may be left out; `too_many` is said above it."""
    errors = {"invalid": "Écrivez un nombre entier.", "min_value": "Écrivez un nombre positif.", "max_value": too_many}
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=highest, error_messages=errors, **kwargs
    )


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together on the page, under one title; `note` is said below it, "" for nothing."""

    title: str
    fields: list[BoundField]
    note: str = ""


# The page in the order in which somebody who has just hung up writes: who, how to reach it, whom it receives.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Le service", ("type", "name", "legal_name", "finess", "siret", "rpps")),
    ("Le joindre", ("ask_by", "phone", "short_number", "email", "mssante", "web")),
    ("Y aller", ("address", "access_text", "hours", "on_holidays", "at_home", "video", "one_to_one", "in_group",
                 "communes", "around", "point", "radius_km")),
    ("Places et coût", ("capacity_now", "delay_days", "cost", "third_party", "accepts_without_cover")),
    ("Pour qui", ("audiences", "child_age_max", "coparent_welcome", "siblings_welcome", "minors_alone")),
    ("Langues et accès", ("languages", "interpreter", "sign_language", "falc_docs", "wheelchair", "quiet_room",
                          "adapted_equipment", "parking_disabled")),
    ("Pour une maternité", ("has_discharge_organisation", "has_pass")),
    ("La fiche", ("source", "visibility", "valid_from", "valid_to", "notes_pro")),
)  # fmt: skip


# What is said of an age beyond what the directory knows.
TOO_OLD = f"Dix-huit ans au plus, soit {OLDEST_CHILD} mois."
# A sector that is no list of communes; asked where communes have their coordinates.
_BY_RADIUS = ("around", "point", "radius_km")
_NO_RADIUS = (
    "Un secteur ne se dit pas encore par un rayon\u00a0: les communes de ce territoire n’ont pas leurs coordonnées."
)
_POINT = re.compile(r"(-?\d{1,3}(?:[.,]\d{1,12})?)\s*[;,\s]\s*(-?\d{1,3}(?:[.,]\d{1,12})?)", re.ASCII)


class EntryForm(forms.Form):
    """A resource of the directory. `types` and `communes` are (code, words), `centres` the places of communes by code.

    Without any centre nothing can be said by radius, and nothing is asked.
    """

    type = forms.ChoiceField(
        label="Type", error_messages={"required": "Choisissez un type.", "invalid_choice": "Choisissez un type."}
    )
    name = forms.CharField(
        label="Nom",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Indiquez le nom du service ou du professionnel."},
    )
    legal_name = line("Raison sociale", max_length=160)
    finess = line("FINESS", max_length=12, help_text="Neuf caractères, pour un établissement.")
    siret = line("SIRET", max_length=20, help_text="Quatorze chiffres.")
    rpps = line("RPPS", max_length=14, help_text="Onze chiffres. Une personne y est avec son accord.")
    ask_by = forms.ChoiceField(label="Comment demander", choices=AskBy.choices, required=False)
    phone = line("Téléphone", max_length=20, help_text="10 chiffres, ou avec l’indicatif du pays.")
    short_number = line("Numéro court", max_length=8, help_text="3114, 119…")
    email = _mail("Adresse e-mail", "Celle du service\u00a0: le lien pour répondre à une orientation y arrive.")
    mssante = _mail("Messagerie sécurisée de santé", "La seule adresse qui reçoit un contenu de santé.")
    web = forms.URLField(
        label="Site",
        required=False,
        assume_scheme="https",
        error_messages={"invalid": "Écrivez l’adresse du site comme https://exemple.fr."},
    )
    address = line("Adresse", max_length=200)
    access_text = line("Pour venir", max_length=200, help_text="Entrée, étage, stationnement, bus.")
    hours = line("Horaires", max_length=160)
    on_holidays = known("Ouvert pendant les vacances")
    at_home = forms.BooleanField(label="Vient à domicile", required=False)
    video = forms.BooleanField(label="Reçoit en vidéo", required=False)
    one_to_one = forms.BooleanField(label="En individuel", required=False)
    in_group = forms.BooleanField(label="En groupe", required=False)
    communes = forms.MultipleChoiceField(
        label="Communes couvertes",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Rien de coché, ni rayon\u00a0: tout le territoire.",
        error_messages={"invalid_choice": "Choisissez des communes de la liste."},
    )
    around = asked_at_times(
        forms.ChoiceField(
            label="Ou un rayon autour de",
            required=False,
            help_text="Du centre de cette commune, à la place de communes cochées.",
            error_messages={"invalid_choice": "Choisissez une commune de la liste."},
        )
    )
    point = asked_at_times(
        line(
            "Ou d’un point précis",
            max_length=40,
            help_text="Latitude, longitude\u00a0: 48.77, 5.16.",
        )
    )
    radius_km = asked_at_times(
        whole_number("Rayon, en kilomètres", LARGEST_RADIUS_KM, f"{LARGEST_RADIUS_KM}\u00a0km au plus.")
    )
    capacity_now = forms.ChoiceField(label="Prend de nouvelles familles", choices=Capacity.choices)
    delay_days = whole_number("Attente habituelle, en jours", 730, "Deux ans au plus.")
    cost = forms.ChoiceField(label="Coût", choices=Cost.choices)
    third_party = known("Tiers payant")
    accepts_without_cover = forms.ChoiceField(label="Reçoit sans couverture santé", choices=Known.choices)
    audiences = forms.MultipleChoiceField(
        label="Publics",
        required=False,
        choices=audience_choices(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Rien de coché\u00a0: ceux que ce type de service reçoit d’habitude.",
        error_messages={"invalid_choice": "Choisissez des publics de la liste."},
    )
    child_age_max = whole_number("Âge maximum de l’enfant, en mois", OLDEST_CHILD, TOO_OLD)
    coparent_welcome = known("Reçoit le coparent")
    siblings_welcome = known("Reçoit les aînés")
    minors_alone = known("Reçoit une mineure seule")
    languages = line("Langues", max_length=120, help_text="En plus du français.")
    interpreter = known("Interprète possible")
    sign_language = known("Langue des signes")
    falc_docs = known("Documents faciles à lire (FALC)")
    wheelchair = forms.ChoiceField(label="Accessible en fauteuil", choices=Known.choices)
    quiet_room = known("Pièce calme")
    adapted_equipment = known("Matériel adapté")
    parking_disabled = known("Stationnement adapté")
    has_discharge_organisation = known("Organisation de la sortie")
    has_pass = known("A une PASS")
    source = forms.CharField(
        label="D’où viennent ces informations",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Le service lui-même, l’annuaire Santé, le site de la CAF…",
        error_messages={"required": "Dites qui vous l’a appris\u00a0: le service, un annuaire, un site."},
    )
    visibility = forms.ChoiceField(
        label="Qui peut le lire", choices=[one for one in Visibility.choices if one[0] != Visibility.ARCHIVED]
    )
    valid_from = DayField(label="En service depuis le", error_messages={"required": "Indiquez un jour.", **NOT_A_DAY})
    valid_to = DayField(
        label="Jusqu’au",
        required=False,
        help_text="Pour un dispositif dont la fin est connue. Ensuite il reste lisible, sans nouvelle orientation.",
        error_messages=NOT_A_DAY,
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
        centres: Mapping[str, Point],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._centres = centres
        self.fields["type"].choices = [("", "Choisissez"), *types]  # type: ignore[attr-defined]
        self.fields["communes"].choices = list(communes)  # type: ignore[attr-defined]
        placed = [(code, name) for code, name in communes if code in centres]
        self.fields["around"].choices = [("", "Aucune commune"), *placed]  # type: ignore[attr-defined]
        for name in () if centres else _BY_RADIUS:
            del self.fields[name]

    @property
    def groups(self) -> list[Group]:
        """The fields as the page shows them."""
        return [
            Group(
                title,
                [self[name] for name in names if name in self.fields],
                _NO_RADIUS if "radius_km" in names and not self._centres else "",
            )
            for title, names in GROUPS
        ]

    def clean_point(self) -> Point | None:
        """The point in degrees, None when nothing was typed; with a comma or a point before the decimals."""
        typed = self.cleaned_data["point"].strip()
        if not typed:
            return None
        found = _POINT.fullmatch(typed)
        if found is None:
            raise ValidationError("Écrivez la latitude puis la longitude, comme 48.77, 5.16.", code="point")
        latitude, longitude = (float(number.replace(",", ".")) for number in found.groups())
        if abs(latitude) > 90 or abs(longitude) > 180:
            raise ValidationError("Ce point n’existe pas\u00a0: la latitude vient d’abord.", code="point")
        return latitude, longitude

    def clean_finess(self) -> str:
        """Without spaces; the last character is the key."""
        return self._identifier("finess", is_finess, "Ce FINESS est faux\u00a0: recopiez ses neuf caractères.")

    def clean_siret(self) -> str:
        """Without spaces; fourteen digits and their key."""
        return self._identifier("siret", is_siret, "Ce SIRET est faux\u00a0: recopiez ses quatorze chiffres.")

    def clean_rpps(self) -> str:
        """Without spaces; eleven digits, the last one the key."""
        return self._identifier("rpps", is_rpps, "Ce RPPS est faux\u00a0: recopiez ses onze chiffres.")

    def _identifier(self, name: str, is_right: Callable[[str], bool], message: str) -> str:
        typed = compact(self.cleaned_data[name])
        if typed and not is_right(typed):
            raise ValidationError(message, code=name)
        return typed

    def clean(self) -> dict[str, Any]:
        """What was not answered is not known; it is never a no."""
        data: dict[str, Any] = super().clean() or {}
        for name, field in self.fields.items():
            if isinstance(field, forms.ChoiceField) and not field.required and data.get(name) == "":
                data[name] = "" if name == "around" else Known.UNKNOWN.value
        around = data.pop("around", "")
        if around and data.get("point"):
            self.add_error("point", "Une commune, ou un point précis\u00a0: pas les deux.")
        elif "point" not in self.errors:
            data["point"] = data.get("point") or self._centres.get(around)
        return data


class ArchiveForm(forms.Form):
    """The last day of a resource."""

    last_day = DayField(
        label="Dernier jour",
        help_text="Le service reste lisible ensuite, et ne reçoit plus de nouvelle orientation.",
        error_messages={"required": "Indiquez le dernier jour.", **NOT_A_DAY},
    )
