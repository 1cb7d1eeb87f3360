"""The emergency numbers of a territory: national until the binôme sets others; procedures and tablet follow."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from pathways.actions.emergency import set_emergency_number
from pathways.enums import EmergencyUse
from pathways.models import EmergencyNumber
from pathways.reads.emergency import emergency_lines, lines_by_word
from territories.models import HistoryEvent
from tests import queries
from tests.cast import LAGON, VALLEES, inside
from tests.factories import make_pathway, make_visit, who
from visits.enums import VisitState
from visits.questionnaire.questions import _emergency
from visits.reads.red_button import call_buttons

AT = datetime(2026, 11, 3, 14, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NBSP = "\u00a0"
LONG = NBSP.join(("01", "99", "00", "00", "15"))


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


def url(use: str = "") -> str:
    if use:
        return reverse("pathways:emergency_number", args=[VALLEES]) + f"?usage={use}"
    return reverse("pathways:emergency_numbers", args=[VALLEES])


def set_to(number: str, use: str = "samu", *, at: datetime = AT) -> EmergencyNumber:
    return set_emergency_number(use=use, number=number, region="FR", by=who("elise"), at=at)


def numbers() -> dict[str, str]:
    return {line.use: line.phone for line in emergency_lines()}


def test_the_national_numbers_are_those_of_the_programme(vallees: scope.Scope) -> None:
    assert numbers() == {
        "samu": "15", "europe": "112", "police": "17", "text": "114", "fire": "18", "suicide": "3114",
        "violence": "3919", "child": "119",
    }  # fmt: skip


def test_another_number_is_followed_and_the_national_one_comes_back(vallees: scope.Scope) -> None:
    set_to("01 99 00 00 15")
    set_to("01 99 00 00 44", "poison")
    assert (numbers()["samu"], numbers()["poison"]) == (LONG, LONG[:-2] + "44")
    set_to("", at=AT + MINUTE)

    assert numbers()["samu"] == "15"
    assert EmergencyNumber.objects.filter(use="samu").count() == 2
    with scope.opened(inside(LAGON)):
        assert "poison" not in numbers()


@pytest.mark.parametrize(
    ("use", "number", "code"),
    [
        ("samu", "1", "not_a_number"),
        ("samu", "123456", "not_a_number"),
        ("samu", "le quinze", "not_a_number"),
        ("samu", "06 12", "not_a_number"),
        ("samu", "<script>", "not_a_number"),
        ("samu", "", "unchanged"),
        ("nothing", "15", "unknown_use"),
        ("text", "114", ""),
        ("poison", "+33 1 99 00 00 44", ""),
    ],
)
def test_only_a_number_is_kept(vallees: scope.Scope, use: str, number: str, code: str) -> None:
    if not code:
        assert set_to(number, use).set_by == who("elise")
        return
    with pytest.raises(BusinessError) as refusal:
        set_to(number, use)
    assert refusal.value.code == code
    assert not EmergencyNumber.objects.exists()


def test_what_was_set_is_never_rewritten(vallees: scope.Scope) -> None:
    set_to("112")
    with pytest.raises(BusinessError, match="déjà en vigueur"):
        set_to("112", at=AT + MINUTE)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        EmergencyNumber.objects.update(number="18")


def test_the_procedures_of_the_tablet_call_the_number_of_the_territory(as_: Any, vallees: scope.Scope) -> None:
    set_to("01 99 00 00 15")
    pathway = make_pathway(ap=who("amal"))
    visit = make_visit(pathway, state=VisitState.STARTED, started_at=AT - 5 * MINUTE)

    buttons = call_buttons(pathway, AT, ["CHILD_VITAL"])
    report = as_("amal").get(reverse("visits:report_edit", args=[VALLEES, visit.public_id])).content.decode()

    assert buttons[0].href == "tel:0199000015"
    assert 'href="tel:0199000015"' in report
    assert "data-copa-samu" in report
    assert 'href="tel:15"' not in report


def test_the_button_of_a_procedure_keeps_its_line_under_any_number() -> None:
    assert (_emergency("15", "112").href, _emergency("15", "112").is_samu) == ("tel:112", True)
    assert (_emergency("114", "114").href, _emergency("114", "114").is_samu) == ("sms:114", False)


@pytest.mark.parametrize("name", ["elise", "nora", "olga", "farid", "amal", "ines", "gaelle"])
def test_everybody_who_sees_the_procedures_reads_the_numbers(as_: Any, vallees: scope.Scope, name: str) -> None:
    page = as_(name).get(url()).content.decode()

    assert 'href="tel:3919"' in page
    assert (reverse("pathways:emergency_number", args=[VALLEES]) in page) is (name in {"elise", "nora"})


@pytest.mark.parametrize("name", ["olga", "farid", "amal", "ines", "jeanne"])
def test_nobody_but_the_binome_sets_one(as_: Any, vallees: scope.Scope, name: str) -> None:
    assert as_(name).post(url("samu"), {"number": "112"}).status_code == 403
    assert not EmergencyNumber.objects.exists()


def test_the_binome_sets_a_number_and_reads_who_set_what(as_: Any, vallees: scope.Scope) -> None:
    client = as_("nora")
    assert "Vide : le 15, numéro national." in client.get(url("samu")).content.decode().replace(NBSP, " ")

    refused = client.post(url("samu"), {"number": "quinze"})
    answer = client.post(url("samu"), {"number": "01 99 00 00 15"})

    assert (refused.status_code, answer.status_code) == (422, 302)
    page = client.get(url()).content.decode()
    assert LONG in page
    assert who("nora").user.get_full_name() in page
    assert HistoryEvent.objects.get(table_name="pathways_emergencynumber").after["number"] == LONG
    assert client.get(url("nothing")).status_code == 302


def test_a_long_history_costs_the_queries_of_a_short_one(as_: Any, vallees: scope.Scope) -> None:
    client = as_("elise")
    set_to("112")
    one = queries.count(client, url())
    for number, use in enumerate(EmergencyUse.values * 2):
        set_to(f"{200 + number}", use, at=AT + (number + 1) * MINUTE)

    assert queries.count(client, url()) == one
    assert lines_by_word()["119"].phone == "216"
