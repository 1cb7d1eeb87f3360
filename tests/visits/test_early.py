"""An ultra-early discharge calls an auxiliary at once, and tells who confirmed (R033, R054)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import early
from pathways.actions.births import record_discharge
from pathways.actions.early import hand_early_call_to
from pathways.actions.stops import assign_ap, withdraw_pathway
from pathways.models import Birth, EarlyCall, EarlyCallPerson, Pathway
from pathways.rules import early_visit_holds, ultra_early_window
from pathways.tasks import watch_early_calls
from territories.enums import DutyPlace, Role
from territories.models import Member, OutgoingMessage, User
from tests import factories
from tests.cast import LAGON, inside
from tests.queries import count
from visits.actions.conduct import mark_not_done
from visits.actions.planning import cancel_visit
from visits.enums import VisitKind
from visits.models import Visit
from visits.perms import CHANGE_VISIT, RAISE_SIGN
from visits.reads import family_file

# Monday 2 November 2026, 22:30 in Paris: an hour before the discharge of the programme's own example (R054).
MONDAY = datetime(2026, 11, 2, 21, 30, tzinfo=UTC)


def leave(pathway: Pathway, **changed: Any) -> None:
    values: dict[str, Any] = {"kind": "ULTRA_EARLY", "has_medical_agreement": True, "decided_by": "Dr Lefort"} | changed
    values.setdefault("discharged_at", clock.now() + timedelta(hours=1))
    record_discharge(birth=pathway.birth, by=factories.who("farid"), at=clock.now(), **values)


@pytest.fixture
def pathway(vallees: scope.Scope) -> Any:
    """A family of Amal whose child was born this very Monday, at an hour before midnight."""
    with time_machine.travel(MONDAY, tick=False):
        yield factories.make_pathway(factories.make_birth(at=MONDAY - timedelta(hours=10)), ap=factories.who("amal"))


def on_duty(name: str) -> None:
    factories.make_shift(factories.who(name), DutyPlace.AP)


def names(call: EarlyCall) -> set[str]:
    called = EarlyCallPerson.objects.filter(call=call).order_by("pk")
    return {person.member.user.first_name for person in called}


def test_discharge_calls_the_familys_auxiliary_and_the_one_on_duty(pathway: Pathway) -> None:
    on_duty("bea")

    leave(pathway)

    assert names(EarlyCall.objects.get()) == {"Amal", "Bea"}
    mails = OutgoingMessage.objects.filter(dedup_key__startswith="early-wanted")
    assert {mail.to for mail in mails} == {"amal@copa.example", "bea@copa.example"}


def test_message_names_nobody(pathway: Pathway) -> None:
    leave(pathway)

    said = " ".join(f"{mail.subject} {mail.body}" for mail in OutgoingMessage.objects.order_by("pk"))
    assert "Haddad" not in said
    assert "Ligny" not in said
    assert pathway.family.reference not in said


def test_visit_is_wanted_on_the_local_day_of_the_discharge_or_the_day_after(pathway: Pathway) -> None:
    # 23:30 in Paris is already Tuesday nowhere: Monday and Tuesday, Wednesday is refused by the planning (R054).
    leave(pathway)

    call = EarlyCall.objects.get()
    assert (call.first_day.isoformat(), call.last_day.isoformat()) == ("2026-11-02", "2026-11-03")


@pytest.mark.parametrize("kind", ["EARLY", "STANDARD"])
def test_other_discharges_call_nobody(pathway: Pathway, kind: str) -> None:
    leave(pathway, kind=kind, has_medical_agreement=False)

    assert not EarlyCall.objects.exists()


def test_without_the_medical_agreement_nothing_is_stored(pathway: Pathway) -> None:
    with pytest.raises(BusinessError) as refusal:
        leave(pathway, has_medical_agreement=False)

    assert refusal.value.code == "agreement_missing"
    assert not EarlyCall.objects.exists()


def test_discharge_noted_twice_calls_once(pathway: Pathway) -> None:
    leave(pathway)
    leave(pathway, discharged_at=clock.now() + timedelta(hours=2))

    call = EarlyCall.objects.get()
    # The second one lies after midnight in Paris: its days follow.
    assert call.first_day.isoformat() == "2026-11-03"
    assert OutgoingMessage.objects.filter(dedup_key__startswith="early-wanted").count() == 1


def test_corrected_discharge_ends_the_call(pathway: Pathway) -> None:
    leave(pathway)
    leave(pathway, kind="STANDARD", has_medical_agreement=False)

    assert EarlyCall.objects.get().ended_at is not None


def test_discharge_noted_after_its_days_calls_nobody(pathway: Pathway) -> None:
    with time_machine.travel(MONDAY + timedelta(days=3), tick=False):
        leave(pathway, discharged_at=MONDAY)

    assert not EarlyCall.objects.exists()


def test_withdrawal_ends_the_call_in_the_same_transaction(pathway: Pathway) -> None:
    leave(pathway)

    withdraw_pathway(pathway=pathway, by=factories.who("farid"), at=clock.now())

    assert EarlyCall.objects.get().ended_at is not None


def test_death_ends_the_call(pathway: Pathway) -> None:
    leave(pathway)
    factories.make_death(pathway.birth)

    assert not EarlyCall.objects.waiting().exists()


# ---- The answer ------------------------------------------------------------------------------------------
def confirm(as_: Any, who: str, call: EarlyCall, day: str = "2026-11-03", **typed: str) -> Any:
    return as_(who).post(f"/t/vallees/early/{call.public_id}/", {"planned_at": day, "hour": "09:00"} | typed)


def test_auxiliary_confirms_by_planning_the_visit(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    call = EarlyCall.objects.get()

    response = confirm(as_, "amal", call)

    call.refresh_from_db()
    visit = Visit.objects.get()
    assert response.status_code == 302
    assert (visit.kind, visit.planned_minutes) == (VisitKind.ULTRA_EARLY, 135)
    assert call.confirmed_by == factories.who("amal")


def test_hour_already_past_answers_no_call(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    call = EarlyCall.objects.get()

    response = confirm(as_, "amal", call, day="2026-11-02")

    assert response.status_code == 422
    assert "choisissez une heure à venir" in response.content.decode()
    assert not Visit.objects.exists()
    assert EarlyCall.objects.waiting().filter(pk=call.pk).exists()


def test_day_after_tomorrow_is_refused(as_: Any, pathway: Pathway) -> None:
    leave(pathway)

    response = confirm(as_, "amal", EarlyCall.objects.get(), day="2026-11-04")

    assert response.status_code == 422
    assert "Pourquoi" not in response.content.decode()
    assert not Visit.objects.exists()


def test_hours_of_life_are_advised_and_refuse_nothing(as_: Any, pathway: Pathway) -> None:
    # Born at 12:30: from 18:30 to the next day at 12:30 (R176), which the days of R054 outlast (A06).
    leave(pathway)
    call = EarlyCall.objects.get()

    page = as_("amal").get(f"/t/vallees/early/{call.public_id}/").content.decode()
    page = " ".join(page.replace("\u00a0", " ").split())
    planning = as_("farid").get(f"/t/vallees/pathways/{pathway.public_id}/plan/").content.decode()
    planning = " ".join(planning.replace("\u00a0", " ").split())
    kept = confirm(as_, "amal", call, hour="16:00")

    assert "entre lun. 2 nov. à 18 h 30 et mar. 3 nov. à 12 h 30" in page
    assert "Un conseil seulement" in page
    assert planning.count("Conseillée entre lun. 2 nov. à 18 h 30 et mar. 3 nov. à 12 h 30") == 1
    assert (kept.status_code, Visit.objects.get().kind) == (302, VisitKind.ULTRA_EARLY)


def test_second_auxiliary_is_told_who_was_faster(as_: Any, pathway: Pathway) -> None:
    on_duty("bea")
    leave(pathway)
    call = EarlyCall.objects.get()
    confirm(as_, "bea", call)

    confirm(as_, "amal", call)

    assert Visit.objects.count() == 1
    assert "Bea Martin a déjà confirmé" in as_("amal").get(f"/t/vallees/early/{call.public_id}/").content.decode()


@pytest.mark.parametrize(("who", "status"), [("bea", 403), ("chloe", 404), ("farid", 403), ("elise", 403)])
def test_only_those_called_confirm(as_: Any, pathway: Pathway, who: str, status: int) -> None:
    leave(pathway)

    assert confirm(as_, who, EarlyCall.objects.get()).status_code == status
    assert not Visit.objects.exists()


def test_cancelled_visit_is_wanted_again(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())

    cancel_visit(visit=Visit.objects.get(), reason="SERVICE_CANCELLED", at=clock.now())

    assert EarlyCall.objects.waiting().exists()


def test_cancelled_visit_pages_the_auxiliary_on_duty_at_once(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())
    on_duty("bea")

    cancel_visit(visit=Visit.objects.get(), reason="SERVICE_CANCELLED", at=clock.now())

    call = EarlyCall.objects.get()
    assert names(call) == {"Amal", "Bea"}
    assert wanted() == ["amal@copa.example", "amal@copa.example", "bea@copa.example"]
    assert (call.called_at, call.escalated_at) == (MONDAY, None)
    page = shown(as_, "bea", call)
    assert "La visite du mar. 3 nov. à 9 h 00, confirmée par Amal Martin, a été annulée lun. 2 nov. à 22 h 30" in page


def test_cancelled_visit_tells_the_coordination_at_once_when_nobody_is_on_duty(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())
    Pathway.objects.filter(pk=pathway.pk).update(ap=None)

    cancel_visit(visit=Visit.objects.get(), reason="SERVICE_CANCELLED", at=clock.now())

    assert EarlyCall.objects.get().escalated_at == MONDAY


AT_THE_DOOR = [
    ("ABSENT", True), ("ACCESS", True), ("UNSAFE", True), ("REFUSED_DOOR", False), ("MOTHER_HOSPITAL", False),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "is_wanted"), AT_THE_DOOR)
def test_visit_that_did_not_take_place_is_wanted_again_while_its_days_last(
    as_: Any, pathway: Pathway, reason: str, *, is_wanted: bool
) -> None:
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())
    visit = Visit.objects.get()
    on_duty("bea")

    with time_machine.travel(visit.planned_at, tick=False):
        mark_not_done(visit=visit, reason=reason, at=clock.now())
        call = EarlyCall.objects.get()
        page = shown(as_, "bea", call) if is_wanted else ""

    assert EarlyCall.objects.waiting().exists() is is_wanted
    assert ("bea@copa.example" in wanted()) is is_wanted
    assert ("confirmée par Amal Martin, n’a pas eu lieu" in page) is is_wanted


def test_visit_said_not_done_after_its_days_calls_nobody(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())
    visit = Visit.objects.get()

    with time_machine.travel(visit.planned_at + timedelta(days=3), tick=False):
        mark_not_done(visit=visit, reason="ABSENT", at=clock.now())

    assert not EarlyCall.objects.waiting().exists()


# ---- Whoever makes the early visit of a family that has its own auxiliary -----------------------------------
@pytest.fixture
def followed(pathway: Pathway) -> Pathway:
    """Amal follows the family and has planned V1; Bea is on duty and was called too."""
    on_duty("bea")
    leave(pathway)
    factories.make_visit(pathway, "V1", planned_at=MONDAY + timedelta(days=6))
    return pathway


def ap_of(pathway: Pathway) -> str:
    found = Pathway.objects.select_related("ap__user").get(pk=pathway.pk).ap
    return found.user.first_name if found else ""


def visits_of() -> dict[str, str]:
    rows = Visit.objects.filter(state="planned").order_by("pk").values_list("kind", "ap__user__first_name")
    return dict(rows)


def test_auxiliary_on_duty_makes_the_visit_and_leaves_the_family_to_its_own(as_: Any, followed: Pathway) -> None:
    call = EarlyCall.objects.get()
    page = shown(as_, "bea", call)

    response = confirm(as_, "bea", call)

    assert response.status_code == 302
    assert "Amal Martin reste l’auxiliaire de cette famille" in page
    assert (ap_of(followed), visits_of()) == ("Amal", {"V1": "Amal", "ULTRA_EARLY": "Bea"})


def test_auxiliary_on_duty_takes_the_family_when_she_says_so(as_: Any, followed: Pathway) -> None:
    confirm(as_, "bea", EarlyCall.objects.get(), takes_family="on")

    assert (ap_of(followed), visits_of()) == ("Bea", {"V1": "Bea", "ULTRA_EARLY": "Bea"})


def test_family_without_an_auxiliary_becomes_hers(as_: Any, pathway: Pathway) -> None:
    Pathway.objects.filter(pk=pathway.pk).update(ap=None)
    on_duty("bea")
    leave(pathway)
    call = EarlyCall.objects.get()

    assert "Vous devenez l’auxiliaire de cette famille" in shown(as_, "bea", call)
    confirm(as_, "bea", call)

    assert ap_of(pathway) == "Bea"


def test_visits_planned_with_another_one_stay_hers_though_nobody_is_named(as_: Any, followed: Pathway) -> None:
    Pathway.objects.filter(pk=followed.pk).update(ap=None)

    confirm(as_, "bea", EarlyCall.objects.get())

    assert (ap_of(followed), visits_of()) == ("", {"V1": "Amal", "ULTRA_EARLY": "Bea"})


def test_clash_with_her_own_day_is_said_before_she_takes_the_family(as_: Any, followed: Pathway) -> None:
    call = EarlyCall.objects.get()
    elsewhere = factories.make_pathway(ap=factories.who("bea"))
    factories.make_visit(elsewhere, "V1", planned_at=MONDAY + timedelta(days=6, minutes=30))
    factories.make_visit(elsewhere, "V2", planned_at=MONDAY + timedelta(hours=15))

    page = shown(as_, "bea", call)
    refused = confirm(as_, "bea", call, takes_family="on")

    assert "Vos visites ces jours-là : mar. 3 nov. à 13 h 30" in page
    assert refused.status_code == 422
    assert "la suivrait, mais elle a déjà une visite" in refused.content.decode().replace("\u00a0", " ")
    assert ap_of(followed) == "Amal"
    assert confirm(as_, "bea", call, takes_family="on", ap_busy_later="on").status_code == 302


def test_yes_to_one_clash_is_no_yes_to_the_other(as_: Any, followed: Pathway) -> None:
    """At nine somebody else waits already, and on Sunday the V1 that would follow her meets another one."""
    call = EarlyCall.objects.get()
    elsewhere = factories.make_pathway(ap=factories.who("bea"))
    factories.make_visit(elsewhere, "V1", planned_at=MONDAY + timedelta(hours=10, minutes=30))
    factories.make_visit(elsewhere, "V2", planned_at=MONDAY + timedelta(days=6, minutes=30))

    refused = confirm(as_, "bea", call, takes_family="on", ap_busy="on")

    assert refused.status_code == 422
    assert "la suivrait, mais elle a déjà une visite" in refused.content.decode().replace("\u00a0", " ")
    assert confirm(as_, "bea", call, takes_family="on", ap_busy="on", ap_busy_later="on").status_code == 302


def test_file_goes_with_the_early_visit_that_is_handed_over(as_: Any, pathway: Pathway) -> None:
    Pathway.objects.filter(pk=pathway.pk).update(ap=None)
    on_duty("bea")
    leave(pathway)
    confirm(as_, "bea", EarlyCall.objects.get())
    file = f"/t/vallees/families/{pathway.family.public_id}/"
    before = as_("bea").get(file).status_code

    assign_ap(
        pathway=Pathway.objects.get(pk=pathway.pk),
        ap=factories.who("amal"),
        by=factories.who("elise"),
        at=clock.now(),
    )

    assert visits_of() == {"ULTRA_EARLY": "Amal"}
    assert (before, as_("bea").get(file).status_code, as_("amal").get(file).status_code) == (200, 403, 200)
    register = as_("elise").get("/t/vallees/early/").content.decode()
    assert "Visite confiée depuis à Amal" in register


def test_call_that_ended_keeps_the_name_of_who_had_answered(as_: Any, pathway: Pathway) -> None:
    Pathway.objects.filter(pk=pathway.pk).update(ap=None)
    on_duty("bea")
    leave(pathway)
    call = EarlyCall.objects.get()
    confirm(as_, "bea", call)
    EarlyCall.objects.filter(pk=call.pk).update(ended_at=clock.now())

    hand_early_call_to(pathway_id=pathway.pk, ap=factories.who("amal"))

    assert EarlyCall.objects.get(pk=call.pk).confirmed_by == factories.who("bea")


def test_auxiliary_of_the_early_visit_holds_the_file_until_its_report_is_in(as_: Any, followed: Pathway) -> None:
    file = f"/t/vallees/families/{followed.family.public_id}/"
    plan = f"/t/vallees/pathways/{followed.public_id}/plan/"
    bea = factories.who("bea")
    before = (as_("bea").get(file).status_code, RAISE_SIGN.allows(bea, followed))

    confirm(as_, "bea", EarlyCall.objects.get())

    assert before == (403, False)
    assert (as_("bea").get(file).status_code, RAISE_SIGN.allows(bea, followed)) == (200, True)
    assert [visit.ap_id for visit in CHANGE_VISIT.rows(bea).order_by("pk")] == [bea.pk]
    # The next visits are not hers to plan.
    assert as_("bea").get(plan).status_code == 403
    with time_machine.travel(MONDAY + timedelta(days=5), tick=False):
        assert as_("bea").get(file).status_code == 403


def test_early_visit_stays_with_whoever_confirmed_it_when_another_auxiliary_is_named(
    as_: Any, followed: Pathway
) -> None:
    confirm(as_, "bea", EarlyCall.objects.get())
    user, place = User.objects.create_user("zoe@copa.example", first_name="Zoé"), factories.who("amal").structure
    third = Member.objects.create(user=user, role=Role.AP, structure=place, starts_on=MONDAY.date())

    assign_ap(pathway=Pathway.objects.get(pk=followed.pk), ap=third, by=factories.who("elise"), at=clock.now())

    assert visits_of() == {"V1": "Zoé", "ULTRA_EARLY": "Bea"}


def wanted() -> list[str]:
    rows = OutgoingMessage.objects.filter(dedup_key__startswith="early-wanted").order_by("to")
    return list(rows.values_list("to", flat=True))


def fell() -> list[str]:
    rows = OutgoingMessage.objects.filter(dedup_key__startswith="early-fell").order_by("to")
    return list(rows.values_list("to", flat=True))


def shown(as_: Any, who: str, call: EarlyCall) -> str:
    page = as_(who).get(f"/t/vallees/early/{call.public_id}/").content.decode()
    return " ".join(page.replace("\u00a0", " ").split())


# ---- The discharge that moves after the answer -------------------------------------------------------------
@pytest.mark.parametrize(
    ("hours", "stands"),
    [
        # Confirmed for Tuesday 9:00. They go home later on Monday, or on Tuesday before nine: it stands.
        (1.25, True),
        (10.5, True),
        # At 9:01 she would ring at an empty home.
        (10.52, False),
        # On Wednesday: its days are Wednesday and Thursday.
        (26, False),
        # On Sunday already: its days were Sunday and Monday.
        (-23, False),
    ],
)
def test_confirmed_visit_falls_once_it_lies_outside_the_days_of_the_new_discharge(
    as_: Any, pathway: Pathway, hours: float, stands: bool
) -> None:
    Birth.objects.filter(pk=pathway.birth_id).update(at=MONDAY - timedelta(hours=30))
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())

    leave(pathway, discharged_at=MONDAY + timedelta(hours=hours))

    visit = Visit.objects.get()
    assert (visit.state == "planned") is stands
    assert (EarlyCall.objects.get().confirmed_by_id is not None) is stands
    assert bool(fell()) is not stands


def test_fallen_visit_tells_who_confirmed_who_is_on_duty_and_the_team_exactly_once(as_: Any, pathway: Pathway) -> None:
    on_duty("bea")
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())

    for _ in range(2):
        leave(pathway, discharged_at=MONDAY + timedelta(hours=26))

    team = pathway.carrier.mailbox
    assert fell() == sorted(["amal@copa.example", "elise@copa.example", team])
    # Amal knows already; Bea is called a second time, for a second visit.
    assert wanted() == ["amal@copa.example", "bea@copa.example", "bea@copa.example"]
    said = " ".join(f"{mail.subject} {mail.body}" for mail in OutgoingMessage.objects.order_by("pk"))
    assert pathway.family.reference not in said
    assert "Haddad" not in said


def test_page_and_story_say_why_a_confirmed_visit_is_wanted_again(as_: Any, pathway: Pathway) -> None:
    on_duty("bea")
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())

    leave(pathway, discharged_at=MONDAY + timedelta(hours=26))

    call = EarlyCall.objects.get()
    why = "La sortie a changé lun. 2 nov. à 22 h 30 : la visite du mar. 3 nov. à 9 h 00, confirmée par Amal Martin"
    assert (call.first_day.isoformat(), call.last_day.isoformat()) == ("2026-11-04", "2026-11-05")
    assert all(why in shown(as_, who, call) for who in ("amal", "bea", "elise"))
    assert why in " ".join(as_("elise").get("/t/vallees/early/").content.decode().replace("\u00a0", " ").split())
    assert (Visit.objects.get().state, Visit.objects.get().not_done_reason) == ("cancelled", "DISCHARGE_CHANGED")
    story = as_("elise").get(f"/t/vallees/families/{pathway.family.public_id}/").content.decode()
    assert "La sortie a changé" in story
    assert confirm(as_, "bea", call, day="2026-11-05").status_code == 302


def test_discharge_of_another_kind_lets_the_visit_fall_and_calls_nobody(as_: Any, pathway: Pathway) -> None:
    on_duty("bea")
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())

    leave(pathway, kind="STANDARD", has_medical_agreement=False)

    call = EarlyCall.objects.get()
    assert Visit.objects.get().state == "cancelled"
    assert "amal@copa.example" in fell()
    assert len(wanted()) == 2
    assert "Sans objet" in shown(as_, "amal", call)
    assert "La sortie a changé" in shown(as_, "amal", call)
    assert early.unanswered(at=MONDAY + timedelta(hours=5)) == []


def test_discharge_corrected_when_nobody_can_go_any_more_pages_nobody(as_: Any, pathway: Pathway) -> None:
    Birth.objects.filter(pk=pathway.birth_id).update(at=MONDAY - timedelta(hours=80))
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())

    leave(pathway, discharged_at=MONDAY - timedelta(hours=70))

    assert fell()
    assert wanted() == ["amal@copa.example"]
    assert early.unanswered(at=MONDAY + timedelta(hours=5)) == []


def test_visit_under_way_stays_when_the_discharge_is_corrected(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())
    Visit.objects.update(state="started", started_at=MONDAY)

    leave(pathway, discharged_at=MONDAY + timedelta(hours=26))

    assert Visit.objects.get().state == "started"
    assert fell() == []


def test_call_that_expired_unanswered_begins_again_with_the_new_discharge(pathway: Pathway) -> None:
    leave(pathway)
    early.escalate(pk=EarlyCall.objects.get().pk, at=MONDAY + timedelta(hours=1))

    with time_machine.travel(MONDAY + timedelta(days=2), tick=False):
        leave(pathway, discharged_at=MONDAY + timedelta(days=2, hours=3))

    call = EarlyCall.objects.get()
    assert (call.called_at, call.escalated_at) == (MONDAY + timedelta(days=2), None)
    assert wanted() == ["amal@copa.example", "amal@copa.example"]


def test_discharge_that_comes_back_to_its_former_days_calls_each_time(pathway: Pathway) -> None:
    leave(pathway)
    later = MONDAY + timedelta(days=4)
    for minutes, discharged_at in enumerate((later, MONDAY, later)):
        with time_machine.travel(later + timedelta(minutes=minutes), tick=False):
            leave(pathway, discharged_at=discharged_at)

    assert wanted() == ["amal@copa.example"] * 3


def test_visit_before_the_way_home_is_refused(as_: Any, pathway: Pathway) -> None:
    leave(pathway, discharged_at=MONDAY + timedelta(hours=12))

    response = confirm(as_, "amal", EarlyCall.objects.get(), hour="10:00")

    assert response.status_code == 422
    assert "choisissez une heure après" in response.content.decode()
    assert confirm(as_, "amal", EarlyCall.objects.get(), hour="10:30").status_code == 302


PARIS, CAYENNE = "Europe/Paris", "America/Cayenne"


@pytest.mark.parametrize(
    ("zone", "planned_at", "left_at", "stands"),
    [
        # The night of 25 October 2026 has 25 hours in Paris: 02:30 comes twice, an hour apart.
        (PARIS, "2026-10-25T00:30+00:00", "2026-10-25T00:45+00:00", False),
        (PARIS, "2026-10-25T01:30+00:00", "2026-10-25T00:45+00:00", True),
        # 23:30 of the day after a Saturday is 22:30 UTC once the clock went back; a minute past midnight is Monday.
        (PARIS, "2026-10-25T22:59+00:00", "2026-10-24T20:00+00:00", True),
        (PARIS, "2026-10-25T23:00+00:00", "2026-10-24T20:00+00:00", False),
        # 29 March 2026 has 23 hours: its midnight comes at 22:00 UTC.
        (PARIS, "2026-03-29T21:59+00:00", "2026-03-28T22:30+00:00", True),
        (PARIS, "2026-03-29T22:00+00:00", "2026-03-28T22:30+00:00", False),
        (CAYENNE, "2026-10-26T02:59+00:00", "2026-10-24T20:00+00:00", True),
        (CAYENNE, "2026-10-26T03:00+00:00", "2026-10-24T20:00+00:00", False),
    ],
)
def test_confirmed_visit_stands_by_the_local_days_across_clock_changes(
    zone: str, planned_at: str, left_at: str, stands: bool
) -> None:
    # As a form gives it: an hour of the wall, whose two moments of one zone Python compares by the wall.
    planned = datetime.fromisoformat(planned_at).astimezone(ZoneInfo(zone))
    left = datetime.fromisoformat(left_at).astimezone(ZoneInfo(zone))
    window = ultra_early_window(clock.local_date(left, zone), 1)

    assert early_visit_holds(planned, left, window, zone) is stands


def test_auxiliary_finds_the_call_on_her_day(as_: Any, pathway: Pathway) -> None:
    leave(pathway)

    assert "1\u00a0sortie ultra-précoce attend" in as_("amal").get("/t/vallees/day/").content.decode()
    assert "ultra-précoce attend" not in as_("bea").get("/t/vallees/day/").content.decode()


# ---- The hour that passes --------------------------------------------------------------------------------
@pytest.mark.parametrize(("seconds", "told"), [(3599, 0), (3600, 1), (3601, 1)])
def test_coordination_is_told_after_an_hour(pathway: Pathway, seconds: int, told: int) -> None:
    leave(pathway)

    keys = early.unanswered(at=MONDAY + timedelta(seconds=seconds))

    assert len(keys) == told


def test_coordination_is_told_once_however_often_the_job_runs(pathway: Pathway) -> None:
    leave(pathway)
    call = EarlyCall.objects.get()
    later = MONDAY + timedelta(hours=2)

    told = [early.escalate(pk=call.pk, at=later) for _ in range(3)]

    mails = OutgoingMessage.objects.filter(dedup_key__startswith="early-nobody").values_list("to", flat=True)
    assert told == [True, False, False]
    assert "elise@copa.example" in mails
    assert len(mails) == len(set(mails)) == 2


def test_nobody_on_duty_tells_the_coordination_at_once(vallees: scope.Scope) -> None:
    with time_machine.travel(MONDAY, tick=False):
        alone = factories.make_pathway(factories.make_birth(at=MONDAY - timedelta(hours=10)))
        leave(alone)

    assert EarlyCall.objects.get().escalated_at == MONDAY


def test_answered_call_is_not_escalated(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    confirm(as_, "amal", EarlyCall.objects.get())

    assert early.unanswered(at=MONDAY + timedelta(hours=5)) == []


def test_day_after_is_the_territorys_own(cast: Any) -> None:
    # 20:30 UTC is half past midnight on Tuesday in Réunion.
    with time_machine.travel(datetime(2026, 11, 2, 20, 30, tzinfo=UTC), tick=False), scope.opened(inside(LAGON)):
        born = clock.now() - timedelta(hours=10)
        far = factories.make_pathway(factories.make_birth(at=born), ap=factories.who("dora"))
        record_discharge(
            birth=far.birth,
            discharged_at=clock.now(),
            kind="ULTRA_EARLY",
            has_medical_agreement=True,
            decided_by="Dr Payet",
            by=factories.who("emma"),
            at=clock.now(),
        )

        assert EarlyCall.objects.get().first_day.isoformat() == "2026-11-03"


def test_list_costs_the_same_for_ten(as_: Any, vallees: scope.Scope) -> None:
    client = as_("elise")
    for _ in range(2):
        factories.make_early_call(factories.make_pathway(), called=(factories.who("amal"),))
    few = count(client, "/t/vallees/early/")

    for _ in range(8):
        factories.make_early_call(factories.make_pathway(), called=(factories.who("amal"),))

    assert count(client, "/t/vallees/early/") == few


def test_job_of_a_territory_tells_each_late_call(pathway: Pathway, cast: Any) -> None:
    leave(pathway)
    territory = pathway.territory_id

    with time_machine.travel(MONDAY + timedelta(hours=2), tick=False):
        assert watch_early_calls(str(territory)) == 1
        assert watch_early_calls(str(territory)) == 0

    assert timezone.is_aware(EarlyCall.objects.get().escalated_at)


# ---- The family page -------------------------------------------------------------------------------------
def page_of(pathway: Pathway, who: str = "elise") -> family_file.FamilyFile:
    return family_file.family_file(pathway.family, factories.who(who), at=clock.now(), zone="Europe/Paris")


@pytest.mark.parametrize("who", ["elise", "amal"])
def test_family_page_asks_for_the_visit_until_it_is_planned(pathway: Pathway, who: str) -> None:
    before = page_of(pathway, who).title
    leave(pathway)

    shown = page_of(pathway, who)

    assert shown.title.endswith("visite ultra-précoce à fixer aujourd’hui ou demain")
    assert shown.thread is not None
    assert ("U", "late") in [(bead.label, bead.state) for bead in shown.thread.beads]
    factories.make_visit(pathway, VisitKind.ULTRA_EARLY, planned_at=MONDAY + timedelta(hours=12))
    assert "à fixer aujourd’hui" not in page_of(pathway, who).title
    assert "ultra-précoce" not in before


@pytest.mark.parametrize(("who", "is_told"), [("ines", True), ("gaelle", False), ("marc", False)])
def test_midwife_it_is_arranged_with_is_told_of_the_visit_and_nobody_else_outside(
    pathway: Pathway, who: str, is_told: bool
) -> None:
    factories.make_grant(pathway.family, to=factories.who(who))
    leave(pathway)

    shown = page_of(pathway, who)

    assert shown.title.endswith("visite ultra-précoce à fixer aujourd’hui ou demain") is is_told
    assert shown.thread is not None
    assert ("U" in [bead.label for bead in shown.thread.beads]) is is_told
    assert shown.actions.main is None


def test_family_page_leads_to_the_planning_of_the_visit(pathway: Pathway) -> None:
    leave(pathway)

    main = page_of(pathway).actions.main

    assert main is not None
    assert (main.words, main.page) == ("Fixer la visite ultra-précoce", "visits:plan")


@pytest.mark.parametrize(("days", "says"), [(1, "ultra-précoce à fixer aujourd’hui"), (2, "première visite à fixer")])
def test_family_page_asks_for_it_on_its_days_only(pathway: Pathway, days: int, says: str) -> None:
    leave(pathway)

    with time_machine.travel(MONDAY + timedelta(days=days), tick=False):
        assert page_of(pathway).title.endswith(says)


def test_family_page_asks_for_no_visit_after_a_stop(as_: Any, pathway: Pathway) -> None:
    leave(pathway)
    withdraw_pathway(pathway=pathway, by=factories.who("farid"), at=clock.now())

    assert "ultra-précoce" not in page_of(pathway).title
    call = as_("elise").get(f"/t/vallees/early/{EarlyCall.objects.get().public_id}/").content.decode()
    assert "Plus de visite à faire" in call
