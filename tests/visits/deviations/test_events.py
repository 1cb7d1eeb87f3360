"""Deviations found at the events that make them, in the same transaction."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from copa.kernel import clock, scope
from pathways.actions.births import record_discharge
from pathways.actions.deaths import undo_death
from pathways.actions.epds import EpdsSheet, record_epds
from pathways.actions.stops import withdraw_pathway
from pathways.models import Pathway
from pathways.signals import birth_moved
from territories.models import HistoryEvent
from tests import factories
from tests.visits.reports import answers, deliver, ended_visit, second_answers, sign
from visits.actions import deviations
from visits.actions.coding import code_deviation
from visits.actions.conduct import end_visit, start_visit
from visits.actions.planning import Slot, plan_visit
from visits.models import Deviation, Visit
from visits.reads.drafts import draft_of

NOON = datetime(2026, 11, 10, 11, 0, tzinfo=UTC)


def made(pathway: Pathway, minutes: int, kind: str = "V1", **visit: Any) -> Visit:
    """A visit entered at noon and left so many minutes later."""
    planned = factories.make_visit(pathway, kind, planned_at=NOON, **visit)
    start_visit(visit=planned, at=NOON)
    with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
        return end_visit(visit=planned, at=clock.now())


def standing() -> dict[str, str]:
    """What stands, with its reason."""
    return dict(Deviation.objects.filter(lifted_at=None).order_by("pk").values_list("kind", "reason"))


@pytest.fixture
def pathway(vallees: scope.Scope) -> Any:
    """A family of Amal, nine days after the birth."""
    with time_machine.travel(NOON, tick=False):
        yield factories.make_pathway(ap=factories.who("amal"), days_ago=9)


# ---- At the door ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("minutes", "found"), [(44, True), (45, False), (110, False), (111, True)])
def test_visit_too_short_or_too_long_is_found_as_she_leaves(pathway: Pathway, minutes: int, *, found: bool) -> None:
    visit = made(pathway, minutes)

    rows = list(Deviation.objects.order_by("pk"))
    assert [(row.kind, row.visit_id, row.minutes, row.least, row.most) for row in rows] == (
        [("DURATION", visit.pk, minutes, 45, 110)] if found else []
    )


def test_visit_out_of_its_window_keeps_the_reason_of_the_planning(vallees: scope.Scope) -> None:
    with time_machine.travel(NOON, tick=False):
        late = factories.make_pathway(ap=factories.who("amal"), days_ago=22)
        visit = made(late, 75, window_reason="FAMILY_DATE")

    row = Deviation.objects.get()
    assert (row.kind, row.visit_id, row.reason, row.source, row.coded_by) == (
        "WINDOW", visit.pk, "FAMILY_DATE", "plan", None,
    )  # fmt: skip
    assert (row.first_day, row.last_day) == (late.window_from, late.window_to)


def test_departure_sent_twice_finds_once(pathway: Pathway) -> None:
    visit = made(pathway, 20)

    with time_machine.travel(NOON + timedelta(minutes=30), tick=False):
        end_visit(visit=visit, at=clock.now())
    deviations.visit_ended(visit=visit, at=clock.now())

    assert Deviation.objects.count() == 1
    assert HistoryEvent.objects.filter(table_name="visits_deviation").count() == 1


def test_joint_visit_the_pmi_gave_up_is_already_explained(pathway: Pathway) -> None:
    made(pathway, 75, kind="V3", partner_state="cancelled", not_joint_reason="PMI_ABSENT")

    assert standing() == {"JOINT": "PMI_ABSENT"}


# ---- Stops ------------------------------------------------------------------------------------------------------
def test_visit_cut_short_by_a_death_is_none(pathway: Pathway) -> None:
    visit = factories.make_visit(pathway, planned_at=NOON)
    start_visit(visit=visit, at=NOON)
    factories.make_death(pathway.birth)

    with time_machine.travel(NOON + timedelta(minutes=10), tick=False):
        end_visit(visit=visit, at=clock.now())

    assert standing() == {}


@pytest.mark.parametrize("state", ["suspended", "no_news", "withdrawn", "moved"])
def test_visit_during_which_the_pathway_stopped_is_none(pathway: Pathway, state: str) -> None:
    visit = factories.make_visit(pathway, planned_at=NOON)
    start_visit(visit=visit, at=NOON)
    Pathway.objects.filter(pk=pathway.pk).update(state=state)

    with time_machine.travel(NOON + timedelta(minutes=10), tick=False):
        end_visit(visit=visit, at=clock.now())

    assert standing() == {}


def test_death_silences_what_waits_and_its_undoing_asks_again(pathway: Pathway) -> None:
    made(pathway, 20)
    death = factories.make_death(pathway.birth)

    assert not Deviation.objects.to_code().exists()
    assert not Deviation.objects.standing().exists()

    undo_death(death=death, reason="Erreur de famille.", by=factories.who("farid"), at=clock.now())
    assert Deviation.objects.to_code().count() == 1


def test_withdrawal_asks_nothing_more(pathway: Pathway) -> None:
    made(pathway, 20)

    withdraw_pathway(pathway=Pathway.objects.get(pk=pathway.pk), by=factories.who("elise"), at=clock.now())

    assert not Deviation.objects.to_code().exists()
    assert Deviation.objects.standing().count() == 1


# ---- The report -------------------------------------------------------------------------------------------------
def test_reason_in_the_report_is_the_coding(pathway: Pathway) -> None:
    visit = made(pathway, 30)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        sign(visit, answers(visit) | {"dev.duration": "FAMILY_WISH"})

        row = Deviation.objects.get()
        assert (row.reason, row.source, row.coded_by, row.coded_at) == (
            "FAMILY_WISH", "report", visit.ap, clock.now(),
        )  # fmt: skip
        assert not Deviation.objects.to_code().exists()


def test_reason_tapped_before_the_report_is_not_asked_again(pathway: Pathway) -> None:
    visit = made(pathway, 30)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        tapped = {"reason": "ROAD", "note": "", "seen": "", "by": visit.ap, "at": clock.now()}
        code_deviation(deviation=Deviation.objects.get(), **tapped)

        draft = draft_of(visit, clock.now())
        assert draft.document == {"dev.duration": "ROAD"}
        sign(visit, {**answers(visit), **draft.document})

    assert standing() == {"DURATION": "ROAD"}


def test_questionnaire_refused_is_found_with_its_reason(vallees: scope.Scope) -> None:
    visit = ended_visit("V2", days=12)
    document = {key: value for key, value in second_answers(visit).items() if not key.startswith("epds.")}

    sign(visit, document | {"epds.status": "REFUSED", "dev.epds": "REFUSED"})

    assert standing() == {"EPDS": "REFUSED"}


def test_questionnaire_filled_in_is_none(vallees: scope.Scope) -> None:
    visit = ended_visit("V2", days=12)

    sign(visit, second_answers(visit))

    assert standing() == {}


def test_report_sent_late_is_found_when_it_is_signed(vallees: scope.Scope) -> None:
    visit = ended_visit(hours_ago=30)

    report = sign(visit, answers(visit) | {"dev.late": "NO_NETWORK"})
    deliver(report)

    assert standing() == {"LATE": "NO_NETWORK"}


def test_report_signed_in_time_and_delivered_late_waits_for_a_reason(vallees: scope.Scope) -> None:
    visit = ended_visit(hours_ago=23.5)
    report = sign(visit)

    deliver(report, at=clock.now() + timedelta(hours=1))

    assert standing() == {"LATE": ""}


def test_report_delivered_in_time_is_none(vallees: scope.Scope) -> None:
    deliver(sign(ended_visit(hours_ago=2)))

    assert standing() == {}


# ---- Corrected facts --------------------------------------------------------------------------------------------
def move_window(pathway: Pathway, days: int) -> None:
    """What a corrected day of birth does to a pathway."""
    pathway.window_from += timedelta(days=days)
    pathway.window_to += timedelta(days=days)
    pathway.save()
    birth_moved.send(Pathway, pathway=pathway, window=None, at=clock.now())


def test_corrected_birth_lifts_and_brings_back(vallees: scope.Scope) -> None:
    with time_machine.travel(NOON, tick=False):
        late = factories.make_pathway(ap=factories.who("amal"), days_ago=22)
        made(late, 75, window_reason="FAMILY_DATE")

        move_window(late, 2)
        row = Deviation.objects.get(kind="WINDOW")
        assert (row.lifted_at is not None, row.lifted_why, row.reason) == (True, "facts", "FAMILY_DATE")

        move_window(late, -2)
        row.refresh_from_db()
        assert (row.lifted_at, row.lifted_why, row.reason) == (None, "", "FAMILY_DATE")


def test_corrected_discharge_judges_the_early_visit_again(pathway: Pathway) -> None:
    birth = pathway.birth
    factories.make_discharge(birth, hours=8 * 24, kind="ULTRA_EARLY", has_medical_agreement=True)
    made(pathway, 135, kind="ULTRA_EARLY")
    assert standing() == {}

    record_discharge(
        birth=birth,
        discharged_at=birth.at + timedelta(hours=20),
        kind="ULTRA_EARLY",
        has_medical_agreement=True,
        decided_by="Dr Lefort",
        by=factories.who("farid"),
        at=NOON,
    )

    assert "WINDOW" in standing()


def test_questionnaire_noted_afterwards_by_the_team_lifts_it(pathway: Pathway) -> None:
    visit = factories.make_visit(pathway, "V2", "ended", ended_at=NOON)
    row = Deviation.objects.create(
        family=pathway.family, pathway=pathway, visit=visit, kind="EPDS", on=NOON.date(), detected_at=NOON
    )
    sheet = EpdsSheet(
        status="DONE", values={f"i{n:02d}": 0 for n in range(1, 11)}, presence="ALONE", language="fr", source="office"
    )

    record_epds(
        pathway=pathway, sheet=sheet, author=factories.who("farid"), at=NOON, recorded_at=NOON, zone="Europe/Paris"
    )

    row.refresh_from_db()
    assert row.lifted_why == "facts"


def test_planning_what_was_missing_lifts_it(vallees: scope.Scope) -> None:
    with time_machine.travel(NOON, tick=False):
        late = factories.make_pathway(ap=factories.who("amal"), days_ago=25)
        Deviation.objects.create(
            family=late.family,
            pathway=late,
            kind="FIRST_VISIT",
            on=late.window_to,
            first_day=late.window_from,
            last_day=late.window_to,
            detected_at=NOON,
        )
        slot = Slot(kind="V1", planned_at=NOON + timedelta(days=1), window_reason="FAMILY_DATE")
        plan_visit(
            pathway=late, ap=late.ap, slot=slot, by=late.ap, at=NOON, confirmed={"outside_window", "unusual_hour"}
        )

    assert Deviation.objects.get().lifted_why == "planned"


# ---- What the database holds ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "values",
    [
        {"kind": "DURATION", "minutes": None},
        {"kind": "DURATION", "reason": "NO_AP", "source": "tap", "coded_at": NOON},
        {"kind": "SECOND_VISIT"},
        {"kind": "DURATION", "visit": None},
        {"kind": "DURATION", "lifted_at": NOON},
        {"kind": "DURATION", "note": "sans motif"},
        {"kind": "WINDOW"},
    ],
)
def test_database_refuses_what_makes_no_sense(pathway: Pathway, values: dict[str, Any]) -> None:
    visit = factories.make_visit(pathway, "V1", "ended", ended_at=NOON)
    own = {"visit": visit, "minutes": 20, "least": 45, "most": 110, "on": NOON.date(), "detected_at": NOON} | values

    with pytest.raises(IntegrityError), transaction.atomic():
        Deviation.objects.create(family=pathway.family, pathway=pathway, **own)
