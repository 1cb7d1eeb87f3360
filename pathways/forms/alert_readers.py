"""The doctor of a team, chosen by name."""

from collections.abc import Sequence
from typing import Any

from django import forms


class ReaderForm(forms.Form):
    """Somebody of a team; `people` are (public id, words)."""

    member = forms.ChoiceField(
        label="Médecin de l’équipe",
        help_text="Elle ou il lit les alertes protégées des familles de son équipe, de garde ou non.",
        error_messages={
            "required": "Choisissez une personne.",
            "invalid_choice": "Choisissez une personne de la liste.",
        },
    )

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].choices = [("", "Choisissez"), *people]  # type: ignore[attr-defined]
