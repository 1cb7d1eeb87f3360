"""Form fields for what the whole product types: a day, an hour of the territory, a phone number."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from copa.kernel.clock import YEARS
from copa.kernel.french import phone
from copa.kernel.phones import e164, example


def known_year(value: date) -> None:
    """Refuse a date or an instant outside YEARS, in its own zone."""
    if value.year not in YEARS:
        raise ValidationError(f"Vérifiez l’année\u00a0: elle va de {YEARS[0]} à {YEARS[-1]}.", code="year")


# What the offices read beside a date that is none; a field for a tablet says it in fewer words.
NOT_A_DAY = {"invalid": "Indiquez une date, par exemple 03/11/2026."}


class DayField(forms.DateField):
    """A calendar date of a year that exists for this product."""

    widget = forms.DateInput
    default_validators = [known_year]


class LocalDateTimeField(forms.DateTimeField):
    """A wall-clock hour of the active time zone, as the device's picker sends it; gives an aware datetime.

    Django's own field refuses the hour that comes twice when the clocks go back, and a child may be born in it: the
    first of the two is taken. The hour that does not exist in spring is refused, and a year outside YEARS.
    """

    widget = forms.DateTimeInput
    default_error_messages = {
        "invalid": "Écrivez un jour et une heure, par exemple 03/11/2026 14:05.",
        "imaginary": "Cette heure n’existe pas : cette nuit-là, les horloges avancent d’une heure.",
    }

    def to_python(self, value: Any) -> datetime | None:
        """The instant, None when nothing was typed."""
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value
        typed = self._parsed(str(value).strip())
        # Before any change of zone, which the first and the last year do not survive.
        known_year(typed)
        zone = timezone.get_current_timezone()
        aware = typed.replace(tzinfo=zone)
        if aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != typed:
            raise ValidationError(self.error_messages["imaginary"], code="imaginary")
        return aware

    def _parsed(self, text: str) -> datetime:
        for read in (datetime.fromisoformat, _french):
            try:
                typed = read(text)
            except ValueError:
                continue
            if typed.tzinfo is None:
                return typed
        raise ValidationError(self.error_messages["invalid"], code="invalid")


def _french(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M")  # noqa: DTZ007 - the active zone is added by the field


class PhoneField(forms.CharField):
    """A phone number; gives +E.164. `reader(text)` answers None for what is not a number of the territory."""

    def __init__(self, *, reader: Callable[[str], str | None], example: str, **kwargs: Any) -> None:
        self.reader = reader
        self.example = example
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
        super().__init__(max_length=24, widget=widget, **kwargs)

    @classmethod
    def of_region(cls, region: str, **kwargs: Any) -> "PhoneField":
        """The field of a territory: numbers of its own region (ISO code), or any with its country code."""
        return cls(reader=lambda text: e164(text, region), example=example(region), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """A stored number as it is written here; one of another country, and what was typed, as they are."""
        shown = phone(value) if re.fullmatch(r"\+\d{6,15}", str(value)) else value
        return shown if shown == value or self.reader(shown) == value else value

    def clean(self, value: Any) -> str:
        """The number, "" when nothing was typed."""
        text = super().clean(value)
        if not text:
            return ""
        number = self.reader(text)
        if number is None:
            message = (
                f"Ce numéro n’existe pas ici. Écrivez-le comme {self.example}, "
                "ou avec l’indicatif du pays (+33, +262, +352…)."
            )
            raise ValidationError(message, code="phone")
        return number
