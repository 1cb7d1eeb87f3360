"""A decision of a meeting goes to somebody else: a trace, a mail to whoever has it now, minutes that do not change."""

from collections.abc import Callable
from typing import Any

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import meetings
from pathways.enums import Attendance, DecisionState, PathwayState
from pathways.models import Decision, DecisionHandover, MeetingItem, MeetingParticipant, Pathway
from territories.models import OutgoingMessage
from tests import factories

REASON = "En congé cette semaine-là."


@pytest.fixture
def decision(vallees: scope.Scope) -> Decision:
    """Amal is to call the family within a week, by validated minutes; Farid was there and runs the team."""
    pathway = factories.make_pathway(ap=factories.who("amal"))
    meeting = factories.make_meeting()
    for name in ("farid", "elise"):
        MeetingParticipant.objects.update_or_create(
            meeting=meeting, member=factories.who(name), defaults={"presence": Attendance.PRESENT}
        )
    item = factories.make_meeting_item(meeting, pathway.family, family_words="Elle le sait.")
    factories.make_decision(item, owner=factories.who("amal"))
    meetings.validate_minutes(meeting=meeting, by=factories.who("farid"), at=clock.now())
    return Decision.objects.get()


def hand(decision: Decision, *, to: str, by: str, reason: str = REASON) -> None:
    meetings.hand_over_decision(
        decision=decision, to=factories.who(to), reason=reason, by=factories.who(by), at=clock.now()
    )


def address(decision: Decision) -> str:
    return f"/t/vallees/decisions/{decision.public_id}/hand-over/"


@pytest.mark.parametrize("by", ["amal", "farid"])
def test_owner_or_team_hands_it_over(decision: Decision, as_: Callable[[str], Any], by: str) -> None:
    OutgoingMessage.objects.all().delete()
    elise = factories.who("elise")

    page = as_(by).post(address(decision), {"owner": str(elise.public_id), "reason": REASON})

    assert page.status_code == 302
    assert Decision.objects.get().owner == elise
    trace = DecisionHandover.objects.get()
    assert (trace.from_member, trace.to_member, trace.by) == (factories.who("amal"), elise, factories.who(by))
    assert list(OutgoingMessage.objects.values_list("to", flat=True)) == [elise.user.email]
    shown = as_("elise").get(f"/t/vallees/decisions/{decision.public_id}/").content.decode()
    assert REASON in shown


@pytest.mark.parametrize("missing", ["owner", "reason"])
def test_page_says_beside_the_field_what_is_missing(
    decision: Decision, as_: Callable[[str], Any], missing: str
) -> None:
    typed = {"owner": str(factories.who("elise").public_id), "reason": REASON}

    page = as_("amal").post(address(decision), typed | {missing: ""})

    assert page.status_code == 422
    assert [*page.context["form"].errors] == [missing]
    assert "facultatif" not in page.content.decode()


def test_decision_of_a_family_that_has_stopped_is_offered_to_nobody(
    decision: Decision, as_: Callable[[str], Any]
) -> None:
    Pathway.objects.update(state=PathwayState.WITHDRAWN)

    client = as_("farid")
    page = client.get(address(decision))

    assert page.status_code == 302
    assert "Cette décision n’est plus à faire." in client.get(page.url).content.decode()


def test_minutes_keep_the_first_owner_and_their_print(decision: Decision, as_: Callable[[str], Any]) -> None:
    hand(decision, to="elise", by="amal")
    hand(decision, to="farid", by="elise")

    item = MeetingItem.objects.get()
    page = as_("farid").get(f"/t/vallees/meeting-items/{item.public_id}/minutes/")
    assert page.context["item"].is_untouched
    amal = factories.who("amal").user.get_full_name()
    assert f"confiée en réunion à {amal}" in page.content.decode()

    Decision.objects.filter(pk=decision.pk).update(words="Changé.")
    page = as_("farid").get(f"/t/vallees/meeting-items/{item.public_id}/minutes/")
    assert not page.context["item"].is_untouched


def test_nobody_is_offered_who_cannot_open_the_file(decision: Decision, as_: Callable[[str], Any]) -> None:
    page = as_("amal").get(address(decision)).content.decode()
    assert [name for name in ("farid", "amal", "bea") if f'value="{factories.who(name).public_id}"' in page] == [
        "farid"
    ]

    refused = as_("amal").post(address(decision), {"owner": "", "reason": REASON}).content.decode()
    assert "Dites à qui vous la confiez." in refused


@pytest.mark.parametrize(
    ("change", "to", "reason", "code"),
    [
        ({}, "elise", " ", "reason_missing"),
        ({}, "amal", REASON, "same_owner"),
        ({"state": DecisionState.DONE}, "elise", REASON, "decision_settled"),
    ],
)
def test_what_cannot_be_handed_over(
    decision: Decision, change: dict[str, Any], to: str, reason: str, code: str
) -> None:
    if change:
        Decision.objects.update(settled_by=factories.who("amal"), settled_at=clock.now(), **change)

    with pytest.raises(BusinessError) as refusal:
        hand(decision, to=to, by="farid", reason=reason)

    assert refusal.value.code == code
    assert not DecisionHandover.objects.exists()


def test_nothing_changes_hands_once_the_follow_up_has_stopped(decision: Decision) -> None:
    Pathway.objects.update(state=PathwayState.WITHDRAWN)

    with pytest.raises(BusinessError, match="plus à faire"):
        hand(decision, to="elise", by="farid")
