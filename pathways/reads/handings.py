"""What stands on the page in the mother's hands, and what she gave once the tablet is back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pathways import rules
from pathways.enums import (
    ASKED_RECIPIENTS,
    NO_COPY_WORDS,
    AgreedContent,
    Agreement,
    HandedKind,
)
from pathways.models import Birth, Death, HandedAnswer, Handing, Mother, Pathway
from pathways.reads.calls import CallButton
from pathways.reads.emergency import lines_by_word
from pathways.reads.epds import language_name
from pathways.rules.handings import NO_ANSWER, epds_order, first_name
from territories.models import Member

# In reach on each of her screens. No number that would give her away to somebody who reads beside her (alerts.md 5.8).
_NUMBERS = ("15", "114", "3114")
_ASKED = "Qui peut recevoir les comptes rendus\u202f?"
_NOTE = "L’équipe qui vous suit les reçoit toujours. Vous pouvez changer d’avis à tout moment."
_MOOD_HINT = "Pour les personnes choisies avant, sauf le médecin de votre enfant."


@dataclass(frozen=True, slots=True)
class HandedQuestion:
    """One question of one screen; `options` are (value, words)."""

    item: str
    text: str
    hint: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedPage:
    """One screen. `step` is begin, question, done or over; `number` 0 unless it is a question.

    `chosen` is what she answered before on this screen, None when she has not; "" is that she prefers not to.
    """

    step: str
    first_name: str
    title: str
    note: str
    language: str
    number: int
    total: int
    question: HandedQuestion | None
    chosen: str | None
    calls: tuple[CallButton, ...]

    @property
    def previous(self) -> int:
        """The number of the screen before; 0 for the first."""
        return self.number - 1

    @property
    def is_ended(self) -> bool:
        """Whether all that is left is to give the tablet back."""
        return self.step in {"done", "over"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """What she gave, for the author alone. `answers` by item, without those she preferred not to give: `skipped`.

    `unseen` are the questions she did not come to; `has_skipped` when there is any of the two.
    """

    handing: Handing
    answers: dict[str, str]
    skipped: frozenset[str]
    unseen: frozenset[str]
    has_skipped: bool
    answered: int
    total: int

    @property
    def is_finished(self) -> bool:
        return self.handing.finished_at is not None

    @property
    def language_words(self) -> str:
        """In which language she read, for a sentence."""
        return language_name(self.handing.language).lower()


def questions_of(handing: Handing) -> tuple[HandedQuestion, ...]:
    """What she is asked, in order, in her language."""
    if handing.kind == HandedKind.AGREEMENTS:
        return _agreements()
    assert handing.wording is not None, "the constraint of the table"
    items = handing.wording.items
    return tuple(
        HandedQuestion(
            item=key,
            text=str(items[key]["text"]),
            hint="",
            options=tuple((str(one["points"]), str(one["label"])) for one in items[key]["options"]),
        )
        for key in epds_order()
    )


def _agreements() -> tuple[HandedQuestion, ...]:
    options = tuple((str(value), str(label)) for value, label in Agreement.choices)
    asked = [HandedQuestion(str(one), str(one.label), NO_COPY_WORDS.get(one, ""), options) for one in ASKED_RECIPIENTS]
    mood = AgreedContent.MOOD_SCORE
    return (*asked, HandedQuestion(str(mood), str(mood.label), _MOOD_HINT, options))


def answers_of(handing: Handing) -> dict[str, str]:
    """Everything she gave so far, by item; "" where she prefers not to answer."""
    return dict(HandedAnswer.objects.filter(handing=handing).order_by("pk").values_list("item", "value"))


def handed_page(handing: Handing, asked: int | None) -> HandedPage:
    """The screen to show: the one asked for if she has come so far, else the first she has not answered."""
    questions, answers = questions_of(handing), answers_of(handing)
    number = _number(questions, answers, asked)
    step = "question" if number else "begin"
    if is_over(handing):
        step = "over"
    elif handing.finished_at is not None:
        step = "done"
    question = questions[number - 1] if step == "question" else None
    lines = lines_by_word()
    return HandedPage(
        step=step,
        first_name=first_name(Mother.objects.values_list("first_names", flat=True).get(family=handing.family_id)),
        title=str(handing.wording.title) if handing.wording else _ASKED,
        note="" if handing.wording else _NOTE,
        language=handing.language,
        number=number if question else 0,
        total=len(questions),
        question=question,
        chosen=answers.get(question.item) if question else None,
        calls=tuple(CallButton(_call(word, lines[word].phone), lines[word].href) for word in _NUMBERS),
    )


def _call(word: str, number: str) -> str:
    return f"Écrire au {number}" if word == "114" else f"Appeler le {number}"


def _number(questions: tuple[HandedQuestion, ...], answers: dict[str, str], asked: int | None) -> int:
    """From 1; 0 is the first screen, before any question."""
    reached = next((place for place, one in enumerate(questions, 1) if one.item not in answers), len(questions))
    if asked is not None and 1 <= asked <= reached:
        return asked
    return reached if answers else 0


def is_over(handing: Handing) -> bool:
    """Whether nothing more is asked of her: mourning, a withdrawal or another stop came meanwhile (A38, L12)."""
    if handing.closed_at is not None:
        return True
    if handing.family.moved_at is not None or Death.objects.of_mothers().filter(family=handing.family_id).exists():
        return True
    pathways = Pathway.objects.filter(family=handing.family_id).order_by("-birth__at", "-pk")
    found = pathways.filter(pk=handing.pathway_id) if handing.pathway_id else pathways
    state = found.values_list("state", "birth__is_silent").first()
    if state is not None and handing.pathway_id:
        return rules.takes_nothing_new(state=state[0], is_silent=state[1])
    # Before an inclusion, or after a stop that she comes back from: the silence of the last birth alone says it.
    births = Birth.objects.filter(family=handing.family_id).order_by("-at", "-pk")
    return bool(births.values_list("is_silent", flat=True).first())


def handing_of(key: UUID, author: Member) -> Handing | None:
    """The handing of a session, closed ones included; None if it is not hers."""
    rows = Handing.objects.visible_to(author).select_related("family", "wording", "pathway__birth", "author__user")
    found: Handing | None = rows.filter(public_id=key).first()
    return found


def given_back(
    author: Member, family_id: int, kind: str, at: datetime, *, source_id: UUID | None = None
) -> GivenBack | None:
    """What waits for this author about this family, once the tablet is hers again; None when nothing does."""
    rows = Handing.objects.visible_to(author).given_back(at).filter(family=family_id, kind=kind, source_id=source_id)
    found = rows.select_related("family", "wording", "pathway__birth").first()
    if found is None or is_over(found):
        return None
    return given(found)


def given(handing: Handing) -> GivenBack:
    """Her answers as the author reads them."""
    answers, asked = answers_of(handing), questions_of(handing)
    skipped = frozenset(item for item, value in answers.items() if value == NO_ANSWER)
    unseen = frozenset(one.item for one in asked if one.item not in answers)
    return GivenBack(
        handing=handing,
        answers={item: value for item, value in answers.items() if item not in skipped},
        skipped=skipped,
        unseen=unseen,
        has_skipped=bool(skipped or unseen),
        answered=len(answers),
        total=len(asked),
    )


def is_waiting(author: Member, family_id: int, kind: str) -> bool:
    """Whether answers of hers wait already: a second handing would hide them."""
    open_ones = Handing.objects.visible_to(author).open().filter(family=family_id, kind=kind)
    return bool(HandedAnswer.objects.filter(handing__in=open_ones).exists())
