"""What professionals do around the staged families: something for every page, and nothing the platform refuses."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from copa.demo.care import CARE_MODELS
from copa.demo.loader import Plan
from copa.kernel import clock, scope
from pathways.actions.orientations import check_may_leave
from pathways.enums import DecisionState, OrientationState, PathwayState, Patient, RelayState
from pathways.models import (
    AnswerLink,
    CoordinationEntry,
    Decision,
    EarlyCall,
    EarlyCallPerson,
    EpdsScreening,
    EpdsValues,
    HospitalStay,
    ImportRun,
    MeetingItem,
    Orientation,
    Pathway,
    PmiRelay,
    Presentation,
    RelayContact,
    StaffMeeting,
    Suggestion,
    TeamMeeting,
)
from pathways.reads.contacts import is_silent_enough, silent_days
from pathways.reads.imports import kept_table, listed, look
from pathways.reads.routing import may_send
from pathways.reads.team_meetings import pace, teams
from pathways.rules.screening import EPDS_ITEMS
from territories.enums import DutyPlace, Role
from territories.models import DirectoryEntry, DutyShift, Member, Structure, User
from tests.demo.conftest import AT, inside
from visits.enums import PartnerState
from visits.models import Deviation, Report, ReportCopy, Visit

TODAY = clock.local_date(AT, "Europe/Paris")


@pytest.fixture(autouse=True)
def _first_territory(plan: Plan) -> Iterator[None]:
    with scope.opened(inside("vallees-de-l-est")):
        yield


def test_every_table_of_the_care_side_has_rows() -> None:
    assert [model.__name__ for model in CARE_MODELS if not model._default_manager.exists()] == []


def test_nothing_was_written_in_the_future() -> None:
    """Days to come are plans: a term, a meeting, a due date, a roster."""
    written = ("noted_at", "recorded_at", "added_at", "proposed_at", "spotted_at", "suggested_at", "requested_at")
    late = [
        f"{model.__name__}.{field.name}"
        for model in CARE_MODELS
        for field in model._meta.concrete_fields
        if field.name in written and model._default_manager.filter(**{f"{field.name}__gt": AT}).exists()
    ]

    assert late == []


def test_the_directory_has_entries_to_check_and_one_that_ended() -> None:
    entries = DirectoryEntry.objects.all()

    assert 20 <= entries.values("type").distinct().order_by().count() <= 26
    assert entries.to_review_on(TODAY).count() == 2
    assert entries.ended_on(TODAY).count() == 1
    assert not entries.exclude(phone__startswith="+3319900").exists()
    assert not entries.exclude(email="").exclude(email__endswith=".example").exists()


def test_every_maternity_has_somebody_at_each_place_now_and_next_week() -> None:
    for moment in (AT, AT + timedelta(days=6)):
        for house in Structure.objects.filter(kind="maternity").order_by("name"):
            places = DutyShift.objects.running(moment).filter(structure=house).values_list("place", flat=True)
            assert sorted(places) == sorted(DutyPlace.values)

    assert User.objects.filter(email="equipe@vallees.copa.example").exclude(phone="").exists()


def test_orientations_stand_in_every_state_with_an_agreement() -> None:
    states = set(Orientation.objects.order_by().values_list("state", flat=True))

    assert states == set(OrientationState.values) - {OrientationState.CLOSED}
    alive = AnswerLink.objects.filter(used_at=None, killed_at=None, expires_at__gt=AT)
    assert alive.exclude(orientation=None).count() == 1
    for orientation in Orientation.objects.filter(state=OrientationState.SENT).select_related("need").order_by("pk"):
        check_may_leave(orientation)


def test_the_low_mood_is_the_one_of_its_report_and_waits_for_the_team() -> None:
    screening = EpdsScreening.objects.get(pathway__in=Suggestion.objects.filter(cause="epds").values("pathway"))
    values = EpdsValues.objects.get(screening=screening)
    report = Report.objects.get(visit__public_id=screening.source_id)

    assert sum(getattr(values, key) for key in EPDS_ITEMS) == screening.total >= screening.alert
    assert values.i10 == 0
    assert report.visit.pathway_id == screening.pathway_id
    assert Suggestion.objects.undecided().filter(source_id=screening.public_id).count() == 2


def test_a_meeting_was_held_and_one_is_to_come() -> None:
    held, to_come = StaffMeeting.objects.order_by("planned_at")

    assert held.closed_at is not None
    assert to_come.closed_at is None
    assert to_come.planned_at > AT
    assert MeetingItem.objects.filter(meeting=to_come).count() == 2
    assert Decision.objects.open().filter(due_on__lt=TODAY).count() == 1
    assert Decision.objects.filter(state=DecisionState.DONE).count() == 1
    assert not MeetingItem.objects.filter(meeting=held, family_words="", told_by=None).exists()


def test_some_families_are_closed_without_a_time_of_coordination() -> None:
    closed = Pathway.objects.closed()
    without = closed.exclude(pk__in=CoordinationEntry.objects.order_by().values("pathway"))

    assert 0 < without.count() < closed.count() / 4


def test_relays_wait_too_long_are_declined_and_are_followed() -> None:
    assert PmiRelay.objects.shown().waiting().filter(due_on__lt=TODAY - timedelta(days=7)).exists()
    assert PmiRelay.objects.filter(state=RelayState.DECLINED).count() == 1
    assert PmiRelay.objects.without_contact().exists()
    assert RelayContact.objects.exists()
    assert not RelayContact.objects.exclude(relay__state=RelayState.ACCEPTED).exists()
    joint = Visit.objects.get(is_joint=True)
    assert joint.partner_state == PartnerState.CONFIRMED
    assert joint.planned_at > AT


def test_a_twin_is_away_and_the_visits_go_on() -> None:
    stay = HospitalStay.objects.running().get(person=Patient.CHILD)

    assert stay.child.is_hospitalised
    assert not stay.is_pausing
    assert Pathway.objects.get(birth=stay.birth).state == PathwayState.ACTIVE


def test_a_mother_away_suspends_her_visits() -> None:
    stay = HospitalStay.objects.running().get(person=Patient.MOTHER)

    assert stay.is_pausing
    assert Pathway.objects.get(birth=stay.birth).state == PathwayState.SUSPENDED


def test_a_family_without_news_was_called_on_three_days() -> None:
    lost = Pathway.objects.filter(state=PathwayState.NO_NEWS).get()

    assert is_silent_enough(silent_days(lost))


def test_the_list_to_look_at_has_new_births_one_known_and_one_refused() -> None:
    run = ImportRun.objects.select_related("structure__territory").get()
    table = kept_table(run)
    assert table is not None
    seen = look(listed(table, run.columns, run.structure, AT))

    assert (len(seen.new), len(seen.known), len(seen.refused)) == (2, 1, 1)
    assert [len(birth.children) for birth in seen.new] == [1, 2]


def test_an_ultra_early_discharge_waits_for_its_auxiliary() -> None:
    waiting = EarlyCall.objects.waiting().get()

    assert waiting.last_day >= TODAY
    assert EarlyCallPerson.objects.filter(call=waiting).count() == 1


def test_presentations_wait_for_their_birth() -> None:
    assert Presentation.objects.waiting().count() == 3
    assert Presentation.objects.waiting().filter(expected_on__lt=TODAY).count() == 1


def test_deviations_are_coded_by_their_report_and_wait_for_the_known_ap() -> None:
    coded = Counter(Deviation.objects.exclude(reason="").order_by("pk").values_list("source", flat=True))
    waiting = Deviation.objects.to_code().filter(pathway__ap__user__email__startswith="ap@")
    kinds = Counter(waiting.order_by("pk").values_list("kind", flat=True))

    assert coded["report"] > 0
    assert kinds == {"DURATION": 1, "SECOND_VISIT": 1}
    assert coded["tap"] == 1


def test_reports_were_copied_to_those_she_agreed_to_and_the_team_can_follow_it() -> None:
    copies = ReportCopy.objects.order_by("pk")

    assert copies.exclude(user=None).filter(opened_at__isnull=False).exists()
    assert copies.exclude(structure=None).filter(opened_at=None).exists()
    assert copies.filter(user=None, structure=None).exists()
    for copy in copies.select_related("report__visit"):
        answer = may_send(
            family_id=copy.family_id,
            recipient=copy.recipient,
            document="REPORT",
            pathway_id=copy.report.visit.pathway_id,
            structure_id=copy.structure_id,
        )
        assert answer.allowed


def test_every_team_meets_its_auxiliaries_and_one_is_late() -> None:
    lines = teams(Structure.objects.all(), TODAY, every=pace())

    assert [one for one in lines if one.last_on is None] == []
    assert [one.is_late for one in lines].count(True) == 1
    assert TeamMeeting.objects.exclude(cancelled_at=None).count() == 1


def test_somebody_answers_for_every_auxiliary() -> None:
    auxiliaries = Member.objects.with_role(Role.AP)

    assert auxiliaries.exists()
    assert not auxiliaries.filter(supervisor=None).exists()
