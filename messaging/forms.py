"""What is typed about messages: shape and wording."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms

from copa.kernel.fields import PhoneField
from copa.kernel.forms import asked_at_times
from messaging.enums import AccessWay, WeekDay
from messaging.rules import MESSAGE_MAX, Span, Week
from pathways.forms.inputs import submission, tick, tiles


class MessageForm(forms.Form):
    """One message, with the mark of the page that sends it: sent twice, it is stored once.

    Too long is said by the action: a text pasted whole stays whole.
    """

    text = forms.CharField(
        label="Votre message",
        widget=forms.Textarea(attrs={"rows": 5, "data-copa-limit": MESSAGE_MAX}),
        error_messages={"required": "Écrivez votre message."},
    )
    submission = submission()


class AccountForm(forms.Form):
    """Whose space, the phone of the codes, and how the address is handed over; `adults` are (code, words)."""

    who = tiles([], "Pour qui", error_messages={"required": "Dites pour qui."})
    is_hers_alone = tick("Cette personne dit qu’elle est seule à lire ce téléphone")
    way = tiles(AccessWay.choices, "L’adresse de l’espace", error_messages={"required": "Dites comment."})

    def __init__(self, *args: Any, adults: Sequence[tuple[str, str]], region: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = adults  # type: ignore[attr-defined]
        self.fields["phone"] = PhoneField.of_region(
            region,
            label="Téléphone qui reçoit les codes",
            error_messages={"required": "Notez le numéro qui recevra les codes."},
        )


class HoursForm(forms.Form):
    """From when to when on each day of the week; a day left empty is a day off."""

    def __init__(self, *args: Any, week: Week, **kwargs: Any) -> None:
        initial: dict[str, str] = {}
        for day, span in week.items():
            initial |= {f"opens_{day}": f"{span.opens:%H:%M}", f"closes_{day}": f"{span.closes:%H:%M}"}
        super().__init__(*args, initial=initial, **kwargs)
        for day in WeekDay:
            for part, word in (("opens", "de"), ("closes", "à")):
                label = f"{str(day.label).capitalize()}, {word}"
                field = forms.TimeField(label=label, required=False, widget=forms.TimeInput())
                self.fields[f"{part}_{day.value}"] = asked_at_times(field)

    @property
    def days(self) -> list[tuple[str, Any, Any]]:
        """Each day with its two fields, as the page shows them."""
        return [(str(day.label), self[f"opens_{day.value}"], self[f"closes_{day.value}"]) for day in WeekDay]

    def clean(self) -> dict[str, Any]:
        """A day has both hours or none."""
        data = super().clean() or {}
        for day in WeekDay:
            given = [data.get(f"{part}_{day.value}") for part in ("opens", "closes")]
            if any(one is not None for one in given) and not all(isinstance(one, time) for one in given):
                self.add_error(f"closes_{day.value}", f"Le {day.label}, indiquez le début et la fin.")
        return data

    @property
    def week(self) -> Week:
        """What was typed, for the action."""
        data = self.cleaned_data
        days = [day.value for day in WeekDay if data.get(f"opens_{day.value}") is not None]
        return {day: Span(data[f"opens_{day}"], data[f"closes_{day}"]) for day in days}
