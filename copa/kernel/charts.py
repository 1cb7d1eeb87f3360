"""Charts as SVG made on the server: the same drawing in a page and in a PDF, each with its figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import TypeVar
from zlib import crc32

from django.utils.safestring import SafeString

from copa.kernel import french
from copa.kernel.french import NBSP
from copa.kernel.svg import coordinate, drawing, element

# A drawing does not know which of two counts is the small one: it must not say it of the wrong one.
MASKED = "masqué"
WIDTH, HEIGHT = 440, 220
_LEFT, _RIGHT, _TOP, _BOTTOM, _INDENT = 34, 430, 22, 190, 18
_BARS_TOP, _BARS_END = 34, 390
_ROOMY, _TIGHT = 44, 30  # from one bar to the next
_LETTER = 7.6  # width of a letter of a bar's name, with some air
_ROOM_FOR_WORDS = 26
_FILLED = 3  # series with a plain fill; a fourth is hatched

_Scale = Callable[[float], float]
_Spot = tuple[float, float | None]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a curve. `value` is in the chart's unit (88.0 for 88 %), None where nothing may be shown.

    `parts` are the counts behind it, for the table (154, 170); None there is a masked count.
    """

    label: str
    value: float | None
    parts: Sequence[int | None] = ()


@dataclass(frozen=True, slots=True)
class LineChart:
    """A curve over time. `columns` name the `parts`; `aim` is a horizontal target in the same unit."""

    title: str
    points: Sequence[Point]
    aim: float | None = None
    unit: str = "%"
    period: str = "Mois"
    value_name: str = "Taux"
    columns: Sequence[str] = ()

    @property
    def svg(self) -> SafeString:
        """The drawing; without points it is only its frame."""
        known = [p.value for p in self.points if p.value is not None]
        known += [self.aim] if self.aim is not None else []
        axis = scale(known, self.unit)
        height = _height_of(axis)
        step = (_RIGHT - _LEFT - 2 * _INDENT) / max(1, len(self.points) - 1)
        spots = [
            (_LEFT + _INDENT + index * step, None if point.value is None else height(point.value))
            for index, point in enumerate(self.points)
        ]
        shapes = [*_grid(axis, height), *_aim(self, height, spots), *_curve(spots), *_ends(self, spots, height)]
        return drawing("chart", WIDTH, HEIGHT, self.sentence, *shapes, *_months(self, spots))

    @property
    def sentence(self) -> str:
        """The drawing in words: title, first and last value."""
        told = [point for point in self.points if point.value is not None]
        ends = [f"{p.label}{NBSP}: {_value(p.value, self.unit)}" for p in _first_and_last(told)]
        return f"{self.title}. {', '.join(ends) or 'Aucune valeur'}."

    @property
    def head(self) -> list[str]:
        return [self.period, *self.columns, self.value_name]

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The table: name of the row, then its cells in words."""
        return [(p.label, [*map(_count, p.parts), _value(p.value, self.unit)]) for p in self.points]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `values` follow the chart's series. None is a masked count: told in the table, not drawn."""

    label: str
    values: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class BarChart:
    """Horizontal stacked bars on one scale, at most four series; tight ones keep their words legible on paper."""

    title: str
    series: Sequence[str]
    bars: Sequence[Bar]
    period: str = "Trimestre"
    is_tight: bool = False

    @property
    def svg(self) -> SafeString:
        """The drawing; each bar ends with its total, unless a part is masked."""
        hatch = f"hatch-{crc32(self.title.encode()):x}"
        longest = max((sum(v or 0 for v in bar.values) for bar in self.bars), default=0) or 1
        left = max([_LEFT, *(12 + _LETTER * len(bar.label) for bar in self.bars)])
        unit = (_BARS_END - left) / longest
        step = _TIGHT if self.is_tight else _ROOMY
        thick = step * 2 / 3
        tops = [_BARS_TOP + step * i for i in range(len(self.bars))]
        rows = [_bar(bar, (left, top), (unit, thick), hatch) for bar, top in zip(self.bars, tops, strict=True)]
        height = _BARS_TOP + step * len(self.bars)
        return drawing("chart", WIDTH, height, self.sentence, _hatch(hatch), *_legend(self, hatch), *rows)

    @property
    def sentence(self) -> str:
        """The drawing in words: title and the total of each bar."""
        words = [f"{bar.label}{NBSP}: {_total(bar) or 'masqué'}" for bar in self.bars]
        return f"{self.title}. {', '.join(words) or 'Aucune valeur'}."

    @property
    def head(self) -> list[str]:
        return [self.period, *self.series]

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        return [(bar.label, list(map(_count, bar.values))) for bar in self.bars]


