"""The page that corrects who she is and what was born: what changes, what is refused, what the calendar does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from copa.kernel import scope
from pathways.models import Birth, Child, CoParent, Family, FamilyWord, Mother, Pathway, PmiRelay
from territories.models import HistoryEvent
from tests import factories
from tests.pathways.addresses import address
from visits.models import Visit

AT = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)


@pytest.fixture
def birth(vallees: scope.Scope) -> Any:
    """Born on Saturday 31 October at 10 h, to a mother and a co-parent."""
    with time_machine.travel(AT, tick=False):
        yield factories.make_birth(factories.make_family(name="Hadad"), at=datetime(2026, 10, 31, 9, tzinfo=UTC))


def typed(client: Any, birth: Birth, **changes: Any) -> dict[str, Any]:
    """The form as the page shows it, with some changes."""
    form = client.get(address("identity", birth.family.public_id)).context["form"]
    shown = {bound.name: bound.value() for bound in form if bound.value() not in {None, False}}
    shown |= {name: "on" for name, value in shown.items() if value is True}
    shown["at"] = timezone.localtime(birth.at).strftime("%Y-%m-%dT%H:%M")
    return shown | changes


def save(client: Any, birth: Birth, **changes: Any) -> Any:
    return client.post(address("identity", birth.family.public_id), typed(client, birth, **changes))


def test_mother_and_delivery_are_corrected(as_: Any, birth: Birth) -> None:
    response = save(as_("elise"), birth, birth_name="Haddad", birth_on="1993-05-17", mode="CAESAREAN", term_weeks="38")

    assert response.status_code == 302
    mother, stored = Mother.objects.get(), Birth.objects.get()
    assert (mother.birth_name, str(mother.birth_on)) == ("Haddad", "1993-05-17")
    assert (stored.mode, stored.term_weeks, stored.at) == ("CAESAREAN", 38, birth.at)
    assert FamilyWord.objects.filter(word="haddad").exists()


def test_history_keeps_what_was_written(as_: Any, birth: Birth) -> None:
    save(as_("elise"), birth, birth_name="Haddad")

    event = HistoryEvent.objects.filter(table_name="pathways_mother", operation="update").get()
    assert (event.before["birth_name"], event.after["birth_name"]) == ("Hadad", "Haddad")


def test_nothing_changed_changes_nothing(as_: Any, birth: Birth) -> None:
    before = HistoryEvent.objects.count()

    assert save(as_("elise"), birth).status_code == 302
    assert HistoryEvent.objects.count() == before


def test_forgotten_twin_is_added_and_taken_out_again(as_: Any, birth: Birth) -> None:
    save(as_("elise"), birth, child2_first_name="Zélie", child2_sex="female", child2_weight="2500")

    children = Child.objects.order_by("rank")
    assert [(child.rank, child.first_name) for child in children] == [(1, "Noé1"), (2, "Zélie")]
    assert save(as_("elise"), birth, child2_removed="on").status_code == 302
    assert Child.objects.get().first_name == "Noé1"
    assert not FamilyWord.objects.filter(word="zelie").exists()


def test_child_is_corrected(as_: Any, birth: Birth) -> None:
    save(as_("elise"), birth, child1_first_name="Inès", child1_sex="female", child1_weight="3100")

    child = Child.objects.get()
    assert (child.first_name, child.sex, child.birth_weight_g) == ("Inès", "female", 3100)


def test_only_child_is_not_taken_out(as_: Any, birth: Birth) -> None:
    response = save(as_("elise"), birth, child1_removed="on", birth_name="Haddad")

    assert response.status_code == 422
    assert "au moins un enfant" in response.content.decode()
    assert Mother.objects.get().birth_name == "Hadad"


@pytest.mark.parametrize("is_signed", [True, False])
def test_child_a_report_speaks_of_is_not_taken_out(as_: Any, birth: Birth, *, is_signed: bool) -> None:
    twin = Child.objects.create(family=birth.family, birth=birth, rank=2, first_name="Adam", sex="male")
    visit = factories.make_visit(factories.make_pathway(birth, ap=factories.who("amal")), state="ended")
    factories.make_report(visit, signed=is_signed, answers={"child": [{"child.ref": str(twin.public_id)}]})

    response = save(as_("elise"), birth, child2_removed="on")

    assert response.status_code == 422
    assert "Adam ne peut pas être retiré" in response.content.decode()
    assert Child.objects.count() == 2


def test_co_parents_are_added_corrected_and_taken_out(as_: Any, birth: Birth) -> None:
    save(as_("elise"), birth, coparent1_first_names="Julie", coparent2_first_names="Alix", coparent2_name="Roy")

    assert [str(one) for one in CoParent.objects.order_by("pk")] == ["Julie Hadad", "Alix Roy"]
    save(as_("elise"), birth, coparent1_removed="on", coparent2_first_names="", coparent2_name="")
    assert not CoParent.objects.exists()


# ---- The calendar ----------------------------------------------------------------------------------------------
def test_days_of_the_visits_follow_the_day_of_birth(as_: Any, birth: Birth) -> None:
    pathway = factories.make_pathway(birth, ap=factories.who("amal"))
    inside = factories.make_visit(pathway, planned_at=datetime(2026, 11, 10, 9, tzinfo=UTC))
    factories.make_visit(pathway, "V2", planned_at=datetime(2026, 11, 21, 9, tzinfo=UTC))

    response = as_("elise").post(
        address("identity", birth.family.public_id),
        typed(as_("elise"), birth, at="2026-10-30T10:00"),
        follow=True,
    )

    moved = Pathway.objects.get()
    assert (str(Birth.objects.get().day), str(moved.window_from), str(moved.window_to)) == (
        "2026-10-30", "2026-11-01", "2026-11-20",
    )  # fmt: skip
    relay = PmiRelay.objects.get()
    assert str(relay.due_on) == "2026-11-20"
    # The day after the sixth birthday, in Paris.
    assert relay.ends_at == datetime(2032, 10, 30, 22, 0, tzinfo=UTC)
    page = response.content.decode()
    assert "du dim. 1er nov. au ven. 20 nov." in page.replace("\u00a0", " ")
    assert "1\u00a0visite prévue est hors de ces dates" in page
    assert Visit.objects.get(pk=inside.pk).planned_at == inside.planned_at
    week = as_("elise").get("/t/vallees/planning/?semaine=2026-11-16").content.decode()
    assert "hors dates" in week


def test_new_dates_of_the_visits_end_with_one_full_stop(as_: Any, birth: Birth) -> None:
    factories.make_pathway(birth, ap=factories.who("amal"))

    response = as_("elise").post(
        address("identity", birth.family.public_id), typed(as_("elise"), birth, at="2026-10-30T10:00"), follow=True
    )

    assert "au ven. 20 nov." in (page := response.content.decode().replace("\u00a0", " "))
    assert "nov.." not in page


def test_hour_of_birth_alone_moves_nothing(as_: Any, birth: Birth) -> None:
    factories.make_pathway(birth)

    response = as_("elise").post(
        address("identity", birth.family.public_id), typed(as_("elise"), birth, at="2026-10-31T09:00"), follow=True
    )

    assert "les visites se font maintenant" not in response.content.decode()
    assert Birth.objects.get().at == datetime(2026, 10, 31, 8, tzinfo=UTC)


def test_pathway_that_is_over_keeps_its_days(as_: Any, birth: Birth) -> None:
    known = factories.make_pathway(birth, state="closed")

    save(as_("elise"), birth, at="2026-10-30T10:00")

    assert Pathway.objects.get().window_to == known.window_to


# ---- What is refused -------------------------------------------------------------------------------------------
REFUSED = {
    "future": ({"at": "2099-01-01T10:00"}, "at"),
    "before CoPa": ({"at": "1999-01-01T10:00"}, "at"),
    "after the discharge": ({"at": "2026-11-03T08:00"}, "at"),
    "age": ({"birth_on": "2020-01-01"}, "birth_on"),
    "invisible name": ({"birth_name": "\u200b"}, "birth_name"),
    "name of digits": ({"first_names": "123"}, "first_names"),
    "weight": ({"child1_weight": "3"}, "child1_weight"),
    "no sex": ({"child1_sex": ""}, "child1_sex"),
    "begun twin": ({"child2_first_name": "Adam"}, "child2_sex"),
    "begun co-parent": ({"coparent2_name": "Roy"}, "coparent2_first_names"),
    "phone of Réunion": ({"coparent1_phone": "0692 00 12 34"}, "coparent1_phone"),
    "term": ({"term_weeks": "50"}, "term_weeks"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_correction_is_refused_beside_its_field(as_: Any, birth: Birth, case: str) -> None:
    changes, field = REFUSED[case]
    factories.make_discharge(birth, hours=48)
    before = HistoryEvent.objects.count()

    response = save(as_("elise"), birth, **({"used_name": "Tapé"} | changes))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert 'value="Tapé"' in response.content.decode()
    assert HistoryEvent.objects.count() == before


def test_birth_does_not_follow_its_inclusion(as_: Any, birth: Birth) -> None:
    factories.make_pathway(birth)

    response = save(as_("elise"), birth, at="2026-11-02T10:00")

    assert "at" in response.context["form"].errors


def test_stale_correction_is_refused(as_: Any, birth: Birth) -> None:
    mine = typed(as_("elise"), birth, birth_name="Haddad")
    save(as_("elise"), birth, birth_name="Hadadd")

    response = as_("elise").post(address("identity", birth.family.public_id), mine)

    assert response.status_code == 422
    assert "entre-temps" in response.content.decode()
    assert Mother.objects.get().birth_name == "Hadadd"


def test_each_birth_is_corrected_on_its_own(as_: Any, birth: Birth) -> None:
    older = factories.make_birth(birth.family, at=AT - timedelta(days=500))
    url = address("identity", birth.family.public_id) + f"?naissance={older.public_id}"

    page = as_("elise").get(url)

    assert page.context["birth"] == older
    assert as_("elise").get(address("identity", birth.family.public_id)).context["birth"] == birth
    other = factories.make_birth()
    assert as_("elise").get(url.replace(str(older.public_id), str(other.public_id))).status_code == 404


def test_family_without_a_birth_has_no_such_page(as_: Any, vallees: scope.Scope) -> None:
    family: Family = factories.make_family()

    assert as_("elise").get(address("identity", family.public_id)).status_code == 404
