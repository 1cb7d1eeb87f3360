"""The quarter of a region (or of France), for those who stand above territories: masked counts, never a family."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import orjson
from django.utils import timezone

from copa.kernel import french
from copa.kernel.charts import BarChart, LineChart
from copa.kernel.french import NBSP
from copa.kernel.quarters import Quarter, back_from
from reporting.perms import SEE_REGION
from reporting.reads.cards import (
    HISTORY,
    FigureCard,
    QuarterLinks,
    adhesions,
    cards,
    chosen,
    links,
    rate,
    report_curve,
)
from reporting.rules.indicators import (
    FURTHER,
    INDICATORS,
    LOOP_EXTENDED,
    LOOP_STRICT,
    MAIN,
    REPORT_IN_TIME,
    Counts,
    IndicatorDefinition,
)
from reporting.rules.masking import Mask, Shown, guarded, masked_regions
from territories.models import Mandate, Territory

SMALL_WORDS = "moins de 5"
_MAIN = REPORT_IN_TIME.code
_ORDERS = ("nom", "-nom", "taux", "-taux")


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of the table in words; a masked one is shown as such."""

    text: str
    is_masked: bool = False


@dataclass(frozen=True, slots=True)
class OtherFigure:
    """A further indicator in the table, under its short name."""

    short: str
    rate: Cell
    pair: Cell
    missing: Cell


@dataclass(frozen=True, slots=True)
class TerritoryRow:
    """A territory in the table: what may be shown of each indicator, by code; none before it was computed.

    `past` is the same for each quarter that was computed, this one included.
    """

    slug: str
    name: str
    typology: str
    region: str
    figures: Mapping[str, Shown]
    past: Mapping[Quarter, Mapping[str, Shown]]

    @property
    def main(self) -> Shown | None:
        """Its reports within 24 h."""
        return self.figures.get(_MAIN)

    @property
    def rate(self) -> Decimal | None:
        """Its rate of reports within 24 h; None without a case, masked or not computed."""
        return rate(self.main)

    @property
    def bar(self) -> str:
        """The length of its bar out of 100, with a point; "" without a rate."""
        return "" if self.rate is None else f"{self.rate * 100:.1f}"

    @property
    def is_helped(self) -> bool:
        """Whether it lies under the target, so that somebody asks what it needs."""
        target = REPORT_IN_TIME.target
        return target is not None and self.rate is not None and self.rate < target

    @property
    def rate_cell(self) -> Cell:
        return _rate_cell(self.main)

    @property
    def pair_cell(self) -> Cell:
        return _pair_cell(self.main)

    @property
    def missing_cell(self) -> Cell:
        return _missing_cell(self.main)

    @property
    def others(self) -> tuple[OtherFigure, ...]:
        """What stands beside it in the same table."""
        return self._of([definition for definition in MAIN if definition.code != _MAIN])

    @property
    def further(self) -> tuple[OtherFigure, ...]:
        """The indicators of the second table: needs followed, families lost."""
        return self._of(FURTHER)

    def _of(self, definitions: Sequence[IndicatorDefinition]) -> tuple[OtherFigure, ...]:
        found = [(definition.short, self.figures.get(definition.code)) for definition in definitions]
        return tuple(OtherFigure(short, _rate_cell(one), _pair_cell(one), _missing_cell(one)) for short, one in found)


@dataclass(frozen=True, slots=True)
class Overview:
    """A quarter of a region: cards, table and curves, all masked together."""

    place: str
    is_national: bool
    links: QuarterLinks
    computed_at: datetime | None
    rows: tuple[TerritoryRow, ...]
    total: TerritoryRow
    cards: tuple[FigureCard, ...]
    further: tuple[FigureCard, ...]
    curve: LineChart
    bars: BarChart
    definitions: tuple[IndicatorDefinition, ...]
    others: tuple[IndicatorDefinition, ...]

    @property
    def quarter(self) -> Quarter:
        return self.links.shown

    @property
    def is_computed(self) -> bool:
        return self.computed_at is not None

    @property
    def counted(self) -> tuple[TerritoryRow, ...]:
        """The territories that have figures."""
        return tuple(row for row in self.rows if row.figures)

    @property
    def helped(self) -> tuple[str, ...]:
        """The territories under the target, in alphabetical order."""
        return tuple(sorted(row.name for row in self.rows if row.is_helped))

    @property
    def held(self) -> tuple[str, ...]:
        """The territories at the target or above."""
        return tuple(sorted(row.name for row in self.rows if row.rate is not None and not row.is_helped))

    @property
    def has_masked(self) -> bool:
        return any(one.mask or one.missing_mask for row in self._shown for one in row.figures.values())

    @property
    def has_complement(self) -> bool:
        masks = {mask for row in self._shown for one in row.figures.values() for mask in (one.mask, one.missing_mask)}
        return Mask.COMPLEMENT in masks

    @property
    def _shown(self) -> tuple[TerritoryRow, ...]:
        return (*self.rows, self.total)

    @property
    def target(self) -> Decimal | None:
        return REPORT_IN_TIME.target

    @property
    def aim(self) -> str:
        """Where the line of the target stands on a bar of 100."""
        return f"{(self.target or 0) * 100:.0f}"

    @property
    def digest(self) -> str:
        """SHA-256 of what is shown: two sheets with the same one show the same figures."""
        return digest(self.quarter, self._shown)

    @property
    def digest_in_groups(self) -> str:
        """The same, to be compared by eye."""
        whole = self.digest
        return " ".join(whole[start : start + 4] for start in range(0, len(whole), 4))

    def only(self, slug: str) -> TerritoryRow | None:
        """The row of one territory; None when it is not one of these."""
        return next((row for row in self.rows if row.slug == slug), None)