def _first_and_last(told: list[_T]) -> list[_T]:
    return [told[0], told[-1]] if len(told) > 1 else told


def _count(value: int | None) -> str:
    return MASKED if value is None else french.number(value)


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return french.NOTHING
    words = french.decimal(value, 1) if unit == "%" else french.number(value)
    return f"{words}{NBSP}{unit}" if unit else words


# ---- Curve ---------------------------------------------------------------------------------------------
def scale(values: Sequence[float], unit: str) -> tuple[float, float, float]:
    """Bottom, top and step of an axis. Percentages end at 100 and start at a round ten below the lowest
    value; counts start at 0 and have three to six lines."""
    if unit == "%":
        low = max(0, floor((min(values, default=0) - 5) / 10) * 10)
        return low, 100, 10 if 100 - low <= 50 else 20
    high = max(values, default=1) or 1
    step = 10.0 ** floor(log10(high))
    if high / step < 3:
        step /= 2 if high / step >= 1.5 else 5
    step = max(1.0, step * (2 if high / step > 6 else 1))
    return 0, ceil(high / step) * step, step


def _height_of(axis: tuple[float, float, float]) -> _Scale:
    low, high, _ = axis
    return lambda value: _BOTTOM - (value - low) / (high - low) * (_BOTTOM - _TOP)


def _grid(axis: tuple[float, float, float], height: _Scale) -> list[SafeString]:
    low, high, step = axis
    shapes = []
    for index in range(int((high - low) / step) + 1):
        mark = low + index * step
        at, words = height(mark), french.number(int(mark))
        shapes.append(element("path", cls="grid", d=f"M{_LEFT} {coordinate(at)}H{_RIGHT}"))
        shapes.append(element("text", words, cls="label", x=_LEFT - 6, y=at + 4, text_anchor="end"))
    return shapes


def _aim(chart: LineChart, height: _Scale, spots: Sequence[_Spot]) -> list[SafeString]:
    """The target and its name, on the side of the line that the curve leaves free at its start."""
    if chart.aim is None:
        return []
    at = height(chart.aim)
    start = next((y for _, y in spots if y is not None), None)
    is_curve_above = start is not None and start <= at
    words = f"objectif {french.number(chart.aim)}" + (f"{NBSP}{chart.unit}" if chart.unit else "")
    return [
        element("path", cls="aim", d=f"M{_LEFT} {coordinate(at)}H{_RIGHT}"),
        element("text", words, cls="aim-text", x=_LEFT + 4, y=at + 16 if is_curve_above else at - 8),
    ]


def _stretches(spots: Sequence[_Spot]) -> list[list[tuple[float, float]]]:
    """Runs without a hole: a curve never bridges a missing value."""
    runs: list[list[tuple[float, float]]] = [[]]
    for x, y in spots:
        if y is None:
            runs.append([])
        else:
            runs[-1].append((x, y))
    return [run for run in runs if run]


