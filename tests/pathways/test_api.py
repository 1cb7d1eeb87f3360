"""Families and pathways as JSON: the same doors as the pages, public ids only, strict input."""

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from copa.kernel import clock, scope
from pathways.actions.stops import withdraw_pathway
from pathways.enums import PathwayState, Sex
from pathways.models import Child, CoParent, Family, Mother, Pathway
from territories.models import AccessLog, Commune
from tests import factories
from tests.cast import LAGON, VALLEES, inside
from tests.queries import count


def address(name: str, *args: Any, slug: str = VALLEES) -> str:
    return reverse(f"api:{name}", args=[slug, *args])


def keys_of(value: Any) -> set[str]:
    """Every key of an answer, at any depth."""
    if isinstance(value, dict):
        return set(value) | {key for one in value.values() for key in keys_of(one)}
    return {key for one in value for key in keys_of(one)} if isinstance(value, list) else set()


def test_families_are_those_of_the_pages(as_: Any, vallees: scope.Scope) -> None:
    mine = factories.make_pathway(ap=factories.who("amal")).family
    factories.make_pathway(ap=factories.who("bea"))

    answer = as_("amal").get(address("family-list")).json()

    assert [row["id"] for row in answer["results"]] == [str(mine.public_id)]
    assert answer["results"][0]["name"] == Mother.objects.get(family=mine).name


@pytest.mark.parametrize(
    ("who", "status"), [("amal", 200), ("bea", 403), ("chloe", 404), ("farid", 200), ("jeanne", 403), ("dora", 404)]
)
def test_family_answers_each_person(as_: Any, vallees: scope.Scope, who: str, status: int) -> None:
    family = factories.make_pathway(ap=factories.who("amal")).family

    assert as_(who).get(address("family-detail", family.public_id)).status_code == status


@pytest.mark.parametrize(("who", "status"), [("amal", 200), ("bea", 403), ("chloe", 404), ("ines", 404), ("dora", 404)])
def test_pathway_answers_each_person(as_: Any, vallees: scope.Scope, who: str, status: int) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))

    assert as_(who).get(address("pathway-detail", pathway.public_id)).status_code == status


