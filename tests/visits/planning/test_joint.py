"""The third visit with the PMI: asked by consent, two parts confirmed apart, handed over in person when it is done."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine

from copa.kernel.errors import BusinessError
from pathways.actions.suggestions import suggest_third_visit
from pathways.models import Pathway, PmiRelay, RecipientConsent, RelayStep, Suggestion
from territories.models import OutgoingMessage
from tests.factories import make_birth, make_grant, make_pathway, make_visit, structure, who
from tests.visits.planning.plans import AT, BORN, local, plan
from visits.actions import conduct, joint, planning
from visits.models import Visit

DONE = datetime(2026, 11, 16, 15, 0, tzinfo=UTC)


def third(pathway: Pathway, **options: Any) -> Visit:
    for kind, day in (("V1", 5), ("V2", 9)):
        make_visit(pathway, kind, planned_at=local(day))
    return plan(pathway, "V3", local(16), motive="VULNERABILITY", **options)


def mails(to: str) -> list[str]:
    return list(OutgoingMessage.objects.filter(to=to).order_by("pk").values_list("dedup_key", flat=True))


def test_third_visit_is_joint_or_says_why_not(pathway: Pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        third(pathway)

    assert refusal.value.field == "not_joint_reason"
    alone = plan(pathway, "V3", local(16), motive="VULNERABILITY", not_joint_reason="FAMILY_ALONE")
    assert (alone.is_joint, alone.not_joint_reason, alone.partner_state) == (False, "FAMILY_ALONE", "")


@pytest.mark.parametrize("kind", ["V1", "V2"])
def test_only_the_third_visit_is_joint(pathway: Pathway, kind: str) -> None:
    if kind == "V2":
        make_visit(pathway, "V1", planned_at=local(5))

    with pytest.raises(BusinessError) as refusal:
        plan(pathway, kind, local(9), is_joint=True)

    assert refusal.value.code == "joint_of_third_only"


def test_pmi_is_not_asked_without_the_mothers_agreement(pathway: Pathway) -> None:
    PmiRelay.objects.update(is_agreed=False)

    with pytest.raises(BusinessError) as refusal:
        third(pathway, is_joint=True)

    assert refusal.value.code == "no_agreement"
    assert not OutgoingMessage.objects.exists()


def test_asked_pmi_is_told_once_and_confirms_alone(pathway: Pathway) -> None:
    visit = third(pathway, is_joint=True)

    joint.confirm_part(visit=visit, by=who("gaelle"), at=AT)
    joint.confirm_part(visit=visit, by=who("gaelle"), at=AT)

    found = Visit.objects.get(pk=visit.pk)
    assert (found.partner, found.partner_state, found.state) == (who("gaelle"), "confirmed", "planned")
    assert len(mails("pmi-ligny@copa.example")) == 1
    assert len([key for key in mails(pathway.carrier.mailbox) if key.startswith("joint")]) == 1


def test_pmi_cancels_its_part_and_the_visit_goes_on(pathway: Pathway) -> None:
    visit = third(pathway, is_joint=True)

    joint.cancel_part(visit=visit, reason="OTHER_DAY", by=who("gaelle"), at=AT)
    joint.cancel_part(visit=visit, reason="OTHER_DAY", by=who("gaelle"), at=AT)

    found = Visit.objects.get(pk=visit.pk)
    assert (found.is_joint, found.not_joint_reason, found.partner_state) == (False, "PMI_ABSENT", "cancelled")
    assert (found.state, found.partner, found.partner_reason) == ("planned", who("gaelle"), "OTHER_DAY")
    assert len([key for key in mails(pathway.carrier.mailbox) if key.startswith("joint")]) == 1
    joint.propose_again(visit=visit, at=AT)
    again = Visit.objects.get(pk=visit.pk)
    assert (again.partner_state, again.partner_reason) == ("asked", "")


@pytest.mark.parametrize("reason", ["", "JAMAIS"])
def test_pmi_says_why_it_does_not_come(pathway: Pathway, reason: str) -> None:
    visit = third(pathway, is_joint=True)

    with pytest.raises(BusinessError) as refusal:
        joint.cancel_part(visit=visit, reason=reason, by=who("gaelle"), at=AT)

    assert (refusal.value.code, refusal.value.field) == ("reason_missing", "reason")
    assert Visit.objects.get(pk=visit.pk).partner_state == "asked"


def test_pmi_takes_its_no_back_while_the_visit_is_planned(pathway: Pathway) -> None:
    visit = third(pathway, is_joint=True)
    joint.cancel_part(visit=visit, reason="NO_ONE", by=who("gaelle"), at=AT)

    joint.confirm_part(visit=visit, by=who("gaelle"), at=AT)

    found = Visit.objects.get(pk=visit.pk)
    assert (found.is_joint, found.not_joint_reason, found.partner_state) == (True, "", "confirmed")
    assert found.partner_reason == ""


def test_pmi_does_not_come_back_once_the_mother_said_no(pathway: Pathway) -> None:
    visit = third(pathway, is_joint=True)
    joint.cancel_part(visit=visit, reason="NO_ONE", by=who("gaelle"), at=AT)
    PmiRelay.objects.update(is_agreed=False)

    with pytest.raises(BusinessError) as refusal:
        joint.confirm_part(visit=visit, by=who("gaelle"), at=AT)

    assert refusal.value.code == "no_agreement"
    assert not Visit.objects.get(pk=visit.pk).is_joint


def test_visit_never_joint_has_no_part_to_answer(pathway: Pathway) -> None:
    visit = third(pathway, not_joint_reason="FAMILY_ALONE")

    for answer in (joint.confirm_part, partial(joint.cancel_part, reason="NO_ONE")):
        with pytest.raises(BusinessError) as refusal:
            answer(visit=visit, by=who("gaelle"), at=AT)
        assert refusal.value.code == "not_joint"


def test_moved_visit_is_asked_again(pathway: Pathway) -> None:
    visit = third(pathway, is_joint=True)
    joint.confirm_part(visit=visit, by=who("gaelle"), at=AT)

    planning.move_visit(visit=visit, planned_at=local(17), window_reason="", at=AT)

    assert Visit.objects.get(pk=visit.pk).partner_state == "asked"


def test_cancelled_visit_tells_the_pmi(pathway: Pathway) -> None:
    visit = third(pathway, is_joint=True)

    planning.cancel_visit(visit=visit, reason="FAMILY_CANCELLED", at=AT)

    assert any("joint-off" in key for key in mails("pmi-ligny@copa.example"))


def make_it(visit: Visit) -> None:
    Visit.objects.filter(pathway=visit.pathway_id, state="planned").exclude(pk=visit.pk).delete()
    with time_machine.travel(DONE, tick=False):
        conduct.start_visit(visit=visit, at=DONE.replace(hour=13))
        conduct.end_visit(visit=visit, at=DONE)


@pytest.mark.parametrize(
    ("is_confirmed", "present", "by"),
    [(True, ["PMI_NURSE"], "gaelle"), (False, ["PMI_DOCTOR"], None), (True, ["NONE"], None), (True, [], None)],
)
def test_relay_is_handed_over_once_the_report_says_that_the_pmi_was_there(
    pathway: Pathway, is_confirmed: bool, present: list[str], by: str | None
) -> None:
    visit = third(pathway, is_joint=True)
    if is_confirmed:
        joint.confirm_part(visit=visit, by=who("gaelle"), at=AT)
    is_handed = present not in ([], ["NONE"])

    make_it(visit)
    # To have confirmed is not to have been there.
    assert PmiRelay.objects.get().handed_at is None
    for _ in range(2):
        joint.report_signed(visit=Visit.objects.get(pk=visit.pk), present=present, at=DONE + timedelta(hours=3))

    relay = PmiRelay.objects.get()
    assert (relay.handed_at == DONE, relay.state) == (is_handed, "waiting")
    assert (str(relay.due_on) == "2026-11-16") is is_handed
    assert list(RelayStep.objects.values_list("by", flat=True)) == [who(by).pk if by else None] * is_handed
    told = OutgoingMessage.objects.filter(dedup_key__startswith="relay-handed")
    assert [mail.to for mail in told.order_by("pk")] == ["pmi-ligny@copa.example"] * is_handed
    assert not any("Haddad" in mail.body for mail in told)


def test_pmi_that_has_taken_the_family_already_is_not_written_to(pathway: Pathway) -> None:
    visit = third(pathway, is_joint=True)
    make_it(visit)
    PmiRelay.objects.update(state="accepted", answered_at=AT, answered_by=who("gaelle"))

    joint.report_signed(visit=Visit.objects.get(pk=visit.pk), present=["PMI_NURSE"], at=DONE)

    assert PmiRelay.objects.get().handed_at == DONE
    assert not OutgoingMessage.objects.filter(dedup_key__startswith="relay-handed").exists()


def test_relay_without_agreement_is_handed_over_to_nobody(pathway: Pathway) -> None:
    visit = third(pathway, is_joint=True)
    joint.confirm_part(visit=visit, by=who("gaelle"), at=AT)
    RecipientConsent.objects.filter(family=pathway.family, recipient="PMI").update(answer="NO")

    make_it(visit)
    joint.report_signed(visit=Visit.objects.get(pk=visit.pk), present=["PMI_NURSE"], at=DONE)

    assert PmiRelay.objects.get().handed_at is None
    assert not OutgoingMessage.objects.filter(dedup_key__startswith="relay-handed").exists()


def test_third_visit_done_tells_team_and_midwife_once(pathway: Pathway) -> None:
    make_grant(pathway.family, to=who("ines"))
    make_grant(pathway.family, to=who("iris"), reason="ORIENTATION")
    visit = third(pathway, not_joint_reason="FAMILY_ALONE")

    make_it(visit)
    conduct.end_visit(visit=visit, at=DONE)

    told = OutgoingMessage.objects.filter(dedup_key__startswith="third-done").order_by("to")
    assert [mail.to for mail in told] == ["ines@copa.example", pathway.carrier.mailbox]
    assert not any("Haddad" in mail.body for mail in told)


def test_midwife_without_agreement_is_not_told(vallees: Any) -> None:
    with time_machine.travel(AT, tick=False):
        pathway = make_pathway(make_birth(at=BORN), ap=who("amal"), agreed_midwife=False)
        make_grant(pathway.family, to=who("ines"))
        visit = third(pathway, not_joint_reason="OTHER")

    make_it(visit)

    told = OutgoingMessage.objects.filter(dedup_key__startswith="third-done")
    assert [mail.to for mail in told] == [pathway.carrier.mailbox]


def test_planned_third_visit_answers_what_suggested_it(pathway: Pathway) -> None:
    suggest_third_visit(pathway=pathway, cause="GRID", source_id=None, by=None, at=AT)

    third(pathway, not_joint_reason="FAMILY_ALONE")

    answered = Suggestion.objects.get()
    assert (answered.is_accepted, answered.decided_by, answered.decided_at) == (True, who("elise"), AT)


# ---- R077: who may make it ---------------------------------------------------------------------------------------
def of_pmi(name: str = "PMI de Ligny") -> Pathway:
    return make_pathway(make_birth(at=BORN), carrier=structure(name))


@pytest.mark.parametrize("taker", ["gaelle", "nora"])
def test_pmi_that_carries_a_pathway_makes_its_third_visit(vallees: Any, taker: str) -> None:
    with time_machine.travel(AT, tick=False):
        visit = third(of_pmi(), ap=taker)

    assert (visit.ap, visit.not_joint_reason) == (who(taker), "AP_FROM_PMI")
    assert Pathway.objects.get().ap is None
    make_it(visit)
    assert PmiRelay.objects.get().handed_at == DONE


@pytest.mark.parametrize("taker", ["gina", "farid", "elise"])
def test_somebody_of_another_service_does_not(vallees: Any, taker: str) -> None:
    with time_machine.travel(AT, tick=False), pytest.raises(BusinessError) as refusal:
        third(of_pmi(), ap=taker)

    assert refusal.value.code == "not_an_ap"


def test_third_visit_of_a_hospital_is_made_by_an_ap(pathway: Pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        third(pathway, ap="gaelle", is_joint=True)

    assert refusal.value.code == "not_an_ap"


def test_first_visit_of_a_pmi_is_made_by_an_ap(vallees: Any) -> None:
    with time_machine.travel(AT, tick=False), pytest.raises(BusinessError) as refusal:
        plan(of_pmi(), "V1", local(5), ap="gaelle")

    assert refusal.value.code == "not_an_ap"
