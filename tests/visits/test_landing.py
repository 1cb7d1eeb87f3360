"""A signed report becomes grid answers, an EPDS and suggestions in the same transaction, once."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command

from copa.kernel import clock, scope
from pathways.actions.landing import land_screening
from pathways.models import (
    Alert,
    EpdsCorrection,
    EpdsScreening,
    EpdsValues,
    GridAnswer,
    GridReview,
    Mother,
    Observation,
    PmiRelay,
    SealedSignal,
    Suggestion,
)
from tests.factories import make_birth, make_pathway, make_relay, make_visit
from tests.visits.reports import EPDS, answers, ended_visit, save, second_answers, sign
from visits.actions.report import sign_report, signed_visit
from visits.enums import VisitState
from visits.management.commands.land_reports import waiting
from visits.models import Report, Visit

NOTED: dict[str, Any] = {
    "grid.status": "TO_NOTE",
    "grid.explored": ["SOCIAL", "STRENGTHS"],
    "grid.declined": ["ADDICTION"],
    "grid.social": ["HOUSING"],
    "grid.strengths": ["SUPPORT"],
    "grid.facts": "Dort chez sa sœur depuis lundi.",
}


def values(visit: Visit) -> dict[str, str]:
    rows = GridAnswer.objects.filter(source_id=visit.public_id).order_by("factor__position")
    return dict(rows.values_list("factor__code", "value"))


def test_grid_of_a_report_lands_as_answers(vallees: scope.Scope) -> None:
    visit = ended_visit()

    sign(visit, answers(visit) | NOTED)

    landed = values(visit)
    assert landed["V1_HOUSING"] == "present"
    assert landed["V1_FOOD_MONEY"] == "absent"
    assert landed["R_SUPPORT"] == "present"
    assert landed["V5_TOBACCO"] == "refuses"
    assert not [code for code in landed if code.startswith(("V6", "V8", "V9", "V3"))]
    review = GridReview.objects.get()
    assert (review.status, review.source_id, review.author) == ("TO_NOTE", visit.public_id, visit.ap)
    fact = Observation.objects.get()
    assert (fact.fact, sorted(fact.recipients)) == ("Dort chez sa sœur depuis lundi.", ["ap", "team"])
    assert Suggestion.objects.get().cause == "grid"


def test_landing_twice_changes_nothing(vallees: scope.Scope) -> None:
    visit = ended_visit("V2", days=12)
    report = sign(visit, second_answers(visit, *([1] * 9), 0) | NOTED)
    before = [model.objects.count() for model in (GridAnswer, GridReview, Observation, EpdsScreening, Suggestion)]

    land_screening(visit=signed_visit(visit, report, visit.ap), at=clock.now())

    after = [model.objects.count() for model in (GridAnswer, GridReview, Observation, EpdsScreening, Suggestion)]
    assert after == before
    assert before[3] == 1


@pytest.mark.parametrize(("years", "days", "is_minor"), [(18, 0, False), (18, -1, True), (16, 0, True), (30, 0, False)])
@pytest.mark.parametrize("status", ["REVIEWED_NOTHING", "SKIPPED"])
def test_age_of_a_minor_is_told_by_her_birth_date_and_suggests_once(
    vallees: scope.Scope, years: int, days: int, status: str, *, is_minor: bool
) -> None:
    visit = ended_visit()
    on = clock.local_date(visit.ended_at, "Europe/Paris")
    born = on.replace(year=on.year - years) - timedelta(days=days)
    Mother.objects.filter(family=visit.pathway.family_id).update(birth_on=born)
    skipped = {"grid.skip_reason": "TIME"} if status == "SKIPPED" else {}

    report = sign(visit, answers(visit) | {"grid.status": status} | skipped)
    land_screening(visit=signed_visit(visit, report, visit.ap), at=clock.now())

    told = GridAnswer.objects.filter(factor__code="V2_UNDER_18", value="present")
    assert told.count() == int(is_minor)
    assert Suggestion.objects.filter(cause="grid").count() == int(is_minor)


def test_draft_lands_nothing(vallees: scope.Scope) -> None:
    visit = ended_visit()

    save(visit, answers(visit) | NOTED)

    assert not GridReview.objects.exists()


def test_nothing_new_at_a_first_visit_explores_every_domain(vallees: scope.Scope) -> None:
    visit = ended_visit()
    sign(visit, answers(visit) | {"grid.status": "REVIEWED_NOTHING"})

    assert set(values(visit).values()) == {"absent"}
    assert len(values(visit)) == 37

    again = replace(signed_visit(visit, Report.objects.get(), visit.ap), visit_id=uuid4())
    land_screening(visit=again, at=clock.now())
    assert GridReview.objects.count() == 2
    assert GridAnswer.objects.count() == 37


def test_nothing_new_at_the_first_visit_of_another_birth_explores_every_domain_again(vallees: scope.Scope) -> None:
    former = ended_visit()
    sign(former, answers(former) | {"grid.status": "REVIEWED_NOTHING"})

    with time_machine.travel(clock.now() + timedelta(days=500), tick=False):
        birth = make_birth(former.family, days_ago=5)
        visit = make_visit(make_pathway(birth, ap=former.ap), "V1", VisitState.ENDED)
        sign(visit, answers(visit) | {"grid.status": "REVIEWED_NOTHING"})

    assert len(values(former)) == 37
    assert len(values(visit)) == 37


def test_skipped_grid_keeps_its_reason(vallees: scope.Scope) -> None:
    visit = ended_visit()

    sign(visit, answers(visit) | {"grid.status": "SKIPPED", "grid.skip_reason": "NOT_ALONE"})

    assert GridReview.objects.get().skip_reason == "NOT_ALONE"
    assert not GridAnswer.objects.exists()


def test_protected_signal_lands_sealed_beside_its_one_alert(vallees: scope.Scope) -> None:
    visit = ended_visit()
    signal = {
        "grid.s3_signal": True,
        "grid.s3_domain": ["VIOLENCE"],
        "grid.s3_facts": "« il a crié »",
        "grid.s3_safe": "YES",
        "who.alone": "YES",
    }

    save(visit, answers(visit) | signal)
    report = Report.objects.get(visit=visit)
    from_draft = signed_visit(visit, report, visit.ap)
    land_screening(visit=from_draft, at=clock.now())

    row = SealedSignal.objects.get()
    assert (row.domains, row.facts, row.presence) == (["VIOLENCE"], "« il a crié »", "ALONE")
    assert Alert.objects.count() == 1


def test_epds_of_a_report_lands_with_its_values_sealed(vallees: scope.Scope) -> None:
    visit = ended_visit("V2", days=12)

    sign(visit, second_answers(visit))

    screening = EpdsScreening.objects.get()
    # Just after midnight a visit that has ended was yesterday's.
    day = (clock.local_date(visit.ended_at, "Europe/Paris") - visit.pathway.birth.day).days
    assert (screening.total, screening.day, screening.source_id) == (sum(EPDS), day, visit.public_id)
    assert screening.presence == "ALONE"
    stored = EpdsValues.objects.get(screening=screening)
    assert tuple(getattr(stored, f"i{number:02d}") for number in range(1, 11)) == EPDS


def test_refused_epds_lands_with_its_reason(vallees: scope.Scope) -> None:
    visit = ended_visit("V2", days=12)
    document = {key: value for key, value in second_answers(visit).items() if not key.startswith("epds.")}

    sign(visit, document | {"epds.status": "REFUSED", "dev.epds": "REFUSED"})

    assert EpdsScreening.objects.get().reason == "REFUSED"


@pytest.mark.parametrize("tenth", [1, 3])
def test_tenth_answer_lowered_in_the_draft_waits_for_the_team(vallees: scope.Scope, tenth: int) -> None:
    """(2, …) then 0: the alert stays, the first value stands, and the correction is asked of the team."""
    visit = ended_visit("V2", days=12)
    save(visit, second_answers(visit, *([0] * 9), tenth))
    save(visit, second_answers(visit, *([0] * 8), 1, 0), revision=1)
    lowered = Report.objects.get(visit=visit)
    assert Alert.objects.open().count() == 1

    land_screening(visit=signed_visit(visit, lowered, visit.ap), at=clock.now())

    screening = EpdsScreening.objects.get()
    assert EpdsValues.objects.get(screening=screening).i10 == tenth
    assert screening.total == tenth + 1
    correction = EpdsCorrection.objects.get()
    assert (correction.item, correction.value, correction.is_accepted) == ("i10", 0, None)
    assert Alert.objects.open().count() == 1


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"v3.ask": "PARENTS", "v3.joint_wish": "YES"}, "parents_request"),
        ({"v3.ask": "VULNERABILITY", "v3.basis": ["EPDS"], "v3.joint_wish": "YES"}, "epds"),
        ({"v3.ask": "VULNERABILITY", "v3.basis": ["SIGNS"], "v3.joint_wish": "YES"}, "team"),
    ],
)
def test_third_visit_asked_in_a_report_is_a_suggestion(
    vallees: scope.Scope, changes: dict[str, Any], cause: str
) -> None:
    visit = ended_visit("V2", days=12)

    sign(visit, second_answers(visit, *([0] * 10)) | changes)

    assert list(Suggestion.objects.values_list("kind", "cause").order_by("pk")) == [("third_visit", cause)]


def test_signature_that_fails_lands_nothing(vallees: scope.Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction: no grid without its report, no report without its grid."""
    visit = ended_visit()
    save(visit, answers(visit) | NOTED)

    def fail(*args: Any) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("visits.actions.report._hand_over", fail)
    with pytest.raises(RuntimeError):
        sign_report(visit=visit, author=visit.ap, at=clock.now())

    assert not GridReview.objects.exists()


