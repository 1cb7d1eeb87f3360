"""Inputs that several forms share: tiles, dates, phone of the territory, commune by name or code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from copa.kernel.errors import BusinessError
from copa.kernel.fields import DayField, PhoneField, known_year
from pathways import rules
from pathways.enums import DayPrecision
from territories.actions.communes import check_outside_confirmed, outside_commune
from territories.models import Commune, Territory


def tiles(choices: Any, label: str, **kwargs: Any) -> forms.ChoiceField:
    """One choice out of a few, each a large target."""
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **kwargs)


def many_tiles(choices: Any, label: str, **kwargs: Any) -> forms.MultipleChoiceField:
    """Several choices out of a few."""
    return forms.MultipleChoiceField(label=label, choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)


def tick(label: str, *, required: bool = False, **kwargs: Any) -> forms.BooleanField:
    """A line to tick."""
    return forms.BooleanField(label=label, required=required, **kwargs)


def day(label: str, **kwargs: Any) -> DayField:
    """A date by the device's picker."""
    return DayField(label=label, input_formats=["%Y-%m-%d", "%d/%m/%Y"], **kwargs)


def submission() -> forms.UUIDField:
    """The mark the page makes of what it sends: sent twice, it is stored once. Without one, it is new each time."""
    return forms.UUIDField(required=False, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class PartialDay:
    """A birth date: its first day, and how much of it is known (DayPrecision)."""

    on: date
    precision: str


class BirthDateField(forms.CharField):
    """The birth date of an adult, whole or in part; gives a PartialDay, None when nothing was typed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": "jj/mm/aaaa"})
        super().__init__(max_length=20, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A stored date as it is written here."""
        if isinstance(value, PartialDay):
            parts = {DayPrecision.YEAR: f"{value.on.year}", DayPrecision.MONTH: f"{value.on:%m/%Y}"}
            return parts.get(DayPrecision(value.precision), f"{value.on:%d/%m/%Y}")
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else value

    def clean(self, value: Any) -> Any:
        """What is known of it."""
        text = super().clean(value)
        if not text:
            return None
        found = rules.read_birth_date(text)
        if found is None:
            message = "Écrivez la date comme 17/05/1994 ; si elle n’est connue qu’en partie, 05/1994 ou 1994."
            raise ValidationError(message, code="invalid")
        known_year(found[0])
        return PartialDay(*found)


def birth_date(label: str = "Née le", **kwargs: Any) -> BirthDateField:
    """Her birth date: some registers hold a year alone."""
    return BirthDateField(
        label=label, help_text="L’année seule, ou le mois et l’année, si c’est tout ce qu’on sait.", **kwargs
    )


class LineField(forms.CharField):
    """One line of text without invisible characters; the browser does not offer what was typed of other families."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"autocomplete": "off"}), **kwargs)

    def to_python(self, value: Any) -> str:
        """What can be seen of what was typed."""
        return rules.visible(super().to_python(value))


class NameField(LineField):
    """The name of somebody."""

    def validate(self, value: str) -> None:
        """Refuse what holds no letter, or signs of markup."""
        super().validate(value)
        if value and not rules.is_name(value):
            raise ValidationError("Un nom s’écrit avec des lettres.", code="no_letter")


def line(label: str, *, max_length: int, **kwargs: Any) -> LineField:
    """An address, a hint: what need not be written with letters."""
    return LineField(label=label, required=False, max_length=max_length, **kwargs)


def name(label: str, *, required: bool = True, max_length: int = 80, **kwargs: Any) -> NameField:
    """A name."""
    return NameField(label=label, required=required, max_length=max_length, **kwargs)


def phone(label: str, territory: Territory, *, required: bool = False) -> PhoneField:
    """A number of the territory's own region, or any number with its country code."""
    return PhoneField.of_region(territory.phone_region, label=label, required=required)


class CommuneField(forms.CharField):
    """A commune of the territory, typed by name, COG code or postal code; gives the Commune or None when empty.

    `communes` are all those of the territory, already read: a few hundred at most. `may_be_outside`: another one, with
    its postal code, is given too, not stored yet, for `AsksIfOutside` to have it confirmed.
    """

    def __init__(self, communes: Iterable[Commune], *, may_be_outside: bool = False, **kwargs: Any) -> None:
        self.communes = list(communes)
        self.may_be_outside = may_be_outside
        widget = forms.TextInput(attrs={"list": "communes", "autocomplete": "off"})
        super().__init__(max_length=90, widget=widget, help_text="Nom, code commune ou code postal.", **kwargs)

    def clean(self, value: Any) -> Any:
        """The one commune meant; refuses what is unknown here and what is several."""
        text = super().clean(value)
        if not text:
            return None
        found = self._meant(text)
        if not found and self.may_be_outside and (outside := outside_commune(text)):
            return outside
        if not found:
            way = (
                "écrivez son nom et son code postal : vous aurez à le confirmer."
                if self.may_be_outside
                else "elle ne peut pas être suivie ici."
            )
            raise ValidationError(
                f"« {text} » n’est pas une commune du territoire. Choisissez-la dans la liste ; si la famille "
                f"habite hors du territoire, {way}",
                code="unknown_commune",
            )
        if len(found) > 1:
            names = ", ".join(commune.name for commune in found[:6])
            raise ValidationError(
                f"Plusieurs communes répondent à « {text} » : {names}. Écrivez son nom.", code="several"
            )
        return found[0]

    def _meant(self, text: str) -> list[Commune]:
        wanted = rules.normalised(text)
        exact = [one for one in self.communes if wanted in {rules.normalised(shown(one)), one.code.lower()}]
        named = [one for one in self.communes if rules.normalised(one.name) == wanted]
        return exact or named or [one for one in self.communes if one.postal_code == wanted]


def outside_tick(*, known: Any = None, communes: Iterable[Commune] = ()) -> forms.BooleanField:
    """The confirmation that she lives where no PMI of ours has a sector (inclusion.md, incl.address).

    Ticked already where `known`, the commune as shown, was confirmed before.
    """
    return tick(
        "Elle habite hors du territoire, c’est vérifié",
        help_text="Aucune PMI de secteur n’est attribuée : le relais se prépare par téléphone.",
        initial=any(one.is_outside and shown(one) == known for one in communes),
    )


class AsksIfOutside(forms.Form):
    """A form with a `commune` that may be outside the territory, and its confirmation `is_outside`."""

    def clean(self) -> dict[str, Any]:
        """Refuses a commune outside the territory until somebody says that she has checked it."""
        data: dict[str, Any] = super().clean() or {}
        try:
            check_outside_confirmed(data.get("commune"), is_confirmed=bool(data.get("is_outside")))
        except BusinessError as refusal:
            self.add_error("is_outside", ValidationError(refusal.message, code=refusal.code))
        return data

    def asks_if_outside(self) -> bool:
        """Whether the confirmation is shown: a refusal asks for it, or it is ticked."""
        box = self["is_outside"]
        return bool(box.errors or box.value())


def shown(commune: Commune) -> str:
    """As "Brécourt (55200)": how a commune stands in the list and in the field."""
    return f"{commune.name} ({commune.postal_code})"
