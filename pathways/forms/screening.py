"""Forms of screening: the grid outside a visit, the sealed compartment, suggestions, observations."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from copa.kernel.fields import LocalDateTimeField
from pathways.enums import (
    ConclusionLevel,
    GridDomain,
    GridSkip,
    GridStatus,
    GridValue,
    MidwifeTopic,
    ObservationReader,
    Presence,
    SafeCall,
    ScreeningSource,
    SealedDomain,
)
from pathways.forms.inputs import line, many_tiles, submission, tiles
from pathways.models import GridFactor
from pathways.rules.screening import SEALED_DOMAINS

# A visit writes its own answers by its report; outside one: by phone, in a meeting, at the office, at her home.
OUTSIDE = [choice for choice in ScreeningSource.choices if choice[0] != ScreeningSource.VISIT]
OPEN_DOMAINS = [choice for choice in GridDomain.choices if choice[0] not in SEALED_DOMAINS]
PRESENCE = [choice for choice in Presence.choices if choice[0] != Presence.UNKNOWN]


def facts(label: str, *, max_length: int, required: bool = True, **kwargs: Any) -> forms.CharField:
    """A few lines of facts."""
    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    return forms.CharField(label=label, max_length=max_length, required=required, widget=widget, **kwargs)


class GridForm(forms.Form):
    """The grid gone through outside a visit: one choice per factor, left as it is where nothing is said."""

    status = tiles(GridStatus.choices, "Avez-vous pu faire le point avec eux ?")
    skip_reason = tiles(GridSkip.choices, "Pourquoi pas cette fois ?", required=False)
    source = tiles(OUTSIDE, "Où l’avez-vous vu ou entendu ?")
    comment = facts(
        "Les faits",
        max_length=400,
        required=False,
        help_text="Datés, sans jugement, gardés avec ce qui est présent. Une situation protégée ne s’écrit pas ici.",
    )

    def __init__(self, *args: Any, factors: Iterable[GridFactor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.factors = {f"f_{factor.code}": factor for factor in factors}
        choices = [
            ("", "Ne rien noter"),
            *((code, GridValue(code).label) for code in ("present", "absent", "not_explored", "refuses")),
        ]
        for name, factor in self.factors.items():
            widget = forms.Select(attrs={"class": "select", "autocomplete": "off"})
            self.fields[name] = forms.ChoiceField(label=factor.label, choices=choices, required=False, widget=widget)

    def clean(self) -> dict[str, Any]:
        """A reason when it was skipped."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("status") == GridStatus.SKIPPED and not data.get("skip_reason"):
            self.add_error("skip_reason", ValidationError("Dites pourquoi le repérage n’est pas fait cette fois."))
        return data

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Fields by domain, in the order of the grid."""
        found: dict[str, list[Any]] = {}
        for name, factor in self.factors.items():
            found.setdefault(factor.domain, []).append(self[name])
        return [{"label": GridDomain(code).label, "fields": fields} for code, fields in found.items()]

    @property
    def chosen(self) -> list[tuple[GridFactor, str]]:
        """Each factor of which something is said, with its value."""
        return [(factor, value) for name, factor in self.factors.items() if (value := self.cleaned_data.get(name))]


class SealedAnswerForm(forms.Form):
    """One S3 answer of a named reader, with who was near (G3)."""

    value = tiles([choice for choice in GridValue.choices if choice[0] != GridValue.NOT_EXPLORED], "Réponse")
    presence = tiles(PRESENCE, "Qui était près d’elle ?")
    source = tiles(OUTSIDE, "Où l’avez-vous vu ou entendu ?")
    comment = facts("Les faits", max_length=400, required=False, help_text="Les mots entendus, entre guillemets.")

    def __init__(self, *args: Any, factors: Iterable[GridFactor], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.factors = {factor.code: factor for factor in factors}
        groups: dict[str, list[tuple[str, str]]] = {}
        for code, factor in self.factors.items():
            groups.setdefault(str(GridDomain(factor.domain).label), []).append((code, factor.label))
        self.fields["factor"] = forms.ChoiceField(label="Point", choices=[("", "Choisissez"), *groups.items()])
        self.order_fields(["factor", "value", "presence", "source", "comment"])

    @property
    def factor(self) -> GridFactor:
        """The factor that was chosen."""
        return self.factors[self.cleaned_data["factor"]]


class SignalForm(forms.Form):
    """« Signaler une situation protégée »: words, not a grid (G1)."""

    domains = many_tiles(SealedDomain.choices, "De quoi s’agit-il ?")
    facts = facts(
        "Les faits",
        max_length=800,
        help_text="Les mots entendus, entre guillemets. Ce que vous avez vu. Rien d’autre.",
    )
    presence = tiles(PRESENCE, "Qui était près d’elle ?")
    safe_call = tiles(SafeCall.choices, "Peut-on l’appeler sans danger ?")
    source = tiles(OUTSIDE, "Où l’avez-vous vu ou entendu ?")


class ConclusionForm(forms.Form):
    """What a person concludes: words, not a score."""

    level = tiles(ConclusionLevel.choices, "Votre conclusion")
    proposals = facts(
        "Ce que vous proposez à la famille",
        max_length=500,
        help_text="Rien de protégé ici : l’auxiliaire le lit.",
    )


class ThirdVisitForm(forms.Form):
    """A third visit somebody asks for (R057)."""

    asker = tiles([("parents", "Les parents la demandent"), ("team", "L’équipe y pense")], "Qui la demande ?")
    note = line("Pourquoi, en une ligne", max_length=160)


class DecideForm(forms.Form):
    """Yes or no, by a person."""

    answer = tiles([("yes", "Oui"), ("no", "Non")], "Votre décision")
    reason = line("Pourquoi", max_length=200, help_text="Demandé quand c’est non.")

    def clean(self) -> dict[str, Any]:
        """A reason for a no."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("answer") == "no" and not data.get("reason"):
            self.add_error("reason", ValidationError("Dites pourquoi la suggestion n’est pas retenue."))
        return data


