"""Forms of what reaches the PMI after a refusal, and of the information préoccupante."""

from collections.abc import Iterable
from typing import Any

from django import forms

from pathways.actions.transmissions import Told, Worry
from pathways.enums import ConcernLevel, ConcernSource, PmiBasis
from pathways.forms.inputs import day, line, tiles
from pathways.models import Child
from territories.models import DirectoryEntry

_TOLD = [("YES", "Oui, ils le sont"), ("NO", "Non")]
# In an emergency it goes to the prosecutor at once; a department whose cell nobody has entered yet still has one.
PROSECUTOR, OTHER = "Procureur de la République", "OTHER"
# The third basis is a form of its own.
_BASES = [(one, one.label) for one in (PmiBasis.MOTHER_AGREES, PmiBasis.CARE_TEAM)]


def told_fields() -> dict[str, forms.Field]:
    """Whether the parents know, and why not."""
    return {
        "parents_told": tiles(_TOLD, "Les parents en sont informés"),
        "not_told_reason": forms.CharField(
            label="Pourquoi pas",
            required=False,
            max_length=600,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text="Seulement si l’intérêt de l’enfant l’exige.",
        ),
    }


def told_of(data: dict[str, Any]) -> Told:
    """The answers of `told_fields`."""
    return Told(are_parents_told=data["parents_told"] == "YES", reason=data["not_told_reason"])


class TransmissionForm(forms.Form):
    """On which basis, and the facts."""

    basis = tiles(
        _BASES,
        "Sur quel fondement",
        help_text="L’équipe de soins : seulement si cette PMI porte l’accompagnement, ou si l’une de ses "
        "professionnelles est dans le cercle de soins.",
    )
    facts = forms.CharField(
        label="Motif",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Des faits. Obligatoire quand la mère n’a pas donné son accord.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(told_fields())

    @property
    def told(self) -> Told:
        """Whether the parents know."""
        return told_of(self.cleaned_data)


class ConcernForm(forms.Form):
    """An information préoccupante, as alerts.md 6.2 asks it."""

    facts = forms.CharField(
        label="Les faits",
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Ce qui a été vu ou entendu, avec les mots employés. Pas d’interprétation.",
    )
    noticed_on = day("Constaté le")
    source = tiles(ConcernSource.choices, "D’où viennent ces faits")
    level = tiles(ConcernLevel.choices, "L’enfant est")
    sent_to = forms.ChoiceField(
        label="Transmise à",
        help_text="La CRIP du département, ou le procureur en cas d’urgence.",
        error_messages={
            "required": "Dites à qui elle est transmise.",
            "invalid_choice": "Ce service n’est plus dans l’annuaire\u00a0: choisissez-en un autre.",
        },
    )
    other_name = line("Le nom de cet autre service", max_length=120, help_text="S’il n’est pas dans l’annuaire.")
    sent_on = day("Transmise le")

    def __init__(
        self, *args: Any, children: Iterable[Child], cells: Iterable[DirectoryEntry] = (), **kwargs: Any
    ) -> None:
        """`cells` are the CRIP of the directory."""
        super().__init__(*args, **kwargs)
        self.cells = {str(one.public_id): one for one in cells}
        self.fields["sent_to"].choices = [  # type: ignore[attr-defined]
            ("", "Choisissez"),
            *((key, one.name) for key, one in self.cells.items()),
            (PROSECUTOR, PROSECUTOR),
            (OTHER, "Un autre service, à nommer"),
        ]
        self.children = {str(child.public_id): child for child in children}
        choices = [
            ("", "Tous les enfants de cette naissance"),
            *((key, one.shown_name) for key, one in self.children.items()),
        ]
        self.fields["child"] = forms.ChoiceField(label="Pour quel enfant", required=False, choices=choices)
        self.fields.update(told_fields())

    def clean(self) -> dict[str, Any]:
        """A service outside the directory has a name."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("sent_to") == OTHER and not data.get("other_name", "").strip():
            self.add_error("other_name", "Écrivez le nom de ce service.")
        return data

    @property
    def worry(self) -> Worry:
        """What was typed."""
        data = self.cleaned_data
        parts = ("noticed_on", "source", "level", "facts", "sent_on")
        return Worry(
            child=self.children.get(data["child"]),
            entry=self.cells.get(data["sent_to"]),
            sent_to=data["other_name"] if data["sent_to"] == OTHER else data["sent_to"],
            **{part: data[part] for part in parts},
        )

    @property
    def told(self) -> Told:
        """Whether the parents know."""
        return told_of(self.cleaned_data)
