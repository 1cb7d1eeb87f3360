"""A scale with invented sentences, in two languages, and a tablet in the mother's hands."""

from typing import Any

from copa.kernel import clock
from pathways.actions import epds, handings
from pathways.enums import Presence
from pathways.models import EpdsWording, Handing, Pathway
from pathways.rules.screening import EPDS_ITEMS
from tests.factories import who

# Invented: the repository holds no sentence of the scale (L01). The third question counts the other way round.
WORDS = {
    "fr": ("Essai", "Phrase d’essai numéro", "Choix"),
    "tr": ("Deneme", "Deneme cümlesi", "Seçenek"),
}


def load_wording(language: str = "fr") -> EpdsWording:
    """The text of one language, as the command of the territory loads it."""
    title, sentence, choice = WORDS[language]
    items = {}
    for number, key in enumerate(EPDS_ITEMS, 1):
        points = range(4) if number != 3 else range(3, -1, -1)
        options = [{"label": f"{choice} {'abcd'[place]}", "points": point} for place, point in enumerate(points)]
        items[key] = {"text": f"{sentence} {number}", "options": options}
    document = {"language": language, "title": title, "permission": "Accord d’essai n° 12", "items": items}
    return epds.load_wording(document=document, at=clock.now())


def hand_epds(pathway: Pathway, *, by: str = "farid", language: str = "fr", **changes: Any) -> Handing:
    """The tablet with the scale, in the hands of the mother, alone."""
    fields = {"presence": Presence.ALONE, "source_id": None, "at": clock.now()} | changes
    return handings.hand_epds(pathway=pathway, wording=load_wording(language), by=who(by), **fields)


def fill(handing: Handing, *values: int | str) -> None:
    """Her answers, from the first one on; "" for one she prefers not to give."""
    for key, value in zip(EPDS_ITEMS, values, strict=False):
        handings.keep_answer(handing=handing, item=key, value=str(value), at=clock.now())
