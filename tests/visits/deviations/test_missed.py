"""Visits and questionnaires that never came, found by the local day; a stop in between makes none."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from copa.kernel import clock, scope
from pathways.actions.stays import end_stay, note_stay
from pathways.models import EpdsScreening, Pathway
from tests import factories
from tests.cast import LAGON, VALLEES, inside
from visits.actions import missed
from visits.models import Deviation, Visit
from visits.tasks import look_for_missed

# A child born on 2 November 2026: the window ends on Monday 23 November (D+21).
BORN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
LAST = date(2026, 11, 23)
MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def pathway(vallees: scope.Scope) -> Any:
    """A family of Amal on the morning after its window."""
    with time_machine.travel(MORNING, tick=False):
        yield factories.make_pathway(factories.make_birth(at=BORN), ap=factories.who("amal"))


def look(at: datetime | None = None) -> None:
    at = at or clock.now()
    for key in missed.pathways_to_look_at(at=at):
        missed.look_for_missed(pk=key, at=at)


def standing() -> dict[str, str]:
    return dict(Deviation.objects.filter(lifted_at=None).order_by("kind").values_list("kind", "reason"))


def first_done(pathway: Pathway, **fields: Any) -> Visit:
    return factories.make_visit(pathway, "V1", "ended", ended_at=BORN + timedelta(days=5), **fields)


def second_done(pathway: Pathway, **fields: Any) -> Visit:
    return factories.make_visit(pathway, "V2", "ended", ended_at=BORN + timedelta(days=12), **fields)


def epds(pathway: Pathway, days: int = 12, status: str = "DONE") -> None:
    at = BORN + timedelta(days=days)
    EpdsScreening.objects.create(
        pathway=pathway, family=pathway.family, status=status, at=at, day=days, recorded_at=at,
        reason="" if status == "DONE" else "REFUSED", author=factories.who("farid"), source="office",
    )  # fmt: skip


def test_nothing_is_missing_before_the_morning_after(pathway: Pathway) -> None:
    look(datetime(2026, 11, 23, 22, 30, tzinfo=UTC))  # 23:30 in Paris
    look(datetime(2026, 11, 24, 4, 30, tzinfo=UTC))  # 5:30: the night is not over
    assert standing() == {}

    look(datetime(2026, 11, 24, 5, 0, tzinfo=UTC))
    assert standing() == {"FIRST_VISIT": "", "SECOND_VISIT": ""}


def test_missing_visit_says_its_window_and_asks_the_ap_of_the_pathway(pathway: Pathway) -> None:
    first_done(pathway)

    look()

    row = Deviation.objects.get()
    assert (row.kind, row.visit, row.on, row.first_day, row.last_day) == (
        "SECOND_VISIT", None, LAST, pathway.window_from, LAST,
    )  # fmt: skip


def test_looking_twice_writes_once(pathway: Pathway) -> None:
    look()
    before = list(Deviation.objects.order_by("pk").values())

    look(clock.now() + timedelta(hours=3))
    assert missed.pathways_to_look_at(at=clock.now()) == []
    missed.look_for_missed(pk=pathway.pk, at=clock.now() + timedelta(days=1))

    assert list(Deviation.objects.order_by("pk").values()) == before


def test_both_visits_and_the_questionnaire_done_is_none(pathway: Pathway) -> None:
    first_done(pathway)
    second_done(pathway)
    epds(pathway)

    look()

    assert standing() == {}


def test_visit_planned_later_is_to_come_and_missing_again_once_cancelled(pathway: Pathway) -> None:
    first_done(pathway)
    later = factories.make_visit(pathway, "V2", planned_at=MORNING + timedelta(days=3), window_reason="FAMILY_DATE")
    look()
    assert standing() == {}

    Visit.objects.filter(pk=later.pk).update(state="cancelled", not_done_reason="REFUSED_DOOR")
    look()
    assert standing() == {"SECOND_VISIT": "REFUSED_DOOR"}


def test_last_appointment_says_why_and_the_service_does_not(pathway: Pathway) -> None:
    factories.make_visit(pathway, "V1", "not_done", planned_at=BORN + timedelta(days=9), not_done_reason="ABSENT")
    factories.make_visit(
        pathway, "V2", "cancelled", planned_at=BORN + timedelta(days=15), not_done_reason="SERVICE_CANCELLED"
    )

    look()

    assert standing() == {"FIRST_VISIT": "ABSENT", "SECOND_VISIT": ""}


def test_ultra_early_visit_that_nobody_made(pathway: Pathway) -> None:
    factories.make_discharge(pathway.birth, hours=20, kind="ULTRA_EARLY", has_medical_agreement=True)
    at = datetime(2026, 11, 5, 8, 0, tzinfo=UTC)

    look(at - timedelta(days=1))  # the day after the discharge is still in time (R054)
    assert standing() == {}
    look(at)
    assert standing() == {"EARLY_VISIT": ""}


# ---- The questionnaire ------------------------------------------------------------------------------------------
def test_questionnaire_that_a_made_visit_did_not_bring(pathway: Pathway) -> None:
    first_done(pathway)
    visit = second_done(pathway)

    look()

    row = Deviation.objects.get()
    assert (row.kind, row.visit, row.on) == ("EPDS", visit, LAST)


def test_questionnaire_moved_to_a_third_visit_that_never_came(pathway: Pathway) -> None:
    first_done(pathway)
    visit = second_done(pathway)
    decided = {"decided_at": BORN + timedelta(days=6), "not_joint_reason": "OTHER"}
    factories.make_visit(pathway, "V3", planned_at=BORN + timedelta(days=18), **decided)

    look()

    row = Deviation.objects.get()
    assert (row.kind, row.visit, row.on) == ("EPDS", None, LAST)
    assert visit.pk is not None


def test_questionnaire_told_in_the_report_is_not_told_again(pathway: Pathway) -> None:
    first_done(pathway)
    visit = second_done(pathway)
    Deviation.objects.create(
        family=pathway.family, pathway=pathway, visit=visit, kind="EPDS", on=date(2026, 11, 14),
        detected_at=clock.now(), reason="REFUSED", source="report", coded_at=clock.now(),
    )  # fmt: skip
    epds(pathway, status="REFUSED")

    look()
    missed.look_for_missed(pk=pathway.pk, at=clock.now())

    assert list(Deviation.objects.values_list("on", "reason")) == [(date(2026, 11, 14), "REFUSED")]


def test_second_visit_missing_tells_the_questionnaire_too(pathway: Pathway) -> None:
    first_done(pathway)

    look()

    assert standing() == {"SECOND_VISIT": ""}


def test_report_still_in_time_speaks_first(pathway: Pathway) -> None:
    first_done(pathway)
    factories.make_visit(pathway, "V2", "ended", ended_at=MORNING - timedelta(hours=14))

    look()
    assert standing() == {}
    look(MORNING + timedelta(hours=11))
    assert standing() == {"EPDS": ""}


# ---- Stops ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["suspended", "no_news", "withdrawn", "moved", "bereaved", "closed"])
def test_pathway_that_stopped_lacks_nothing(pathway: Pathway, state: str) -> None:
    values = {"closed_at": clock.now(), "closing_reason": "FAMILY_WISH"} if state == "closed" else {}
    Pathway.objects.filter(pk=pathway.pk).update(state=state, **values)

    look()
    missed.look_for_missed(pk=pathway.pk, at=clock.now())

    assert standing() == {}


def test_mourning_of_a_pathway_under_way_lacks_nothing(pathway: Pathway) -> None:
    factories.make_death(pathway.birth)

    look()
    missed.look_for_missed(pk=pathway.pk, at=clock.now())

    assert standing() == {}


def test_stay_over_the_end_of_the_window_is_forgiven_for_good(pathway: Pathway) -> None:
    by = factories.who("farid")
    with time_machine.travel(BORN + timedelta(days=15), tick=False):
        stay = note_stay(
            birth=pathway.birth, child=None, ward="MATERNITY", place="", starts_on=clock.now().date(), by=by,
            at=clock.now(),
        )  # fmt: skip
    look()
    end_stay(stay=stay, ends_on=date(2026, 11, 24), by=by, at=clock.now())

    look()
    look(MORNING + timedelta(days=4))

    assert standing() == {}
    assert set(Deviation.objects.order_by("pk").values_list("lifted_why", flat=True)) == {"stop"}


def test_what_stood_before_a_stop_stays(pathway: Pathway) -> None:
    look()
    by = factories.who("farid")
    stay = note_stay(
        birth=pathway.birth, child=None, ward="MATERNITY", place="", starts_on=date(2026, 11, 24), by=by,
        at=clock.now(),
    )  # fmt: skip
    end_stay(stay=stay, ends_on=date(2026, 11, 24), by=by, at=clock.now())

    assert standing() == {"FIRST_VISIT": "", "SECOND_VISIT": ""}


# ---- Everywhere -------------------------------------------------------------------------------------------------
def test_each_territory_looks_in_its_own_morning(cast: dict[str, Any]) -> None:
    """The same instant is 5:30 in Paris and 8:30 in La Réunion."""
    dawn = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
    found = {}
    with time_machine.travel(dawn, tick=False):
        for slug, name in ((VALLEES, "amal"), (LAGON, "dora")):
            with scope.opened(inside(slug)):
                factories.make_pathway(factories.make_birth(at=BORN), ap=factories.who(name))
            look_for_missed.delay(str(inside(slug).territory_id))
            with scope.opened(inside(slug)):
                found[slug] = sorted(standing())

    assert found == {VALLEES: [], LAGON: ["FIRST_VISIT", "SECOND_VISIT"]}
