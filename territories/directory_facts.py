"""What an entry of the directory says of itself, in words and in the order of the page; what a choice shows of it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from copa.kernel.french import full_day, listed, plural
from territories.catalogue import Audience
from territories.enums import AskBy, Capacity, Known

Fact = tuple[str, str]

# Asked every month: an answer older than this is shown with its date, as what was true then.
CAPACITY_LASTS = timedelta(days=31)
_CAPACITY = {
    Capacity.OPEN: "prend de nouvelles familles",
    Capacity.WAITING: "liste d’attente",
    Capacity.FULL: "complet en ce moment",
}


def is_capacity_old(entry: Any, today: date) -> bool:
    """Whether what it said of its places is more than a month old, or of a day nobody knows."""
    if entry.capacity_now == Capacity.UNKNOWN:
        return False
    return entry.capacity_on is None or entry.capacity_on < today - CAPACITY_LASTS


def capacity_words(entry: Any, today: date) -> str:
    """What it says of its places, as "liste d’attente"; an old answer as "complet le 3 nov. 2026"; "" for unknown."""
    if entry.capacity_now == Capacity.UNKNOWN:
        return ""
    said = _CAPACITY[Capacity(entry.capacity_now)]
    if not is_capacity_old(entry, today):
        return said
    when = f"le {full_day(entry.capacity_on)}" if entry.capacity_on else "un jour qu’on ne sait plus"
    return f"{said.removesuffix(' en ce moment')} {when}, à redemander"


_IDENTIFIERS = (("legal_name", "Raison sociale"), ("finess", "FINESS"), ("siret", "SIRET"), ("rpps", "RPPS"))
_MEETS = (
    ("at_home", "à domicile"),
    ("video", "en vidéo"),
    ("one_to_one", "en individuel"),
    ("in_group", "en groupe"),
)
_RECEIVES = (
    ("coparent_welcome", "le coparent"),
    ("siblings_welcome", "les aînés"),
    ("minors_alone", "une mineure seule"),
    ("accepts_without_cover", "une famille sans couverture santé"),
)
_SPEAKS = (
    ("interpreter", "interprète"),
    ("sign_language", "langue des signes"),
    ("falc_docs", "documents faciles à lire"),
)
# R206, R228.
_GETS_IN = (
    ("wheelchair", "fauteuil"),
    ("quiet_room", "pièce calme"),
    ("adapted_equipment", "matériel adapté"),
    ("parking_disabled", "stationnement adapté"),
)


def audience_words(entry: Any) -> str:
    """Whom it receives: what was ticked, else what its type receives."""
    letters = set(entry.audiences) or {one.value for one in entry.kind.audiences}
    words = listed([str(one.label) for one in Audience if one.value in letters])
    if entry.child_age_max is None:
        return words
    return f"{words}, enfant jusqu’à {plural(entry.child_age_max, 'mois,mois')}"


def facts(entry: Any) -> tuple[Fact, ...]:
    """Label and words of everything somebody has found out, then what nobody has asked yet."""
    return tuple(_facts(entry))


def _facts(entry: Any) -> Iterator[Fact]:
    yield from ((label, getattr(entry, name)) for name, label in _IDENTIFIERS if getattr(entry, name))
    if entry.access_text:
        yield "Pour venir", entry.access_text
    yield "Pour qui", audience_words(entry)
    yield from _lists(entry)
    yield from _answers(entry)
    if unknown := _words(entry, (*_RECEIVES, *_SPEAKS, *_GETS_IN), Known.UNKNOWN):
        yield "Pas encore demandé", unknown
    if entry.source:
        yield "Source", entry.source


def _lists(entry: Any) -> Iterator[Fact]:
    if meets := listed([words for name, words in _MEETS if getattr(entry, name)]):
        yield "Comment il reçoit", meets
    for label, names, answer in (
        ("Reçoit aussi", _RECEIVES, Known.YES),
        ("Ne reçoit pas", _RECEIVES, Known.NO),
        ("Pour se comprendre", _SPEAKS, Known.YES),
        ("Accès adapté", _GETS_IN, Known.YES),
        ("Pas adapté", _GETS_IN, Known.NO),
    ):
        if words := _words(entry, names, answer):
            yield label, words


def _answers(entry: Any) -> Iterator[Fact]:
    """Single questions, when somebody knows."""
    for name, label in (
        ("on_holidays", "Pendant les vacances"),
        ("third_party", "Tiers payant"),
        ("has_discharge_organisation", "Organisation de la sortie"),
        ("has_pass", "A une PASS"),
    ):
        if getattr(entry, name) != Known.UNKNOWN:
            yield label, Known(getattr(entry, name)).label
    if entry.ask_by != AskBy.UNKNOWN:
        yield "Comment demander", AskBy(entry.ask_by).label


def _words(entry: Any, names: tuple[tuple[str, str], ...], answer: Known) -> str:
    return listed([words for name, words in names if getattr(entry, name) == answer])


def choice_words(entry: Any, today: date, *, needs_review: bool) -> str:
    """What decides between two services in a list of choices: places, wait, home, access, an old entry; "" for none."""
    told = []
    if said := capacity_words(entry, today):
        told.append(said)
    if entry.delay_days:
        told.append(f"{plural(entry.delay_days, 'jour')} d’attente")
    if entry.at_home:
        told.append("vient à domicile")
    if entry.wheelchair == Known.YES:
        told.append("accessible en fauteuil")
    if needs_review:
        told.append("à vérifier")
    return ", ".join(told)
