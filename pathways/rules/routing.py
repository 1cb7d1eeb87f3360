"""Consent as routing: which document may go to whom. One table, whatever the door (R076, A16, inclusion.md 3)."""

from dataclasses import dataclass

from pathways.enums import Agreement, Document, PathwayState, Recipient
from pathways.rules.pathways import STOPPED, has_kept_space, has_orphan, is_in_mourning

# documents.md 1, column P: the child's doctor reads the child's lines, nothing about the mother.
_FOR_CHILD_DOCTOR = frozenset(
    {Document.REPORT, Document.CHILD_ORIENTATION, Document.CHILD_CALENDAR, Document.NEWS, Document.NOTICE}
)
# Told once the follow-up has stopped too: that it ends, and that nobody has to come.
LAST_WORDS = frozenset({Document.NOTICE, Document.CALLED_OFF})
# What is asked for those who are left with a child who lives goes on after the death of its mother (KEPT_FOR_ORPHAN).
_KEPT_FOR_ORPHAN = frozenset({Document.CHILD_ORIENTATION, Document.KIN_ORIENTATION})
# inclusion.md 8: a stop of everything ends the child's calendar; a stop of the visits alone does not.
_KEPT_WITH_SPACE = frozenset({Document.CHILD_CALENDAR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What decides: her two answers ("" when never asked), her pathway ("" without one), and whose team it is.

    `is_care_team`: the recipient answers for the pathway herself; what she knows is not shared, it is hers (A16).
    `keeps_space`: she stopped the visits alone. `has_living_child`: a child of that birth is followed, told in silence
    alone.
    """

    answer: str
    mood_answer: str
    state: str
    is_silent: bool = False
    is_care_team: bool = False
    keeps_space: bool = False
    has_living_child: bool = False

    @property
    def has_orphan(self) -> bool:
        return has_orphan(is_silent=self.is_silent, has_living_child=self.has_living_child, state=self.state)


@dataclass(frozen=True, slots=True)
class Routing:
    """`reason` is the French sentence for whoever asks: why it goes, or why it does not and what to do."""

    allowed: bool
    reason: str


def routing(document: str, recipient: str, wishes: Wishes) -> Routing:
    """Whether this document may leave for this recipient now."""
    refusal = _never(document, recipient) or _stopped(document, wishes) or _not_agreed(document, wishes)
    return Routing(not refusal, refusal or _why(document, wishes))


def _never(document: str, recipient: str) -> str:
    """What no answer of hers could open."""
    if document == Document.SEALED:
        return "Le compartiment protégé ne part jamais : il se lit ici, par ses lecteurs nommés."
    if recipient == Recipient.PAEDIATRICIAN and document not in _FOR_CHILD_DOCTOR:
        return "Le médecin de l’enfant ne reçoit que ce qui concerne l’enfant."
    return ""


def _stopped(document: str, wishes: Wishes) -> str:
    """A stop is a stop (A38, L12): only the last words still leave, without a word of why."""
    if document in LAST_WORDS:
        return ""
    if wishes.has_orphan and document in _KEPT_FOR_ORPHAN:
        return ""
    if is_in_mourning(is_silent=wishes.is_silent, state=wishes.state):
        return "Cette famille est en deuil : rien ne part. Appelez l’équipe de référence."
    if has_kept_space(state=wishes.state, keeps_space=wishes.keeps_space):
        return "" if document in _KEPT_WITH_SPACE else _VISITS_STOPPED
    if wishes.state in STOPPED:
        words = {PathwayState.MOVED: "La famille a quitté le territoire"}.get(
            PathwayState(wishes.state), "La famille a arrêté l’accompagnement"
        )
        return f"{words} : rien ne part plus."
    return "" if wishes.state else "Cette famille n’est pas incluse : rien ne part encore."


_VISITS_STOPPED = "La famille a arrêté les visites : rien ne part plus, sauf les examens de l’enfant."


def _not_agreed(document: str, wishes: Wishes) -> str:
    """« Plus tard » and no answer are read as no."""
    if document == Document.CALLED_OFF:
        return ""
    if not wishes.is_care_team and wishes.answer != Agreement.YES:
        if wishes.answer == Agreement.NO:
            return "La mère ne souhaite pas que cette personne reçoive ce qui est écrit."
        return "La mère n’a pas encore donné son accord pour cette personne : demandez-le-lui, puis notez sa réponse."
    if document == Document.MOOD_SCORE and wishes.mood_answer != Agreement.YES:
        return "La mère n’a pas accepté que le résultat du questionnaire sur le moral soit transmis."
    return ""


def _why(document: str, wishes: Wishes) -> str:
    if document == Document.CALLED_OFF:
        return "Un rendez-vous pris avec cette personne est annulé\u00a0: elle en est avertie, sans rien d’autre."
    if wishes.is_care_team:
        return "Cette personne fait partie de l’équipe de référence de la famille."
    return "La mère a donné son accord."
