"""Forms of a birth and of the way home: shape and wording; facts are checked by the actions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from copa.kernel.fields import LocalDateTimeField
from pathways.actions.births import NewBirth, NewChild, NewCoParent, NewMother
from pathways.enums import DischargeKind
from pathways.forms.inputs import CommuneField, line, name, tick, tiles
from pathways.forms.people import (
    CHILDREN,
    COPARENTS,
    birth_fields,
    check_born_at,
    child_fields,
    coparent_fields,
    mother_fields,
)
from territories.models import Commune, Structure, Territory


class BirthForm(forms.Form):
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
        self.fields.update(birth_fields([(key, one.name) for key, one in self.maternities.items()]))
        for rank in CHILDREN:
            self.fields.update(child_fields(rank))
        for rank in COPARENTS:
            self.fields.update(coparent_fields(rank, territory))
        self.fields["address"] = line("Adresse des trois premières semaines", max_length=200)
        self.fields["commune"] = CommuneField(communes, label="Commune", required=False)
        self.fields["access_hint"] = line("Pour la trouver", max_length=120)
        self.fields["access_hint"].help_text = "Étage, code, chien, parking."
        self.fields["is_old_confirmed"] = tick("C’est bien la date de cette naissance")
        self.fields["is_other_family"] = tick("Ce n’est pas la même famille")
        if len(self.maternities) == 1:
            self.fields["maternity"].initial = next(iter(self.maternities))

    def child_groups(self) -> list[dict[str, Any]]:
        """The fields of each child, with whether the group opens by itself."""
        return [self._group(f"child{rank}", rank, rank == 1) for rank in CHILDREN]

    def coparent_groups(self) -> list[dict[str, Any]]:
        """The fields of each co-parent."""
        return [self._group(f"coparent{rank}", rank, rank == 1) for rank in COPARENTS]

    def _group(self, prefix: str, rank: int, is_first: bool) -> dict[str, Any]:  # noqa: FBT001
        bound = [self[field] for field in self.fields if field.startswith(f"{prefix}_")]
        is_open = is_first or any(one.errors or one.data for one in bound)
        return {"rank": rank, "fields": bound, "is_open": is_open}

    def clean_at(self) -> datetime:
        """The hour of birth; refused here when it is ahead, so that it is said together with the other fields."""
        return check_born_at(self.cleaned_data["at"])

    def clean(self) -> dict[str, Any]:
        """A group that was begun is finished: a child has a sex, a co-parent a name."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for rank in CHILDREN[1:]:
            if self._begun(f"child{rank}") and not data.get(f"child{rank}_sex"):
                self._ask(f"child{rank}_sex", "Indiquez le sexe de cet enfant, ou videz ses cases.")
        for rank in COPARENTS:
            for part in ("first_names", "name"):
                if self._begun(f"coparent{rank}") and not data.get(f"coparent{rank}_{part}"):
                    self._ask(f"coparent{rank}_{part}", "Complétez, ou videz les cases du co-parent.")
        return data

    def _ask(self, field: str, sentence: str) -> None:
        if field not in self.errors:
            self.add_error(field, ValidationError(sentence, code="required"))

    def _begun(self, prefix: str) -> bool:
        data = self.cleaned_data
        return any(data.get(field) for field in self.fields if field.startswith(f"{prefix}_"))

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
        data = self.cleaned_data
        return tuple(
            NewCoParent(
                first_names=data[f"coparent{rank}_first_names"],
                name=data[f"coparent{rank}_name"],
                phone=data[f"coparent{rank}_phone"],
            )
            for rank in COPARENTS
            if self._begun(f"coparent{rank}")
        )

    @property
    def birth(self) -> NewBirth:
        """The birth as typed, with its children in order."""
        data = self.cleaned_data
        children = tuple(_child(data, rank) for rank in CHILDREN if data.get(f"child{rank}_sex"))
        parts = ("at", "mode", "term_weeks", "parity", "address", "commune", "access_hint", "is_old_confirmed")
        maternity = self.maternities[data["maternity"]]
        return NewBirth(maternity=maternity, children=children, **{part: data[part] for part in parts})


def _child(data: dict[str, Any], rank: int) -> NewChild:
    return NewChild(
        first_name=data[f"child{rank}_first_name"],
        sex=data[f"child{rank}_sex"],
        birth_weight_g=data[f"child{rank}_weight"],
        is_hospitalised=data[f"child{rank}_is_hospitalised"],
    )


class DischargeForm(forms.Form):
    """The way home, as planned and then as it was."""

    discharged_at = LocalDateTimeField(label="Sortie, jour et heure", help_text="Prévue, puis réelle.")
    decided_by = name("Médecin qui décide", max_length=120)
    kind = tiles(DischargeKind.choices, "Type de sortie", help_text="Choisi par le médecin, pas calculé.")
    has_medical_agreement = tick("Accord médical de sortie ultra-précoce")
    is_checked = tick("Le médecin confirme ce type de sortie")
