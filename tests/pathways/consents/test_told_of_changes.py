"""Each change of a course tells the team, the auxiliary and the liberal midwife, once, and names nobody (R044)."""

from datetime import timedelta
from typing import Any

import pytest

from copa.kernel import clock, scope
from pathways.actions import stops
from pathways.actions.circle import Newcomer
from pathways.actions.families import open_family_to
from pathways.enums import CircleRole, Recipient, RelayState
from pathways.models import Mother, Pathway, PmiRelay
from territories.models import Member, OutgoingMessage
from tests import factories
from tests.pathways.actions.steps import AGREEMENTS, accepted_birth, include

ELISE, AMAL, BEA, INES = ("elise", "amal", "bea", "ines")


def told(start: str = "") -> list[str]:
    rows = OutgoingMessage.objects.filter(dedup_key__startswith=start).order_by("pk")
    return sorted(rows.values_list("to", flat=True))


def mail(name: str) -> str:
    return str(factories.who(name).user.email)


def midwife() -> Newcomer:
    return Newcomer(work=CircleRole.LIBERAL_MIDWIFE, member=factories.who(INES))


@pytest.mark.parametrize(("by", "ap_is_told"), [(ELISE, True), (AMAL, False)])
def test_inclusion_tells_the_team_the_midwife_and_an_auxiliary_somebody_named(
    vallees: scope.Scope, by: str, *, ap_is_told: bool
) -> None:
    pathway = include(accepted_birth(), by=by, newcomers=[midwife()])

    expected = {pathway.carrier.mailbox, mail(INES), *([mail(AMAL)] if ap_is_told else [])}
    assert told("starts") == sorted(expected)


def test_midwife_who_was_refused_is_not_told(vallees: scope.Scope) -> None:
    agreements = AGREEMENTS | {Recipient.LIBERAL_MIDWIFE: "NO"}

    pathway = include(accepted_birth(), agreements=agreements, newcomers=[midwife()])

    assert told("starts") == sorted([pathway.carrier.mailbox, mail(AMAL)])


def test_no_mail_says_whose_course_it_is(vallees: scope.Scope) -> None:
    pathway = include(accepted_birth(), newcomers=[midwife()])
    stops.assign_ap(pathway=pathway, ap=factories.who(BEA), by=factories.who(ELISE), at=clock.now())

    written = " ".join(f"{one.subject} {one.body}" for one in OutgoingMessage.objects.order_by("pk"))
    mother = Mother.objects.get(family=pathway.family)
    secrets = (mother.birth_name, mother.first_names, pathway.family.reference, pathway.carrier.name)
    assert not [word for word in secrets if word and word in written]


def test_naming_another_auxiliary_tells_both_the_team_and_the_midwife(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who(AMAL))
    factories.make_grant(pathway.family, to=factories.who(INES))
    naming: dict[str, Any] = {"ap": factories.who(BEA), "by": factories.who(ELISE)}

    stops.assign_ap(pathway=pathway, at=clock.now(), **naming)
    # The same auxiliary once more is no change.
    stops.assign_ap(pathway=pathway, at=clock.now() + timedelta(minutes=1), **naming)

    assert told("ap:") == sorted([mail(AMAL), mail(BEA), mail(INES), pathway.carrier.mailbox])


def test_auxiliary_whose_rights_ended_is_no_longer_told_of_the_family(vallees: scope.Scope) -> None:
    former = factories.who(AMAL)
    pathway = factories.make_pathway(ap=former)
    yesterday = clock.local_date(clock.now(), "Europe/Paris") - timedelta(days=1)
    Member.objects.filter(pk=former.pk).update(ends_on=yesterday)

    stops.assign_ap(pathway=pathway, ap=factories.who(BEA), by=factories.who(ELISE), at=clock.now())

    assert told("ap:") == sorted([mail(BEA), pathway.carrier.mailbox])


def test_whom_a_file_is_opened_to_learns_of_it(vallees: scope.Scope) -> None:
    family = factories.make_pathway(agreed_midwife=True).family
    at = clock.now()
    until = clock.local_date(at, "Europe/Paris") + timedelta(days=10)

    open_family_to(
        family=family, to=factories.who(INES), reason="LIBERAL_MIDWIFE", until=until, by=factories.who(ELISE), at=at
    )

    assert told("starts") == [mail(INES)]


@pytest.mark.parametrize(("state", "is_told"), [(RelayState.ACCEPTED, True), (RelayState.WAITING, False)])
@pytest.mark.parametrize("stop", [stops.withdraw_pathway, stops.end_by_move])
def test_pmi_that_took_the_relay_over_learns_that_it_stops(
    vallees: scope.Scope, stop: Any, state: str, *, is_told: bool
) -> None:
    pathway: Pathway = factories.make_pathway(ap=factories.who(AMAL))
    factories.make_relay(pathway, state=state, answered_at=clock.now(), answered_by=factories.who("gaelle"))
    pmi = PmiRelay.objects.select_related("sector__structure").get(pathway=pathway).sector.structure

    stop(pathway=pathway, by=factories.who(ELISE), at=clock.now())

    assert (pmi.mailbox in told("ended")) is is_told
