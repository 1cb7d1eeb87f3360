"""Meetings, from the agenda to the task that is done."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import coordination, meetings, reminders, suggestions
from pathways.actions.meetings import MinutesIncomplete, NewDecision, Words
from pathways.actions.stops import withdraw_pathway
from pathways.enums import Attendance, DecisionKind, DecisionState, MeetingCause
from pathways.models import CoordinationEntry, Decision, MeetingItem, MeetingParticipant, StaffMeeting, Suggestion
from pathways.reads import agenda
from pathways.reads.decisions import task_count, task_rows
from territories.models import HistoryEvent, OutgoingMessage
from tests import factories
from tests.cast import LAGON, VALLEES, inside
from tests.pathways import screening
from tests.races import behind


def new_decision(**changed: Any) -> NewDecision:
    values: dict[str, Any] = {
        "kind": DecisionKind.CALL,
        "words": "",
        "owner": factories.who("amal"),
        "due_on": timezone.localdate() + timedelta(days=2),
        "told_by": None,
    } | changed
    return NewDecision(**values)


def words(**changed: Any) -> Words:
    values: dict[str, Any] = {
        "family_words": "Elle sait, elle veut bien.",
        "told_by": None,
        "tell_on": None,
        "facts": "",
    }
    return Words(**(values | changed))


@pytest.fixture
def item(vallees: scope.Scope) -> MeetingItem:
    """A family of Amal on the agenda of a meeting held yesterday by Élise and Farid."""
    pathway = factories.make_pathway(ap=factories.who("amal"))
    meeting = factories.make_meeting(present=(factories.who("elise"), factories.who("farid")))
    return factories.make_meeting_item(meeting, pathway.family)


def decide(item: MeetingItem, **changed: Any) -> Decision:
    return meetings.add_decision(item=item, decision=new_decision(**changed), by=factories.who("elise"), at=clock.now())


def validate(meeting: StaffMeeting) -> None:
    meetings.validate_minutes(meeting=meeting, by=factories.who("elise"), at=clock.now())


def written(item: MeetingItem) -> MeetingItem:
    meetings.write_item(item=item, words=words(), at=clock.now())
    decide(item)
    return item


def test_validated_minutes_hand_out_what_was_decided(item: MeetingItem) -> None:
    written(item)

    validate(item.meeting)

    assert StaffMeeting.objects.get().closed_at is not None
    assert "amal@copa.example" in OutgoingMessage.objects.values_list("to", flat=True)
    assert Decision.objects.open().get().owner == factories.who("amal")


def test_mail_says_nothing_of_the_family(item: MeetingItem) -> None:
    written(item)

    validate(item.meeting)

    mail = OutgoingMessage.objects.get(to="amal@copa.example")
    assert item.family.reference not in mail.subject + mail.body
    assert "Haddad" not in mail.subject + mail.body


@pytest.mark.parametrize("kind", [DecisionKind.NO_THIRD_VISIT, DecisionKind.THIRD_VISIT, DecisionKind.ORIENTATION])
def test_third_visit_refused_or_given_keeps_its_reason(item: MeetingItem, kind: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        decide(item, kind=kind)

    assert refusal.value.code == "words_missing"
    assert not Decision.objects.exists()


def test_refused_third_visit_leaves_nobody_anything_to_do(item: MeetingItem) -> None:
    stored = decide(item, kind=DecisionKind.NO_THIRD_VISIT, words="Les parents n’en veulent pas.", owner=None)

    assert (stored.state, stored.owner) == (DecisionState.DONE, None)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"owner": None}, "owner_missing"),
        ({"due_on": None}, "due_missing"),
        ({"due_on": date(2020, 1, 1)}, "due_past"),
        ({"due_on": date(2099, 1, 1)}, "due_too_far"),
    ],
)
def test_decision_without_an_owner_and_a_date_is_refused(item: MeetingItem, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        decide(item, **changed)

    assert refusal.value.code == code


def test_minutes_wait_until_every_family_has_her_word_and_a_decision(item: MeetingItem) -> None:
    with pytest.raises(MinutesIncomplete) as nothing:
        validate(item.meeting)
    decide(item)
    with pytest.raises(MinutesIncomplete) as unsaid:
        validate(item.meeting)

    assert nothing.value.missing == {item.pk: (meetings.NO_DECISION, meetings.NO_FAMILY_WORDS)}
    assert unsaid.value.missing == {item.pk: (meetings.NO_FAMILY_WORDS,)}
    assert StaffMeeting.objects.get().closed_at is None


def test_family_not_informed_yet_names_who_tells_her(item: MeetingItem) -> None:
    day = timezone.localdate() + timedelta(days=1)
    decide(item)
    with pytest.raises(BusinessError) as alone:
        meetings.write_item(item=item, words=words(family_words="", tell_on=day), at=clock.now())
    meetings.write_item(item=item, words=words(family_words="", told_by=item.added_by, tell_on=day), at=clock.now())

    validate(item.meeting)

    assert alone.value.field == "told_by"
    assert StaffMeeting.objects.get().closed_at is not None


def test_facts_are_five_lines(item: MeetingItem) -> None:
    with pytest.raises(BusinessError) as refusal:
        meetings.write_item(item=item, words=words(facts="\n".join("abcdef")), at=clock.now())

    assert refusal.value.code == "facts_too_long"


def test_meeting_of_one_is_no_meeting(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    meeting = factories.make_meeting(present=(factories.who("elise"),), invited=(factories.who("farid"),))
    written(factories.make_meeting_item(meeting, pathway.family))

    with pytest.raises(BusinessError) as refusal:
        validate(meeting)

    assert refusal.value.code == "too_few_present"


def test_meeting_to_come_is_not_validated(item: MeetingItem) -> None:
    written(item)
    StaffMeeting.objects.update(planned_at=clock.now() + timedelta(hours=1))
    meeting = StaffMeeting.objects.get()

    with pytest.raises(BusinessError) as refusal:
        validate(meeting)

    assert refusal.value.code == "meeting_to_come"


# Half an hour before the hour is the margin of people who are all there.
@pytest.mark.parametrize(("ahead", "is_taken"), [(3 * 86_400, False), (1801, False), (1800, True), (0, True)])
def test_attendance_and_decisions_are_noted_once_the_meeting_is_held(
    item: MeetingItem, ahead: int, is_taken: bool
) -> None:
    with time_machine.travel(clock.now(), tick=False):
        StaffMeeting.objects.update(planned_at=clock.now() + timedelta(seconds=ahead))
        row = MeetingParticipant.objects.order_by("pk").first()
        presence = {row.pk: Attendance.PRESENT}
        MeetingParticipant.objects.update(presence=Attendance.INVITED)
        codes = []
        for act in (
            lambda: meetings.note_presence(meeting=item.meeting, presence=presence, at=clock.now()),
            lambda: decide(item),
        ):
            try:
                act()
            except BusinessError as refusal:
                codes.append(refusal.code)

    assert codes == ([] if is_taken else ["presence_to_come", "decision_to_come"])
    assert Decision.objects.exists() is is_taken
    assert MeetingParticipant.objects.filter(presence=Attendance.PRESENT).exists() is is_taken


def test_meeting_is_prepared_and_excuses_noted_before_it_is_held(item: MeetingItem) -> None:
    StaffMeeting.objects.update(planned_at=clock.now() + timedelta(days=3))
    row = MeetingParticipant.objects.order_by("pk").first()

    meetings.write_item(item=item, words=words(facts="Bébé prend bien."), at=clock.now())
    meetings.note_presence(meeting=item.meeting, presence={row.pk: Attendance.EXCUSED}, at=clock.now())

    item.refresh_from_db()
    row.refresh_from_db()
    assert (item.facts, row.presence) == ("Bébé prend bien.", Attendance.EXCUSED)


def test_participant_without_a_right_on_the_family_leaves_the_item(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    elise, farid, fanny = (factories.who(name) for name in ("elise", "farid", "fanny"))
    meeting = factories.make_meeting(present=(elise, farid, fanny))
    item = written(factories.make_meeting_item(meeting, pathway.family))

    validate(meeting)

    item.refresh_from_db()
    assert item.left_by == [fanny.pk]


@pytest.mark.parametrize("change", ["write", "decide", "seal", "drop", "presence", "agenda", "validate"])
def test_nothing_changes_once_validated(item: MeetingItem, change: str) -> None:
    written(item)
    validate(item.meeting)
    decision = Decision.objects.get()
    elise, at = factories.who("elise"), clock.now()
    other = factories.make_pathway(ap=factories.who("bea")).family
    acts: dict[str, Any] = {
        "write": lambda: meetings.write_item(item=item, words=words(), at=at),
        "decide": lambda: decide(item),
        "seal": lambda: meetings.write_annex(
            item=item, token=meetings.annex_token(item), text="Scellé.", by=elise, at=at
        ),
        "drop": lambda: meetings.drop_decision(decision=decision),
        "presence": lambda: meetings.note_presence(meeting=item.meeting, presence={}, at=at),
        "agenda": lambda: meetings.put_on_agenda(
            meeting=item.meeting, family=other, cause=MeetingCause.TEAM, by=elise, at=at
        ),
        "validate": lambda: validate(item.meeting),
    }

    with pytest.raises(BusinessError) as refusal:
        acts[change]()

    assert refusal.value.code == "meeting_validated"


def test_family_stands_once_on_an_agenda(item: MeetingItem) -> None:
    with pytest.raises(BusinessError) as refusal:
        meetings.put_on_agenda(
            meeting=item.meeting, family=item.family, cause=MeetingCause.ALERT, by=item.added_by, at=clock.now()
        )

    assert refusal.value.code == "meeting_item_once"


def test_item_that_is_written_is_not_taken_off(item: MeetingItem) -> None:
    decide(item)

    with pytest.raises(BusinessError) as refusal:
        meetings.take_off_agenda(item=item)

    assert refusal.value.code == "item_written"
    assert MeetingItem.objects.exists()


def test_sealed_text_is_not_copied_into_history(item: MeetingItem) -> None:
    meetings.write_annex(
        item=item,
        token=meetings.annex_token(item),
        text="Ce qui est scellé.",
        by=factories.who("farid"),
        at=clock.now(),
    )

    events = HistoryEvent.objects.filter(table_name="pathways_meetingannex")
    assert events.count() == 1
    assert "scellé" not in str(events.get().after)


# ---- Tasks -----------------------------------------------------------------------------------------------
def settle(decision: Decision, state: str, said: str = "") -> None:
    meetings.settle_decision(decision=decision, state=state, words=said, by=factories.who("amal"), at=clock.now())


def test_decision_is_settled_once(item: MeetingItem) -> None:
    written(item)
    validate(item.meeting)
    decision = Decision.objects.get()

    settle(decision, DecisionState.DONE)
    with pytest.raises(BusinessError) as again:
        settle(decision, DecisionState.NOT_DONE, "Non.")

    decision.refresh_from_db()
    assert (decision.state, decision.settled_by) == (DecisionState.DONE, factories.who("amal"))
    assert again.value.code == "decision_settled"


def test_what_is_not_done_says_why(item: MeetingItem) -> None:
    written(item)
    validate(item.meeting)

    with pytest.raises(BusinessError) as refusal:
        settle(Decision.objects.get(), DecisionState.NOT_DONE)

    assert refusal.value.field == "words"


# 05:59 UTC is 07:59 in Paris in summer; the clocks go back on 25 October 2026, and 07:00 UTC is 08:00 from then on.
@pytest.mark.parametrize(
    ("at", "told"),
    [
        (datetime(2026, 10, 24, 5, 59, 59, tzinfo=UTC), 0),
        (datetime(2026, 10, 24, 6, 0, tzinfo=UTC), 1),
        (datetime(2026, 10, 26, 6, 59, 59, tzinfo=UTC), 0),
        (datetime(2026, 10, 26, 7, 0, tzinfo=UTC), 1),
    ],
)
def test_owner_is_reminded_in_her_own_morning(vallees: scope.Scope, at: datetime, told: int) -> None:
    with time_machine.travel(at, tick=False):
        make_late_decision()
        owners = reminders.owners_to_remind(at=clock.now())

    assert len(owners) == told


def make_late_decision() -> Decision:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    held = factories.make_meeting(is_validated=True)
    return factories.make_decision(factories.make_meeting_item(held, pathway.family), days=0)


def test_reminder_leaves_once_a_day_however_often_the_job_runs(vallees: scope.Scope) -> None:
    with time_machine.travel(datetime(2026, 10, 26, 9, 0, tzinfo=UTC), tick=False):
        make_late_decision()
        for _ in range(3):
            for pk in reminders.owners_to_remind(at=clock.now()):
                reminders.remind_owner(pk=pk, at=clock.now())

    assert OutgoingMessage.objects.count() == 1


def stops(decision: Decision, how: str) -> None:
    pathway = decision.item.pathway
    assert pathway is not None
    if how == "mourning":
        factories.make_death(pathway.birth)
    else:
        withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())


@pytest.mark.parametrize("how", ["mourning", "withdrawal"])
def test_nobody_owes_anything_about_a_family_that_stopped_or_mourns(as_: Any, vallees: scope.Scope, how: str) -> None:
    """No mail, no task, no line on the next agenda (A38, L12); the minutes keep what was decided."""
    with time_machine.travel(datetime(2026, 10, 26, 9, 0, tzinfo=UTC), tick=False):
        decision, elise = make_late_decision(), factories.who("elise")
        meeting, tomorrow = factories.make_meeting(), timezone.localdate() + timedelta(days=1)

        def owed() -> tuple[list[int], int, int, int]:
            tasks = task_rows(elise, tomorrow, "1", is_mine=False, is_done=False)
            offered = agenda.suggestions(meeting, elise, at=clock.now(), today=tomorrow).families
            owners = reminders.owners_to_remind(at=clock.now())
            return owners, task_count(decision.owner), len(tasks), len(offered)

        assert owed() == ([decision.owner_id], 1, 1, 1)
        stops(decision, how)

        assert owed() == ([], 0, 0, 0)
        assert Decision.objects.filter(pk=decision.pk, state=DecisionState.OPEN).exists()


# ---- Coordination (R099) ---------------------------------------------------------------------------------
def note(family: Any, **changed: Any) -> CoordinationEntry:
    values = {"on": timezone.localdate(), "minutes": 15, "participants": "Farid", "note": ""} | changed
    return coordination.note_coordination(family=family, by=factories.who("elise"), at=clock.now(), **values)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"on": date(2099, 1, 1)}, "day_to_come"),
        ({"on": date(2020, 1, 1)}, "day_before"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 481}, "minutes"),
    ],
)
def test_time_of_coordination_makes_sense(vallees: scope.Scope, changed: dict[str, Any], code: str) -> None:
    family = factories.make_pathway().family

    with pytest.raises(BusinessError) as refusal:
        note(family, **changed)

    assert refusal.value.code == code
    assert not CoordinationEntry.objects.exists()


def test_family_not_included_has_no_coordination(vallees: scope.Scope) -> None:
    with pytest.raises(BusinessError) as refusal:
        note(factories.make_birth().family)

    assert refusal.value.code == "not_included"


def test_meeting_of_another_territory_is_not_seen(item: MeetingItem) -> None:
    with scope.opened(inside(LAGON)):
        assert not StaffMeeting.objects.exists()
        assert not StaffMeeting.unscoped.filter(pk=item.meeting_id).exists()


# ---- Third visits ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "is_accepted"), [(DecisionKind.THIRD_VISIT, True), (DecisionKind.NO_THIRD_VISIT, False)]
)
def test_what_a_meeting_decides_of_a_third_visit_answers_the_suggestion(
    item: MeetingItem, kind: str, is_accepted: bool
) -> None:
    elise, at = factories.who("elise"), clock.now()
    suggestions.ask_third_visit(pathway=item.pathway, is_of_parents=True, note="", by=elise, at=at)
    decide(written(item), kind=kind, words="Elle dort mieux.")
    assert Suggestion.objects.get().decided_at is None

    validate(item.meeting)

    found = Suggestion.objects.get()
    assert (found.is_accepted, found.reason, found.decided_by_id) == (is_accepted, "Elle dort mieux.", elise.pk)


def test_meeting_that_decides_nothing_of_it_leaves_the_third_visit_open(item: MeetingItem) -> None:
    suggestions.ask_third_visit(
        pathway=item.pathway, is_of_parents=True, note="", by=factories.who("elise"), at=clock.now()
    )
    decide(written(item))

    validate(item.meeting)

    assert Suggestion.objects.undecided().count() == 1


def test_talk_of_the_team_is_had_by_the_meeting_but_not_the_call_of_the_same_day(item: MeetingItem) -> None:
    screening.tell_sealed(item.pathway, "V3_PARTNER_VIOLENCE")
    Suggestion.objects.create(
        pathway=item.pathway,
        family_id=item.family_id,
        kind="team_review",
        cause="epds",
        is_same_day=True,
        suggested_at=clock.now(),
    )
    decide(written(item))

    validate(item.meeting)

    assert [row.is_same_day for row in Suggestion.objects.undecided().order_by("pk")] == [True]


def test_suggestion_decided_before_the_meeting_keeps_its_answer(item: MeetingItem) -> None:
    farid, at = factories.who("farid"), clock.now()
    suggestions.ask_third_visit(pathway=item.pathway, is_of_parents=True, note="", by=farid, at=at)
    suggestions.decide_suggestion(
        suggestion=Suggestion.objects.get(), is_accepted=False, reason="Refus.", by=farid, at=at
    )
    decide(written(item), kind=DecisionKind.THIRD_VISIT, words="Oui finalement.")

    validate(item.meeting)

    assert Suggestion.objects.get().reason == "Refus."


@pytest.mark.usefixtures("committed")
def test_family_put_on_the_agenda_while_the_minutes_are_validated_is_heard_as_the_others() -> None:
    with scope.opened(inside(VALLEES)):
        elise, farid = factories.who("elise"), factories.who("farid")
        meeting = factories.make_meeting(present=(elise, farid, factories.who("fanny")))
        written(factories.make_meeting_item(meeting, factories.make_pathway(ap=factories.who("amal")).family))
        late = factories.make_pathway(ap=factories.who("amal")).family

    def put_on() -> None:
        meetings.put_on_agenda(meeting=meeting, family=late, cause=MeetingCause.TEAM, by=elise, at=clock.now())
        written(MeetingItem.objects.get(family=late))

    assert behind(put_on, lambda: validate(meeting)) == ["done", "done"]

    with scope.opened(inside(VALLEES)):
        assert set(map(tuple, MeetingItem.objects.order_by("pk").values_list("left_by", flat=True))) == {
            (factories.who("fanny").pk,)
        }
