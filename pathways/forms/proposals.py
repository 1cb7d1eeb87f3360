"""Forms of the proposal and of the mother's answer."""

from typing import Any

from django import forms

from pathways.actions.proposals import Answer
from pathways.enums import CoveredPoint, Presenter, ProposalAnswer, ProposalContext, ProposalSupport, RefusalReason
from pathways.forms.inputs import day, many_tiles, tick, tiles

_ANSWERS = [
    (ProposalAnswer.YES, "Oui"),
    (ProposalAnswer.NO, "Non"),
    (ProposalAnswer.PENDING, "Veut réfléchir"),
]


class AnswerForm(forms.Form):
    """Her answer, now or later."""

    answer = tiles(_ANSWERS, "Sa réponse")
    ask_again_on = day("En reparler le", required=False, help_text="Si elle veut réfléchir.")
    refusal_reasons = many_tiles(
        RefusalReason.choices, "Les raisons, si elle les a dites", required=False, help_text="Ne demandez pas."
    )
    is_welcome_back = tick(
        "Si elle a dit non : elle accepte qu’on lui repropose avant sa sortie", help_text="Une seule fois."
    )

    def clean_refusal_reasons(self) -> list[str]:
        """What she said, as often as she said something; nothing said stands alone."""
        said: list[str] = self.cleaned_data["refusal_reasons"]
        if RefusalReason.NOT_SAID in said and len(said) > 1:
            message = "« Pas dit » ne va avec aucune autre raison."
            raise forms.ValidationError(message, code="not_said_alone")
        return said

    @property
    def given(self) -> Answer:
        """The answer as typed."""
        data = self.cleaned_data
        return Answer(**{part: data[part] for part in Answer.__dataclass_fields__})


class ProposalForm(AnswerForm):
    """When and how CoPa was presented, with her answer. Before the birth only those who meet mothers then."""

    context = tiles(ProposalContext.choices, "À quelle occasion")
    presenter = tiles(Presenter.choices, "Par qui", help_text="Qui le lui a présenté, même si c’est vous qui le notez.")
    proposed_on = day("Présenté le")
    covered = many_tiles(CoveredPoint.choices, "Ce qui a été expliqué")
    support = tiles(ProposalSupport.choices, "Document remis")

    def __init__(self, *args: Any, may_be_before_birth: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_be_before_birth:
            stay = (ProposalContext.STAY, ProposalContext.STAY.label)
            self.fields["context"].choices = [stay]  # type: ignore[attr-defined]
            self.fields["context"].initial = ProposalContext.STAY
        # As on the page: what is to be corrected is listed in the order of its fields.
        self.order_fields(["context", "presenter", "proposed_on", "covered", "support"])

    @property
    def missing(self) -> list[str]:
        """The points of R065 that were not explained, in words."""
        return [str(point.label) for point in CoveredPoint if point not in self.cleaned_data["covered"]]
