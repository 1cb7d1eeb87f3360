"""French typography for texts that come from a plain-text table: apostrophes and no-break spaces."""

import re

NBSP = "\u00a0"
THIN = "\u202f"

_BEFORE_THIN = re.compile(r" (?=[;?!])")
_BEFORE_NBSP = re.compile(r" (?=[:»%])|(?<=«) ")
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=(?:°C|h|min|heures|grammes|semaines)\b)")
_IN_NUMBER = re.compile(r"(?<=\d) (?=\d{3}\b)")


def typeset(text: str) -> str:
    """Return the text with ’ and the no-break spaces French wants; typesetting twice changes nothing."""
    text = text.strip().replace("'", "’")
    text = _BEFORE_THIN.sub(THIN, text)
    text = _BEFORE_NBSP.sub(NBSP, text)
    text = _BEFORE_UNIT.sub(NBSP, text)
    return _IN_NUMBER.sub(NBSP, text)