def test_report_signed_before_is_landed_by_the_command_once(vallees: scope.Scope) -> None:
    visit = ended_visit("V2", days=12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("visits.actions.report.land_screening", lambda **fields: None)
        report = sign(visit, second_answers(visit) | NOTED)
    assert list(waiting()) == [report]

    call_command("land_reports", verbosity=0, stdout=StringIO())
    assert not GridReview.objects.exists()
    for _ in range(2):
        call_command("land_reports", "--apply", verbosity=0, stdout=StringIO())

    assert list(waiting()) == []
    assert EpdsScreening.objects.get().recorded_at == report.signed_at
    assert GridReview.objects.count() == 1


@pytest.mark.parametrize(("present", "is_handed"), [(["PMI_NURSE"], True), (["NONE"], False)])
def test_report_of_a_third_visit_says_whether_the_relay_was_handed_over(
    vallees: scope.Scope, present: list[str], *, is_handed: bool
) -> None:
    visit = ended_visit("V3", days=14)
    make_relay(visit.pathway)

    given = second_answers(visit, *([0] * 10)) | {"v3.result": "ENOUGH", "visit.joint": present}
    sign(visit, {code: answer for code, answer in given.items() if code != "v3.ask"})

    assert (PmiRelay.objects.get().handed_at == visit.ended_at) is is_handed
