"""Whoever has nothing to open is asked to call the team, without a name of family nor a word of death."""

from typing import Any

import pytest

from copa.kernel import clock, scope
from pathways.actions import stops
from pathways.actions.deaths import undo_death
from pathways.enums import RelayState, WithdrawalReach
from pathways.models import Child, Family, Pathway, PmiRelay
from territories.models import OutgoingMessage, Structure
from tests import factories

SIGN_IN, CALL = "Connectez-vous pour le voir", "Appelez-la au"
PMI = "pmi-ligny@copa.example"
SECRETS = ("décès", "deuil", "mort", "haddad", "samira", "noé", "enfant", "mère", "bébé")


def followed(**relay: Any) -> Pathway:
    """Amal's family, with the relay of the PMI of Ligny and a file open to Ines."""
    pathway: Pathway = factories.make_pathway(ap=factories.who("amal"))
    Family.objects.filter(pk=pathway.family_id).update(may_space=True)
    Structure.objects.filter(pk=pathway.carrier_id).update(phone="+33199001200")
    factories.make_grant(pathway.family, to=factories.who("ines"))
    factories.make_relay(pathway, **relay)
    return Pathway.objects.select_related("birth", "family", "carrier", "territory").get(pk=pathway.pk)


def accepted() -> dict[str, Any]:
    return {"state": RelayState.ACCEPTED, "answered_at": clock.now(), "answered_by": factories.who("gaelle")}


def body(to: str, start: str = "") -> str:
    """The last mail to this address."""
    found = OutgoingMessage.objects.filter(to=to, dedup_key__startswith=start).order_by("-pk")
    text: str = found.values_list("body", flat=True)[0]
    return text


def check_call(text: str, pathway: Pathway) -> None:
    assert SIGN_IN not in text
    assert f"{CALL} 01\u00a099\u00a000\u00a012\u00a000" in text
    # No mail holds a place (L13): the number says whom to call.
    assert pathway.carrier.name not in text
    assert not [word for word in (*SECRETS, pathway.family.reference) if word in text.lower()]


@pytest.mark.parametrize("of_mother", [True, False])
def test_pmi_whose_relay_falls_silent_is_asked_to_call(as_: Any, vallees: scope.Scope, *, of_mother: bool) -> None:
    pathway = followed()
    file = f"/t/vallees/families/{pathway.family.public_id}/"
    assert as_("gaelle").get(file).status_code == 200

    factories.make_death(pathway.birth, None if of_mother else Child.objects.get())

    assert as_("gaelle").get(file).status_code == 404
    check_call(body(PMI), pathway)
    # The midwife still opens the file.
    assert SIGN_IN in body("ines@copa.example")


def test_pmi_that_keeps_the_relay_of_the_living_child_signs_in(as_: Any, vallees: scope.Scope) -> None:
    pathway = followed(**accepted())

    factories.make_death(pathway.birth)

    assert PmiRelay.objects.shown().filter(pathway=pathway).exists()
    assert SIGN_IN in body(PMI)


def test_pmi_of_a_living_twin_signs_in(vallees: scope.Scope) -> None:
    birth = factories.make_birth(children=2)
    pathway = factories.make_pathway(birth)
    factories.make_relay(pathway)

    factories.make_death(birth, Child.objects.order_by("rank").first())

    assert SIGN_IN in body(PMI)


def test_death_taken_back_gives_the_page_again(vallees: scope.Scope) -> None:
    pathway = followed()
    death = factories.make_death(pathway.birth, Child.objects.get())

    undo_death(death=death, reason="Autre famille.", by=factories.who("farid"), at=clock.now())

    assert SIGN_IN in body(PMI, "death-undone")


@pytest.mark.parametrize(
    ("reach", "signs_in"), [(WithdrawalReach.ALL, False), (WithdrawalReach.VISITS_KEEP_SPACE, True)]
)
def test_withdrawal_sends_nobody_to_a_closed_file(vallees: scope.Scope, reach: str, *, signs_in: bool) -> None:
    pathway = followed(**accepted())

    stops.withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now(), reach=WithdrawalReach(reach))

    check_call(body(PMI, "ended"), pathway)
    midwife = body("ines@copa.example", "ended")
    assert (SIGN_IN in midwife) is signs_in
    if not signs_in:
        check_call(midwife, pathway)
    # Her own team reads the record.
    assert SIGN_IN in body("amal@copa.example", "ended")
