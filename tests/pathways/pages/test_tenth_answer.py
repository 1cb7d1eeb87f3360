"""The tenth answer of the EPDS outside a report: told when it is sent, whatever the page lacks elsewhere."""

from typing import Any
from uuid import uuid4

import pytest

from copa.kernel import clock, scope
from copa.kernel.errors import BusinessError
from pathways.actions.epds import validate_thresholds
from pathways.models import Alert, AlertNote, EpdsScreening, EpdsValues, Pathway
from pathways.rules.screening import EPDS_ITEMS, ITEM_10_ALERT, Thresholds
from tests.factories import make_death, make_grant, make_pathway, who
from tests.pathways.pages.test_screening import address, sheet
from tests.pathways.screening import LOW, fill_epds
from visits.reads.red_button import signs_in_force

LINKS = {f"epds.{key}" for key in EPDS_ITEMS}


@pytest.fixture
def pathway(vallees: scope.Scope) -> Pathway:
    pathway = make_pathway(ap=who("amal"), days_ago=14)
    make_grant(pathway.family, to=who("ines"))
    return pathway


def offer_to_coparent() -> None:
    validate_thresholds(
        thresholds=Thresholds(version="avec co-parent"), is_offered_to_coparent=True, by=who("nora"), at=clock.now()
    )


# A page that lacks everything but the ten answers.
LACKING = {"status": "", "at": "", "source": "", "presence": ""}


@pytest.mark.parametrize("name", ["ines", "farid"])
def test_tenth_answer_of_a_refused_page_is_told_at_once_and_once(pathway: Pathway, as_: Any, name: str) -> None:
    client, url = as_(name), address("epds_new", pathway.family)
    sent = sheet(*([0] * 9), 2, key=str(uuid4()))

    for _ in range(2):
        answer = client.post(url, sent | LACKING)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert page.index("Ne pas laisser seule") < page.index('id="form-problems"')
        for number in (f"tel:{pathway.carrier.phone}", "tel:15", "tel:3114"):
            assert f'href="{number}"' in page
        assert [answer.context["form"][key].value() for key in EPDS_ITEMS] == ["0"] * 9 + ["2"]
        assert Alert.objects.get().raised_by == who(name)
    alert, team = Alert.objects.get(), as_("elise")
    assert "Aucun résultat n’est arrivé" not in team.get(address("screening", pathway.family)).content.decode()

    assert as_(name).post(url, sent).status_code == 302
    assert EpdsScreening.objects.get().public_id == Alert.objects.get().subject_id == alert.subject_id


def test_tenth_answer_lowered_before_the_sheet_is_noted_takes_nothing_away(pathway: Pathway, as_: Any) -> None:
    client, url = as_("ines"), address("epds_new", pathway.family)
    sent = sheet(*([0] * 10), key=str(uuid4()))
    client.post(url, sent | LACKING | {"i10": "3"})

    assert "Ne pas laisser seule" in client.post(url, sent | LACKING).content.decode()
    page = client.get(client.post(url, sent).url).content.decode()

    assert "Ne pas laisser seule" in page
    assert Alert.objects.open().get().subject_id == EpdsScreening.objects.get().public_id
    assert EpdsValues.objects.get().i10 == 0


@pytest.mark.parametrize(("first", "then"), [("mother", "coparent"), ("coparent", "mother")])
def test_who_answered_put_right_before_the_sheet_is_stored_is_put_right_in_the_alert(
    pathway: Pathway, as_: Any, first: str, then: str
) -> None:
    """Told in the name of the mother, her death would end his sign, and the team would call the wrong one."""
    offer_to_coparent()
    client, url = as_("farid"), address("epds_new", pathway.family)
    sent = sheet(*([0] * 9), 2, key=str(uuid4()))
    client.post(url, sent | LACKING | {"person": first})

    client.post(url, sent | {"person": then})

    alert = Alert.objects.get()
    assert alert.subject_id == EpdsScreening.objects.get().public_id
    assert alert.about == then
    said = AlertNote.objects.get(alert=alert)
    assert ("co-parent" in said.words) is (then == "coparent")
    assert said.words in client.get(address("alert", alert)).content.decode()


