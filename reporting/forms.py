"""What a person may ask of figures: a quarter."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404

from copa.kernel.quarters import Quarter


class QuarterField(forms.CharField):
    """A quarter by its code ("2026-T3")."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Quarter | None:
        """The quarter; None when the field may be left empty and is."""
        code = super().clean(value)
        if not code:
            return None
        try:
            return Quarter.parse(code)
        except ValueError as error:
            message = "Ce trimestre n’existe pas. Choisissez-le sur la page des indicateurs."
            raise ValidationError(message, code="quarter") from error


class QuarterForm(forms.Form):
    """The quarter that a button is about."""

    quarter = QuarterField(label="Trimestre")


def quarter_of(code: str | None) -> Quarter | None:
    """The quarter of an address; None without one, 404 for one that does not exist."""
    try:
        return Quarter.parse(code) if code else None
    except ValueError as error:
        raise Http404 from error
