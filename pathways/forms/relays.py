"""Forms of the relay to the PMI: a reason, another sector, a contact, what became of it, what is asked of the PMI."""

from datetime import date
from typing import Any

from django import forms

from pathways.enums import ContactKind, RelayOutcome
from pathways.forms.inputs import day, line, name, tiles
from pathways.rules import RELAY_TASKS


class ReasonForm(forms.Form):
    """Why somebody decides so; the other side reads it."""

    reason = forms.CharField(
        label="Pourquoi ?",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="L’autre équipe lira cette phrase.",
        error_messages={"required": "Dites pourquoi."},
    )


class ReassignForm(ReasonForm):
    """Another sector of the territory, with the reason."""

    sector = forms.ChoiceField(label="Nouveau secteur", error_messages={"required": "Choisissez un secteur."})

    field_order = ("sector", "reason")

    def __init__(self, *args: Any, sectors: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sector"].choices = [("", "Choisir"), *sectors]  # type: ignore[attr-defined]


class ContactForm(forms.Form):
    """A contact of the PMI with the family: the day, how, whether they met, and the next one."""

    on = day("Jour du contact")
    kind = tiles(ContactKind.choices, "Comment ?", error_messages={"required": "Dites comment."})
    has_met = forms.TypedChoiceField(
        label="La famille était là ?",
        choices=[("oui", "Oui"), ("non", "Non")],
        coerce=lambda value: value == "oui",
        widget=forms.RadioSelect,
        error_messages={"required": "Dites si la famille était là."},
    )
    next_contact_on = day("Prochain contact", required=False)


class OutcomeForm(forms.Form):
    """What became of the relay, since which day, and a sentence if she likes."""

    outcome = tiles(
        RelayOutcome.choices,
        "Où en est le suivi ?",
        error_messages={"required": "Choisissez ce qu’est devenu le relais."},
    )
    on = day("Depuis quel jour ?", error_messages={"required": "Dites depuis quel jour."})
    words = forms.CharField(
        label="Un mot pour l’équipe de référence",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="L’équipe et la coordination le lisent ici ; aucun e-mail ne le reprend.",
    )


class SpokenForm(forms.Form):
    """Both teams spoke of the family: the day, and who spoke with whom."""

    on = day("Jour de l’échange")
    who = name("Qui, de l’équipe")
    with_whom = name("Avec qui, de la PMI")


class TasksForm(forms.Form):
    """Three things at most that the team asks of the PMI, each with its day, `today` or later."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for rank in range(1, RELAY_TASKS + 1):
            self.fields[f"text_{rank}"] = line(f"Demande {rank}", max_length=160)
            self.fields[f"due_on_{rank}"] = day("Pour le", required=False)

    def clean(self) -> dict[str, Any]:
        """What is asked needs its day, and a day needs what is asked."""
        cleaned: dict[str, Any] = super().clean() or {}
        for rank in range(1, RELAY_TASKS + 1):
            text, due_on = cleaned.get(f"text_{rank}"), cleaned.get(f"due_on_{rank}")
            if text and not due_on and f"due_on_{rank}" not in self.errors:
                self.add_error(f"due_on_{rank}", "Choisissez un jour.")
            if due_on and not text and f"text_{rank}" not in self.errors:
                self.add_error(f"text_{rank}", "Écrivez la demande.")
            if due_on and due_on < self.today:
                self.add_error(f"due_on_{rank}", "Cette date est passée.")
        return cleaned

    @property
    def tasks(self) -> list[tuple[str, date]]:
        """Those that were written, in order."""
        found = ((self.cleaned_data.get(f"text_{n}"), self.cleaned_data.get(f"due_on_{n}")) for n in (1, 2, 3))
        return [(text, on) for text, on in found if text and on]
