"""Forms of pauses and stops: who is in hospital since when, the return, an attempt to reach the family."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms

from copa.kernel.fields import LocalDateTimeField
from pathways.enums import ContactChannel, ContactResult, Ward, WithdrawalReach
from pathways.forms.inputs import day, line, submission, tiles
from pathways.reads.deaths import Somebody


class StayForm(forms.Form):
    """Who is in hospital, where, since when; never why."""

    ward = tiles(Ward.choices, "Dans quel service ?", error_messages={"required": "Choisissez un service."})
    place = line("Établissement", max_length=80, help_text="Le nom de l’hôpital, sans motif médical.")
    starts_on = day("Depuis le", error_messages={"required": "Choisissez un jour.", "invalid": "Écrivez un jour."})

    def __init__(self, *args: Any, people: Iterable[Somebody], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, one.name) for one in people]
        ask = "Choisissez la personne."
        errors = {"required": ask, "invalid_choice": ask}
        self.fields["who"] = tiles(choices, "Qui est hospitalisé ?", error_messages=errors)
        self.order_fields(["who", "ward", "place", "starts_on"])


class WithdrawForm(forms.Form):
    """How far she stops; not asked of a mother who has no space to keep. Never why (L12)."""

    def __init__(self, *args: Any, may_keep: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if may_keep:
            self.fields["reach"] = tiles(
                WithdrawalReach.choices,
                "Qu’arrête-t-elle ?",
                initial=WithdrawalReach.ALL,
                error_messages={"required": "Demandez-lui ce qu’elle arrête."},
            )

    @property
    def asked(self) -> WithdrawalReach:
        """Everything, unless she says that she keeps her space."""
        return WithdrawalReach(self.cleaned_data.get("reach") or WithdrawalReach.ALL)


class ReturnForm(forms.Form):
    """The day somebody came home."""

    on = day("Retour à la maison le", error_messages={"required": "Choisissez un jour.", "invalid": "Écrivez un jour."})


class AttemptForm(forms.Form):
    """One attempt to reach the family; the hour is now unless told."""

    key = submission()
    channel = tiles(ContactChannel.choices, "Comment ?", error_messages={"required": "Choisissez un moyen."})
    result = tiles(ContactResult.choices, "Résultat", error_messages={"required": "Choisissez le résultat."})
    moment = LocalDateTimeField(label="Quand ?", required=False, help_text="Laissez vide si c’est maintenant.")

    def attempted_at(self, now: datetime) -> datetime:
        """The hour given, or now."""
        given: datetime | None = self.cleaned_data["moment"]
        return given or now
