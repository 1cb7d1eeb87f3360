"""What in a text tells who somebody is: numbers, addresses, dates of birth (R093). Pure: text in, what was found out.

Asked of what crosses territories, where nothing of a family may be written. It reads shapes, never files: refusing a
word because a family of the territory bears it would tell whoever tries names that the family is followed here.

Three answers, by how sure the shape is:
- a number, an address, an e-mail, a date in figures, a date beside words of birth are refused;
- the date of a meeting is written with its month in letters, far from words of birth, and passes;
- « Mme Garnier », « bébé Léo », « Adèle, 12 jours » may be a colleague or a place: they are asked about, and she
  answers.

What it does not see: a first name alone and without an age, figures spelled in letters, a story that only one family
lived. People read the messages: whoever recognises a family says so, and the text is hidden at once.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from copa.kernel.french import NBSP
from copa.kernel.identifiers import REFERENCE_LETTERS

# From so many figures on, whatever stands between them, a suite may be the number of somebody.
LONGEST_NUMBER = 7
# Of what was found, so much is shown: it is her own text, and she has it before her.
_SHOWN = 60
_TOLD = 5
_THIN = "\u202f"


class Kind(StrEnum):
    """What was found, in the order in which a place in the text is read."""

    FILE = "file"
    EMAIL = "email"
    ADDRESS = "address"
    BIRTH = "birth"
    NIR = "nir"
    PHONE = "phone"
    DATE = "date"
    DIGITS = "digits"


# What it is, and what to write instead.
_WORDS: dict[Kind, tuple[str, str]] = {
    Kind.FILE: ("un numéro ou un lien de dossier", "racontez sans lui"),
    Kind.EMAIL: ("une adresse e-mail", "nommez plutôt le service"),
    Kind.ADDRESS: ("une adresse postale", "nommez plutôt la structure, ou dites «\u00a0en ville\u00a0»"),
    Kind.BIRTH: ("une date de naissance", "dites plutôt l’âge, comme «\u00a0à huit jours\u00a0»"),
    Kind.NIR: ("un numéro de sécurité sociale", "enlevez-le"),
    Kind.PHONE: ("un numéro de téléphone", "nommez plutôt le service"),
    Kind.DATE: (
        "une date en chiffres",
        "écrivez le mois d’une réunion en lettres, et d’une naissance dites plutôt l’âge",
    ),
    Kind.DIGITS: (
        "une longue suite de chiffres",
        "enlevez-la, ou séparez les nombres d’un tableau par des mots ou des virgules",
    ),
}


@dataclass(frozen=True, slots=True)
class Found:
    """One place of the text: `excerpt` as she wrote it, cut when it is long, and its line, from 1."""

    kind: Kind
    excerpt: str
    line: int


@dataclass(frozen=True, slots=True)
class _Plain:
    """A text as it is read: `at[i]` is the place in what she wrote of the sign `i`, its length after the last one."""

    text: str
    at: tuple[int, ...]


# A letter with the accents written apart from it, which are read as one.
_LETTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
_QUOTES = "\u2019\u2018\u02bc\u00b4`"
# What stands between two figures of one number. Not the comma, which cuts lists, nor the colon, which tells hours.
_S = r"[ \t\n.\-/_()|·•]{0,3}"
# A phone number is read through commas too.
_P = r"[ \t\n.\-/_()|·•,;]{0,3}"
_MONTH = (
    r"(?:janv(?:ier)?|f[ée]v(?:r(?:ier)?)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|ao[ûu]t|sept(?:embre)?|oct(?:obre)?"
    r"|nov(?:embre)?|d[ée]c(?:embre)?)\b"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH_NUMBER = r"(?:0?[1-9]|1[0-2])"
_ANY_DATE = rf"(?<!\d){_DAY}(?:er)?(?:\s*{_MONTH}|\s*[./\-]\s*{_MONTH_NUMBER}(?!\d))"
_LINK_WORDS = r"(?:\W{1,3}(?:le|la|du|au|de|a|à|est|a eu lieu|pr[ée]vue?|date|pour|ce|jour)){0,4}\W{1,3}"
_BIRTH_WORDS = r"\b(?:naissances?|accouch\w*|c[ée]sarienne|ddn|dpa|d\.d\.n\.?|(?<!court )(?<!moyen )(?<!long )terme)"
_STREET = r"rue|avenue|av\.|av|bd|bld|blvd|boulevard|chemin|ch\.|impasse|all[ée]e|ruelle|sentier|faubourg|fbg"
# These words say other things too: « 2 places en crèche ». A street has a capital letter after them.
_PLACE = r"place|pl\.|cours|route|rte|passage|villa|mail|mont[ée]e|clos|rond-point|square|quai|r[ée]sidence|hameau"
_PLACE_MORE = r"lotissement|lot|lieu-dit|esplanade|promenade|cit[ée]|c[ôo]te|voie|parc"
_ADDRESS_NUMBER = r"(?<!\d)\d{1,4}\s*(?:(?:bis|ter|quater)\b|[a-d]\b)?\s*,?\s+"

_NUMBER = r"IPP|NIP|IEP|NDA|INS|NIR|matricule"
_NO, _FILE = r"n[°o]|num[ée]ro", r"dossier|parcours|s[ée]jour"
_MAILBOX, _HOST = r"(?<![\w.+%-])[\w.+%-]+", r"[\w-]+(?:\s?\.\s?[\w-]+)+"

_PATTERNS: tuple[tuple[Kind, str], ...] = (
    # The references of this product, its pages, and the numbers that say what they are.
    (Kind.FILE, rf"\b[a-z]{{2}}\s?-\s?[{REFERENCE_LETTERS}]{{6}}\b"),
    (Kind.FILE, rf"\b[a-z]{{2}}\s?(?=[{REFERENCE_LETTERS}]*\d)(?=\d*[a-z])[{REFERENCE_LETTERS}]{{6}}\b"),
    (Kind.FILE, r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"),
    (Kind.FILE, r"(?<!\S)\S*/t/[\w-]+/[\w-]+/\S+"),
    (Kind.FILE, rf"\b(?:{_NUMBER})\b[^\w\n]{{0,4}}(?:{_NO})?[^\w\n]{{0,4}}[a-z]{{0,3}}\d{{3,}}"),
    (Kind.FILE, rf"\b(?:{_FILE})\W{{0,3}}(?:{_NO})\W{{0,4}}[a-z]{{0,3}}\d{{3,}}"),
    (Kind.FILE, rf"\b(?:{_NO})\W{{0,2}}(?:de |du )?(?:{_FILE})\W{{0,4}}[a-z]{{0,3}}\d{{3,}}"),
    (Kind.EMAIL, rf"{_MAILBOX}\s?@\s?{_HOST}"),
    (Kind.EMAIL, rf"{_MAILBOX}\s?(?:[\[({{<]\s?(?:at|a|arobase)\s?[\])}}>]|\sarobase\s)\s?{_HOST}"),
    (Kind.ADDRESS, rf"{_ADDRESS_NUMBER}(?:{_STREET})\s+\w[^\n,;.]{{0,40}}"),
    (Kind.ADDRESS, rf"{_ADDRESS_NUMBER}(?:{_PLACE}|{_PLACE_MORE})\s+(?:de la |de l'|des |du |de |d'|la |le |les )?"
                   rf"(?-i:[A-ZÀ-ÖØ-Þ])[^\n,;.]{{0,40}}"),
    (Kind.BIRTH, rf"\bn(?:é\(e\)s?|(?:ées?|és?|ees?)\b)[^.!?;\d]{{0,40}}?{_ANY_DATE}(?:\W{{0,2}}\d{{2,4}})?"),
    (Kind.BIRTH, rf"\bn[ée](?:\(e\)|e)?s? le \W?{_ANY_DATE}(?:\W{{0,2}}\d{{2,4}})?"),
    (Kind.BIRTH, rf"{_BIRTH_WORDS}{_LINK_WORDS}{_ANY_DATE}(?:\W{{0,2}}\d{{2,4}})?"),
    (Kind.BIRTH, rf"{_ANY_DATE}(?:\W{{0,2}}\d{{2,4}})?\W{{1,3}}(?:date de |jour de )?(?:la |sa |leur )?naissance\b"),
    (Kind.NIR, rf"(?<!\d)[1-478]{_P}(?:\d{_P}){{4}}(?:\d{_P}\d|2{_P}[ab])(?:{_P}\d){{6}}(?:(?:{_P}\d){{2}})?(?!\d)"),
    (Kind.PHONE, rf"(?:\+|(?<!\d)00){_P}\d(?:{_P}\d){{7,14}}(?!\d)"),
    (Kind.PHONE, rf"(?<!\d)0{_P}[1-9](?:{_P}\d){{8}}(?!\d)"),
    (Kind.PHONE, r"(?<!\d)0[1-9](?:\s?:\s?\d\d){4}(?!\d)"),
    (Kind.DATE, rf"(?<![\d.]){_DAY}\s?[./\-_ \n]\s?{_MONTH_NUMBER}\s?[./\-_ \n]\s?(?:19|20)\d\d(?!\d)"),
    (Kind.DATE, rf"(?<![\w.]){_DAY}\s?([./\-])\s?{_MONTH_NUMBER}\s?\1\s?\d\d(?![\d.])"),
    (Kind.DATE, rf"(?<!\d)(?:19|20)\d\d\s?([./\-])\s?{_MONTH_NUMBER}\s?\1\s?{_DAY}(?!\d)"),
    (Kind.DIGITS, rf"\d(?:{_S}\d){{{LONGEST_NUMBER},}}"),
)  # fmt: skip
_COMPILED = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)
# A public page has figures in its address: only what is shaped as the number of a person is refused there.
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_FREE_IN_LINK = {Kind.DIGITS, Kind.DATE}
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBERS = re.compile(r"\d+")

_CAPITAL = r"(?-i:[A-ZÀ-ÖØ-Þ])[\w'’\-]*"
_SPELLED = r"un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt"
# Letters that stand for nobody, and names of services.
_NOBODY = {"X", "Y", "Z", "XX", "XXX", "N", "COPA", "PMI", "CPP", "CAF", "ARS", "AP"}
_DOUBTS = (
    re.compile(rf"\b(?:m\.|mr\.?|mme\.?|mmes|mlle\.?|monsieur|madame|mademoiselle)\s+({_CAPITAL})", re.IGNORECASE),
    re.compile(rf"(?-i:\bM)\s({_CAPITAL})"),
    re.compile(
        rf"\b(?:b[ée]b[ée]|petite?|famille|enfant|maman|papa|fille|fils|jumeaux|jumelles)\s+({_CAPITAL})", re.IGNORECASE
    ),
    # « Adèle, 12 jours », « Léo a trois semaines »: a first name beside an age; « Aïcha M. ».
    re.compile(rf"\b({_CAPITAL})(?:,|\s+a|\s+\()\s*(?:\d{{1,2}}|{_SPELLED})\s+(?:jours?|semaines?|mois|ans?)\b"),
    re.compile(r"\b([A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'’\-]{2,})\s[A-ZÀ-ÖØ-Þ]\."),
)


def found_in(text: str) -> list[Found]:
    """What would tell who somebody is, in the order of the text; empty for a text that may be read everywhere."""
    plain = _plain(text)
    taken: list[tuple[int, int, Kind]] = []
    for kind, start, end in _shapes(plain.text):
        if all(end <= first or start >= last for first, last, _ in taken):
            taken.append((start, end, kind))
    return [_found(text, plain, kind, start, end) for start, end, kind in sorted(taken)]


def doubts_in(text: str) -> list[str]:
    """Words that may name a family, as she wrote them, each once: « Mme Garnier », « bébé Léo »."""
    plain = _plain(text)
    spans = sorted(
        match.span() for pattern in _DOUBTS for match in pattern.finditer(plain.text) if _is_somebody(match[1])
    )
    return list(dict.fromkeys(" ".join(_written(text, plain, *span).split()) for span in spans))


def sentence(found: list[Found]) -> str:
    """What stands beside the field: what was found, where, what to write instead. A few of them when there are many."""
    told = [f"ligne {one.line}, {_WORDS[one.kind][0]} («{NBSP}{one.excerpt}{NBSP}»)" for one in found[:_TOLD]]
    more = f" et {len(found) - _TOLD} autres" if len(found) > _TOLD else ""
    advice = dict.fromkeys(_WORDS[one.kind][1] for one in found[:_TOLD])
    return (
        f"Rien de ce qui désigne une personne ne s’écrit ici. Trouvé{NBSP}: {', '.join(told)}{more}. "
        f"À la place{NBSP}: {f'{_THIN}; '.join(advice)}."
    )


def _plain(text: str) -> _Plain:
    """The text with one way of writing each sign: ASCII figures, plain spaces, dashes and quotes, nothing invisible."""
    signs: list[str] = []
    at: list[int] = []
    for letter in _LETTER.finditer(text):
        for one in _signs(letter[0]):
            signs.append(one)
            at.append(letter.start())
    return _Plain("".join(signs), (*at, len(text)))


def _signs(letter: str) -> Iterator[str]:
    for one in unicodedata.normalize("NFKC", letter):
        category, figure = unicodedata.category(one), unicodedata.digit(one, None)
        if figure is not None:
            yield str(figure)
        elif category == "Pd" or one == "\u2212":
            yield "-"
        elif category in {"Zs", "Zl", "Zp"} or one == "\r":
            yield " "
        elif one in _QUOTES:
            yield "'"
        elif category not in {"Cf", "Mn", "Me", "Cc"} or one in "\n\t":
            yield one


def _shapes(plain: str) -> Iterator[tuple[Kind, int, int]]:
    links = [match.span() for match in _LINK.finditer(plain)]
    for kind, pattern in _COMPILED:
        for match in pattern.finditer(plain):
            start, end = match.span()
            is_in_link = any(first <= start and end <= last for first, last in links)
            if (is_in_link and kind in _FREE_IN_LINK) or (kind == Kind.DIGITS and not _is_long(match[0])):
                continue
            yield kind, start, end


def _is_long(run: str) -> bool:
    """Whether figures in a row are many once whole years are left out: « 2025-2026 » is no number of anybody."""
    others = [number for number in _NUMBERS.findall(run) if not _YEAR.fullmatch(number)]
    return sum(map(len, others)) > LONGEST_NUMBER


def _is_somebody(name: str) -> bool:
    return name.upper().strip("'-’") not in _NOBODY


def _written(text: str, plain: _Plain, start: int, end: int) -> str:
    # One sign of hers may be read as two: the end is then inside it.
    return text[plain.at[start] : max(plain.at[end], plain.at[end - 1] + 1)]


def _found(text: str, plain: _Plain, kind: Kind, start: int, end: int) -> Found:
    excerpt = " ".join(_written(text, plain, start, end).split())
    shown = excerpt if len(excerpt) <= _SHOWN else f"{excerpt[:_SHOWN]}…"
    return Found(kind, shown, text.count("\n", 0, plain.at[start]) + 1)