def overview(asked: Quarter | None, mandate: Mandate, order: str, at: datetime) -> Overview:
    """The quarter a mandate sees; row-level security gives the figures of its region and no other."""
    today = timezone.localdate(at)
    territories = _territories(mandate)
    known = _figures(mandate, asked, today)
    quarter = chosen(asked, sorted(known.counts), today)
    quarters = back_from(quarter, HISTORY)
    masked = {one: _masked(territories, known.counts[one]) for one in quarters if one in known.counts}
    rows = [_row(territory, quarter, masked) for territory in territories]
    history = {one: {code: table.total for code, table in tables.items()} for one, tables in masked.items()}
    place = mandate.region.name if mandate.region else "France"
    return Overview(
        place=place,
        is_national=mandate.region is None,
        links=links(quarter, sorted(known.counts), today),
        computed_at=known.computed_at.get(quarter),
        rows=tuple(_ordered(rows, order)),
        total=TerritoryRow("", "Région" if mandate.region else place, "", place, history.get(quarter, {}), history),
        cards=cards(quarter, history),
        further=cards(quarter, history, FURTHER),
        curve=report_curve(quarters, history),
        bars=adhesions(quarters, history),
        definitions=INDICATORS,
        others=FURTHER,
    )


def digest(quarter: Quarter, rows: Iterable[TerritoryRow]) -> str:
    """SHA-256 of these rows, whatever their order on screen."""
    facts = sorted(
        (row.slug, definition.code, definition.version, one.numerator, one.denominator, one.missing)
        for row in rows
        for definition in INDICATORS
        if (one := row.figures.get(definition.code))
    )
    return hashlib.sha256(orjson.dumps([quarter.code, facts])).hexdigest()


# ---- Words of the page -----------------------------------------------------------------------------------
def title_of(view: Overview) -> str:
    """The answer: how many reports came in time, and who needs help."""
    value = view.total.rate
    if not view.is_computed:
        return f"Pas encore de chiffres pour le {view.quarter.label}"
    if value is None:
        return f"Trop peu de visites pour un taux au {view.quarter.label}"
    share = french.percent(value, 0)
    count = len(view.helped)
    if not count:
        helped = "l’objectif est tenu partout" if len(view.held) > 1 else "l’objectif est tenu"
    else:
        helped = f"{_in_words(count)} à aider"
    return f"{share} des comptes rendus remis en 24{NBSP}h, {helped}"


def _in_words(count: int) -> str:
    words = {1: "un", 2: "deux", 3: "trois", 4: "quatre", 5: "cinq", 6: "six", 7: "sept", 8: "huit", 9: "neuf"}
    return f"{words.get(count, count)} {french.agree(count, 'territoire')}"


def lead_of(view: Overview) -> str:
    """One line of context: how much was counted and who lies under the target."""
    visits = view.total.main.denominator if view.total.main else None
    counted = french.plural(len(view.counted), "territoire")
    if visits is not None:
        counted = f"{counted}, {french.plural(visits, 'visite connue,visites connues')}"
    if not view.helped:
        return f"{counted}."
    verb = "reste" if len(view.helped) == 1 else "restent"
    aim = french.percent(view.target, 0)
    return f"{counted}. {_listed(view.helped)} {verb} sous les {aim} visés."


def table_title_of(view: Overview) -> str:
    """Who keeps the 24 hours."""
    if not view.held:
        return f"Aucun territoire n’atteint {french.percent(view.target, 0)}"
    verb = "tient" if len(view.held) == 1 else "tiennent"
    return f"{_listed(view.held)} {verb} les 24{NBSP}h"


def _listed(names: Sequence[str]) -> str:
    """Up to three names, then how many others."""
    if len(names) > 3:
        return f"{', '.join(names[:2])} et {len(names) - 2} autres"
    return " et ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _rate_cell(shown: Shown | None) -> Cell:
    if shown is None or (not shown.mask and not shown.denominator):
        return Cell(french.NOTHING)
    return Cell("masqué", is_masked=True) if shown.mask else Cell(french.percent(rate(shown)))


def _pair_cell(shown: Shown | None) -> Cell:
    if shown is None:
        return Cell("pas encore calculé")
    if not shown.mask:
        return Cell(f"{french.number(shown.numerator)} / {french.number(shown.denominator)}")
    words = mask_words(shown.mask)
    return Cell(words if shown.denominator is None else f"{words} / {french.number(shown.denominator)}", is_masked=True)


