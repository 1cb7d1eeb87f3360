"""Both teams keep a family for thirty local days after the PMI took it, then the team and the AP lose it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from copa.kernel import clock, scope
from pathways.actions import relay_followup, relays
from pathways.actions.families import change_recipients
from pathways.models import Alert, Child, Family, Pathway, PmiRelay
from pathways.perms import SEE_FAMILY
from tests import factories
from visits.models import Visit

# 23 h 30 in Paris on 20 November: the local day counts, not that of UTC.
ACCEPTED = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
# Midnight in Paris after 20 December, the last of the thirty days.
OVER = datetime(2026, 12, 20, 23, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def handed(state: str = "closed", **fields: Any) -> PmiRelay:
    with time_machine.travel(ACCEPTED, tick=False):
        pathway = factories.make_pathway(ap=factories.who("amal"), state=state, **fields)
        relay = PmiRelay.objects.get(pathway=pathway)
        day = clock.local_date(ACCEPTED, "Europe/Paris")
        relays.accept_relay(relay=relay, next_contact_on=day, by=factories.who("gaelle"), at=ACCEPTED)
    return relay


def holders(at: datetime) -> set[str]:
    """Who of these may open the family at this instant; whoever may not does not know of it either, but pilots."""
    names = ("amal", "farid", "gaelle", "elise", "nora")
    with time_machine.travel(at, tick=False):
        found = {name for name in names if SEE_FAMILY.rows(factories.who(name)).exists()}
        known = {name for name in names if Family.objects.visible_to(factories.who(name)).exists()}
    assert found == known
    return found


EVERYBODY = {"amal", "farid", "gaelle", "elise", "nora"}
WITHOUT_TEAM = {"gaelle", "elise", "nora"}


@pytest.mark.parametrize(
    ("at", "who"),
    [(ACCEPTED, EVERYBODY), (OVER - SECOND, EVERYBODY), (OVER, WITHOUT_TEAM), (OVER + SECOND, WITHOUT_TEAM)],
)
def test_team_keeps_the_family_until_the_last_local_day(vallees: scope.Scope, at: datetime, who: set[str]) -> None:
    handed()

    assert Pathway.objects.get().team_ends_at == OVER
    assert holders(at) == who


@pytest.mark.parametrize("state", ["active", "suspended"])
def test_pathway_that_is_not_closed_keeps_its_team(vallees: scope.Scope, state: str) -> None:
    handed(state)

    assert Pathway.objects.get().team_ends_at is None
    assert holders(OVER + timedelta(days=30)) == EVERYBODY


def test_relay_that_nobody_accepted_keeps_the_team(vallees: scope.Scope) -> None:
    with time_machine.travel(ACCEPTED, tick=False):
        pathway = factories.make_pathway(ap=factories.who("amal"), state="closed")
        relay_followup.settle_overlap(pathway_id=pathway.pk)

    assert Pathway.objects.get().team_ends_at is None


def test_agreement_withdrawn_after_acceptance_gives_the_family_back_to_the_team(vallees: scope.Scope) -> None:
    relay = handed()

    change_recipients(family=relay.family, agreements={"PMI": "NO"}, by=factories.who("elise"), at=ACCEPTED)

    assert holders(OVER) == {"amal", "farid", "elise", "nora"}


def test_new_birth_opens_the_family_to_the_ward_again(vallees: scope.Scope) -> None:
    relay = handed()
    with time_machine.travel(OVER + timedelta(days=300), tick=False):
        factories.make_birth(relay.family)

    assert "farid" in holders(OVER + timedelta(days=301))


def test_own_visits_leave_with_the_family(vallees: scope.Scope) -> None:
    relay = handed()
    ended_at = ACCEPTED - timedelta(days=5)
    factories.make_visit(relay.pathway, "V1", "ended", ended_at=ended_at, report_delivered_at=ended_at)
    with time_machine.travel(OVER - SECOND, tick=False):
        assert Visit.objects.visible_to(factories.who("amal")).exists()
    with time_machine.travel(OVER, tick=False):
        assert not Visit.objects.visible_to(factories.who("amal")).exists()


def test_report_still_owed_stays_with_the_one_who_writes_it(vallees: scope.Scope) -> None:
    relay = handed()
    factories.make_visit(relay.pathway, "V1", "ended", ended_at=ACCEPTED - timedelta(days=5))

    with time_machine.travel(OVER, tick=False):
        assert Visit.objects.visible_to(factories.who("amal")).exists()
        assert not Visit.objects.visible_to(factories.who("bea")).exists()


@pytest.mark.parametrize(
    ("alert", "who"),
    [
        ({}, EVERYBODY),
        ({"acknowledged_at": ACCEPTED}, EVERYBODY),
        ({"ended_at": ACCEPTED}, WITHOUT_TEAM),
        ({"acknowledged_at": ACCEPTED, "instructed_at": ACCEPTED, "closed_at": ACCEPTED}, WITHOUT_TEAM),
    ],
)
def test_alert_that_waits_for_its_answer_keeps_the_team(
    vallees: scope.Scope, alert: dict[str, Any], who: set[str]
) -> None:
    relay, farid = handed(), factories.who("farid")
    by = {f"{name.removesuffix('_at')}_by": farid for name in alert if name != "ended_at"}
    made = factories.make_alert(relay.pathway)
    Alert.objects.filter(pk=made.pk).update(**alert, **by)

    assert holders(OVER) == who


# ---- A mother who died leaves a child to follow -------------------------------------------------------------------
@pytest.mark.parametrize("state", ["active", "closed"])
@pytest.mark.parametrize(("children", "is_held"), [(0, True), (1, False)])
def test_pmi_keeps_the_accepted_relay_of_a_living_child_when_the_mother_died(
    vallees: scope.Scope, state: str, children: int, *, is_held: bool
) -> None:
    relay = handed(state)
    with time_machine.travel(ACCEPTED + SECOND, tick=False):
        for child in Child.objects.filter(birth=relay.pathway.birth)[:children]:
            factories.make_death(relay.pathway.birth, child)
        factories.make_death(relay.pathway.birth)

    # Nothing leaves the team either: somebody has to speak with the family.
    for at in (ACCEPTED + SECOND, OVER + SECOND):
        assert ("gaelle" in holders(at), "farid" in holders(at)) == (is_held, True)


@pytest.mark.parametrize("change", [{"state": "waiting"}, {"is_agreed": False}])
def test_pmi_that_had_not_accepted_or_was_not_agreed_to_sees_nothing_after_a_mother_died(
    vallees: scope.Scope, change: dict[str, Any]
) -> None:
    relay = handed("active")
    PmiRelay.objects.update(**change)

    factories.make_death(relay.pathway.birth)

    assert not PmiRelay.objects.shown().exists()


def test_pmi_reads_no_report_and_no_file_of_a_mother_who_died(as_: Any, vallees: scope.Scope) -> None:
    relay = handed("active")
    visit = factories.make_visit(relay.pathway, "V1", "ended")
    report = factories.make_report(visit, delivered_at=clock.now())
    factories.make_death(relay.pathway.birth)

    page = as_("gaelle").get(f"/t/vallees/relays/{relay.public_id}/")
    file = as_("gaelle").get(f"/t/vallees/relays/{relay.public_id}/file/").content.decode()

    assert page.status_code == 200
    assert as_("gaelle").get(f"/t/vallees/families/{relay.family.public_id}/").status_code == 200
    assert as_("gaelle").get(f"/t/vallees/reports/{report.public_id}/").status_code in {403, 404}
    assert "Appelez l’équipe de référence" in file
    assert "accord non donné" not in file


def test_what_the_team_reads_after_the_death_says_whether_the_pmi_keeps_the_relay(
    as_: Any, vallees: scope.Scope
) -> None:
    relay = handed("active")
    factories.make_death(relay.pathway.birth)

    page = as_("farid").get(f"/t/vallees/births/{relay.pathway.birth.public_id}/aftercare/").content.decode()

    assert "elle le garde, pour l’enfant" in page
