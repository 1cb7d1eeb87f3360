"""Forms of the protocols of a territory."""

from django import forms

from copa.kernel.fields import NOT_A_DAY, DayField
from territories.partnership_forms import pdf


class VersionForm(forms.Form):
    """What a version says, and from when."""

    valid_from = DayField(
        label="Valable à partir du",
        error_messages={"required": "Indiquez le premier jour.", **NOT_A_DAY},
    )
    words = forms.CharField(
        label="Texte",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="Le texte, le PDF, ou les deux. Jamais le nom d’une famille.",
    )
    document = pdf("Document")


class ProtocolForm(VersionForm):
    """A new protocol with its first version."""

    field_order = ["title"]
    title = forms.CharField(label="Titre", max_length=160, error_messages={"required": "Écrivez son titre."})