def test_ars_officer_reaches_no_family(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_pathway().family

    for url in (
        address("family-list"),
        address("pathway-list"),
        address("family-detail", family.public_id),
    ):
        assert as_("hugo").get(url).status_code == 404


def test_id_of_another_territory_and_forged_id_are_unknown(as_: Any, db: None) -> None:
    with scope.opened(inside(LAGON)):
        elsewhere = factories.make_pathway(ap=factories.who("dora"))
        family = elsewhere.family.public_id

    for key in (family, uuid4()):
        answer = as_("elise").get(address("family-detail", key))
        assert answer.status_code == 404
        assert answer.json()["code"] == "not_found"
    assert as_("elise").get(address("pathway-detail", elsewhere.public_id)).status_code == 404


def test_list_and_detail_say_the_same_in_the_same_words(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_pathway().family
    client = as_("elise")

    line = client.get(address("family-list")).json()["results"][0]
    detail = client.get(address("family-detail", family.public_id)).json()

    assert {name: detail[name] for name in line} == line
    assert (line["commune"], line["commune_name"]) == (family.commune.code, family.commune.name)
    assert detail["births"][0]["maternity"] == line["maternity"]
    assert detail["births"][0]["maternity_name"] == line["maternity_name"]
    assert detail["births"][0]["children"][0]["sex"] in Sex.values
    coparent = CoParent.objects.get(family=family)
    assert (detail["coparents"][0]["name"], detail["mother"]["name"]) == (coparent.name, line["name"])


@pytest.mark.parametrize(
    ("who", "mode"), [("elise", "VAGINAL"), ("amal", "VAGINAL"), ("gaelle", None), ("ines", None), ("marc", None)]
)
def test_mode_of_birth_stays_with_the_team(as_: Any, vallees: scope.Scope, who: str, mode: str | None) -> None:
    family = factories.make_pathway(ap=factories.who("amal")).family
    for name in ("ines", "marc"):
        factories.make_grant(family, to=factories.who(name))

    answer = as_(who).get(address("family-detail", family.public_id)).json()

    assert [birth["mode"] for birth in answer["births"]] == [mode]


def test_child_who_died_is_no_longer_listed(as_: Any, vallees: scope.Scope) -> None:
    twins = factories.make_pathway(factories.make_birth(children=2), ap=factories.who("amal"))
    first, second = Child.objects.filter(birth=twins.birth).order_by("rank")
    factories.make_death(twins.birth, first)

    answer = as_("amal").get(address("family-detail", twins.family.public_id)).json()

    assert [child["id"] for child in answer["births"][0]["children"]] == [str(second.public_id)]


def test_no_primary_key_leaves(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    factories.make_discharge(pathway.birth)
    client = as_("elise")

    for url in (
        address("family-list"),
        address("family-detail", pathway.family.public_id),
        address("pathway-list"),
        address("pathway-detail", pathway.public_id),
    ):
        found = keys_of(client.get(url).json())
        assert found
        assert not {"pk", "territory"} & found


def test_reading_one_family_is_logged(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_pathway().family

    as_("elise").get(address("family-detail", family.public_id))

    assert AccessLog.objects.filter(family_id=family.pk, what="pathways.see_family", is_refused=False).exists()


def test_list_turns_its_pages_by_key(as_: Any, vallees: scope.Scope) -> None:
    for _ in range(5):
        factories.make_pathway()
    client = as_("elise")

    first = client.get(address("pathway-list"), {"limit": 3}).json()
    second = client.get(first["next"]).json()

    ids = [row["id"] for row in first["results"] + second["results"]]
    assert len(first["results"]) == 3
    assert len(ids) == len(set(ids)) == 5
    assert second["next"] is None


def test_lists_cost_the_same_for_ten(as_: Any, vallees: scope.Scope) -> None:
    factories.make_pathway(ap=factories.who("amal"))
    client = as_("elise")
    one = [count(client, address(name)) for name in ("family-list", "pathway-list")]
    for _ in range(9):
        factories.make_pathway(ap=factories.who("amal"))

    assert [count(client, address(name)) for name in ("family-list", "pathway-list")] == one


@pytest.mark.parametrize("stop", ["withdrawn", "mourning"])
def test_no_way_to_her_is_open_once_it_is_over(as_: Any, vallees: scope.Scope, stop: str) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    Family.objects.update(may_sms=True, may_email=True, may_call=True, may_space=True)
    url = address("family-detail", pathway.family.public_id)
    before = as_("amal").get(url).json()["contact"]

    if stop == "withdrawn":
        withdraw_pathway(pathway=pathway, by=factories.who("elise"), at=clock.now())
    else:
        factories.make_death(pathway.birth, Child.objects.get())
    after = as_("amal").get(url).json()["contact"]

    ways = ("is_closed", "may_sms", "may_email", "may_call", "may_space")
    assert [before[way] for way in ways] == [False, True, True, True, True]
    assert [after[way] for way in ways] == [True, False, False, False, False]


def test_api_sends_to_the_team_first_after_the_death_of_a_twin(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(factories.make_birth(children=2), ap=factories.who("amal"))
    Family.objects.update(may_sms=True, may_email=True, may_call=True, may_space=True)
    url = address("family-detail", pathway.family.public_id)
    before = as_("amal").get(url).json()["contact"]

    factories.make_death(pathway.birth, Child.objects.order_by("rank")[0])
    after = as_("amal").get(url).json()["contact"]

    ways = ("is_after_team", "is_closed", "may_sms", "may_email", "may_call", "may_space")
    assert [before[way] for way in ways] == [False, False, True, True, True, True]
    assert [after[way] for way in ways] == [True, False, False, False, False, True]


def test_api_closes_what_goes_through_the_team_and_keeps_her_word(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(ap=factories.who("amal"))
    Family.objects.update(may_sms=True, may_email=True, may_call=True, may_space=True, through_team_since=clock.now())

    told = as_("amal").get(address("family-detail", pathway.family.public_id)).json()["contact"]
    correct(as_("elise"), pathway.family, address="3 rue Neuve")

    ways = ("is_through_team", "is_closed", "may_sms", "may_email", "may_call", "may_space")
    assert [told[way] for way in ways] == [True, False, False, False, False, True]
    family = Family.objects.get()
    assert (family.may_sms, family.may_call, family.through_team_since is not None) == (True, True, True)


# ---- Corrections --------------------------------------------------------------------------------------------
def correct(client: Any, family: Family, **changes: Any) -> Any:
    url = address("family-detail", family.public_id)
    version = changes.pop("version", None) or client.get(url).json()["version"]
    return client.patch(url, {"version": version, **changes}, content_type="application/json")


def test_correction_changes_only_what_it_names(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_family()

    answer = correct(as_("elise"), family, phone="01 99 00 31 99", no_voice_mail=True)

    assert answer.status_code == 200
    assert answer.json()["mother"]["phone"] == "+33199003199"
    family.refresh_from_db()
    assert (family.no_voice_mail, family.may_sms, family.address) == (True, True, "6 rue des Tanneurs")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"telephone": "01 99 00 31 99"}, "telephone"),
        ({"id": "x"}, "id"),
        ({"phone": "0692 00 12 34"}, "phone"),
        ({"commune": "97401"}, "commune"),
        ({"hours": ["NOON"]}, "hours"),
    ],
)
def test_bad_correction_is_refused_and_stores_nothing(
    as_: Any, vallees: scope.Scope, changes: dict[str, Any], field: str
) -> None:
    family = factories.make_family()

    answer = correct(as_("elise"), family, address="Ailleurs", **changes)

    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid"
    assert field in answer.json()["fields"]
    family.refresh_from_db()
    assert family.address == "6 rue des Tanneurs"


@pytest.mark.parametrize("text", ["Metz (57000)", "57000 Metz"])
def test_commune_outside_is_refused_until_it_is_confirmed(as_: Any, vallees: scope.Scope, text: str) -> None:
    family, client = factories.make_family(), as_("elise")

    refused = correct(client, family, commune=text, address="Ailleurs")
    before = Family.objects.get().address
    kept = correct(client, family, commune=text, is_outside=True)
    # Where she lives already was confirmed then.
    again = correct(client, family, commune=kept.json()["commune"], address="3 rue Serpenoise")

    assert (refused.status_code, refused.json()["code"]) == (409, "outside_unconfirmed")
    assert "hors du territoire" in refused.json()["fields"]["is_outside"][0]
    assert (before, kept.json()["commune_name"], again.status_code) == ("6 rue des Tanneurs", "Metz", 200)
    other = factories.make_family(mother={"birth_name": "Voisine"})
    assert correct(client, other, commune=kept.json()["commune"]).json()["code"] == "outside_unconfirmed"


def test_commune_of_the_territory_is_none_outside(as_: Any, vallees: scope.Scope) -> None:
    answer = correct(as_("elise"), factories.make_family(), commune="BRECOURT (57000)", is_outside=True)

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["commune"])
    assert not Commune.objects.filter(is_outside=True).exists()


def test_older_version_is_refused(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_family()
    client = as_("elise")
    version = client.get(address("family-detail", family.public_id)).json()["version"]
    correct(client, family, version=version, address="1 rue Neuve")

    answer = correct(client, family, version=version, address="2 rue Vieille")

    assert answer.status_code == 409
    assert answer.json()["code"] == "changed_meanwhile"
    assert Family.objects.get().address == "1 rue Neuve"


@pytest.mark.parametrize(("who", "status"), [("bea", 403), ("nora", 403), ("chloe", 404), ("gina", 403)])
def test_correction_is_refused_to_the_neighbour(as_: Any, vallees: scope.Scope, who: str, status: int) -> None:
    family = factories.make_pathway(ap=factories.who("amal")).family

    assert correct(as_(who), family, version="x", address="Ailleurs").status_code == status
    assert Family.objects.get().address == "6 rue des Tanneurs"


def test_withdrawn_pathway_stays_readable(as_: Any, vallees: scope.Scope) -> None:
    pathway = factories.make_pathway(state=PathwayState.WITHDRAWN)

    answer = as_("elise").get(address("pathway-detail", pathway.public_id)).json()

    assert answer["state"] == Pathway.objects.get().state == "withdrawn"


@pytest.mark.parametrize(("name", "told"), [("elise", True), ("ines", True), ("marc", None)])
def test_doctor_outside_does_not_learn_that_a_child_is_in_hospital(
    as_: Any, vallees: scope.Scope, name: str, told: bool | None
) -> None:
    pathway = factories.make_pathway()
    Child.objects.filter(birth=pathway.birth).update(is_hospitalised=True)
    for reader in ("ines", "marc"):
        factories.make_grant(pathway.family, to=factories.who(reader))

    file = as_(name).get(f"/api/v1/t/vallees/families/{pathway.family.public_id}/").json()

    assert [child["is_hospitalised"] for child in file["births"][0]["children"]] == [told]
