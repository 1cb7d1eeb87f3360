"""Forms of the register of conventions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from copa.kernel.fields import NOT_A_DAY, DayField
from copa.kernel.forms import asked_at_times
from territories.actions.files import Sent
from territories.enums import Known, PartnershipKind


def _text(label: str, rows: int, most: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


def pdf(label: str, **kwargs: Any) -> forms.FileField:
    """A PDF that may be left out."""
    return forms.FileField(
        label=label,
        required=False,
        help_text="PDF, 5 Mo au plus.",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        allow_empty_file=True,
        error_messages={"max_length": "Le nom de ce fichier est trop long : raccourcissez-le."},
        **kwargs,
    )


def sent(file: UploadedFile | None) -> Sent | None:
    """What a file field received; None when it was left out."""
    return Sent(name=file.name or "document.pdf", content=file.read()) if file else None


class PartnershipForm(forms.Form):
    """A convention or a partnership. `structures` are (public id, words)."""

    kind = forms.ChoiceField(
        label="Type",
        choices=PartnershipKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez le type."},
    )
    title = forms.CharField(label="Titre", max_length=160, error_messages={"required": "Écrivez son titre."})
    structures = forms.MultipleChoiceField(
        label="Structures du territoire qui signent",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Cochez des structures de la liste."},
    )
    other_parties = forms.CharField(
        label="Autres parties",
        required=False,
        max_length=400,
        help_text="Conseil départemental, association, centre hospitalier d’un autre territoire.",
    )
    has_ars_support = forms.BooleanField(label="Conclue avec l’appui de l’ARS", required=False)
    scope = _text("Objet", 4, 2000, error_messages={"required": "Écrivez ce qu’elle prévoit."})
    inclusion_procedure = asked_at_times(
        _text(
            "Comment les familles sont repérées et incluses",
            4,
            4000,
            required=False,
            help_text="À écrire quand les auxiliaires sont celles d’un CPP ou de la PMI. Jamais le nom d’une famille.",
        )
    )
    signed_on = DayField(label="Signée le", error_messages={"required": "Indiquez le jour.", **NOT_A_DAY})
    signed_by = forms.CharField(
        label="Signataires",
        max_length=400,
        help_text="Nom et qualité de qui a signé pour chaque partie.",
        error_messages={"required": "Écrivez qui a signé."},
    )
    starts_on = DayField(label="En vigueur du", error_messages={"required": "Indiquez le premier jour.", **NOT_A_DAY})
    ends_on = DayField(label="Au", required=False, help_text="Vide si elle n’a pas de fin.", error_messages=NOT_A_DAY)
    document = pdf("Document signé")

    def __init__(self, *args: Any, structures: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["structures"].choices = list(structures)  # type: ignore[attr-defined]


class EligibilityForm(forms.Form):
    """What a structure says of itself: each kind is asked what makes it eligible."""

    is_authorised = forms.ChoiceField(
        label="Autorisée en gynécologie-obstétrique", choices=Known.choices, widget=forms.RadioSelect
    )
    plans_auxiliaries = forms.ChoiceField(
        label="Prévoit d’avoir des auxiliaires de puériculture", choices=Known.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, asks_authorisation: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["plans_auxiliaries" if asks_authorisation else "is_authorised"]
