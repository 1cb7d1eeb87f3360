"""The fields of a mother, a birth, a child and a co-parent: the same to register and to correct them."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from copa.kernel.fields import LocalDateTimeField
from pathways.actions.births import NewChild, NewCoParent, check_has_happened
from pathways.enums import BirthMode, Parity, Sex
from pathways.forms.inputs import PartialDay, birth_date, name, phone, tick, tiles
from territories.models import Territory

CHILDREN = (1, 2, 3)
COPARENTS = (1, 2)
WEIGHT_LIMITS = "Entre 400 et 6 500 g."


class PeopleForm(forms.Form):
    """A mother, a delivery, its children and the co-parents, by groups; a group left empty does not exist."""

    def child_groups(self) -> list[dict[str, Any]]:
        """The fields of each child, with whether the group opens by itself."""
        return [self._group(f"child{rank}", rank) for rank in CHILDREN]

    def coparent_groups(self) -> list[dict[str, Any]]:
        """The fields of each co-parent."""
        return [self._group(f"coparent{rank}", rank) for rank in COPARENTS]

    def _group(self, prefix: str, rank: int) -> dict[str, Any]:
        bound = [self[field] for field in self.fields if field.startswith(f"{prefix}_")]
        is_open = rank == 1 or any(one.errors or one.value() for one in bound)
        return {"rank": rank, "fields": bound, "is_open": is_open}

    def clean_at(self) -> datetime:
        """The hour of birth; refused here when it is ahead, so that it is said together with the other fields."""
        born_at: datetime = self.cleaned_data["at"]
        try:
            check_has_happened(born_at, clock.now())
        except BusinessError as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from refusal
        return born_at

    def clean_birth_on(self) -> date:
        """The mother's own birth; ahead, it is said with the other fields."""
        born: PartialDay = self.cleaned_data["birth_on"]
        if born.on > timezone.localdate(clock.now()):
            raise ValidationError("La mère ne peut pas être née dans le futur.", code="future")
        self.cleaned_data["birth_precision"] = born.precision
        return born.on

    def clean(self) -> dict[str, Any]:
        """A group that was begun is finished: a child has a sex, a co-parent a name."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for rank in CHILDREN:
            if self.has_begun(f"child{rank}") and not data.get(f"child{rank}_sex"):
                self._ask(f"child{rank}_sex", "Indiquez le sexe de cet enfant, ou videz ses cases.")
        for rank in COPARENTS:
            for part in ("first_names", "name"):
                if self.has_begun(f"coparent{rank}") and not data.get(f"coparent{rank}_{part}"):
                    self._ask(f"coparent{rank}_{part}", "Complétez, ou videz les cases du co-parent.")
        return data

    def _ask(self, field: str, sentence: str) -> None:
        if field not in self.errors:
            self.add_error(field, ValidationError(sentence, code="required"))

    def has_begun(self, prefix: str) -> bool:
        """Whether anything of this group was typed."""
        data = self.cleaned_data
        return any(data.get(field) for field in self.fields if field.startswith(f"{prefix}_"))

    def child(self, rank: int) -> NewChild:
        """The child of this group as typed."""
        data = self.cleaned_data
        return NewChild(
            first_name=data[f"child{rank}_first_name"],
            sex=data[f"child{rank}_sex"],
            birth_weight_g=data[f"child{rank}_weight"],
            is_hospitalised=data[f"child{rank}_is_hospitalised"],
        )

    def coparent(self, rank: int) -> NewCoParent:
        """The co-parent of this group as typed."""
        data = self.cleaned_data
        return NewCoParent(
            first_names=data[f"coparent{rank}_first_names"],
            name=data[f"coparent{rank}_name"],
            phone=data[f"coparent{rank}_phone"],
        )


def mother_fields(territory: Territory) -> dict[str, forms.Field]:
    """Who she is, and how to reach her."""
    return {
        "birth_name": name("Nom de naissance"),
        "used_name": name("Nom utilisé", required=False),
        "first_names": name("Prénoms"),
        "birth_on": birth_date(),
        "phone": phone("Téléphone", territory),
        "email": forms.EmailField(label="Adresse e-mail", required=False),
    }


def birth_fields() -> dict[str, forms.Field]:
    """The delivery."""
    weeks = forms.NumberInput(attrs={"inputmode": "numeric"})
    return {
        "at": LocalDateTimeField(label="Naissance, jour et heure"),
        "mode": tiles(BirthMode.choices, "Mode de naissance"),
        "parity": tiles(Parity.choices, "Premier enfant ou déjà parent"),
        "term_weeks": forms.IntegerField(
            label="Terme, en semaines",
            help_text="Semaines d’aménorrhée.",
            min_value=22,
            max_value=43,
            required=False,
            widget=weeks,
        ),
    }


def child_fields(rank: int) -> dict[str, forms.Field]:
    """One child out of CHILDREN; the first one of a birth always exists."""
    grams = forms.NumberInput(attrs={"inputmode": "numeric"})
    return {
        f"child{rank}_first_name": name(
            "Prénom", required=False, max_length=60, help_text="Vide tant qu’il n’est pas choisi."
        ),
        f"child{rank}_weight": forms.IntegerField(
            label="Poids de naissance, en grammes",
            min_value=400,
            max_value=6500,
            required=False,
            widget=grams,
            error_messages={"min_value": WEIGHT_LIMITS, "max_value": WEIGHT_LIMITS},
        ),
        f"child{rank}_sex": tiles(Sex.choices, "Sexe", required=rank == 1),
        f"child{rank}_is_hospitalised": tick("Encore hospitalisé"),
    }


def coparent_fields(rank: int, territory: Territory) -> dict[str, forms.Field]:
    """One co-parent out of COPARENTS."""
    return {
        f"coparent{rank}_first_names": name("Prénoms", required=False),
        f"coparent{rank}_name": name("Nom", required=False),
        f"coparent{rank}_phone": phone("Téléphone", territory),
    }
