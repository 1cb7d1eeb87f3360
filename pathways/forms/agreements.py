"""Forms of the agreements: one answer, all of them, the information given, the co-parent's answer."""

from collections.abc import Sequence
from typing import Any

from django import forms

from pathways.enums import ASKED_RECIPIENTS, AgreedContent, Agreement, ConsentMode, NoticeForm, Recipient
from pathways.forms.coparents import SAFE, WISHES
from pathways.forms.inclusion import recipient_fields
from pathways.forms.inputs import line, tick, tiles
from pathways.models import CoParent
from pathways.reads.handings import GivenBack
from pathways.texts import Reader, offered_to


class ChangeForm(forms.Form):
    """One recipient, one answer; `named` for somebody no list foresees."""

    recipient = forms.ChoiceField(choices=[(one, one) for one in (*ASKED_RECIPIENTS, *AgreedContent, Recipient.OTHER)])
    named = forms.CharField(max_length=120, required=False)
    answer = forms.ChoiceField(choices=Agreement.choices)

    def clean(self) -> dict[str, Any]:
        """A name comes with OTHER, and with nothing else."""
        data = super().clean() or {}
        if bool(data.get("named")) != (data.get("recipient") == Recipient.OTHER):
            raise forms.ValidationError("Dites pour qui.", code="named")
        return data

    @property
    def answers(self) -> tuple[dict[str, str], dict[str, str]]:
        """The answer by recipient, and by name."""
        data = self.cleaned_data
        if data["named"]:
            return {}, {data["named"]: data["answer"]}
        return {data["recipient"]: data["answer"]}, {}


class RecipientsForm(forms.Form):
    """Who may receive the reports from now on; one further person may be written by name."""

    other_named = line("Une autre personne qui la suit", max_length=120)
    other_answer = tiles(Agreement.choices, "Sa réponse pour cette personne", required=False)

    def __init__(
        self,
        *args: Any,
        answers: dict[str, str],
        others: dict[str, str],
        given: GivenBack | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(recipient_fields(answers, given))
        self.known_others = dict(enumerate(others))
        for number, (named, answer) in enumerate(others.items()):
            self.fields[f"other_{number}"] = tiles(Agreement.choices, named, initial=answer)
        self.fields["other_named"].help_text = "Son nom et son métier."
        self.order_fields([name for name in self.fields if name not in {"other_named", "other_answer"}])

    def questions(self) -> list[Any]:
        """The questions in order, without the further person."""
        return [self[field] for field in self.fields if field not in {"other_named", "other_answer"}]

    def clean(self) -> dict[str, Any]:
        """A name comes with an answer, an answer with a name."""
        data = super().clean() or {}
        if bool(data.get("other_named")) != bool(data.get("other_answer")):
            field, said = (
                ("other_answer", "Notez sa réponse.")
                if data.get("other_named")
                else ("other_named", "Écrivez le nom et le métier de cette personne.")
            )
            self.add_error(field, said)
        return data

    @property
    def others(self) -> dict[str, str]:
        """Her answers about people written by name."""
        data = self.cleaned_data
        known = {named: data[f"other_{number}"] for number, named in self.known_others.items()}
        return {**known, **({data["other_named"]: data["other_answer"]} if data["other_named"] else {})}


class EvaluationForm(forms.Form):
    """Her answer about the evaluation, and how she gave it."""

    is_opposed = tiles([("yes", "Elle s’oppose"), ("no", "Elle ne s’oppose pas")], "Sa réponse")
    mode = tiles(ConsentMode.choices, "Comment l’a-t-elle dit\u202f?")


class NoticeGivenForm(forms.Form):
    """To whom, which text, in which form."""

    form = tiles(NoticeForm.choices, "Sous quelle forme", initial=NoticeForm.GIVEN)

    def __init__(self, *args: Any, mother: str, coparents: Sequence[CoParent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.coparents = {str(one.public_id): one for one in coparents}
        people = [("mother", mother), *((key, str(one)) for key, one in self.coparents.items())]
        versions = offered_to(Reader.MOTHER) + (offered_to(Reader.COPARENT) if coparents else [])
        self.fields["to"] = tiles(people, "À qui", initial=people[-1][0])
        self.fields["version"] = tiles(versions, "Quel texte", initial=versions[-1][0])
        self.order_fields(["to", "version", "form"])

    @property
    def coparent(self) -> CoParent | None:
        """Whom it was given to; None for the mother."""
        return self.coparents.get(self.cleaned_data["to"])


class CoParentForm(forms.Form):
    """His own answer, after the mother was asked alone."""

    answer = tiles(Agreement.choices, WISHES)
    is_safe = tick(SAFE)
