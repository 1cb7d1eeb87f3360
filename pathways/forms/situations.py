"""Where each child of a birth lives."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from pathways.enums import ChildSituation
from pathways.forms.inputs import tiles
from pathways.models import Child

# A tile needs a value of its own: "" would be no answer.
_HOME = "HOME"
_CHOICES = [(one.value or _HOME, one.label) for one in ChildSituation]


class SituationsForm(forms.Form):
    """One question a child."""

    def __init__(self, *args: Any, children: Sequence[Child], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.children = children
        for child in children:
            known = child.situation or _HOME
            self.fields[f"child_{child.rank}"] = tiles(_CHOICES, child.shown_name, initial=known)

    @property
    def situations(self) -> dict[UUID, str]:
        """Code of ChildSituation by child."""
        said = {child.public_id: self.cleaned_data[f"child_{child.rank}"] for child in self.children}
        return {key: "" if code == _HOME else code for key, code in said.items()}
