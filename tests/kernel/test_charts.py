"""Charts: what is drawn, what is told in the table, what stays masked."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation

from copa.kernel.charts import Bar, BarChart, LineChart, Point, scale
from copa.kernel.svg import INK, coordinate, element

N = "\u00a0"


def rates(*values: float | None) -> list[Point]:
    return [Point(f"m{i}", value, (i, 10)) for i, value in enumerate(values)]


@pytest.mark.parametrize(
    "values, unit, axis",
    [
        ([71.0, 90.0], "%", (60, 100, 10)),
        ([12.0], "%", (0, 100, 20)),
        ([], "%", (0, 100, 20)),
        ([100.0], "%", (90, 100, 10)),
        ([0.0], "", (0, 1, 1)),
        ([477.0], "", (0, 500, 100)),
        ([1200.0], "", (0, 1200, 200)),
    ],
)
def test_an_axis_has_round_ends(values, unit, axis) -> None:
    assert scale(values, unit) == axis


def test_a_curve_is_named_by_its_ends() -> None:
    chart = LineChart("Remis en 24 h", rates(71, 80, 90.6))

    assert chart.sentence == f"Remis en 24 h. m0{N}: 71,0{N}%, m2{N}: 90,6{N}%."
    assert f"<title>{chart.sentence}</title>" in chart.svg


def test_a_curve_does_not_bridge_a_missing_value() -> None:
    svg = LineChart("x", rates(70, 71, None, 73, 74)).svg

    assert svg.count('class="line"') == 2
    assert svg.count("<circle") == 4


def test_a_single_value_is_a_point_told_once() -> None:
    chart = LineChart("x", rates(70))

    assert 'class="line"' not in chart.svg
    assert chart.sentence == f"x. m0{N}: 70,0{N}%."


def test_a_curve_without_points_is_only_its_frame() -> None:
    chart = LineChart("x", [])

    assert "<circle" not in chart.svg
    assert chart.sentence == "x. Aucune valeur."


def test_the_table_of_a_curve_has_the_counts_behind_it() -> None:
    chart = LineChart(
        "x", [Point("janv.", 71.0, (22, 31)), Point("févr.", None, (None, 12))], columns=("Remis", "Visites")
    )

    assert chart.head == ["Mois", "Remis", "Visites", "Taux"]
    assert chart.rows == [("janv.", ["22", "31", f"71,0{N}%"]), ("févr.", ["masqué", "12", "–"])]


def test_at_most_ten_months_are_named() -> None:
    svg = LineChart("x", rates(*range(50, 80))).svg

    assert len(re.findall(r">m\d+<", svg)) == 10
    assert ">m29<" in svg


def test_a_bar_ends_with_its_total() -> None:
    svg = BarChart("Visites", ("V1", "V2"), (Bar("T1", (66, 52)),)).svg

    assert ">118<" in svg
    assert ">66<" in svg


def test_a_masked_part_hides_the_total_that_would_give_it_away() -> None:
    chart = BarChart("Visites", ("V1", "V2"), (Bar("T1", (66, None)), Bar("T2", (70, 9))))

    assert ">66<" in chart.svg.replace('class="strong"', "")
    assert chart.sentence == f"Visites. T1{N}: masqué, T2{N}: 79."
    assert chart.rows[0] == ("T1", ["66", "masqué"])


def test_a_fourth_series_is_hatched_by_a_pattern_of_this_drawing() -> None:
    svg = BarChart("Visites", tuple("abcd"), (Bar("T1", (1, 1, 1, 1)),)).svg

    name = re.search(r'pattern id="([^"]+)"', svg)
    assert name
    assert f"url(#{name[1]})" in svg


def test_no_coordinate_depends_on_the_language() -> None:
    with translation.override("fr"):
        svg = LineChart("x", rates(71.3, 80.7), aim=90).svg

    assert not re.search(r'"[^"<>]*\d,\d[^"<>]*"', svg)
    assert coordinate(12.34) == "12.3"
    assert coordinate(12.0) == "12"


@pytest.mark.parametrize(("first", "last"), [(91.6, 93.2), (88.4, 93.2), (60, 89), (90, 90)])
def test_the_name_of_the_target_covers_no_value(first: float, last: float) -> None:
    svg = LineChart("x", rates(first, last), unit="%", aim=90).svg

    aim = re.search(r'class="aim-text"[^>]* y="([\d.]+)"', svg)
    values = re.findall(r'class="strong"[^>]* y="([\d.]+)"', svg)
    dots = re.findall(r'class="dot[^"]*"[^>]* cy="([\d.]+)"', svg)
    assert aim
    assert len(values) == len(dots) == 2
    # A line of text is 12 high and a point 7 around its middle.
    assert min(abs(float(aim[1]) - float(y)) for y in values) >= 12
    assert abs(float(aim[1]) - 4 - float(dots[0])) >= 8


def test_what_a_chart_is_told_is_escaped() -> None:
    assert "<b>" not in BarChart("<b>x", ("<b>",), (Bar("<b>", (3,)),)).svg
    assert element("text", "a < b", x=1.5) == '<text x="1.5">a &lt; b</text>'


def test_a_chart_comes_with_its_table() -> None:
    html = Template("{% load look %}{% bar_chart chart %}").render(
        Context({"chart": BarChart("Visites", ("V1",), (Bar("T1", (66,)),))})
    )

    assert "<details" in html
    assert '<th scope="row" class="name">T1</th>' in html


def test_nothing_in_a_drawing_breaks_the_content_policy() -> None:
    svg = BarChart("Visites", tuple("abcd"), (Bar("T1", (1, 2, 3, 4)),)).svg + LineChart("x", rates(1, 2), aim=3).svg

    assert "style=" not in svg
    assert "<script" not in svg


def test_the_ink_of_a_drawing_is_the_daylight_of_the_tokens() -> None:
    tokens = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text()

    for name, value in INK.items():
        assert f"--{name}: light-dark({value}," in tokens
