"""Forms of a presentation before the birth, of its end, and of births without a proposal."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms

from pathways.actions.presentations import NewPresentation
from pathways.enums import (
    CoveredPoint,
    NotProposedReason,
    PresentationEnd,
    ProposalContext,
    ProposalSupport,
    UnnamedReason,
)
from pathways.forms.inputs import PartialDay, birth_date, day, many_tiles, name, phone, tiles
from pathways.forms.proposals import AnswerForm
from pathways.rules import ANTENATAL
from territories.models import Structure, Territory

_CONTEXTS = [(one.value, one.label) for one in ProposalContext if one in ANTENATAL]


class PresentationForm(AnswerForm):
    """Who she is, when she is due, what was explained, and her answer."""

    def __init__(self, *args: Any, territory: Territory, maternities: Iterable[Structure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.maternities = {str(one.public_id): one for one in maternities}
        names = [(key, one.name) for key, one in self.maternities.items()]
        self.fields["birth_name"] = name("Nom de naissance")
        self.fields["used_name"] = name("Nom utilisé", required=False)
        self.fields["first_names"] = name("Prénoms")
        self.fields["birth_on"] = birth_date()
        self.fields["phone"] = phone("Téléphone", territory)
        self.fields["expected_on"] = day("Terme prévu le")
        self.fields["maternity"] = forms.ChoiceField(
            label="Où compte-t-elle accoucher", choices=[("", "Elle ne sait pas encore"), *names], required=False
        )
        self.fields["context"] = tiles(_CONTEXTS, "À quelle occasion")
        self.fields["presented_on"] = day("Présenté le")
        self.fields["covered"] = many_tiles(CoveredPoint.choices, "Ce qui a été expliqué")
        self.fields["support"] = tiles(ProposalSupport.choices, "Document remis")

    def clean_birth_on(self) -> date:
        """Her birth date, and how much of it is known beside it."""
        born: PartialDay = self.cleaned_data["birth_on"]
        self.cleaned_data["birth_precision"] = born.precision
        return born.on

    @property
    def presentation(self) -> NewPresentation:
        """The presentation as typed."""
        data = self.cleaned_data
        given = {part: data[part] for part in NewPresentation.__dataclass_fields__}
        maternity = self.maternities.get(data["maternity"])
        return NewPresentation(**(given | {"maternity": maternity, "covered": tuple(data["covered"])}))

    @property
    def missing(self) -> list[str]:
        """The points of R065 that were not explained, in words."""
        return [str(point.label) for point in CoveredPoint if point not in self.cleaned_data["covered"]]


class EndForm(forms.Form):
    """Why no birth is waited for any more."""

    reason = tiles(PresentationEnd.choices, "Pourquoi")


class NotProposedForm(forms.Form):
    """Why CoPa was not proposed."""

    reason = tiles(NotProposedReason.choices, "Pourquoi n’a-t-on pas proposé")


class UnnamedForm(forms.Form):
    """Births of a day that have no file: a number, nothing else."""

    day = day("Jour")
    reason = tiles(UnnamedReason.choices, "Pourquoi")
    number = forms.IntegerField(
        label="Nombre de naissances ce jour-là",
        help_text="Le nombre du jour, pas un de plus. Zéro corrige une erreur.",
        min_value=0,
        max_value=50,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, maternities: Iterable[Structure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.maternities = {str(one.public_id): one for one in maternities}
        names = [(key, one.name) for key, one in self.maternities.items()]
        choices = names if len(names) == 1 else [("", "Choisissez"), *names]
        self.fields["maternity"] = forms.ChoiceField(label="Maternité", choices=choices)

    @property
    def structure(self) -> Structure:
        """The maternity that was chosen."""
        return self.maternities[self.cleaned_data["maternity"]]
