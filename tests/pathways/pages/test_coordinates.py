"""The page that corrects a file."""

from typing import Any

import pytest

from copa.kernel import clock, scope
from pathways.actions.families import tighten_contact
from pathways.models import (
    Child,
    Family,
    Mother,
    PmiRelay,
)
from territories.models import Commune
from tests import factories
from tests.pathways.addresses import address


def coordinates(client: Any, family: Family, **changes: Any) -> dict[str, Any]:
    """The form as the page shows it, with some changes."""
    page = client.get(address("family_edit", family.public_id))
    form = page.context["form"]
    typed = {bound.name: bound.value() for bound in form if bound.value() not in (None, False, [])}
    typed |= {name: "on" for name, value in typed.items() if value is True}
    return typed | {"token": page.context["token"]} | changes


def test_coordinates_are_corrected(as_: Any, vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    typed = coordinates(as_("elise"), birth.family, phone="01 99 00 31 99", commune="55002")
    typed[f"name_{Child.objects.get().public_id}"] = "Inès"

    response = as_("elise").post(address("family_edit", birth.family.public_id), typed)

    assert response.status_code == 302
    assert Mother.objects.get().phone == "+33199003199"
    assert Family.objects.get().commune == factories.commune("Brécourt")
    assert Child.objects.get().first_name == "Inès"


def test_stale_form_is_refused_with_both_versions(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_family()
    mine = coordinates(as_("elise"), family, address="1 rue Neuve")
    theirs = coordinates(as_("elise"), family, address="2 rue Vieille")
    as_("elise").post(address("family_edit", family.public_id), theirs)

    refused = as_("elise").post(address("family_edit", family.public_id), mine)

    page = refused.content.decode()
    assert refused.status_code == 422
    assert "entre-temps" in page
    assert "1 rue Neuve" in page
    assert "2 rue Vieille" in page
    assert Family.objects.get().address == "2 rue Vieille"
    again = as_("elise").post(address("family_edit", family.public_id), mine | {"token": refused.context["token"]})
    assert again.status_code == 302
    assert Family.objects.get().address == "1 rue Neuve"


@pytest.mark.parametrize("text", ["Metz (57000)", "57000 Metz", "metz 57000"])
def test_commune_outside_the_territory_is_warned_of_confirmed_then_known(
    as_: Any, vallees: scope.Scope, text: str
) -> None:
    pathway = factories.make_pathway()
    url, client = address("family_edit", pathway.family.public_id), as_("elise")

    warned = client.post(url, coordinates(client, pathway.family, commune=text))
    before = Commune.objects.filter(is_outside=True).count()
    done = client.post(url, coordinates(client, pathway.family, commune=text, is_outside="on"))
    again = client.post(url, coordinates(client, pathway.family, address="3 rue Serpenoise"))

    assert "is_outside" in warned.context["form"].errors
    assert "hors du territoire" in warned.content.decode()
    assert (before, done.status_code, again.status_code) == (0, 302, 302)
    kept = Family.objects.get(pk=pathway.family_id).commune
    assert (kept.name.lower(), kept.postal_code, kept.sector, kept.is_outside) == ("metz", "57000", None, True)
    # The relay is nobody's sector: it is to be organised, or confided to one.
    assert PmiRelay.objects.get().sector is None


def test_one_commune_outside_is_kept_once_for_two_families(as_: Any, vallees: scope.Scope) -> None:
    client = as_("elise")
    for text in ("Metz (57000)", "57000 METZ"):
        family = factories.make_family()
        client.post(
            address("family_edit", family.public_id), coordinates(client, family, commune=text, is_outside="on")
        )

    assert Commune.objects.filter(is_outside=True).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": "0692 00 12 34"}, "phone"),
        ({"commune": "Lyon"}, "commune"),
        ({"commune": ""}, "commune"),
        ({"email": "pas une adresse"}, "email"),
        ({"channels": ["EMAIL"]}, "channels"),
    ],
)
def test_bad_coordinates_are_refused_beside_their_field(
    as_: Any, vallees: scope.Scope, changes: dict[str, Any], field: str
) -> None:
    family = factories.make_family()
    typed = coordinates(as_("elise"), family, access_hint="Portail bleu", **changes)

    response = as_("elise").post(address("family_edit", family.public_id), typed)

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert 'value="Portail bleu"' in response.content.decode()
    assert Family.objects.get().access_hint == ""


def test_phone_is_shown_as_it_is_written_here(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_family(mother={"phone": "+33199003144"})

    page = as_("elise").get(address("family_edit", family.public_id)).content.decode()

    assert 'value="01\u00a099\u00a000\u00a031\u00a044"' in page
    typed = coordinates(as_("elise"), family)
    assert as_("elise").post(address("family_edit", family.public_id), typed).status_code == 302
    assert Mother.objects.get().phone == "+33199003144"


@pytest.mark.parametrize(("name", "is_kept"), [("farid", True), ("farid", False), ("amal", True)])
def test_team_alone_lifts_the_rule_that_calls_go_through_it(
    as_: Any, vallees: scope.Scope, name: str, *, is_kept: bool
) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    Family.objects.update(may_call=True, contact_hours=["ANY"], through_team_since=clock.now())
    url, client = address("family_edit", pathway.family.public_id), as_(name)
    typed = coordinates(client, pathway.family, address="3 rue Neuve")
    asked = "is_through_team" in typed
    if not is_kept:
        typed.pop("is_through_team")

    done = client.post(url, typed)

    assert (asked, done.status_code) == (name == "farid", 302)
    family = Family.objects.get()
    assert (family.through_team_since is not None, family.address) == (is_kept, "3 rue Neuve")
    assert (family.may_sms, family.may_call) == (True, True)


def test_form_opened_before_the_rule_does_not_pass_over_it(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    client = as_("farid")
    typed = coordinates(client, pathway.family, address="3 rue Neuve")

    tighten_contact(family_id=pathway.family_id, at=clock.now())

    assert client.post(address("family_edit", pathway.family.public_id), typed).status_code == 422
    assert Family.objects.get().through_team_since is not None
