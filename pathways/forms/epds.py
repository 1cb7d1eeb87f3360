"""Forms of the EPDS: ten numbers copied from the sheet, or from the wording the territory may print. Never a total."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from copa.kernel.asked import as_uuid
from copa.kernel.fields import LocalDateTimeField
from copa.kernel.forms import asked_at_times
from pathways.enums import EpdsReason, EpdsStatus, Presence, ScreenedPerson
from pathways.forms.inputs import line, submission, tick, tiles
from pathways.forms.screening import OUTSIDE
from pathways.models import EpdsWording
from pathways.reads.epds import number_of
from pathways.rules.screening import EPDS_ASKED, EPDS_ITEMS, EPDS_POINTS, Thresholds, is_item_10_alarming

POINTS = [(str(points), str(points)) for points in EPDS_POINTS]
PRESENCE = [choice for choice in Presence.choices if choice[0] != Presence.UNKNOWN]
ADDED_UP = "Le total est calculé par la plateforme : il ne s’envoie pas."


class EpdsForm(forms.Form):
    """One sheet. A field that is not of this form is refused: nobody sends a total."""

    key = submission()
    status = tiles(EpdsStatus.choices, "Le questionnaire a-t-il été rempli ?")
    reason = asked_at_times(
        forms.ChoiceField(
            label="Pourquoi pas",
            choices=[("", "Choisissez"), *EpdsReason.choices],
            required=False,
            help_text="S’il n’est pas rempli.",
        )
    )
    at = LocalDateTimeField(label="Rempli le")
    source = tiles(OUTSIDE, "Où")
    presence = asked_at_times(
        tiles(PRESENCE, "Qui était là pendant qu’elle répondait ?", required=False, help_text="S’il est rempli.")
    )
    is_missing = tick("Elle a laissé une réponse vide : il n’y aura pas de total")
    is_repeat_asked = tick("À reproposer dans quatorze jours")

    def __init__(
        self,
        data: Any = None,
        *,
        wording: EpdsWording | None,
        language: str = "",
        people: Sequence[ScreenedPerson],
        **kwargs: Any,
    ) -> None:
        """`people`: who may have answered, the first one unless it is said; `language` of the sheet, "" on paper."""
        super().__init__(_marked(data), **kwargs)
        self.people, self.language = people, language
        self.fields["language"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=language)
        if people != [ScreenedPerson.MOTHER]:
            choices = [(one.value, one.label) for one in people]
            self.fields["person"] = tiles(choices, "Qui a répondu ?", initial=people[0])
        for key in EPDS_ASKED:
            number = number_of(key)
            label, choices = f"Réponse n° {number}", POINTS
            if wording:
                label = str(wording.items[key]["text"])
                choices = [(str(one["points"]), str(one["label"])) for one in wording.items[key]["options"]]
            self.fields[key] = tiles(choices, label, required=False)

    def clean(self) -> dict[str, Any]:
        """Ten answers, or a word that one is missing; nothing this form does not ask."""
        data: dict[str, Any] = super().clean() or {}
        unknown = set(self.data) - set(self.fields) - {"csrfmiddlewaretoken"}
        if unknown:
            raise ValidationError(ADDED_UP, code="unknown_field")
        if data.get("status") == EpdsStatus.DONE:
            self._check_answers(data)
        elif data.get("status"):
            self._check_undone(data)
        return data

    def _check_undone(self, data: dict[str, Any]) -> None:
        if not data.get("reason"):
            self.add_error("reason", ValidationError("Dites pourquoi le questionnaire n’est pas rempli."))
        if is_item_10_alarming(self.tenth):
            self.add_error("status", ValidationError("La réponse 10 est cochée : cochez « Rempli »."))

    def _check_answers(self, data: dict[str, Any]) -> None:
        if not data.get("presence"):
            self.add_error("presence", ValidationError("Dites qui était là pendant qu’elle répondait."))
        empty = [key for key in EPDS_ITEMS if not data.get(key) and key not in self.errors]
        if empty and not data.get("is_missing"):
            for key in empty:
                self.add_error(key, ValidationError("Cochez la réponse, ou dites plus bas qu’il en manque une."))

    @property
    def answers(self) -> list[tuple[str, Any]]:
        """The number on the sheet and the field of the ten answers, in the order of the report."""
        return [(number_of(key), self[key]) for key in EPDS_ASKED]

    @property
    def tenth(self) -> int | None:
        """The tenth answer as it was sent, whatever else is refused; None without one of the scale."""
        return {str(points): points for points in EPDS_POINTS}.get(self.data.get(EPDS_ITEMS[-1], ""))

    @property
    def person_told(self) -> str:
        """Who answered, as it was sent: the mother unless the co-parent is asked too, and it is he, or she died."""
        return next((one for one in self.people if one == self.data.get("person")), self.people[0])

    @property
    def values(self) -> dict[str, int]:
        """The answers that were given, by key."""
        return {key: int(value) for key in EPDS_ITEMS if (value := self.cleaned_data.get(key))}


def _marked(data: Any) -> Any:
    """What was sent, with a mark when its page gave none: refused, then sent again, it stays the same sheet."""
    if data is None or as_uuid(data.get("key")):
        return data
    marked = data.copy()
    marked["key"] = str(uuid4())
    return marked


class CorrectionForm(forms.Form):
    """« Erreur de recopie »: which answer, what the sheet says, how it happened."""

    item = forms.ChoiceField(
        label="Réponse à corriger", choices=[(key, f"Réponse n° {number}") for number, key in enumerate(EPDS_ITEMS, 1)]
    )
    value = tiles(POINTS, "Ce que dit la feuille")
    reason = line("D’où vient l’erreur", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        self.fields["reason"].error_messages["required"] = "Dites d’où vient l’erreur."


def cut_offs(thresholds: Thresholds | None, prefix: str = "") -> dict[str, int]:
    """Cut-offs as the form shows them; empty for None."""
    names = ("watch", "alert", "high")
    return {} if thresholds is None else {f"{prefix}{name}": getattr(thresholds, name) for name in names}


def _of_coparent(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=30, required=False)


class ThresholdsForm(forms.Form):
    """A new version of the cut-offs, validated by one of the pilots."""

    version = line("Nom de la version", max_length=20, help_text="Il est gardé avec chaque résultat.")
    watch = forms.IntegerField(label="À surveiller à partir de", min_value=1, max_value=30)
    alert = forms.IntegerField(label="Suggestion à l’équipe à partir de", min_value=1, max_value=30)
    high = forms.IntegerField(label="Appel le jour même à partir de", min_value=1, max_value=30)
    offers_coparent = tick("Proposer aussi le questionnaire au co-parent")
    coparent_watch = _of_coparent("Co-parent : à surveiller à partir de")
    coparent_alert = _of_coparent("Co-parent : suggestion à l’équipe à partir de")
    coparent_high = _of_coparent("Co-parent : appel le jour même à partir de")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].required = True

    def clean(self) -> dict[str, Any]:
        """The three in order; those of the co-parent all three or none, the programme gives him no number (A37)."""
        data: dict[str, Any] = super().clean() or {}
        numbers = [data.get(name) for name in ("watch", "alert", "high")]
        if None not in numbers and numbers != sorted(numbers):  # type: ignore[type-var]
            self.add_error("high", ValidationError("Les trois seuils vont dans l’ordre, de 1 à 30."))
        his = [data.get(name) for name in ("coparent_watch", "coparent_alert", "coparent_high")]
        given = [number for number in his if number is not None]
        if given and (len(given) < len(his) or given != sorted(given)):
            message = "Les trois seuils du co-parent vont ensemble et dans l’ordre, de 1 à 30."
            self.add_error("coparent_high", ValidationError(message))
        return data

    @property
    def coparent(self) -> Thresholds | None:
        """The co-parent's own; None where they are left empty."""
        data = self.cleaned_data
        if data["coparent_watch"] is None:
            return None
        return Thresholds(
            version=data["version"],
            watch=data["coparent_watch"],
            alert=data["coparent_alert"],
            high=data["coparent_high"],
        )

    @property
    def thresholds(self) -> Thresholds:
        """What was typed, as the rules read it."""
        data = self.cleaned_data
        return Thresholds(version=data["version"], watch=data["watch"], alert=data["alert"], high=data["high"])
