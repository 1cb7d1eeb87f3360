"""Pieces that the page of a territory, the page of a region and the report share: cards, curves, definitions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from copa.kernel import french
from copa.kernel.charts import Bar, BarChart, LineChart, Point
from copa.kernel.french import NBSP
from copa.kernel.look import Figure as FigureLook
from copa.kernel.quarters import Quarter
from reporting.rules.indicators import ADHESION, MAIN, REPORT_IN_TIME, IndicatorDefinition, ratio
from reporting.rules.masking import Shown

HISTORY = 6
NOTHING = Shown(0, 0, 0)
# An indicator's counts per quarter; a quarter without a computation is left out.
History = Mapping[Quarter, Mapping[str, Shown]]


@dataclass(frozen=True, slots=True)
class FigureCard:
    """One indicator of one quarter with all its parts, as `{% figure %}` takes them."""

    code: str
    label: str
    shown: Shown
    target: Decimal | None
    yes: str
    no: str
    note: str
    definition: str

    @property
    def definition_url(self) -> str:
        """Its definition, further down the same page."""
        return f"#def-{self.code}"


@dataclass(frozen=True, slots=True)
class QuarterLinks:
    """The quarter on screen and its neighbours; None where there is nothing to go to."""

    shown: Quarter
    previous: Quarter | None
    next: Quarter | None
    is_over: bool


def links(quarter: Quarter, known: Sequence[Quarter], today: date) -> QuarterLinks:
    """The way to an earlier quarter that has figures and to a later one that has begun."""
    earlier = [one for one in known if one < quarter]
    return QuarterLinks(
        shown=quarter,
        previous=max(earlier, default=None),
        next=quarter.next if quarter.next.first <= today else None,
        is_over=quarter.is_over(today),
    )


def chosen(asked: Quarter | None, known: Sequence[Quarter], today: date) -> Quarter:
    """The quarter to show: the one asked; else the last that ended, or the running one when only it has figures."""
    if asked is not None:
        return asked
    running = Quarter.of(today)
    return running if known and running.previous not in known and running in known else running.previous


def cards(
    quarter: Quarter, history: History, definitions: Sequence[IndicatorDefinition] = MAIN
) -> tuple[FigureCard, ...]:
    """A card for each of these indicators, with how it moved in a quarter."""
    now, before = history.get(quarter, {}), history.get(quarter.previous, {})
    return tuple(
        _card(definition, now.get(definition.code, NOTHING), before.get(definition.code)) for definition in definitions
    )


def _card(definition: IndicatorDefinition, shown: Shown, before: Shown | None) -> FigureCard:
    look = FigureLook(definition.label, shown.numerator, shown.denominator, shown.missing, definition.target)
    words = [look.verdict if look.ratio is not None else "", movement(shown, before)]
    return FigureCard(
        code=definition.code,
        label=definition.label,
        shown=shown,
        target=definition.target,
        yes=definition.yes,
        no=definition.no,
        note=", ".join(filter(None, words)),
        definition=f"Définition, version{NBSP}{definition.version}",
    )


def rate(shown: Shown | None) -> Decimal | None:
    """The rate of what is shown; None without a case, or when it is masked."""
    return None if shown is None else ratio(shown.numerator, shown.denominator)


def movement(shown: Shown, before: Shown | None) -> str:
    """As "+5,8 points en un trimestre"; "" when one of the two is not known or not shown."""
    now, then = rate(shown), rate(before)
    if now is None or then is None:
        return ""
    points = round((now - then) * 100, 1)
    if not points:
        return "stable en un trimestre"
    sign = "+" if points > 0 else "−"
    return f"{sign}{french.decimal(abs(points), 1)}{NBSP}{french.agree(int(abs(points)), 'point')} en un trimestre"


def curve(definition: IndicatorDefinition, quarters: Sequence[Quarter], history: History, cases: str) -> LineChart:
    """An indicator over the quarters; a masked or missing one leaves a hole."""
    shown = [(quarter, history.get(quarter, {}).get(definition.code)) for quarter in quarters]
    points = [_point(quarter, one) for quarter, one in shown if one is not None]
    aim = None if definition.target is None else float(definition.target * 100)
    title = _tendency(definition, points)
    return LineChart(title, points, aim=aim, period="Trimestre", columns=(definition.yes, cases))


def _point(quarter: Quarter, shown: Shown) -> Point:
    value = rate(shown)
    return Point(
        quarter.short, None if value is None else float(value * 100), parts=(shown.numerator, shown.denominator)
    )


def _tendency(definition: IndicatorDefinition, points: Sequence[Point]) -> str:
    """The title of a curve: from where to where."""
    told = [point for point in points if point.value is not None]
    if not told:
        return f"{definition.label}, par trimestre"
    first, last = (f"{french.decimal(point.value or 0, 1)}{NBSP}%" for point in (told[0], told[-1]))
    if len(told) == 1:
        return f"{definition.label}{NBSP}: {last} au {told[0].label}"
    until = "" if points[-1].value is not None else f" au {told[-1].label}"
    return f"{definition.label}{NBSP}: de {first} à {last}{until}"


def adhesions(quarters: Sequence[Quarter], history: History, *, is_tight: bool = False) -> BarChart:
    """Answers to the proposals, quarter by quarter; tight on paper."""
    bars = []
    for quarter in quarters:
        one = history.get(quarter, {}).get(ADHESION.code)
        if one is not None:
            whole, yes = one.denominator, one.numerator
            rest = None if whole is None or yes is None else whole - yes
            bars.append(Bar(quarter.short, (yes, rest, one.missing)))
    return BarChart(_proposals(bars), (ADHESION.yes, ADHESION.no, "Sans réponse"), bars, is_tight=is_tight)


def _proposals(bars: Sequence[Bar]) -> str:
    last = bars[-1].values if bars else ()
    if not last or None in last:
        return "Réponses aux propositions"
    total = sum(value or 0 for value in last)
    return f"{french.plural(total, 'famille a reçu la proposition,familles ont reçu la proposition')}"


def report_curve(quarters: Sequence[Quarter], history: History) -> LineChart:
    """The curve of P09, the one obligation among the indicators."""
    return curve(REPORT_IN_TIME, quarters, history, "Visites")
