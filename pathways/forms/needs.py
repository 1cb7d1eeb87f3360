"""Forms of needs and orientations."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms

from copa.kernel.look import Tile
from copa.kernel.one_time import CODE_DIGITS
from pathways.actions.needs import NOTED_BY_HAND, Spotted
from pathways.enums import Agreement, ConfirmedBy, NeedAbout, NeedState, OrientationState, SentBy
from pathways.forms.inputs import day, line, tiles
from pathways.models import Child
from pathways.rules.orientations import NEED_WORDS

_ANSWERS = [
    (Agreement.YES, "Oui"),
    (Agreement.NO, "Non"),
    (Agreement.LATER, "Veut réfléchir"),
]
_REPLIES = [
    (OrientationState.SEEN, Tile("Vue", hint="le premier rendez-vous a eu lieu")),
    (OrientationState.NOT_COME, Tile("Pas venue", hint="le rendez-vous n’a pas eu lieu")),
    (OrientationState.CANNOT_TAKE, Tile("Je ne peux pas prendre", hint="pas de place, ou pas pour nous")),
]
Choices = Sequence[Any]


class NeedForm(forms.Form):
    """A need outside a visit. `needs` are (group, [(code, label)]); `children` those of several who may be named.

    `abouts` are those about whom something new is noted.
    """

    code = forms.ChoiceField(
        label="Quel besoin",
        error_messages={"required": "Choisissez un besoin.", "invalid_choice": "Choisissez un besoin de la liste."},
    )
    about = tiles(NeedAbout.choices, "Pour qui", error_messages={"required": "Choisissez pour qui."})
    child = forms.ChoiceField(
        label="Quel enfant",
        required=False,
        help_text="À laisser vide s’il s’agit de tous.",
        error_messages={"invalid_choice": "Choisissez un enfant de la liste."},
    )
    words = line(
        "En une ligne",
        max_length=NEED_WORDS,
        help_text="Des faits, sans nom.",
    )

    def __init__(
        self,
        *args: Any,
        needs: Choices,
        children: Sequence[Child] = (),
        abouts: Collection[str] = NeedAbout.values,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].choices = [one for one in NeedAbout.choices if one[0] in abouts]  # type: ignore[attr-defined]
        self.fields["code"].choices = [("", "Choisissez"), *needs]  # type: ignore[attr-defined]
        self._children = {str(child.public_id): child for child in children}
        # One child needs no name: the need is hers.
        if len(children) < 2:
            del self.fields["child"]
            return
        named = [(key, child.shown_name) for key, child in self._children.items()]
        self.fields["child"].choices = [("", "Tous"), *named]  # type: ignore[attr-defined]

    @property
    def has_children(self) -> bool:
        """Whether one of several children may be named."""
        return "child" in self.fields

    @property
    def spotted(self) -> Spotted:
        """What was typed; a child is named for a need of the children alone."""
        data = self.cleaned_data
        is_child = data["about"] == NeedAbout.CHILD
        child = self._children.get(data.get("child", "")) if is_child else None
        return Spotted(code=data["code"], about=data["about"], words=data["words"], child=child)


class FollowForm(forms.Form):
    """How a need stands now."""

    state = tiles(
        [(state, state.label) for state in NeedState if state in NOTED_BY_HAND],
        "Où en est-on",
        error_messages={"required": "Choisissez où en est ce besoin."},
    )
    words = line("Pourquoi", max_length=NEED_WORDS, help_text="À dire pour clore un besoin.")


class TargetForm(forms.Form):
    """Towards whom: a service of the directory ("entry:…") or a type ("type:…")."""

    target = forms.ChoiceField(
        label="Vers qui",
        error_messages={
            "required": "Choisissez un service, ou un type de service.",
            "invalid_choice": "Ce service n’est plus dans l’annuaire\u00a0: choisissez-en un autre.",
        },
    )

    def __init__(self, *args: Any, targets: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = [("", "Choisissez"), *targets]  # type: ignore[attr-defined]


class ProposeForm(TargetForm):
    """The request of the AP, or a contact she gives."""

    what = tiles(
        [
            ("ASK", Tile("Je demande une orientation", hint="l’équipe décide")),
            ("GIVE", Tile("J’ai donné le contact", hint="les parents y vont d’eux-mêmes")),
        ],
        "Que faites-vous",
        error_messages={"required": "Choisissez."},
    )
    reason = line("Pourquoi", max_length=200, help_text="Pour l’équipe, en une ligne.")
    agreement = forms.ChoiceField(
        label="Son accord pour ce destinataire",
        choices=[("", "Pas encore demandé"), *_ANSWERS],
        required=False,
        help_text="Rien ne part sans son oui.",
    )


class DecisionForm(TargetForm):
    """The decision of the referring team."""

    decision = tiles([("yes", "Oui"), ("no", "Non")], "Décision", error_messages={"required": "Décidez."})
    words = line("Pourquoi", max_length=200, help_text="À dire pour un non.")
    letter_words = line(
        "Un mot au professionnel",
        max_length=200,
        help_text="Il le lit avec le prénom et le besoin. Sans détail clinique.",
    )


class AgreementForm(forms.Form):
    """What the person answers about this recipient."""

    answer = tiles(_ANSWERS, "Est-elle d’accord", error_messages={"required": "Notez sa réponse."})


class SendForm(forms.Form):
    """How the orientation leaves."""

    how = tiles(SentBy.choices, "Comment", error_messages={"required": "Choisissez comment elle part."})

    def offer(self, ways: Sequence[SentBy]) -> None:
        """Show these alone; any other is still understood, so that its refusal says what is missing."""
        self.fields["how"].choices = [(way.value, way.label) for way in ways]  # type: ignore[attr-defined]


class ContactForm(forms.Form):
    """The first contact took place."""

    day = day("Premier rendez-vous le")
    confirmed_by = tiles(ConfirmedBy.choices, "Qui le dit", error_messages={"required": "Dites qui le confirme."})


class NoteReplyForm(forms.Form):
    """The answer of the professional, heard by the team."""

    answer = tiles(
        [(state, state.label) for state in (OrientationState.NOT_COME, OrientationState.CANNOT_TAKE)],
        "Ce que dit le professionnel",
        error_messages={"required": "Choisissez sa réponse."},
    )
    words = line("En quelques mots", max_length=120, help_text="Sans détail clinique.")


class CloseForm(forms.Form):
    """Nothing more is expected."""

    words = line("Pourquoi", max_length=200)


class CodeForm(forms.Form):
    """The six digits given apart."""

    code = forms.CharField(
        label="Code à six chiffres",
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": "Tapez le code qui vous a été donné."},
    )

    def clean_code(self) -> str:
        """What is no code costs none of the five tries."""
        typed = "".join(str(self.cleaned_data["code"]).split())
        if not (typed.isascii() and typed.isdigit() and len(typed) == CODE_DIGITS):
            raise forms.ValidationError("Le code a six chiffres : vérifiez-le. Cet essai ne compte pas.")
        return typed


class ReplyForm(forms.Form):
    """The answer of the outside professional; the code comes again with it."""

    code = forms.CharField(max_length=12, widget=forms.HiddenInput)
    answer = tiles(_REPLIES, "Votre réponse", error_messages={"required": "Choisissez une réponse."})
    day = day("Le", error_messages={"required": "Indiquez le jour."})
    words = line("Un mot", max_length=120, help_text="Sans nom ni détail clinique.")
