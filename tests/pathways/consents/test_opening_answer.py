"""Opening a file by name is no way round the mother's answer (R076, A16)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from copa.kernel import scope
from pathways.enums import Agreement, CircleRole, Recipient
from pathways.models import Family, FamilyGrant
from tests import factories
from tests.pathways.addresses import address


def opened(as_: Any, family: Family, to: str, **changes: str) -> Any:
    until = (timezone.localdate() + timedelta(days=20)).isoformat()
    typed = {"to": str(factories.who(to).public_id), "reason": "FOLLOWS", "until": until} | changes
    return as_("elise").post(address("open_family", family.public_id), typed)


def refusal(response: Any, field: str) -> str:
    assert response.status_code == 422
    assert not FamilyGrant.objects.exists()
    return str(response.context["form"].errors[field])


@pytest.mark.parametrize(
    ("to", "recipient", "as_whom"),
    [
        ("gaelle", Recipient.PMI, ""),
        ("ines", Recipient.LIBERAL_MIDWIFE, ""),
        ("marc", Recipient.GENERAL_PRACTITIONER, "GENERAL_PRACTITIONER"),
    ],
)
def test_no_of_the_mother_is_said_beside_the_name(
    as_: Any, vallees: scope.Scope, to: str, recipient: str, as_whom: str
) -> None:
    family = factories.make_family()
    factories.make_agreement(family, recipient, Agreement.NO)

    response = opened(as_, family, to, as_whom=as_whom, is_confirmed="on")

    assert "La mère a dit non" in refusal(response, "to")


def test_no_reaches_who_stands_in_the_circle_and_is_opened_as_nobody(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_family()
    factories.make_circle_member(family, member=factories.who("marc"), role=CircleRole.GENERAL_PRACTITIONER)
    factories.make_agreement(family, Recipient.GENERAL_PRACTITIONER, Agreement.NO)

    response = opened(as_, family, "marc", is_confirmed="on")

    assert "médecin traitant" in refusal(response, "to")


@pytest.mark.parametrize("answer", ["", Agreement.LATER])
def test_nobody_confirms_a_yes_to_the_pmi_in_her_place(as_: Any, vallees: scope.Scope, answer: str) -> None:
    family = factories.make_family()
    if answer:
        factories.make_agreement(family, Recipient.PMI, answer)

    response = opened(as_, family, "gaelle", is_confirmed="on")

    assert "oui de la mère à la PMI" in refusal(response, "to")


def test_yes_to_the_pmi_opens_at_once(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_family()
    factories.make_agreement(family, Recipient.PMI)

    assert opened(as_, family, "gaelle").status_code == 302
    assert FamilyGrant.objects.filter(user=factories.who("gaelle").user).exists()


@pytest.mark.parametrize(("answer", "warning"), [("", "n’a pas donné de réponse"), ("LATER", "répondre plus tard")])
def test_what_she_has_not_answered_is_warned_of_and_confirmed(
    as_: Any, vallees: scope.Scope, answer: str, warning: str
) -> None:
    family = factories.make_family()
    if answer:
        factories.make_agreement(family, Recipient.LIBERAL_MIDWIFE, answer)

    asked = opened(as_, family, "ines")

    assert warning in refusal(asked, "is_confirmed")
    assert 'name="is_confirmed"' in asked.content.decode()
    assert opened(as_, family, "ines", is_confirmed="on").status_code == 302
    assert FamilyGrant.objects.exists()


def test_box_is_not_shown_before_it_is_asked(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_family()

    page = as_("elise").get(address("open_family", family.public_id)).content.decode()

    assert 'name="is_confirmed"' not in page
