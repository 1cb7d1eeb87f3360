"""Corrections of a file, agreements per recipient, grants by name."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions import families
from pathways.enums import Agreement, Recipient
from pathways.models import (
    Child,
    Family,
    FamilyGrant,
    FamilyWord,
    PmiRelay,
)
from tests import factories
from tests.pathways.actions.steps import CONTACT


def details(**changes: Any) -> families.Details:
    values = {
        "used_name": "",
        "phone": "+33199003107",
        "email": "",
        "address": "7 rue des Tanneurs",
        "commune": factories.commune("Brécourt"),
        "access_hint": "",
        "contact": CONTACT,
        "language": "",
        "access_needs": (),
        "children": {},
    }
    return families.Details(**(values | changes))


def test_edit_family_moves_the_waiting_relay_to_the_new_sector(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway()

    families.edit_family(
        family=pathway.family, token=families.details_token(pathway.family), details=details(), at=clock.now()
    )

    assert PmiRelay.objects.get().sector == factories.commune("Brécourt").sector
    assert Family.objects.get().address == "7 rue des Tanneurs"


def test_edit_family_refuses_a_stale_form(vallees: scope.Scope) -> None:
    family = factories.make_family()
    token = families.details_token(family)
    families.edit_family(family=family, token=token, details=details(), at=clock.now())

    with pytest.raises(BusinessError, match="entre-temps"):
        families.edit_family(family=family, token=token, details=details(address="8 rue des Tanneurs"), at=clock.now())

    assert Family.objects.get().address == "7 rue des Tanneurs"


def test_child_gets_its_first_name(vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    child = Child.objects.get()

    families.edit_family(
        family=birth.family,
        token=families.details_token(birth.family),
        details=details(children={child.public_id: ("Inès", False), uuid4(): ("Autre", True)}),
        at=clock.now(),
    )

    assert Child.objects.get().first_name == "Inès"


def test_edited_names_are_searched_and_former_ones_are_not(vallees: scope.Scope) -> None:
    family = factories.make_family(name="Haddad", mother={"used_name": "Perrin"}, coparents=0)
    child = Child.objects.get(birth=factories.make_birth(family))

    families.edit_family(
        family=family,
        token=families.details_token(family),
        details=details(used_name="Lemoine-Dupré", children={child.public_id: ("Inès", False)}),
        at=clock.now(),
    )

    words = FamilyWord.objects.filter(family=family).order_by("word").values_list("word", flat=True)
    assert list(words) == ["dupre", "haddad", "ines", "lemoine", "samira"]


def test_recipient_change_hides_and_shows_the_relay(vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(agreed_pmi=False)
    elise = factories.who("elise")

    families.change_recipients(
        family=pathway.family, agreements={Recipient.PMI: Agreement.YES}, by=elise, at=clock.now()
    )
    assert PmiRelay.objects.shown().exists()
    families.change_recipients(
        family=pathway.family, agreements={Recipient.PMI: Agreement.NO}, by=elise, at=clock.now()
    )

    assert not PmiRelay.objects.shown().exists()


def test_grant_ends_with_the_local_day_and_lasts_three_months_at_most(vallees: scope.Scope) -> None:
    family = factories.make_family()
    at = clock.now()
    today = clock.local_date(at, "Europe/Paris")
    grant = {"family": family, "to": factories.who("ines"), "reason": "LIBERAL_MIDWIFE", "by": factories.who("elise")}
    factories.make_agreement(family, Recipient.LIBERAL_MIDWIFE)

    families.open_family_to(until=today, at=at, **grant)

    assert FamilyGrant.objects.get().expires_at == clock.day_bounds(today, "Europe/Paris")[1]
    for until in (today - timedelta(days=1), today + timedelta(days=93)):
        with pytest.raises(BusinessError) as refusal:
            families.open_family_to(until=until, at=at, **grant)
        assert refusal.value.field == "until"


def test_grant_is_renewed_after_it_was_revoked(vallees: scope.Scope) -> None:
    family = factories.make_family()
    at = clock.now()
    ines = factories.who("ines")
    grant = {"family": family, "to": ines, "reason": "LIBERAL_MIDWIFE", "by": factories.who("elise")}
    factories.make_agreement(family, Recipient.LIBERAL_MIDWIFE)
    until = clock.local_date(at, "Europe/Paris") + timedelta(days=10)
    families.open_family_to(until=until, at=at, **grant)

    assert families.revoke_grant(family=family, user_id=ines.user_id, at=at)
    assert not Family.objects.visible_to(ines).exists()
    families.open_family_to(until=until, at=at, **grant)

    assert Family.objects.visible_to(ines).exists()
    assert FamilyGrant.objects.count() == 1