class ObservationForm(forms.Form):
    """A dated fact and for whom it is written (R222)."""

    key = submission()
    fact = facts("Le fait", max_length=400, help_text="Ce que vous avez vu ou entendu, sans interprétation.")
    domain = tiles(OPEN_DOMAINS, "Domaine", help_text="Une situation protégée se signale à l’équipe, jamais ici.")
    at = LocalDateTimeField(label="Vu ou entendu le")
    # At home is a visit, whosever it is.
    source = tiles([one for one in ScreeningSource.choices if one[0] != ScreeningSource.HOME], "Où")
    midwife_topic = tiles(
        MidwifeTopic.choices, "Sujet", required=False, help_text="À laisser vide si aucun ne convient."
    )
    recipients = many_tiles(
        ObservationReader.choices, "Pour qui l’écrivez-vous ?", help_text="Personne d’autre ne la lira."
    )

    def __init__(self, *args: Any, closed: Mapping[str, str], has_topic: bool = False, **kwargs: Any) -> None:
        """`closed` says why nothing may be written for a kind: it stands beside its tile, which the action refuses.

        `has_topic`: a liberal midwife writes.
        """
        super().__init__(*args, **kwargs)
        if not has_topic:
            del self.fields["midwife_topic"]
        self.fields["recipients"].choices = [
            (code, f"{label} (pas pour l’instant)" if code in closed else label)
            for code, label in ObservationReader.choices
        ]
        told = [f"{ObservationReader(code).label} : {reason}" for code, reason in closed.items()]
        self.fields["recipients"].help_text = " ".join(["Personne d’autre ne la lira.", *told])


class WithdrawForm(forms.Form):
    """Why an observation is taken back."""

    reason = line("Pourquoi vous la retirez", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        self.fields["reason"].error_messages["required"] = "Dites pourquoi vous la retirez."
