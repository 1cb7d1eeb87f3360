"""N7: small counts stay inside, and nothing that is shown gives them away."""

import random
from collections.abc import Iterator
from itertools import product

import pytest

from reporting.rules.indicators import NO_CASE, Counts
from reporting.rules.masking import THRESHOLD, Mask, Shown, Table, guarded, is_small, masked_regions, masked_table

LARGE = Counts(155, 168, 0)


def parts(shown: Shown) -> tuple[int | None, int | None]:
    return shown.numerator, shown.denominator


@pytest.mark.parametrize(("count", "small"), [(0, False), (1, True), (4, True), (5, False)])
def test_one_to_four_are_small(count: int, small: bool) -> None:
    assert is_small(count) is small


def test_large_counts_are_shown() -> None:
    table = masked_table([Counts(155, 168, 8), Counts(128, 142, 0)])

    assert table.rows == (Shown(155, 168, 8), Shown(128, 142, 0))
    assert table.total == Shown(283, 310, 8)


def test_four_is_masked_and_a_second_row_hides_it_from_the_total() -> None:
    table = masked_table([Counts(4, 40), Counts(128, 142), Counts(96, 118)])

    assert [parts(row) for row in table.rows] == [(None, 40), (128, 142), (None, 118)]
    assert [row.mask for row in table.rows] == [Mask.SMALL, Mask.NONE, Mask.COMPLEMENT]
    assert parts(table.total) == (228, 300)


def test_five_is_shown() -> None:
    assert masked_table([Counts(5, 40), LARGE]).rows[0] == Shown(5, 40, 0)


def test_zero_is_shown() -> None:
    table = masked_table([Counts(0, 40, 0), LARGE])

    assert table.rows[0] == Shown(0, 40, 0)


def test_a_small_rest_is_a_small_count_too() -> None:
    table = masked_table([Counts(38, 40), LARGE, Counts(90, 100)])

    assert table.rows[0] == Shown(None, 40, 0, Mask.REST)
    assert [row.mask for row in table.rows] == [Mask.REST, Mask.NONE, Mask.COMPLEMENT]


def test_a_small_denominator_hides_the_whole_row() -> None:
    table = masked_table([Counts(2, 3), Counts(20, 40), LARGE])

    assert table.rows[0] == Shown(None, None, 0, Mask.SMALL)
    assert table.rows[1] == Shown(None, None, 0, Mask.COMPLEMENT)
    assert table.total == Shown(177, 211, 0)


def test_one_territory_alone_and_its_total_are_masked_together() -> None:
    table = masked_table([Counts(4, 40)])

    assert table.rows[0] == table.total == Shown(None, 40, 0, Mask.SMALL)


def test_when_no_row_can_hide_another_the_total_is_hidden() -> None:
    table = masked_table([Counts(4, 40), NO_CASE])

    assert table.rows[1] == Shown(0, 0, 0)
    assert parts(table.total) in {(None, 40), (None, None)}


def test_two_small_rows_that_their_sum_would_tell_need_a_third() -> None:
    # 1 + 1 = 2: both could only be 1.
    table = masked_table([Counts(1, 40), Counts(1, 50), LARGE])

    assert table.rows[2].mask == Mask.COMPLEMENT


def test_two_small_rows_that_hide_each_other_need_no_third() -> None:
    table = masked_table([Counts(2, 40), Counts(3, 50), LARGE])

    assert table.rows[2] == Shown(155, 168, 0)
    assert table.total == Shown(160, 258, 0)


def test_six_cases_do_not_say_which_part_is_small() -> None:
    # 5 and 1: saying that the rest is under 5 would say that it is 1.
    assert masked_table([Counts(5, 6)]).rows[0].mask == Mask.EITHER


def test_missing_cases_are_masked_on_their_own() -> None:
    table = masked_table([Counts(155, 168, 4), Counts(128, 142, 9), Counts(96, 118, 12)])

    assert [row.missing for row in table.rows] == [None, None, 12]
    assert [row.missing_mask for row in table.rows] == [Mask.SMALL, Mask.COMPLEMENT, Mask.NONE]
    assert [row.numerator for row in table.rows] == [155, 128, 96]
    assert table.total.missing == 25


def test_missing_of_a_single_territory_stay_hidden_in_the_total() -> None:
    table = masked_table([Counts(155, 168, 4), Counts(128, 142, 0)])

    assert table.rows[0].missing is None
    assert table.rows[1].missing == 0
    assert table.total.missing is None


def test_no_row_at_all() -> None:
    assert masked_table([]) == Table((), Shown(0, 0, 0))


def test_national_total_does_not_give_away_the_hidden_total_of_a_region() -> None:
    regions = {"44": [LARGE, Counts(90, 100)], "04": [Counts(4, 40)]}

    tables, nation = masked_regions(regions)

    assert tables["44"].total == Shown(245, 268, 0)
    assert parts(tables["04"].total) == (None, 40)
    assert parts(nation) == (None, 308)
    assert nation.mask == Mask.COMPLEMENT


