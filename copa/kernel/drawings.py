"""The small drawings that stand in rows: thread of 21 days, ring of a clock, parts of a figure."""

from functools import lru_cache

from django.utils.safestring import SafeString

from copa.kernel import french
from copa.kernel.french import NBSP
from copa.kernel.look import LAST_DAY, RING, Figure, Thread
from copa.kernel.svg import coordinate, drawing, element

_FIRST, _STEP, _MIDDLE = 12, 14.8, 13
_WIDTH, _HEIGHT = 336, 26
_END = _FIRST + LAST_DAY * _STEP


_TRACK = element("path", cls="track", d=f"M{_FIRST} {_MIDDLE}H{coordinate(_END)}")
_STOP = element("path", cls="end", d=f"M{coordinate(_END - 1)} 6h2.5v14h-2.5z")
# Lists repeat the same few thousand drawings (days and states, nothing about anybody): drawn once.
_REMEMBERED = 4096


def _x(day: int) -> float:
    return _FIRST + day * _STEP


def mini_thread(thread: Thread) -> SafeString:
    """The thread of a table row; its name is the same thing in words."""
    beads = sorted([(bead.place, bead.state, bead.short) for bead in thread.visits])
    return _mini_thread(thread.sentence, thread.past_day, tuple(beads))


@lru_cache(maxsize=_REMEMBERED)
def _mini_thread(name: str, today: int | None, beads: tuple[tuple[int, str, str], ...]) -> SafeString:
    shapes = [_TRACK]
    if today is not None:
        shapes.append(element("path", cls="past", d=f"M{_FIRST} {_MIDDLE}H{coordinate(_x(today))}"))
    shapes.append(_STOP)
    if today is not None:
        shapes.append(_today(today, is_shared=any(place == today for place, _, _ in beads)))
    for place, state, letter in beads:
        shapes.append(element("circle", cls=f"b b-{state}", cx=_x(place), cy=_MIDDLE, r=9))
        shapes.append(element("text", letter, cls=f"t-{state}", x=_x(place), y=_MIDDLE + 4, text_anchor="middle"))
    return drawing("mini", _WIDTH, _HEIGHT, name, *shapes)


def _today(day: int, *, is_shared: bool) -> SafeString:
    """A warm dot, or a warm halo when a visit stands on the same day."""
    cls, radius = ("ring-now", 12) if is_shared else ("now", 5)
    return element("circle", cls=cls, cx=_x(day), cy=_MIDDLE, r=radius)


def thread_axis() -> SafeString:
    """J0, J7, J14, J21 above a column of small threads."""
    marks = [element("text", f"J{day}", cls="axis", x=_x(day), y=17) for day in (0, 7, 14, 21)]
    return element("svg", *marks, cls="mini", viewBox=f"0 0 {_WIDTH} {_HEIGHT}", aria_hidden="true")


def parents_thread(thread: Thread) -> SafeString:
    """21 days as a necklace, for the family: days lived, visits made and to come."""
    visits = {bead.place: bead for bead in thread.visits}
    shapes = []
    for day in range(LAST_DAY + 1):
        bead = visits.get(day)
        kind = "on" if thread.past_day is not None and day <= thread.past_day else "off"
        cls = kind if bead is None else ("visit-done" if bead.state == "done" else "visit")
        shapes.append(element("circle", cls=cls, cx=8 + 16 * day, cy=12, r=4.5 if bead is None else 7))
    for day, bead in visits.items():
        shapes.append(element("text", bead.caption, x=8 + 16 * day, y=36))
    if LAST_DAY not in visits:
        shapes.append(element("text", "3 semaines", cls="end", x=8 + 16 * LAST_DAY, y=36))
    return drawing("beads21", 352, 40, thread.sentence, *shapes)


@lru_cache(maxsize=_REMEMBERED)
def ring(arc: str, radius: float = 9) -> SafeString:
    """A ring of 24 hours filled up to `arc`; always beside its words, so hidden from screen readers."""
    track = element("circle", cls="ring-track", cx=12, cy=12, r=radius)
    filled = element(
        "circle", cls="ring-arc", cx=12, cy=12, r=radius, pathLength=RING, stroke_dasharray=f"{arc} {RING}"
    )
    return element("svg", track, filled, viewBox="0 0 24 24", aria_hidden="true")


def parts_bar(figure: Figure) -> SafeString:
    """Numerator, rest and missing as one bar; nothing when a count is masked or there is no case."""
    if figure.is_masked or not figure.total:
        return SafeString("")
    yes, known, total = figure.numerator or 0, figure.denominator or 0, figure.total
    counts = f"{french.number(yes)} sur {french.number(known)}, {french.plural(figure.missing or 0, 'manquant')}"
    name = f"{figure.label}{NBSP}: {counts}"
    shapes = [
        element("path", cls="yes", d=f"M0 0H{yes}V10H0z"),
        element("path", cls="no", d=f"M{yes} 0H{known}V10H{yes}z"),
    ]
    if figure.missing:
        shapes.append(element("path", cls="miss", d=f"M{known} 0H{total}V10H{known}z"))
    return drawing("parts", total, 10, name, *shapes, preserveAspectRatio="none")
