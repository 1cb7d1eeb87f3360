"""A new version of the grid: what was answered under the one before keeps its own, as the same factor's history."""

from datetime import timedelta

import pytest
import time_machine

from copa.kernel import clock, scope
from pathways import reference
from pathways.actions import grid
from pathways.enums import GridStatus, GridValue, SuggestionCause
from pathways.models import Child, GridAnswer, GridFactor, GridReview, GridTemplate, Suggestion
from pathways.reads.screening import screening_page
from tests.factories import make_birth, make_pathway, who
from tests.pathways.screening import factor, source
from tests.visits import reports
from visits.actions.report import land_report


def of(version: str, code: str) -> GridFactor:
    return GridFactor.objects.get(template__version=version, code=code)


def codes(version: str, domain: str) -> list[str]:
    rows = GridFactor.objects.filter(template__version=version, domain=domain).order_by("position")
    return [code.partition("_")[2] for code in rows.values_list("code", flat=True)]


def test_v8_is_whole_in_the_new_version_and_unchanged_in_the_first(vallees: scope.Scope) -> None:
    first = ["SEPARATED", "HARD_BIRTH", "FEEDING_HARD", "MULTIPLE"]

    assert codes("2026.1", "V8") == first
    assert codes("2026.2", "V8") == [*first, "PREMATURE", "LOW_WEIGHT", "MALFORMATION", "TRANSFER"]
    assert grid.current_template().version == "2026.2"
    for domain in ("V1", "V3", "V9", "R"):
        assert codes("2026.1", domain) == codes("2026.2", domain)


def test_version_loaded_for_a_later_day_is_used_from_that_day_on(vallees: scope.Scope) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    GridTemplate.objects.create(version="2026.3", valid_from=tomorrow.date())

    now = grid.current_template().version
    with time_machine.travel(tomorrow + timedelta(hours=2), tick=False):
        then = grid.current_template().version

    assert (now, then) == ("2026.2", "2026.3")


def test_loading_again_rewrites_no_version(vallees: scope.Scope) -> None:
    GridFactor.objects.filter(template__version="2026.1", code="V8_MULTIPLE").update(label="Corrigé à la main")

    assert reference.load() == 0

    assert of("2026.1", "V8_MULTIPLE").label == "Corrigé à la main"
    assert GridTemplate.objects.count() == 2


def test_an_old_review_keeps_its_version_and_the_same_factor_is_one_line(vallees: scope.Scope) -> None:
    pathway, amal = make_pathway(ap=who("amal")), who("amal")
    old, new = of("2026.1", "V1_HOUSING"), factor("V1_HOUSING")
    at = clock.now() - timedelta(days=5)
    review = GridReview.objects.create(
        pathway=pathway,
        family_id=pathway.family_id,
        template=old.template,
        status=GridStatus.TO_NOTE,
        at=at,
        author=amal,
        source="visit",
    )
    GridAnswer.objects.create(
        family_id=pathway.family_id,
        factor=old,
        person="family",
        value=GridValue.PRESENT,
        at=at,
        recorded_at=at,
        author=amal,
        source="visit",
    )

    # Present before, present again: nothing new, so no third visit is suggested (R056).
    grid.add_answers(
        pathway=pathway, answers=[grid.Told(factor=new, value=GridValue.PRESENT)], source=source(by="amal")
    )
    assert not Suggestion.objects.filter(cause=SuggestionCause.GRID).exists()
    grid.add_answers(pathway=pathway, answers=[grid.Told(factor=new, value=GridValue.ABSENT)], source=source(by="amal"))

    (line,) = next(block for block in screening_page(pathway.family, who("farid")).domains if block.code == "V1").lines
    assert (line.now.value, len(line.before)) == (GridValue.ABSENT, 2)
    assert GridReview.objects.get(pk=review.pk).template.version == "2026.1"
    latest = GridAnswer.objects.filter(family=pathway.family_id).latest_of_each()
    assert [row.value for row in latest] == [GridValue.ABSENT]


@pytest.mark.parametrize(("weeks", "weight", "expected"), [(36, 2_499, 2), (37, 2_500, 0)])
def test_the_file_says_the_term_and_the_weight_once(
    vallees: scope.Scope, weeks: int, weight: int, expected: int
) -> None:
    birth = make_birth(days_ago=6, term_weeks=weeks)
    Child.objects.filter(birth=birth).update(birth_weight_g=weight)
    pathway = make_pathway(birth, ap=who("amal"))

    report = reports.sign(reports.ended_visit(pathway=pathway))
    land_report(report=report)

    found = GridAnswer.objects.filter(factor__code__in=["V8_PREMATURE", "V8_LOW_WEIGHT"], value=GridValue.PRESENT)
    assert found.count() == expected
    assert all((row.child is not None) == (row.factor.code == "V8_LOW_WEIGHT") for row in found.order_by("pk"))