def test_national_total_is_shown_when_no_region_is_hidden() -> None:
    tables, nation = masked_regions({"44": [LARGE], "04": [Counts(33, 40, 9)]})

    assert nation == Shown(188, 208, 9)
    assert tables["04"].total == Shown(33, 40, 9)


def test_national_missing_do_not_give_away_those_of_a_region() -> None:
    _, nation = masked_regions({"44": [Counts(155, 168, 20)], "04": [Counts(33, 40, 3)]})

    assert nation == Shown(188, 208, None, Mask.NONE, Mask.COMPLEMENT)


# ---- The attack: a reader who knows the rules and adds up ---------------------------------------------------
def believable(row: Shown, cap: int) -> Iterator[Counts]:
    """Every pair that the labels of this row allow."""
    if row.numerator is not None and row.denominator is not None:
        yield Counts(row.numerator, row.denominator)
        return
    wholes = range(cap + 1) if row.denominator is None else [row.denominator]
    for whole in wholes:
        for numerator in range(whole + 1):
            counts = Counts(numerator, whole)
            if label(counts, is_whole=row.denominator is None) == row.mask or row.mask == Mask.COMPLEMENT:
                yield counts


def label(row: Counts, *, is_whole: bool) -> Mask | None:
    """The reason these counts would be given, None when they would not be hidden for their own sake."""
    if is_whole:
        return Mask.SMALL if is_small(row.denominator) else None
    if not is_small(row.numerator) and not is_small(row.rest):
        return None
    if row.denominator < 2 * THRESHOLD - 1:
        return Mask.EITHER
    return Mask.SMALL if is_small(row.numerator) else Mask.REST


def given_away(rows: list[Counts]) -> list[str]:
    """The small hidden counts that only one believable table explains."""
    table = masked_table(rows)
    total, cap = table.total, sum(row.denominator for row in rows) + THRESHOLD
    tables = [
        guess
        for guess in product(*(list(believable(row, cap)) for row in table.rows))
        if (whole := sum(guess, NO_CASE))
        and (total.denominator is None or whole.denominator == total.denominator)
        and (total.numerator is None or whole.numerator == total.numerator)
    ]
    assert tuple(rows) in tables
    return [
        f"{name} of row {index} in {rows}"
        for index, row in enumerate(table.rows)
        for name in ("numerator", "rest", "denominator")
        if getattr(row, name if name != "rest" else "numerator") is None
        and len(values := {getattr(guess[index], name) for guess in tables}) == 1
        and is_small(values.pop())
    ]


@pytest.mark.parametrize("seed", range(60))
def test_no_small_count_can_be_worked_out(seed: int) -> None:
    dice = random.Random(seed)
    rows = []
    for _ in range(dice.choice([1, 2, 2, 3])):
        numerator = dice.choice(range(8))
        rows.append(Counts(numerator, numerator + dice.choice(range(8))))

    assert given_away(rows) == []


# ---- A count that holds another -----------------------------------------------------------------------------
def test_extended_count_is_hidden_where_it_would_tell_the_difference() -> None:
    shown, guard = Shown(32, 60, 0), Shown(None, 60, 0, Mask.SMALL)

    assert guarded(shown, guard) == Shown(None, 60, 0, Mask.COMPLEMENT)
    assert guarded(shown, Shown(8, 60, 0)) == shown
    assert guarded(Shown(None, None, 0, Mask.SMALL), guard) == Shown(None, None, 0, Mask.SMALL)


@pytest.mark.parametrize("seed", range(30))
def test_strict_and_extended_never_tell_a_small_difference(seed: int) -> None:
    dice = random.Random(seed)
    strict = [Counts(one := dice.randrange(60), one + dice.randrange(60)) for _ in range(dice.randrange(1, 6))]
    extended = [Counts(one.numerator + min(one.rest, dice.randrange(9)), one.denominator) for one in strict]
    both = [Counts(e.numerator - s.numerator, e.denominator) for e, s in zip(extended, strict, strict=True)]
    first, second, guard = masked_table(strict), masked_table(extended), masked_table(both)

    rows = [guarded(shown, one) for shown, one in zip(second.rows, guard.rows, strict=True)]
    total = guarded(second.total, guard.total)

    known = [
        None if a.numerator is None or b.numerator is None else b.numerator - a.numerator
        for a, b in zip([*first.rows, first.total], [*rows, total], strict=True)
    ]
    assert not any(is_small(one) for one in known if one is not None)
    # Nor by the total less all the others.
    hidden = [index for index, one in enumerate(known[:-1]) if one is None]
    if len(hidden) == 1 and known[-1] is not None:
        assert not is_small(known[-1] - sum(one for one in known[:-1] if one is not None))
