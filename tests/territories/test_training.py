"""What an auxiliary has learnt and done, what is missing, who reads it (R100, R101, R102); no diagnosis is hers."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django import forms

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from pathways.forms import screening
from pathways.models import GridFactor, Observation
from territories.actions.training import cancel_training, note_experience, note_training
from territories.enums import MANDATORY_MODULES
from territories.models import Experience, HistoryEvent, Member, Training
from territories.reads.training import auxiliaries, auxiliary_page
from territories.rules import missing_of_auxiliary
from territories.scope_texts import SCOPE_TEXTS, scope_on
from tests import factories, queries
from tests.cast import LAGON, VALLEES, Person, inside
from visits.models import Report
from visits.questionnaire import packaged_definitions

URL = f"/t/{VALLEES}/steering/auxiliaries/"
AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
TODAY = date(2026, 11, 3)


@pytest.fixture
def here(vallees: scope.Scope) -> Any:
    with time_machine.travel(AT, tick=False) as travelled:
        yield travelled


def refused(act: Any, **given: Any) -> str:
    with pytest.raises(BusinessError) as refusal:
        act(**given)
    return refusal.value.code


def missing_of(name: str) -> tuple[str, ...]:
    return auxiliary_page(factories.who(name), factories.who("elise"), TODAY).line.missing


def test_everything_is_missing_at_first_and_nothing_at_the_end(here: Any) -> None:
    everything = missing_of_auxiliary(modules=(), has_experience=False, has_supervisor=False)
    assert missing_of("amal") == tuple(everything)
    assert len(everything) == len(MANDATORY_MODULES) + 2

    for module in MANDATORY_MODULES:
        factories.make_training(module=module)
    note_experience(member=factories.who("amal"), months=24, words="Maternité", by=factories.who("elise"), at=AT)
    Member.objects.filter(pk=factories.who("amal").pk).update(supervisor=factories.who("farid"))

    assert missing_of("amal") == ()
    assert missing_of("bea") == tuple(everything)


def test_other_training_replaces_no_module_and_a_mistake_counts_for_nothing(here: Any) -> None:
    factories.make_training(module="other", words="Portage")
    made = factories.make_training(module="actor_map")
    assert "carte des acteurs du territoire" not in missing_of("amal")

    cancel_training(training=made, by=factories.who("elise"), at=AT)

    assert "carte des acteurs du territoire" in missing_of("amal")
    assert refused(cancel_training, training=made, by=factories.who("elise"), at=AT) == "cancelled"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"done_on": TODAY + timedelta(days=1)}, "day_ahead"),
        ({"module": "other", "words": " "}, "words_missing"),
    ],
)
def test_half_a_training_is_refused(here: Any, changes: dict[str, Any], code: str) -> None:
    given = {"member": factories.who("amal"), "module": "actor_map", "words": "", "done_on": TODAY}

    assert refused(note_training, **given | changes, by=factories.who("elise"), at=AT) == code
    assert refused(note_training, **given | {"member": factories.who("farid")}, by=factories.who("elise"), at=AT) == (
        "not_ap"
    )
    assert not Training.objects.exists()


def test_same_module_the_same_day_is_refused_once_noted(here: Any) -> None:
    factories.make_training()

    with pytest.raises(BusinessError, match="déjà notée"):
        factories.make_training()


def test_correction_of_her_experience_keeps_what_stood(here: Any) -> None:
    for months in (12, 24):
        note_experience(
            member=factories.who("amal"), months=months, words="Maternité", by=factories.who("elise"), at=AT
        )

    assert Experience.objects.get().months == 24
    event = HistoryEvent.objects.get(table_name="territories_experience", operation="update")
    assert event.before["months"] == 12
    with scope.opened(inside(LAGON)):
        assert (Experience.unscoped.count(), Training.unscoped.count()) == (0, 0)


def test_each_reads_her_own_and_those_she_answers_for(here: Any) -> None:
    read = {name: [one.name.split()[0] for one in auxiliaries(factories.who(name), TODAY)] for name in READERS}

    assert read == READERS


READERS = {
    "amal": ["Amal"],
    "chloe": ["Chloe"],
    "farid": ["Amal", "Bea"],
    "fanny": ["Chloe"],
    "elise": ["Amal", "Bea", "Chloe"],
    "jeanne": ["Amal", "Bea", "Chloe"],
    "gaelle": [],
    "ines": [],
}


def test_scope_is_shown_to_her_and_to_who_answers_for_her(client, cast: dict[str, Person]) -> None:
    for name in ("amal", "farid"):
        client.force_login(cast[name].user)
        page = client.get(f"{URL}{cast['amal'].member.public_id}/").content.decode()
        assert "Arrêté du 10 juin 2021" in page
        assert "R4311-4" in page


def test_another_law_is_another_version(db: None) -> None:
    assert scope_on(date(2026, 1, 1)) is SCOPE_TEXTS[-1]
    assert [one.valid_from for one in SCOPE_TEXTS] == sorted(one.valid_from for one in SCOPE_TEXTS)
    assert len({one.code for one in SCOPE_TEXTS}) == len(SCOPE_TEXTS)


def test_team_notes_a_training_from_the_page(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["farid"].user)
    page = f"{URL}{cast['amal'].member.public_id}/"

    assert client.post(f"{page}training/", {"module": "other", "words": "", "done_on": "2026-01-05"}).status_code == 422
    assert client.post(f"{page}training/", {"module": "actor_map", "done_on": "2026-01-05"}).status_code == 302
    assert client.post(f"{page}experience/", {"months": "36", "words": "Suites de couches"}).status_code == 302

    assert "36 mois, Suites de couches" in client.get(page).content.decode()


def test_one_training_and_ten_cost_the_same(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_training()
    client.force_login(cast["elise"].user)
    addresses = [URL, f"{URL}{cast['amal'].member.public_id}/"]
    one = [queries.count(client, address) for address in addresses]
    with scope.opened(inside(VALLEES)):
        for name in ("amal", "bea", "chloe"):
            for module in MANDATORY_MODULES[:2] if name == "bea" else ("actor_map",):
                factories.make_training(factories.who(name), module)

    assert [queries.count(client, address) for address in addresses] == one


# ---- R013: CoPa is no women's health offer --------------------------------------------------------------------
# A code of a diagnosis or of a medical act, however a field would be called.
MEDICAL = re.compile(
    r"diagnos|\bcim|\bicd|snomed|ccam|ngap|pathologie|acte.?(médical|medical)|medical.?act|prescri|ordonnance|treatment",
    re.IGNORECASE,
)


def _keys(item: dict[str, Any]) -> list[str]:
    """The name and the words of every question below this one."""
    told = [item[name] for name in ("linkId", "text") if name in item]
    return told + [key for part in item.get("item", ()) for key in _keys(part)]


def test_forms_of_an_auxiliary_hold_no_diagnosis_nor_medical_act(vallees: scope.Scope) -> None:
    asked: list[str] = []
    for definition in packaged_definitions():
        asked += _keys(definition)
    asked += [field.name for model in (Observation, Report) for field in model._meta.concrete_fields]
    asked += list(GridFactor.objects.order_by("code").values_list("code", flat=True))
    for name in vars(screening):
        form = getattr(screening, name)
        if isinstance(form, type) and issubclass(form, forms.BaseForm):
            asked += list(getattr(form, "base_fields", {}))

    assert len(asked) > 100
    assert [name for name in asked if MEDICAL.search(name)] == []