def _curve(spots: Sequence[_Spot]) -> list[SafeString]:
    runs = _stretches(spots)
    areas, lines = [], []
    for run in (run for run in runs if len(run) > 1):
        path = "L".join(f"{coordinate(x)} {coordinate(y)}" for x, y in run)
        areas.append(element("path", cls="area", d=f"M{path}V{_BOTTOM}H{coordinate(run[0][0])}z"))
        lines.append(element("path", cls="line", d=f"M{path}"))
    flat = [spot for run in runs for spot in run]
    dots = [element("circle", cls="dot", cx=x, cy=y, r=4.5) for x, y in flat[:-1]]
    last = [element("circle", cls="dot-now", cx=x, cy=y, r=7) for x, y in flat[-1:]]
    return [*areas, *lines, *dots, *last]


def _ends(chart: LineChart, spots: Sequence[_Spot], height: _Scale) -> list[SafeString]:
    """The first and the last value stand above their point, below it where the target is written; see the table."""
    aim = None if chart.aim is None else height(chart.aim)
    told = [(x, y, p.value) for (x, y), p in zip(spots, chart.points, strict=True) if y is not None]
    return [
        element("text", _value(value, chart.unit), cls="strong", x=x, y=_beside(y, aim), text_anchor="middle")
        for x, y, value in _first_and_last(told)
    ]


def _beside(y: float, aim: float | None) -> float:
    """Where the value of a point is written: above, unless the target runs there with its name over it."""
    return y + 24 if aim is not None and y - 40 < aim < y else y - 14


def _months(chart: LineChart, spots: Sequence[_Spot]) -> list[SafeString]:
    """At most ten names on the axis, counted back from the last."""
    every = max(1, ceil(len(spots) / 10))
    return [
        element("text", point.label, cls="label", x=x, y=_BOTTOM + 20, text_anchor="middle")
        for i, ((x, _), point) in enumerate(zip(spots, chart.points, strict=True))
        if (len(spots) - 1 - i) % every == 0
    ]


# ---- Bars ----------------------------------------------------------------------------------------------
def _total(bar: Bar) -> str:
    """Empty when a part is masked: the total would give it away."""
    return "" if None in bar.values else french.number(sum(value or 0 for value in bar.values))


def _hatch(name: str) -> SafeString:
    line = element("path", cls="hatch-line", d="M0 0V6")
    pattern = element(
        "pattern",
        line,
        id=name,
        width=6,
        height=6,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )
    return element("defs", pattern)


def _box(index: int, at: tuple[float, float], size: tuple[float, float], hatch: str) -> SafeString:
    x, y, width, height = map(coordinate, (*at, *size))
    fill = {} if index < _FILLED else {"fill": f"url(#{hatch})"}
    return element("path", cls=f"seg-{index + 1}", d=f"M{x} {y}h{width}v{height}h-{width}z", **fill)


def _legend(chart: BarChart, hatch: str) -> list[SafeString]:
    shapes, x = [], float(_LEFT)
    for index, name in enumerate(chart.series):
        shapes += [_box(index, (x, 4), (12, 12), hatch), element("text", name, cls="label", x=x + 18, y=15)]
        x += 38 + 7.2 * len(name)
    return shapes


def _bar(bar: Bar, corner: tuple[float, float], size: tuple[float, float], hatch: str) -> SafeString:
    """One bar from its corner; `size` is the length of one case and the thickness."""
    (x, top), (unit, thick) = corner, size
    line = top + thick / 2 + 5
    shapes = [element("text", bar.label, cls="strong", x=0, y=line)]
    for index, value in enumerate(bar.values):
        if not value:
            continue
        width = value * unit
        shapes.append(_box(index, (x, top), (width, thick), hatch))
        if index < _FILLED and width >= _ROOM_FOR_WORDS:
            middle, words = x + width / 2, french.number(value)
            shapes.append(element("text", words, cls=f"in-{index + 1}", x=middle, y=line, text_anchor="middle"))
        x += width
    total = element("text", _total(bar), cls="strong", x=x + 8, y=line)
    return element("g", *shapes, total)
