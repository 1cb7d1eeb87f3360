"""The fields of a mother, a birth, a child and a co-parent: the same to register and to correct them."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from copa.kernel.fields import LocalDateTimeField
from pathways.actions.births import check_has_happened
from pathways.enums import BirthMode, Parity, Sex
from pathways.forms.inputs import day, name, phone, tick, tiles
from territories.models import Territory

CHILDREN = (1, 2, 3)
COPARENTS = (1, 2)


def check_born_at(born_at: datetime) -> datetime:
    """The hour of birth; refused when it is ahead, so that it is said together with the other fields."""
    try:
        check_has_happened(born_at, clock.now())
    except BusinessError as refusal:
        raise ValidationError(refusal.message, code=refusal.code) from refusal
    return born_at


def mother_fields(territory: Territory) -> dict[str, forms.Field]:
    """Who she is, and how to reach her."""
    return {
        "birth_name": name("Nom de naissance"),
        "used_name": name("Nom utilisé", required=False),
        "first_names": name("Prénoms"),
        "birth_on": day("Née le"),
        "phone": phone("Téléphone", territory),
        "email": forms.EmailField(label="Adresse e-mail", required=False),
    }


def birth_fields(maternities: list[tuple[str, str]]) -> dict[str, forms.Field]:
    """The delivery; `maternities` are the choices of a new one, none when it is corrected."""
    weeks = forms.NumberInput(attrs={"inputmode": "numeric"})
    return {
        "at": LocalDateTimeField(label="Naissance, jour et heure"),
        "maternity": forms.ChoiceField(label="Maternité", choices=[("", "Choisissez"), *maternities]),
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
            label="Poids de naissance, en grammes", min_value=400, max_value=6500, required=False, widget=grams
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