def _missing_cell(shown: Shown | None) -> Cell:
    if shown is None:
        return Cell(french.NOTHING)
    if shown.missing_mask:
        return Cell(mask_words(shown.missing_mask), is_masked=True)
    return Cell(french.number(shown.missing))


def mask_words(mask: Mask) -> str:
    """What stands in place of a hidden number."""
    return {Mask.SMALL: SMALL_WORDS, Mask.COMPLEMENT: "masqué *"}.get(mask, "masqué")


# ---- Rows --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Known:
    counts: Mapping[Quarter, Mapping[str, Mapping[UUID, Counts]]]
    computed_at: Mapping[Quarter, datetime]


@dataclass(frozen=True, slots=True)
class _Masked:
    """One indicator and quarter: what may be shown of each territory, and of all."""

    rows: Mapping[UUID, Shown]
    total: Shown


def _territories(mandate: Mandate) -> list[Territory]:
    rows = Territory.objects.select_related("region").order_by("name")
    return list(rows.filter(region=mandate.region) if mandate.region else rows)


def _figures(mandate: Mandate, asked: Quarter | None, today: date) -> _Known:
    newest = max(asked or Quarter.of(today), Quarter.of(today))
    first = back_from(asked or newest, HISTORY + 1)[0]
    rows = SEE_REGION.rows(mandate).filter(quarter_on__gte=first.first, quarter_on__lte=newest.first)
    counts: dict[Quarter, dict[str, dict[UUID, Counts]]] = {}
    computed_at: dict[Quarter, datetime] = {}
    for row in rows.order_by("quarter_on", "indicator", "territory"):
        quarter = Quarter.of(row.quarter_on)
        by_territory = counts.setdefault(quarter, {}).setdefault(row.indicator, {})
        by_territory[row.territory_id] = Counts(row.numerator, row.denominator, row.missing)
        computed_at[quarter] = max(computed_at.get(quarter, row.computed_at), row.computed_at)
    return _Known(counts, computed_at)


def _masked(territories: Sequence[Territory], counts: Mapping[str, Mapping[UUID, Counts]]) -> dict[str, _Masked]:
    """Each indicator of a quarter, masked region by region, so that every reader sees the same of a territory."""
    found = {code: _masked_one(territories, by_territory) for code, by_territory in counts.items()}
    strict, extended = counts.get(LOOP_STRICT.code), counts.get(LOOP_EXTENDED.code)
    if strict is not None and extended is not None:
        found[LOOP_EXTENDED.code] = _guarded(found[LOOP_EXTENDED.code], territories, strict, extended)
    return found


def _masked_one(territories: Sequence[Territory], by_territory: Mapping[UUID, Counts]) -> _Masked:
    regions: dict[str, list[Territory]] = {}
    for territory in territories:
        if territory.pk in by_territory:
            regions.setdefault(territory.region_id, []).append(territory)
    tables, nation = masked_regions(
        {region: [by_territory[one.pk] for one in members] for region, members in regions.items()}
    )
    rows = {
        one.pk: shown
        for region, members in regions.items()
        for one, shown in zip(members, tables[region].rows, strict=True)
    }
    return _Masked(rows, next(iter(tables.values())).total if len(tables) == 1 else nation)


def _guarded(
    shown: _Masked,
    territories: Sequence[Territory],
    strict: Mapping[UUID, Counts],
    extended: Mapping[UUID, Counts],
) -> _Masked:
    """The extended count, hidden where it would tell with the strict one how few were followed by others alone."""
    both = {
        key: Counts(max(0, one.numerator - strict[key].numerator), one.denominator)
        for key, one in extended.items()
        if key in strict
    }
    guard = _masked_one(territories, both)
    rows = {key: guarded(one, guard.rows[key]) if key in guard.rows else one for key, one in shown.rows.items()}
    return _Masked(rows, guarded(shown.total, guard.total))


def _row(territory: Territory, quarter: Quarter, masked: Mapping[Quarter, Mapping[str, _Masked]]) -> TerritoryRow:
    past = {
        one: {code: table.rows[territory.pk] for code, table in tables.items() if territory.pk in table.rows}
        for one, tables in masked.items()
    }
    typology, region = territory.get_typology_display(), territory.region.name
    return TerritoryRow(territory.slug, territory.name, typology, region, past.get(quarter, {}), past)


def _ordered(rows: list[TerritoryRow], order: str) -> list[TerritoryRow]:
    """By name or by rate ("-" for descending); best rate first unless told. Rows without a rate come last."""
    order = order if order in _ORDERS else "-taux"
    if order.endswith("nom"):
        return sorted(rows, key=lambda row: row.name, reverse=order.startswith("-"))
    known = sorted((row for row in rows if row.rate is not None), key=lambda row: (row.rate, row.name))
    if order.startswith("-"):
        known.reverse()
    return known + sorted((row for row in rows if row.rate is None), key=lambda row: row.name)
