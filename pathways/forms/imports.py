"""Forms of a maternity's list: the file, and what its columns hold."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from copa.kernel.french import listed
from pathways.rules.import_columns import BY_KEY, FIELDS, IGNORED
from pathways.rules.import_file import MAX_BYTES
from territories.models import Structure


class ListForm(forms.Form):
    """The file of the day, and whose it is."""

    maternity = forms.ChoiceField(label="Maternité")
    file = forms.FileField(
        label="La liste",
        help_text="CSV ou Excel (.xlsx), 5 Mo et 10 000 lignes au plus. Rien n’est inscrit avant votre accord.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, maternities: Iterable[Structure], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.maternities = {str(one.public_id): one for one in maternities}
        names = [(key, one.name) for key, one in self.maternities.items()]
        choice: Any = self.fields["maternity"]
        choice.choices = names if len(names) == 1 else [("", "Choisissez"), *names]

    def clean_file(self) -> UploadedFile:
        """Refused by its size before it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            message = "Ce fichier dépasse 5 Mo. Envoyez la liste sans image ni autre feuille."
            raise ValidationError(message, code="file_too_big")
        return file

    @property
    def structure(self) -> Structure:
        """The maternity that was chosen."""
        return self.maternities[self.cleaned_data["maternity"]]


class ColumnsForm(forms.Form):
    """A field for each column of the list; `headings` in the order of the file."""

    def __init__(self, *args: Any, headings: Sequence[str], columns: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Ne pas lire"), *((field.key, _label(field)) for field in FIELDS)]
        for place, (heading, key) in enumerate(zip(headings, columns, strict=True)):
            self.fields[f"column{place}"] = forms.ChoiceField(
                label=heading or f"Colonne {place + 1}",
                choices=choices,
                required=False,
                initial="" if key == IGNORED else key,
            )
            # « Ne pas lire » is an answer: no column is optional, its label says nothing of it.
            self.fields[f"column{place}"].is_asked_at_times = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A field stands in one column: both columns say so where it was given twice."""
        cleaned: dict[str, Any] = super().clean() or {}
        given: dict[str, list[str]] = {}
        for name, key in cleaned.items():
            given.setdefault(key, []).append(name)
        for key, names in given.items():
            if key and len(names) > 1:
                where = [f"«\u00a0{self.fields[name].label}\u00a0»" for name in names]
                message = f"{BY_KEY[key].label}\u00a0: choisi pour {listed(where)}. Gardez une seule colonne."
                for name in names:
                    self.add_error(name, forms.ValidationError(message, code="field_twice"))
        return cleaned

    @property
    def columns(self) -> list[str]:
        """What was said, in the order of the file."""
        return [self.cleaned_data[name] or IGNORED for name in self.fields]


def _label(field: Any) -> str:
    return f"{field.label} (obligatoire)" if field.is_required else str(field.label)
