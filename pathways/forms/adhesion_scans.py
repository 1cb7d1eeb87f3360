"""The form of a scanned adhesion."""

from django import forms

from territories.actions.files import Sent


class ScanForm(forms.Form):
    """One file, and the adhesion whose page it was sent from."""

    adhesion = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages={"required": "Ouvrez de nouveau cette page, puis choisissez le fichier."},
    )
    file = forms.FileField(
        label="L’adhésion signée",
        help_text="Un PDF, ou une photo JPEG : 5 Mo au plus. Plusieurs pages : un fichier après l’autre.",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf,image/jpeg"}),
        allow_empty_file=True,
        error_messages={"required": "Choisissez le fichier, ou prenez la feuille en photo."},
    )

    @property
    def sent(self) -> Sent:
        """As the action wants it."""
        file = self.cleaned_data["file"]
        return Sent(name=file.name or "adhesion", content=file.read())
