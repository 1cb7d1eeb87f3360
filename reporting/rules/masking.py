"""N7: which counts may leave a territory. A count of 1 to 4 never does, nor does what would give it away.

A table is one indicator over territories with their total. Of each territory three numbers hang together (numerator,
rest, denominator), and each column adds up to the total. So a row is hidden in two steps: its parts (numerator, rest,
rate) while the denominator stays, or all of it. When the hidden cells of a column could be worked out from its total,
the next smallest row is hidden too; when no row is left for that, the total is. Zero is shown: nobody is in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from reporting.rules.indicators import NO_CASE, Counts

THRESHOLD = 5


class Mask(StrEnum):
    """Why something is hidden: the count itself is small, or the rest, or one of them, or to protect another cell."""

    NONE = ""
    SMALL = "small"
    REST = "rest"
    EITHER = "either"
    COMPLEMENT = "complement"


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be shown of one territory (or the total). None is masked; `mask` and `missing_mask` say why."""

    numerator: int | None
    denominator: int | None
    missing: int | None
    mask: Mask = Mask.NONE
    missing_mask: Mask = Mask.NONE


@dataclass(frozen=True, slots=True)
class Table:
    """An indicator over territories, in their order, and its total."""

    rows: tuple[Shown, ...]
    total: Shown


# How much of a row is hidden.
_OPEN, _PARTS, _ALL = 0, 1, 2
_SMALL_RUN = (1, THRESHOLD - 1)
# Under this denominator, saying which of the two parts is small would say how small it is (5 of 6: the rest is 1).
_BOTH_SMALL_UNDER = 2 * THRESHOLD - 1

_Runs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    """A number of a column, and the values a reader who knows these rules may still believe (runs, both ends in)."""

    value: int
    is_hidden: bool
    runs: _Runs


def is_small(count: int) -> bool:
    """Whether this many cases could let somebody be recognised."""
    return 0 < count < THRESHOLD


def masked_table(rows: Sequence[Counts]) -> Table:
    """The table that may leave, with its total row."""
    total = sum(rows, NO_CASE)
    levels, total_level = _levels(rows, total)
    hidden, total_hidden = _hidden_missing([row.missing for row in rows], total.missing)
    shown = [_shown(row, level, is_masked) for row, level, is_masked in zip(rows, levels, hidden, strict=True)]
    return Table(tuple(shown), _shown(total, total_level, total_hidden))


def masked_regions(regions: Mapping[str, Sequence[Counts]]) -> tuple[dict[str, Table], Shown]:
    """Each region's table as its own ARS sees it, and the national total.

    A hidden regional total must not come back as the national total less the others: then the national one is hidden.
    """
    tables = {code: masked_table(rows) for code, rows in regions.items()}
    sums = {code: sum(rows, NO_CASE) for code, rows in regions.items()}
    nation = sum(sums.values(), NO_CASE)
    totals = [(sums[code], table.total) for code, table in tables.items()]
    level = max(_own_level(nation), _level_pinned(totals, nation))
    cap = 2 * nation.missing + 2 * THRESHOLD
    missing = [_cell(own.missing, shown.missing is None, cap) for own, shown in totals]
    whole = _cell(nation.missing, is_small(nation.missing), cap)
    is_hidden = whole.is_hidden or _pinned(missing, whole, everything=True)
    return tables, _shown(nation, level, is_hidden)


def guarded(shown: Shown, guard: Shown) -> Shown:
    """What may be shown of a count beside another that it holds: hidden too where their difference is.

    `guard` is what may be shown of the difference (as of I9 extended less I9 strict): two shown counts would tell it.
    """
    if guard.mask == Mask.NONE or shown.mask != Mask.NONE:
        return shown
    return replace(shown, numerator=None, denominator=guard.denominator, mask=Mask.COMPLEMENT)


def _level_pinned(totals: Sequence[tuple[Counts, Shown]], nation: Counts) -> int:
    """How much of the national total must be hidden so that no hidden regional total can be worked out from it."""
    levels = [(shown.numerator is None) + (shown.denominator is None) for _, shown in totals]
    rows = [own for own, _ in totals]
    columns = _columns(rows, levels, nation, _own_level(nation))
    return max((level for level, cells, total in columns if _pinned(cells, total, everything=True)), default=_OPEN)


# ---- Which rows are hidden -------------------------------------------------------------------------------
def _own_level(row: Counts) -> int:
    """How much of a row must be hidden for its own sake."""
    if is_small(row.denominator):
        return _ALL
    return _PARTS if is_small(row.numerator) or is_small(row.rest) else _OPEN


def _levels(rows: Sequence[Counts], total: Counts) -> tuple[list[int], int]:
    """Hide row after row until no small count can be worked out."""
    levels, total_level = [_own_level(row) for row in rows], _own_level(total)
    while True:
        columns = _columns(rows, levels, total, total_level)
        needed = next((level for level, cells, sum_cell in columns if _pinned(cells, sum_cell)), None)
        if needed is None:
            return levels, total_level
        # An empty row protects nobody: hiding its parts would hide nothing.
        candidates = [i for i, row in enumerate(rows) if levels[i] < needed and row.denominator]
        if candidates:
            levels[min(candidates, key=lambda i: (rows[i].denominator, i))] = needed
        elif total_level < needed:
            total_level = needed
        else:
            return [_ALL for _ in rows], _ALL


