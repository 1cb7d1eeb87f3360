"""Forms of a transfer: what the mother agrees to send and where; what the new territory answers."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField

from pathways.enums import ConsentMode, CoParentLeaves, TransferPart
from pathways.forms.inputs import CommuneField, day, line, many_tiles, tick, tiles
from pathways.models import CoParent
from territories.models import Commune

_DAY = {"required": "Choisissez un jour.", "invalid": "Écrivez un jour."}


class OfferForm(forms.Form):
    """Where she goes, what goes along, and her agreement."""

    covers = many_tiles(TransferPart.choices, "Elle est d’accord pour transmettre aussi", required=False)
    needs = forms.CharField(
        label="Ce dont la famille a besoin",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Avec ses mots. Rien de protégé, aucun résultat de questionnaire.",
    )
    mode = tiles(ConsentMode.choices, "Comment a-t-elle donné son accord ?", error_messages={"required": "Choisissez."})
    agreed_on = day("Accord donné le", error_messages=_DAY)
    is_agreed = tick(
        "Elle est d’accord pour que son dossier soit proposé à cet autre territoire",
        required=True,
        error_messages={"required": "Sans son accord, rien ne part."},
    )

    def __init__(
        self,
        *args: Any,
        destinations: Iterable[tuple[str, str]],
        coparents: Sequence[CoParent] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._coparents = {f"coparent_{place}": one for place, one in enumerate(coparents)}
        for name, one in self._coparents.items():
            self.fields[name] = tiles(
                CoParentLeaves.choices,
                f"{one}, sa propre réponse",
                required=False,
                initial=CoParentLeaves.NOT_ASKED,
            )
        ask = {"required": "Choisissez un territoire.", "invalid_choice": "Choisissez un territoire."}
        self.fields["to"] = tiles(list(destinations), "Vers quel territoire ?", error_messages=ask)
        self.order_fields(["to", "covers", "needs", "mode", "agreed_on", *self._coparents, "is_agreed"])

    @property
    def coparent_fields(self) -> list[BoundField]:
        """The question of each other parent."""
        return [self[name] for name in self._coparents]

    @property
    def said_by_coparents(self) -> dict[UUID, str]:
        """Their answers by public id, as the action wants them; nobody who was not asked."""
        return {one.public_id: said for name, one in self._coparents.items() if (said := self.cleaned_data[name])}

    def clean(self) -> dict[str, Any]:
        """What was typed leaves with her agreement, or not at all: never dropped in silence."""
        data = super().clean() or {}
        if data.get("needs") and TransferPart.NEEDS not in data.get("covers", ()):
            said = f"Cochez « {TransferPart.NEEDS.label} » si elle est d’accord, ou effacez ce texte."
            self.add_error("needs", said)
        return data


class TakeOverForm(forms.Form):
    """Where the family is followed from now on."""

    address = line("Adresse", max_length=200)
    is_other_family = tick("C’est une autre famille que celles déjà inscrites ici")

    def __init__(
        self, *args: Any, maternities: Iterable[tuple[str, str]], communes: Iterable[Commune], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        ask = {"required": "Choisissez une maternité.", "invalid_choice": "Choisissez une maternité."}
        self.fields["maternity"] = tiles(list(maternities), "Rattachée à quelle maternité ?", error_messages=ask)
        required = {"required": "Écrivez sa commune."}
        # She moves into this territory: a commune outside it, kept for another family, is no answer.
        ours = [one for one in communes if not one.is_outside]
        self.fields["commune"] = CommuneField(ours, label="Commune", error_messages=required)
        self.order_fields(["maternity", "commune", "address", "is_other_family"])


class DeclineForm(forms.Form):
    """Why this territory cannot take the family over."""

    reason = forms.CharField(
        label="Pourquoi",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Dites pourquoi, pour l’autre équipe."},
    )