def test_who_answered_changed_twice_is_said_twice(pathway: Pathway, as_: Any) -> None:
    offer_to_coparent()
    client, url = as_("farid"), address("epds_new", pathway.family)
    sent = sheet(*([0] * 9), 2, key=str(uuid4())) | LACKING
    for person in ("mother", "coparent", "mother", "coparent"):
        client.post(url, sent | {"person": person})

    assert Alert.objects.get().about == "coparent"
    said = AlertNote.objects.order_by("pk").values_list("words", flat=True)
    assert ["co-parent" in words for words in said] == [True, False, True]


def test_page_without_a_mark_is_given_one_when_it_is_refused(pathway: Pathway, as_: Any) -> None:
    client, url = as_("farid"), address("epds_new", pathway.family)

    refused = client.post(url, sheet(*([0] * 9), 1) | LACKING)
    client.post(url, sheet(*([0] * 9), 1, key=refused.context["form"]["key"].value()))

    assert Alert.objects.get().subject_id == EpdsScreening.objects.get().public_id


@pytest.mark.parametrize("tenth", ["", "0", "4", "-1", "deux"])
def test_refused_page_without_a_tenth_answer_above_zero_alerts_nobody(pathway: Pathway, as_: Any, tenth: str) -> None:
    answer = as_("ines").post(address("epds_new", pathway.family), sheet(*([3] * 9), 0) | LACKING | {"i10": tenth})

    assert "transmise à l’équipe" not in answer.content.decode()
    assert not Alert.objects.exists()


def test_tenth_answer_of_a_sheet_said_not_filled_in_is_told_and_asked_about(pathway: Pathway, as_: Any) -> None:
    sent = sheet(*([0] * 9), 1, status="NOT_DONE", reason="LANGUAGE")

    answer = as_("farid").post(address("epds_new", pathway.family), sent)

    assert "status" in answer.context["form"].errors
    assert Alert.objects.count() == 1
    assert not EpdsScreening.objects.exists()


def test_tenth_answer_is_asked_first_as_in_the_report(pathway: Pathway, as_: Any) -> None:
    form = as_("farid").get(address("epds_new", pathway.family)).context["form"]
    items = [item.link_id for item in signs_in_force().by_id.values() if item.link_id in LINKS]

    assert [f"epds.{field.name}" for _, field in form.answers] == items
    assert form.answers[0][0] == "10"


def test_sheet_filled_in_at_her_home_says_so(pathway: Pathway, as_: Any) -> None:
    client = as_("ines")

    answer = client.post(address("epds_new", pathway.family), sheet(*LOW, source="home"))

    assert "À domicile" in client.get(answer.url).content.decode()


# ---- After the mother's death ------------------------------------------------------------------------------------
def test_co_parent_in_mourning_may_still_be_asked_and_his_tenth_answer_calls(pathway: Pathway, as_: Any) -> None:
    """No visit is made any more: this page is the only door that is left."""
    offer_to_coparent()
    make_death(pathway.birth)
    client, url = as_("farid"), address("epds_new", pathway.family)
    page = client.get(url).content.decode()

    assert 'value="coparent"' in page
    assert 'value="mother"' not in page
    sent = sheet(*([0] * 9), 2, key=str(uuid4()))
    assert client.post(url, sent | {"person": "mother"}).status_code == 422
    assert client.post(url, sent | {"person": "coparent"}).status_code == 302
    assert EpdsScreening.objects.get().person == "coparent"
    assert Alert.objects.get(code=ITEM_10_ALERT).about == "coparent"


def test_nothing_is_noted_in_the_name_of_a_mother_who_died(pathway: Pathway, as_: Any) -> None:
    make_death(pathway.birth)

    assert as_("farid").get(address("epds_new", pathway.family)).status_code == 403
    offer_to_coparent()
    with pytest.raises(BusinessError) as refusal:
        fill_epds(pathway)
    assert refusal.value.code == "mother_died"
    assert not EpdsScreening.objects.exists()


def test_scale_that_is_offered_to_the_mother_alone_again_closes_the_page(pathway: Pathway, as_: Any) -> None:
    offer_to_coparent()
    validate_thresholds(
        thresholds=Thresholds(version="sans lui"), is_offered_to_coparent=False, by=who("nora"), at=clock.now()
    )
    make_death(pathway.birth)

    assert as_("farid").get(address("epds_new", pathway.family)).status_code == 403