def _columns(
    rows: Sequence[Counts], levels: Sequence[int], total: Counts, total_level: int
) -> list[tuple[int, list[_Cell], _Cell]]:
    """The three columns (with the level that hides a cell there), as a reader sees them."""
    cap = 2 * total.denominator + 2 * THRESHOLD
    found = []
    for name, level in (("numerator", _PARTS), ("rest", _PARTS), ("denominator", _ALL)):
        cells = [_row_cell(row, name, own, own >= level, cap) for row, own in zip(rows, levels, strict=True)]
        found.append((level, cells, _row_cell(total, name, total_level, total_level >= level, cap)))
    return found


def _row_cell(row: Counts, name: str, level: int, is_hidden: bool, cap: int) -> _Cell:  # noqa: FBT001
    value: int = getattr(row, name)
    if is_hidden and level == _PARTS:
        # The denominator is shown: what is known of one part says as much of the other.
        other = row.denominator - value
        runs = _mirrored(_part_runs(other, value, row), row) if is_small(other) else _part_runs(value, other, row)
        return _Cell(value, is_hidden, runs)
    return _cell(value, is_hidden, cap)


def _part_runs(part: int, other: int, row: Counts) -> _Runs:
    """What a part may be, its denominator being known and, when it is small, that it is."""
    whole = row.denominator
    if (is_small(part) or is_small(other)) and whole < _BOTH_SMALL_UNDER:
        return ((1, whole - 1),)
    if is_small(part):
        return (_SMALL_RUN,)
    inside = ((THRESHOLD, whole - THRESHOLD),) if whole >= 2 * THRESHOLD else ()
    return ((0, 0), *inside, (whole, whole)) if whole else ((0, 0),)


def _mirrored(runs: _Runs, row: Counts) -> _Runs:
    return tuple((row.denominator - last, row.denominator - first) for first, last in reversed(runs))


def _cell(value: int, is_hidden: bool, cap: int) -> _Cell:  # noqa: FBT001
    """A number that stands alone: small, or none, or at least the threshold."""
    if not is_hidden:
        return _Cell(value, is_hidden, ((value, value),))
    if is_small(value):
        return _Cell(value, is_hidden, (_SMALL_RUN,))
    return _Cell(value, is_hidden, ((THRESHOLD, cap),) if value else ((0, 0),))


def _pinned(cells: Sequence[_Cell], total: _Cell, *, everything: bool = False) -> bool:
    """Whether the column gives away a hidden small number (any hidden number with `everything`)."""
    for index, cell in enumerate(cells):
        if cell.is_hidden and (everything or is_small(cell.value)):
            others = _sums([other for position, other in enumerate(cells) if position != index])
            if not _has_two_values(cell, others, total):
                return True
    return False


def _sums(cells: Sequence[_Cell]) -> int:
    """Every sum these cells may have, as a set of bits."""
    sums = 1
    for cell in cells:
        found = 0
        for first, last in cell.runs:
            found |= _smeared(sums << first, last - first + 1)
        sums = found
    return sums


def _smeared(bits: int, length: int) -> int:
    """The set with each member followed by the `length` - 1 next numbers."""
    done = 1
    while done * 2 <= length:
        bits |= bits << done
        done *= 2
    return bits | bits << (length - done)


def _has_two_values(cell: _Cell, others: int, total: _Cell) -> bool:
    """Whether at least two values of the cell agree with the other cells and the total."""
    totals = 0
    for first, last in total.runs:
        totals |= _smeared(1 << first, last - first + 1)
    seen = 0
    for first, last in cell.runs:
        for value in range(first, last + 1):
            seen += bool(others & totals >> value)
            if seen == 2:
                return True
    return False


def _hidden_missing(values: Sequence[int], total: int) -> tuple[list[bool], bool]:
    """The same for one column that stands alone: the missing cases."""
    hidden, total_hidden, cap = [is_small(value) for value in values], is_small(total), 2 * total + 2 * THRESHOLD
    while True:
        cells = [_cell(value, is_masked, cap) for value, is_masked in zip(values, hidden, strict=True)]
        if not _pinned(cells, _cell(total, total_hidden, cap)):
            return hidden, total_hidden
        candidates = [i for i, value in enumerate(values) if not hidden[i] and value]
        if candidates:
            hidden[min(candidates, key=lambda i: (values[i], i))] = True
        elif not total_hidden:
            total_hidden = True
        else:
            return hidden, total_hidden


def _shown(row: Counts, level: int, missing_hidden: bool) -> Shown:  # noqa: FBT001 - one of three facts of a row
    mask = Mask.NONE
    if level != _OPEN:
        is_primary = level <= _own_level(row)
        mask = _reason(row) if is_primary else Mask.COMPLEMENT
    missing_mask = Mask.NONE
    if missing_hidden:
        missing_mask = Mask.SMALL if is_small(row.missing) else Mask.COMPLEMENT
    return Shown(
        row.numerator if level == _OPEN else None,
        row.denominator if level < _ALL else None,
        None if missing_hidden else row.missing,
        mask,
        missing_mask,
    )


def _reason(row: Counts) -> Mask:
    if is_small(row.denominator):
        return Mask.SMALL
    if row.denominator < _BOTH_SMALL_UNDER:
        return Mask.EITHER
    return Mask.SMALL if is_small(row.numerator) else Mask.REST
