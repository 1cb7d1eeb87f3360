"""SVG elements without a template: safe strings, coordinates independent of language, ink that also prints.

Colours come from the style sheet by class. A PDF's style sheet does not reach inside an SVG, so a shape also
carries its daylight ink as an attribute, which any style sheet overrides.
"""

from functools import lru_cache

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString

# The light values of static/css/tokens.css; a test compares them.
_INK, _INK_SOFT = "#10201d", "#384944"
_LINE, _LINE_STRONG, _SURFACE = "#d3ddda", "#6d7f79", "#ffffff"
_ACTION, _ACTION_MID, _REST = "#08504e", "#8fb9b2", "#b9ccc7"
_WARM, _WARM_SOFT, _WARM_INK = "#d9683c", "#fde8dd", "#742c10"
_BAD, _BAD_SOFT, _BAD_INK = "#c42b30", "#fde8e7", "#821217"
INK = {
    "ink": _INK,
    "ink-soft": _INK_SOFT,
    "line": _LINE,
    "line-strong": _LINE_STRONG,
    "surface": _SURFACE,
    "action": _ACTION,
    "action-mid": _ACTION_MID,
    "rest": _REST,
    "warm": _WARM,
    "warm-soft": _WARM_SOFT,
    "warm-ink": _WARM_INK,
    "bad": _BAD,
    "bad-soft": _BAD_SOFT,
    "bad-ink": _BAD_INK,
}

Attrs = dict[str, str]
_TEXT = {"font-size": "13", "fill": _INK_SOFT}
_BOLD = {"font-size": "13", "font-weight": "700"}
# What each class looks like where no style sheet reaches.
_ON_PAPER: dict[str, Attrs] = {
    # charts
    "label": _TEXT,
    "strong": {**_BOLD, "fill": _INK},
    "grid": {"stroke": _LINE},
    "aim": {"stroke": _WARM, "stroke-width": "2", "stroke-dasharray": "5 4"},
    "aim-text": {**_TEXT, "fill": _WARM_INK},
    "area": {"fill": _ACTION, "opacity": "0.1"},
    "line": {"fill": "none", "stroke": _ACTION, "stroke-width": "3"},
    "dot": {"fill": _SURFACE, "stroke": _ACTION, "stroke-width": "3"},
    "dot-now": {"fill": _ACTION, "stroke": _SURFACE, "stroke-width": "3"},
    "hatch-line": {"stroke": _LINE_STRONG, "stroke-width": "2"},
    "seg-1": {"fill": _ACTION},
    "seg-2": {"fill": _ACTION_MID},
    "seg-3": {"fill": _WARM},
    "seg-4": {"stroke": _LINE_STRONG},
    "in-1": {**_BOLD, "fill": _SURFACE},
    "in-2": {**_BOLD, "fill": _INK},
    "in-3": {**_BOLD, "fill": _INK},
    # parts of a figure
    "yes": {"fill": _ACTION},
    "no": {"fill": _REST},
    "miss": {"fill": _SURFACE, "stroke": _LINE_STRONG},
    # the small thread
    "track": {"stroke": _LINE, "stroke-width": "3"},
    "past": {"stroke": _ACTION, "stroke-width": "3"},
    "end": {"fill": _LINE_STRONG},
    "now": {"fill": _WARM},
    "ring-now": {"fill": _WARM_SOFT},
    "b b-done": {"fill": _ACTION, "stroke": _ACTION, "stroke-width": "2"},
    "b b-planned": {"fill": _SURFACE, "stroke": _ACTION, "stroke-width": "2"},
    "b b-today": {"fill": _SURFACE, "stroke": _ACTION, "stroke-width": "2"},
    "b b-maybe": {"fill": _SURFACE, "stroke": _LINE_STRONG, "stroke-dasharray": "2 2"},
    "b b-late": {"fill": _BAD_SOFT, "stroke": _BAD, "stroke-width": "2"},
    "t-done": {"font-size": "11", "font-weight": "700", "fill": _SURFACE},
    "t-late": {"font-size": "11", "font-weight": "700", "fill": _BAD_INK},
    "t-planned": {"font-size": "11", "font-weight": "700", "fill": _ACTION},
    "t-today": {"font-size": "11", "font-weight": "700", "fill": _ACTION},
    "t-maybe": {"font-size": "11", "font-weight": "700", "fill": _ACTION},
}


def coordinate(value: float) -> str:
    """One decimal at most, with a point whatever the language of the page."""
    return f"{value:.1f}".removesuffix(".0")


def element(tag: str, *children: str, cls: str = "", **attrs: str | float) -> SafeString:
    """An element: children are escaped unless safe, `text_anchor` becomes `text-anchor`.

    Built as plain strings: a list of fifty threads has a thousand of these.
    """
    given = {name.replace("_", "-"): value for name, value in attrs.items()}
    spelled = "".join([f' {name}="{_text(value)}"' for name, value in given.items()])
    inside = "".join([conditional_escape(child) for child in children])
    return SafeString(f"<{tag}{_dressed(cls, frozenset(given))}{spelled}>{inside}</{tag}>")


@lru_cache(maxsize=512)
def _dressed(cls: str, given: frozenset[str]) -> str:
    """The class and the ink it has on paper, but for what the caller sets."""
    known = {"class": cls, **_ON_PAPER.get(cls, {})} if cls else {}
    return "".join([f' {name}="{escape(value)}"' for name, value in known.items() if name not in given])


def _text(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else coordinate(value)


def drawing(cls: str, width: float, height: float, name: str, *children: str, **attrs: str) -> SafeString:
    """An image with a name for screen readers; in a PDF the name becomes its alternative text."""
    box = f"0 0 {coordinate(width)} {coordinate(height)}"
    return element("svg", element("title", name), *children, cls=cls, viewBox=box, role="img", **attrs)
