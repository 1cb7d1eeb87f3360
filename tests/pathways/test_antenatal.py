"""An adhesion given before the birth: by whom, when, and what the inclusion makes of it (R067)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from copa.kernel import clock
from copa.kernel.errors import BusinessError
from pathways.actions import antenatal, presentations
from pathways.actions.inclusion import TakenOver
from pathways.actions.proposals import Answer
from pathways.models import AntenatalConsent, Consent, InformationNotice, Presentation
from tests import factories
from tests.pathways.actions.steps import ADHESION, accepted_birth, include, new_birth, new_mother, register
from tests.pathways.addresses import address
from tests.pathways.pages.test_inclusion import adhesion

pytestmark = pytest.mark.usefixtures("vallees")


def typed(**changes: Any) -> dict[str, Any]:
    values = {"notice_version": "notice-2026.1-fr", "notice_form": "READ", "accepts": "on", "mode": "PAPER"}
    return values | changes


def early(**changes: Any) -> antenatal.EarlyAdhesion:
    values = {
        "collector": "MIDWIFE",
        "collector_name": "",
        "given_at": clock.now() - timedelta(days=30),
        "mode": "PAPER",
        "notice_version": "notice-2026.1-fr",
        "notice_form": "READ",
        "minor_beside": "",
    }
    return antenatal.EarlyAdhesion(**(values | changes))


def hers(**fields: Any) -> Presentation:
    """Presented by Inès to the mother of `steps.new_mother`, who said yes."""
    mother = new_mother()
    about = {"birth_name": mother.birth_name, "first_names": mother.first_names, "birth_on": mother.birth_on}
    return factories.make_presentation(by=factories.who("ines"), **(about | fields))


def note(row: Presentation, **changes: Any) -> AntenatalConsent:
    return antenatal.note_adhesion(
        presentation=row, adhesion=early(**changes), by=factories.who("ines"), at=clock.now()
    )


def test_liberal_midwife_collects_an_adhesion_before_the_birth(as_: Any) -> None:
    row = hers()

    answer = as_("ines").post(address("presentation_adhesion", row.public_id), typed())
    page = as_("ines").get(address("presentation", row.public_id)).content.decode()

    consent = AntenatalConsent.objects.get()
    assert answer.status_code == 302
    assert (consent.collector, consent.collected_by, consent.mode) == ("MIDWIFE", factories.who("ines"), "PAPER")
    assert consent.text_version == "adhesion-2026.1-fr"
    assert "Son adhésion" in page


def test_doctor_of_the_team_names_the_midwife_who_collected(as_: Any) -> None:
    row = hers()

    refused = as_("farid").post(address("presentation_adhesion", row.public_id), typed())
    stored = as_("farid").post(
        address("presentation_adhesion", row.public_id), typed(collector="MIDWIFE", collector_name="Anne Petit")
    )

    assert "collector" in refused.context["form"].errors
    assert stored.status_code == 302
    consent = AntenatalConsent.objects.get()
    assert (consent.collector, consent.collector_name) == ("MIDWIFE", "Anne Petit")


@pytest.mark.parametrize(
    ("fields", "changes", "code"),
    [
        ({"answer": "NO"}, {}, "adhesion_without_yes"),
        ({}, {"collector": "DOCTOR"}, "collector_missing"),
        ({}, {"given_at": "tomorrow"}, "adhesion_moment"),
        ({}, {"given_at": "before"}, "adhesion_moment"),
        ({"birth_on": "minor"}, {}, "minor_beside_missing"),
    ],
)
def test_adhesion_is_refused_and_nothing_stays(fields: dict[str, Any], changes: dict[str, Any], code: str) -> None:
    moments = {"tomorrow": clock.now() + timedelta(days=1), "before": clock.now() - timedelta(days=90)}
    if "given_at" in changes:
        changes = {"given_at": moments[changes["given_at"]]}
    if "birth_on" in fields:
        fields = {"birth_on": (clock.now() - timedelta(days=17 * 365)).date()}
    row = hers(**fields)

    with pytest.raises(BusinessError) as refusal:
        note(row, **changes)

    assert refusal.value.code == code
    assert not AntenatalConsent.objects.exists()


FIRST_DAY = datetime(2025, 12, 1, 0, 0, tzinfo=ZoneInfo("Europe/Paris"))


def test_adhesion_says_the_text_in_force_on_its_day_or_is_refused() -> None:
    row = hers(presented_on=date(2024, 3, 1))

    for given_at in (datetime(2024, 3, 4, 10, 0, tzinfo=UTC), FIRST_DAY - timedelta(seconds=1)):
        with pytest.raises(BusinessError, match="Aucun texte d’adhésion n’était en vigueur") as refusal:
            note(row, given_at=given_at)
        assert (refusal.value.code, refusal.value.field) == ("adhesion_text", "given_at")

    assert note(row, given_at=FIRST_DAY).text_version == "adhesion-2026.1-fr"


@pytest.mark.parametrize("signed_at", [FIRST_DAY - timedelta(seconds=1), FIRST_DAY])
def test_inclusion_refuses_an_adhesion_older_than_its_text(signed_at: datetime) -> None:
    birth = accepted_birth()
    said = replace(ADHESION, given_at=signed_at, place="BEFORE_BIRTH")

    if signed_at < FIRST_DAY:
        with pytest.raises(BusinessError) as refusal:
            include(birth, adhesion=said)
        assert refusal.value.code == "adhesion_text"
        assert not Consent.objects.exists()
    else:
        include(birth, adhesion=said)
        assert Consent.objects.get().text_version == "adhesion-2026.1-fr"


def test_adhesion_is_noted_once_and_falls_with_her_yes() -> None:
    row = hers()
    note(row)

    with pytest.raises(BusinessError) as refusal:
        note(row)
    presentations.answer_presentation(
        presentation=row, answer=Answer(answer="NO", ask_again_on=None, refusal_reasons=()), at=clock.now()
    )

    assert refusal.value.code == "antenatal_consent_once"
    assert not AntenatalConsent.objects.exists()


def test_inclusion_takes_the_adhesion_over_with_its_own_date(as_: Any) -> None:
    consent = note(hers(), collector_name="Anne Petit")
    birth = register(birth=new_birth())
    asked = {"notice_version", "place", "mode"}

    page = as_("amal").get(address("inclusion", birth.public_id))
    values = {name: value for name, value in adhesion().items() if name not in asked}
    answer = as_("amal").post(address("inclusion", birth.public_id), values)

    assert answer.status_code == 302
    assert "Elle garde sa date." in page.content.decode()
    assert not asked & set(page.context["form"].fields)
    taken = Consent.objects.get()
    assert (taken.at, taken.place, taken.collected_by) == (consent.at, "BEFORE_BIRTH", factories.who("ines"))
    assert (taken.collector, taken.collector_name, taken.mode) == ("MIDWIFE", "Anne Petit", "PAPER")
    assert InformationNotice.objects.get().given_at == consent.at


def test_nothing_is_taken_over_when_nothing_was_given() -> None:
    with pytest.raises(BusinessError) as refusal:
        include(accepted_birth(), adhesion=TakenOver(is_evaluation_opposed=False))

    assert refusal.value.code == "adhesion_missing"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"collector": ""}, "collector_missing"),
        ({"given_at": timedelta(hours=1)}, "adhesion_moment"),
        ({"place": "BEFORE_BIRTH"}, "adhesion_moment"),
        ({"place": "ROOM", "given_at": timedelta(days=-20)}, "adhesion_place"),
    ],
)
def test_adhesion_says_by_whom_and_when(changes: dict[str, Any], code: str) -> None:
    values = {name: getattr(ADHESION, name) for name in ADHESION.__dataclass_fields__} | changes
    if isinstance(values["given_at"], timedelta):
        values["given_at"] = clock.now() + values["given_at"]

    with pytest.raises(BusinessError) as refusal:
        include(accepted_birth(), adhesion=type(ADHESION)(**values))

    assert refusal.value.code == code
    assert not Consent.objects.exists()


def test_page_says_that_she_has_left(as_: Any) -> None:
    birth = accepted_birth(days_ago=6)
    factories.make_discharge(birth, hours=60)

    page = as_("amal").get(address("inclusion", birth.public_id)).content.decode()

    assert "recueillie après la sortie" in page
