"""The register of conventions: what it refuses, who is eligible, what ends soon, inclusions outside of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from territories import rules, tasks
from territories.actions.files import MAX_BYTES, Sent
from territories.actions.partnerships import note_gap_if_any, partnerships_to_tell
from territories.models import ConventionGap, HistoryEvent, OutgoingMessage, Partnership, StoredFile, Structure
from territories.reads.partnerships import structure_lines
from tests import factories, queries
from tests.cast import LAGON, VALLEES, Person, inside
from tests.pathways.actions.steps import accepted_birth, include, team_of

URL = f"/t/{VALLEES}/steering/conventions/"
AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
TODAY = date(2026, 11, 3)
CPP = "CPP de Brécourt"


@pytest.fixture
def here(vallees: scope.Scope) -> Any:
    with time_machine.travel(AT, tick=False) as travelled:
        yield travelled


def facts(kind: str, **said: Any) -> rules.Eligibility:
    given = {"is_authorised": "unknown", "plans_auxiliaries": "unknown", "auxiliaries": 0, "conventions": 0}
    return rules.eligibility(rules.CarrierFacts(kind=kind, **given | said))


# ---- Who is eligible (R040) -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "said", "answer"),
    [
        ("maternity", {"is_authorised": "yes"}, True),
        ("maternity", {"is_authorised": "no", "auxiliaries": 3}, False),
        ("maternity", {}, None),
        ("pmi", {"auxiliaries": 1}, True),
        ("pmi", {"plans_auxiliaries": "yes"}, True),
        ("pmi", {"plans_auxiliaries": "no"}, False),
        ("pmi", {"conventions": 1}, None),
        ("cpp", {"auxiliaries": 1}, True),
        ("cpp", {"conventions": 1}, True),
        ("cpp", {"plans_auxiliaries": "yes"}, False),
    ],
)
def test_each_kind_of_structure_has_its_conditions(kind: str, said: dict[str, Any], answer: bool | None) -> None:
    assert facts(kind, **said).is_eligible is answer


def test_cpp_without_auxiliary_nor_convention_is_told_so(here: Any) -> None:
    def cpp() -> rules.Eligibility:
        return next(one.eligibility for one in structure_lines(TODAY) if one.name == CPP)

    assert cpp().reason.replace("\u00a0", " ") == "CPP sans auxiliaire ni convention : non éligible"
    factories.make_convention()
    assert (cpp().is_eligible, cpp().reason) == (True, "")


def test_partnership_or_ended_convention_makes_nobody_eligible(here: Any) -> None:
    factories.make_convention(kind="partnership")
    factories.make_convention(days_ago=100, days=99)
    factories.make_convention(CPP, "Maternité Saint-Rémi", days_ago=-1, signed_on=TODAY)

    assert not next(one for one in structure_lines(TODAY) if one.name == CPP).eligibility.is_eligible


# ---- What the register refuses --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("structures", "changes", "code"),
    [
        ((), {"signed_on": TODAY + timedelta(days=1)}, "signed_ahead"),
        ((), {"ends_on": date(2020, 1, 1)}, "ends_before_start"),
        (("Maternité Saint-Rémi",), {}, "no_party"),
        ((CPP, "PMI de Ligny"), {}, "no_maternity"),
        ((), {"inclusion_procedure": " "}, "no_procedure"),
        ((), {"document": Sent("a.pdf", b"<html>")}, "not_a_pdf"),
        ((), {"document": Sent("a.pdf", b"%PDF-" + b"x" * MAX_BYTES)}, "file_too_big"),
    ],
)
def test_half_a_convention_is_refused_and_leaves_nothing(
    here: Any, structures: tuple[str, ...], changes: dict[str, Any], code: str
) -> None:
    with pytest.raises(BusinessError) as refusal:
        factories.make_convention(*structures, **changes)

    assert refusal.value.code == code
    assert not Partnership.objects.exists()
    assert not StoredFile.objects.exists()


def test_document_is_never_changed_and_its_bytes_stay_out_of_the_history(here: Any) -> None:
    made = factories.make_convention()

    with pytest.raises(DatabaseError), transaction.atomic():
        StoredFile.objects.filter(pk=made.document_id).update(name="autre.pdf")

    event = HistoryEvent.objects.get(table_name="territories_storedfile")
    assert event.after["content"] == "…"


def test_other_territory_sees_none_of_it(here: Any) -> None:
    factories.make_convention()
    gap = ConventionGap.objects.create
    gap(
        structure=factories.structure(CPP), included_on=TODAY, family_id=1, noted_by=factories.who("elise"), noted_at=AT
    )

    with scope.opened(inside(LAGON)):
        assert [model.unscoped.count() for model in (Partnership, StoredFile, ConventionGap)] == [0, 0, 0]


# ---- What ends soon (R035) ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "is_told"), [(-1, False), (0, True), (60, True), (61, False)])
def test_end_is_told_from_sixty_days_before_to_the_last_day(here: Any, days: int, is_told: bool) -> None:
    made = factories.make_convention(ends_on=TODAY + timedelta(days=days))

    assert partnerships_to_tell(today=TODAY) == ([made.pk] if is_told else [])
    assert rules.ends_soon(made.ends_on, TODAY) == is_told


@pytest.mark.parametrize(("days", "is_told"), [(61, False), (60, True), (0, True)])
def test_end_and_years_without_committees_are_told_on_the_page_of_steering(
    client, cast: dict[str, Person], days: int, is_told: bool
) -> None:
    with scope.opened(inside(VALLEES)), time_machine.travel(AT, tick=False):
        factories.make_convention(title="Convention de Brécourt", ends_on=TODAY + timedelta(days=days))
        factories.make_committee(None, days_ago=20)
        factories.make_committee(None, days_ago=30)
    client.force_login(cast["elise"].user)

    with time_machine.travel(AT, tick=False):
        page = client.get(f"/t/{VALLEES}/steering/").content.decode()

    assert ("Convention de Brécourt" in page) is is_told
    assert "Comité, Grand Est, 2026" in page
    # Two were held this year: the national committee of the year asks for nothing more.
    assert "Comité, national, 2026" not in page


def test_those_who_lead_are_told_once_for_each_last_day(here: Any) -> None:
    made = factories.make_convention(ends_on=TODAY + timedelta(days=10))
    for _ in range(2):
        tasks.tell_of_ending_conventions(str(scope.current_territory_id()))

    mails = OutgoingMessage.objects.filter(dedup_key__startswith="partnership-ends").order_by("to")
    assert [mail.to for mail in mails] == [f"{name}@copa.example" for name in ("elise", "jeanne", "nora")]
    assert not any("Brécourt" in mail.body for mail in mails)
    Partnership.objects.filter(pk=made.pk).update(ends_on=TODAY + timedelta(days=20))
    tasks.tell_of_ending_conventions(str(scope.current_territory_id()))
    assert mails.all().count() == 6


# ---- An inclusion outside of them (R042) ----------------------------------------------------------------------
def test_inclusion_by_a_cpp_outside_its_convention_is_made_and_noted(here: Any) -> None:
    factories.make_convention(days_ago=100, days=99)
    cpp = factories.structure(CPP)

    pathway = include(accepted_birth(), team=team_of(CPP, ap=None))

    gap = ConventionGap.objects.get()
    assert (gap.structure, gap.included_on, gap.family_id) == (cpp, TODAY, pathway.family_id)
    assert HistoryEvent.objects.filter(table_name="territories_conventiongap").exists()
    assert next(one.gaps for one in structure_lines(TODAY) if one.name == CPP) == 1


@pytest.mark.parametrize("edge", [{"days_ago": 0}, {"days_ago": 30, "days": 30}])
def test_first_and_last_day_of_a_convention_are_covered(here: Any, edge: dict[str, int]) -> None:
    factories.make_convention(**edge)
    asked = {"day": TODAY, "family_id": 1, "by": factories.who("elise"), "at": AT}

    for name in (CPP, "PMI de Ligny", "Maternité Saint-Rémi"):
        note_gap_if_any(structure=factories.structure(name), **asked)

    assert [one.structure.name for one in ConventionGap.objects.all()] == ["PMI de Ligny"]


# ---- The pages ------------------------------------------------------------------------------------------------
def typed(**changes: Any) -> dict[str, Any]:
    with scope.opened(inside(VALLEES)):
        keys = [str(factories.structure(name).public_id) for name in (CPP, "Maternité Saint-Rémi")]
    return {
        "kind": "convention",
        "title": "Convention du nord",
        "structures": keys,
        "scope": "Visites",
        "inclusion_procedure": "En chambre, par la sage-femme",
        "signed_on": "2026-10-01",
        "signed_by": "Mme Roy et M. Petit",
        "starts_on": "2026-10-01",
        "ends_on": "2027-09-30",
    } | changes


@time_machine.travel(AT, tick=False)
def test_administrator_writes_corrects_and_everybody_concerned_opens_the_document(
    client, cast: dict[str, Person]
) -> None:
    client.force_login(cast["jeanne"].user)
    file = SimpleUploadedFile("signée.pdf", factories.A_PDF, content_type="application/pdf")
    page = client.post(f"{URL}new/", typed(document=file)).url
    assert client.post(f"{page}edit/", typed(title="Convention du sud")).status_code == 302

    client.force_login(cast["amal"].user)
    shown, document = client.get(page).content.decode(), client.get(f"{page}document/")

    assert "Convention du sud" in shown
    assert "En chambre, par la sage-femme" in shown
    assert document.content == factories.A_PDF
    assert document["Content-Disposition"] == 'attachment; filename="convention_2026-10-01.pdf"'
    with scope.opened(inside(VALLEES)):
        events = HistoryEvent.objects.filter(table_name="territories_partnership", operation="update")
        assert [event.before["title"] for event in events] == ["Convention du nord"]


@time_machine.travel(AT, tick=False)
def test_refusal_stands_beside_its_field_and_keeps_what_was_typed(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)

    response = client.post(f"{URL}new/", typed(inclusion_procedure=""))

    assert response.status_code == 422
    assert response.context["form"].has_error("inclusion_procedure")
    assert "Convention du nord" in response.content.decode()


def test_answer_of_a_structure_is_kept_with_its_author(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        place = factories.structure()
    client.force_login(cast["jeanne"].user)

    assert client.post(f"{URL}structures/{place.public_id}/", {"is_authorised": "yes"}).status_code == 302

    with scope.opened(inside(VALLEES)):
        assert Structure.objects.get(pk=place.pk).is_authorised == "yes"
        event = HistoryEvent.objects.filter(table_name="territories_structure", operation="update").get()
        assert event.actor == f"user:{cast['jeanne'].user.pk}"


def test_one_convention_and_ten_cost_the_same(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_convention(days=40)
    client.force_login(cast["elise"].user)
    one = queries.count(client, URL)
    with scope.opened(inside(VALLEES)):
        for _ in range(9):
            factories.make_convention(days=40)

    assert queries.count(client, URL) == one
