"""Whoever makes the early visit of a family that has its own auxiliary."""

from datetime import timedelta
from typing import Any

import time_machine

from copa.kernel import clock
from pathways.actions.early import hand_early_call_to
from pathways.actions.stops import assign_ap
from pathways.models import EarlyCall, Pathway
from territories.enums import Role
from territories.models import Member, User
from tests import factories
from tests.visits.early.calls import MONDAY, ap_of, confirm, leave, on_duty, shown, visits_of
from visits.perms import CHANGE_VISIT, RAISE_SIGN


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
