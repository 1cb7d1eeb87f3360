"""Correcting who she is and what was born: the fields of the registration, filled with what is known."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from pathways.actions.births import NewChild, NewCoParent
from pathways.actions.corrections import Delivery, Identity, People
from pathways.forms.inputs import PartialDay, tick
from pathways.forms.people import (
    CHILDREN,
    COPARENTS,
    PeopleForm,
    birth_fields,
    child_fields,
    coparent_fields,
    mother_fields,
)
from pathways.models import Birth, Child, CoParent, Mother
from territories.models import Territory


class IdentityForm(PeopleForm):
    """The mother, one delivery, its followed children and the co-parents; each known person may be taken out.

    `token` tells whether the page is stale.
    """

    token = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, territory: Territory, children: Sequence[Child], coparents: Sequence[CoParent], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.known_children = dict(zip(CHILDREN, children, strict=False))
        self.known_coparents = dict(zip(COPARENTS, coparents, strict=False))
        self.fields.update({name: field for name, field in mother_fields(territory).items() if name in _IDENTITY})
        self.fields.update(birth_fields())
        for rank in CHILDREN:
            self.fields.update(child_fields(rank))
            self.fields[f"child{rank}_sex"].required = rank in self.known_children
        for rank in COPARENTS:
            self.fields.update(coparent_fields(rank, territory))
        for rank, child in self.known_children.items():
            self.fields[f"child{rank}_removed"] = tick(f"Retirer {child.shown_name}, inscrit par erreur")
        for rank, parent in self.known_coparents.items():
            self.fields[f"coparent{rank}_removed"] = tick(f"Retirer {parent}, inscrit par erreur")

    @property
    def identity(self) -> Identity:
        """The mother as typed."""
        return Identity(**{part: self.cleaned_data[part] for part in _IDENTITY})

    @property
    def delivery(self) -> Delivery:
        """The delivery as typed."""
        return Delivery(**{part: self.cleaned_data[part] for part in Delivery.__dataclass_fields__})

    @property
    def people(self) -> People:
        """The children and the co-parents as typed."""
        return People(
            children={one.public_id: self._kept_child(rank) for rank, one in self.known_children.items()},
            new_children=[
                self.child(rank)
                for rank in CHILDREN
                if rank not in self.known_children and self.has_begun(f"child{rank}")
            ],
            coparents={one.public_id: self._kept_coparent(rank) for rank, one in self.known_coparents.items()},
            new_coparents=[
                self.coparent(rank)
                for rank in COPARENTS
                if rank not in self.known_coparents and self.has_begun(f"coparent{rank}")
            ],
        )

    def _kept_child(self, rank: int) -> NewChild | None:
        return None if self.cleaned_data[f"child{rank}_removed"] else self.child(rank)

    def _kept_coparent(self, rank: int) -> NewCoParent | None:
        """None when it is taken out, or when its boxes were emptied."""
        is_removed = self.cleaned_data[f"coparent{rank}_removed"]
        return None if is_removed or not self.has_begun(f"coparent{rank}") else self.coparent(rank)


_IDENTITY = tuple(Identity.__dataclass_fields__)


def known_identity(mother: Mother, birth: Birth) -> dict[str, Any]:
    """What the form shows first of the mother and the delivery."""
    initial: dict[str, Any] = {part: getattr(mother, part) for part in _IDENTITY}
    initial["birth_on"] = PartialDay(mother.birth_on, mother.birth_precision)
    initial |= {part: getattr(birth, part) for part in Delivery.__dataclass_fields__}
    return initial | {"at": timezone.localtime(birth.at)}


def known_people(children: Sequence[Child], coparents: Sequence[CoParent]) -> dict[str, Any]:
    """What the form shows first of the children and the co-parents."""
    initial: dict[str, Any] = {}
    for rank, child in zip(CHILDREN, children, strict=False):
        values = {"first_name": child.first_name, "weight": child.birth_weight_g, "sex": child.sex}
        values["is_hospitalised"] = child.is_hospitalised
        initial |= {f"child{rank}_{part}": value for part, value in values.items()}
    for rank, parent in zip(COPARENTS, coparents, strict=False):
        values = {"first_names": parent.first_names, "name": parent.name, "phone": parent.phone}
        initial |= {f"coparent{rank}_{part}": value for part, value in values.items()}
    return initial
