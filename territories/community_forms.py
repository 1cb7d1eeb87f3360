"""Forms of the communauté de pratiques."""

from typing import Any

from django import forms

from copa.kernel.forms import asked_at_times
from copa.kernel.identifying import doubts_in
from copa.kernel.look import Tile
from territories.enums import PostKind

_NOBODY_HERE = "Tous les territoires le lisent. Aucun nom, numéro, adresse ni date de naissance."


def _text(label: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_NOBODY_HERE,
        error_messages={"required": "Écrivez votre message."},
    )


def _title() -> forms.CharField:
    return forms.CharField(
        label="Titre",
        max_length=120,
        help_text="Ce qu’une collègue chercherait.",
        error_messages={"required": "Donnez un titre."},
    )


class _SureField(forms.MultipleChoiceField):
    """A tick beside a word that has left the text meanwhile says nothing."""

    def to_python(self, value: Any) -> list[str]:
        return [one for one in super().to_python(value) if self.valid_value(one)]


class _AskedForm(forms.Form):
    """Asks about each doubtful word of what was sent, and about nothing while there is none."""

    sure = asked_at_times(
        _SureField(
            label="Mots à vérifier",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text="Cochez ceux qui ne désignent aucune famille.",
        )
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        doubts = [doubt for name in ("title", "text") for doubt in doubts_in(self.data.get(name, ""))]
        field: Any = self.fields["sure"]
        field.choices = [(doubt, doubt) for doubt in dict.fromkeys(doubts)]
        if not doubts:
            del self.fields["sure"]
        else:
            self.order_fields([name for name in self.fields if name != "sure"])

    @property
    def sure_of(self) -> list[str]:
        """The words she says name no family."""
        return list(self.cleaned_data.get("sure", []))


class TopicForm(_AskedForm):
    """A new topic."""

    kind = forms.ChoiceField(
        label="Ce que vous apportez",
        choices=PostKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce que vous apportez."},
    )
    title = _title()
    text = _text("Message")


class CorrectTopicForm(_AskedForm):
    """Other words for what opened a topic."""

    title = _title()
    text = _text("Message")


class AnswerForm(_AskedForm):
    """An answer, new or corrected."""

    text = _text("Votre réponse")


class FlagForm(forms.Form):
    """Point a message out."""

    FAMILY = "family"

    why = forms.ChoiceField(
        label="Pourquoi",
        choices=[
            (FAMILY, Tile("On pourrait reconnaître une famille", hint="le message est masqué aussitôt")),
            ("other", Tile("Autre chose ne va pas", hint="le message reste lisible")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez pourquoi."},
    )
    words = forms.CharField(
        label="En quelques mots",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Le binôme du territoire de l’autrice le lit, sans votre nom. Ne répétez pas ce qui désigne.",
    )


class ModerateForm(forms.Form):
    """Withdraw a message of somebody else."""

    reason = forms.CharField(
        label="Motif",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Son autrice le lit à la place du message.",
        error_messages={"required": "Écrivez le motif."},
    )
