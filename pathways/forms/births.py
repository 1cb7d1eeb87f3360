"""Forms of a birth and of the way home: shape and wording; facts are checked by the actions."""

from collections.abc import Iterable
from typing import Any

from django import forms

from copa.kernel.fields import LocalDateTimeField
from pathways.actions.births import NewBirth, NewCoParent, NewMother
from pathways.enums import DischargeKind
from pathways.forms.inputs import AsksIfOutside, CommuneField, line, name, outside_tick, tick, tiles
from pathways.forms.people import (
    CHILDREN,
    COPARENTS,
    PeopleForm,
    birth_fields,
    child_fields,
    coparent_fields,
    mother_fields,
)
from territories.models import Commune, Structure, Territory


class BirthForm(AsksIfOutside, PeopleForm):
    """A birth, its mother, its co-parents and up to three children; groups left empty do not exist."""

    def __init__(
        self,
        *args: Any,
        territory: Territory,
        maternities: Iterable[Structure],
        communes: Iterable[Commune],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.maternities = {str(one.public_id): one for one in maternities}
        self.fields.update(mother_fields(territory))
        self.fields.update(birth_fields())
        names = [(key, one.name) for key, one in self.maternities.items()]
        self.fields["maternity"] = forms.ChoiceField(label="Maternité", choices=[("", "Choisissez"), *names])
        for rank in CHILDREN:
            self.fields.update(child_fields(rank))
        for rank in COPARENTS:
            self.fields.update(coparent_fields(rank, territory))
        self.fields["address"] = line("Adresse des trois premières semaines", max_length=200)
        self.fields["commune"] = CommuneField(communes, label="Commune", required=False, may_be_outside=True)
        self.fields["is_outside"] = outside_tick()
        self.fields["access_hint"] = line("Pour la trouver", max_length=120)
        self.fields["access_hint"].help_text = "Étage, code, chien, parking."
        self.fields["is_old_confirmed"] = tick("C’est bien la date de cette naissance")
        self.fields["is_other_family"] = tick("Ce n’est pas la même famille")
        if len(self.maternities) == 1:
            self.fields["maternity"].initial = next(iter(self.maternities))

    def asks_if_old(self) -> bool:
        """Whether the box about a birth long past is shown: a refusal asks for it, or it is ticked."""
        box = self["is_old_confirmed"]
        return bool(box.errors or box.data)

    @property
    def mother(self) -> NewMother:
        """The mother as typed."""
        data = self.cleaned_data
        return NewMother(**{part: data[part] for part in NewMother.__dataclass_fields__})

    @property
    def coparents(self) -> tuple[NewCoParent, ...]:
        """The co-parents that were typed."""
        return tuple(self.coparent(rank) for rank in COPARENTS if self.has_begun(f"coparent{rank}"))

    @property
    def birth(self) -> NewBirth:
        """The birth as typed, with its children in order."""
        data = self.cleaned_data
        children = tuple(self.child(rank) for rank in CHILDREN if data.get(f"child{rank}_sex"))
        parts = ("at", "mode", "term_weeks", "parity", "address", "commune", "access_hint", "is_old_confirmed")
        maternity = self.maternities[data["maternity"]]
        return NewBirth(maternity=maternity, children=children, **{part: data[part] for part in parts})


class DischargeForm(forms.Form):
    """The way home, as planned and then as it was."""

    discharged_at = LocalDateTimeField(label="Sortie, jour et heure", help_text="Prévue, puis réelle.")
    decided_by = name("Médecin qui décide", max_length=120)
    kind = tiles(DischargeKind.choices, "Type de sortie", help_text="Choisi par le médecin, pas calculé.")
    has_medical_agreement = tick("Accord médical de sortie ultra-précoce")
    is_checked = tick("Le médecin confirme ce type de sortie")
