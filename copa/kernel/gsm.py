"""The text of an SMS: plain letters of GSM-7 and under 160 characters, or it costs two and may arrive in pieces."""

import string
import unicodedata

LENGTH = 160
# GSM 03.38, the characters that count once and that every phone shows; no extension table ("€" and "[" count twice).
_ALPHABET = frozenset(
    "@£$¥\nøØ\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüàèéùìò"
) | frozenset(string.digits)
_LOOK_ALIKE = str.maketrans(
    {"’": "'", "‘": "'", "«": '"', "»": '"', "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."}
)


def plain(text: str) -> str:
    """The text in plain letters: no accent (alerts.md 7), straight apostrophes, single spaces.

    Raises ValueError for what has no plain letter, and for a text over 160 characters.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_LOOK_ALIKE))
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    letters = letters.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
    words = " ".join(letters.split())
    if unknown := sorted(set(words) - _ALPHABET):
        raise ValueError(f"no plain letter for {unknown}")
    if len(words) > LENGTH:
        raise ValueError(f"an SMS holds {LENGTH} characters, not {len(words)}")
    return words
