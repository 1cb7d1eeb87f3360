"""Who died, and why a note was a mistake."""

from collections.abc import Iterable
from typing import Any

from django import forms

from pathways.enums import AftercareStep
from pathways.forms.inputs import tiles
from pathways.reads.deaths import Somebody

ASK_WHO = "Choisissez la personne."


class DeathForm(forms.Form):
    """Who died, among those of whom it is not noted."""

    def __init__(self, *args: Any, people: Iterable[Somebody], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, one.name) for one in people]
        errors = {"required": ASK_WHO, "invalid_choice": ASK_WHO}
        self.fields["who"] = tiles(choices, "Qui est décédé ?", error_messages=errors)


class FollowerForm(forms.Form):
    """Who follows a child whose mother died."""

    who = forms.CharField(
        label=AftercareStep.CHILD_FOLLOWED.label,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Écrivez qui suit l’enfant."},
    )


class UndoForm(forms.Form):
    """Why it was a mistake."""

    reason = forms.CharField(
        label="Pourquoi c’était une erreur",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Dites pourquoi c’était une erreur."},
    )
