"""A birth enters, and the way home: what is accepted and refused. Nothing is stored by a refusal."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from copa.kernel import clock, jobs, scope
from copa.kernel.errors import BusinessError
from pathways.actions import births
from pathways.models import (
    Birth,
    Child,
    Family,
    FamilyWord,
    Mother,
)
from pathways.reads.duplicates import duplicate_reasons
from tests import factories
from tests.pathways.actions.steps import new_birth, new_mother, register


def test_register_birth_stores_the_family_under_a_drawn_reference(vallees: scope.Scope) -> None:
    birth = register(coparents=(births.NewCoParent(first_names="Julien", name="Lemoine", phone=""),))

    family = Family.objects.get()
    assert family.reference.startswith("VA-")
    assert len(family.reference) == 9
    words = FamilyWord.objects.filter(family=family).order_by("word").values_list("word", flat=True)
    assert list(words) == ["haddad", "ines", "julien", "lemoine", "samira"]
    assert birth.day == clock.local_date(birth.at, "Europe/Paris")
    assert Mother.objects.get().phone == "+33199003107"
    assert Child.objects.get().first_name == "Inès"


def test_a_worker_gives_the_same_letters_as_a_page(vallees: scope.Scope) -> None:
    worker = jobs.inside("import", str(scope.current_territory_id()))

    with scope.opened(worker):
        birth = register()

    assert birth.family.reference.startswith("VA-")


def test_register_birth_draws_another_reference_when_it_is_taken(
    vallees: scope.Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.make_family(reference="VA-AAAAAA")
    drawn = iter(["VA-AAAAAA", "VA-BBBBBB"])
    monkeypatch.setattr(births, "new_reference", lambda: next(drawn))

    birth = register(mother=new_mother(phone="", birth_on=date(1990, 1, 1)))

    assert birth.family.reference == "VA-BBBBBB"


def test_register_birth_refuses_the_future(vallees: scope.Scope) -> None:
    at = clock.now()

    with pytest.raises(BusinessError, match="futur") as refusal:
        register(birth=new_birth(at=at + timedelta(minutes=1)), at=at)

    assert refusal.value.field == "at"
    assert not Family.objects.exists()


@pytest.mark.parametrize("birth_on", [date(2020, 1, 1), date(1950, 1, 1)])
def test_register_birth_refuses_an_age_no_mother_has(vallees: scope.Scope, birth_on: date) -> None:
    with pytest.raises(BusinessError) as refusal:
        register(mother=new_mother(birth_on=birth_on))

    assert refusal.value.field == "birth_on"
    assert not Family.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_on": date(1980, 1, 1), "phone": ""},
        {"used_name": "LEMOINE", "first_names": "samira", "birth_on": date(1980, 1, 1), "phone": ""},
        {"used_name": "", "birth_on": date(1980, 1, 1), "phone": ""},
        {"used_name": "", "birth_name": "Lemoine", "birth_on": date(1980, 1, 1), "phone": ""},
        {"used_name": "Autre", "birth_name": "HADDAD", "birth_on": date(1980, 1, 1), "phone": ""},
        {"used_name": "Autre", "birth_name": "Autre", "birth_on": date(1980, 1, 1)},
        {"used_name": "Autre", "birth_name": "Autre", "phone": ""},
        {"used_name": "Autre", "birth_name": "Autre", "birth_on": date(1980, 1, 1), "phone": "+33199003109"},
    ],
    ids=[
        "same name",
        "same name typed otherwise",
        "birth name alone",
        "used name as birth name",
        "same birth name",
        "same phone",
        "same birth date",
        "phone of the co-parent",
    ],
)
def test_register_birth_warns_of_a_possible_duplicate(vallees: scope.Scope, changes: dict[str, Any]) -> None:
    register(coparents=(births.NewCoParent(first_names="Julien", name="Lemoine", phone="+33199003109"),))

    with pytest.raises(BusinessError) as refusal:
        register(mother=new_mother(**changes))

    assert refusal.value.code == "possible_duplicate"
    assert Family.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"used_name": "Autre", "birth_name": "Autre"},
        {"first_names": "Claire"},
        {"first_names": "Samira Claire"},
        {"used_name": "", "birth_name": "Samira", "first_names": "Inès"},
    ],
    ids=["other name", "other first name", "one more first name", "her child's first name"],
)
def test_register_birth_does_not_warn_of_a_neighbour(vallees: scope.Scope, changes: dict[str, Any]) -> None:
    """Sharing some of the words is not having the same name."""
    register()

    register(mother=new_mother(birth_on=date(1980, 1, 1), phone="", **changes))

    assert Family.objects.count() == 2


def test_add_birth_makes_the_new_child_findable(vallees: scope.Scope) -> None:
    first = register(birth=new_birth(at=clock.now() - timedelta(days=400)))
    child = births.NewChild(first_name="Zélie", sex="female", birth_weight_g=None, is_hospitalised=False)

    births.add_birth(family=first.family, birth=new_birth(children=(child,)), at=clock.now())

    assert FamilyWord.objects.filter(family=first.family, word="zelie").exists()


def test_register_birth_goes_on_once_somebody_has_compared(vallees: scope.Scope) -> None:
    register()

    register(is_other_family=True)

    assert Family.objects.count() == 2


def test_phone_of_the_co_parent_is_compared_with_mothers(vallees: scope.Scope) -> None:
    register()
    other = new_mother(birth_name="Autre", used_name="", birth_on=date(1980, 1, 1), phone="")

    with pytest.raises(BusinessError) as refusal:
        register(mother=other, coparents=(births.NewCoParent(first_names="Alix", name="Autre", phone="+33199003107"),))

    assert refusal.value.code == "possible_duplicate"


def test_same_birth_date_is_told_apart_from_a_close_delivery(vallees: scope.Scope) -> None:
    far = register(birth=new_birth(at=clock.now() - timedelta(days=30)))
    other = new_mother(birth_name="Autre", used_name="", phone="")
    near = register(mother=other, is_other_family=True)

    reasons = duplicate_reasons(
        births.typed_of(new_mother(birth_name="Tiers", used_name="", phone=""), (), new_birth())
    )

    assert reasons[far.family_id] == ("même date de naissance de la mère",)
    assert reasons[near.family_id] == ("même date de naissance de la mère, accouchement proche",)


def test_older_family_of_the_same_day_counts_by_the_first_name(vallees: scope.Scope) -> None:
    older = register(birth=new_birth(at=clock.now() - timedelta(days=400)))
    namesake, stranger = (
        new_mother(birth_name="Tiers", used_name="", phone="", first_names=names) for names in ("Samira Rose", "Odile")
    )

    same = duplicate_reasons(births.typed_of(namesake, (), new_birth()))

    assert same == {older.family_id: ("même date de naissance de la mère",)}
    assert duplicate_reasons(births.typed_of(stranger, (), new_birth())) == {}


def test_birth_long_past_is_asked_about(vallees: scope.Scope) -> None:
    old = clock.now() - timedelta(days=91)

    with pytest.raises(BusinessError) as refusal:
        register(birth=new_birth(at=old, is_old_confirmed=False))

    assert refusal.value.field == "is_old_confirmed"
    assert not Family.objects.exists()
    assert register(birth=new_birth(at=old)).pk


def test_birth_before_copa_is_refused_for_its_own_year(vallees: scope.Scope) -> None:
    with pytest.raises(BusinessError) as refusal:
        register(birth=new_birth(at=datetime(1900, 1, 1, 12, tzinfo=UTC)))

    assert (refusal.value.code, refusal.value.field) == ("birth_before_copa", "at")


def test_older_birth_leaves_the_family_with_its_last_maternity(vallees: scope.Scope) -> None:
    last = register()
    montreval = factories.structure("Maternité Montreval")

    births.add_birth(
        family=last.family, birth=new_birth(at=clock.now() - timedelta(days=400), maternity=montreval), at=clock.now()
    )

    assert Family.objects.get().maternity == last.maternity


def test_add_birth_joins_the_family_that_is_known(vallees: scope.Scope) -> None:
    first = register(birth=new_birth(at=clock.now() - timedelta(days=400)))

    births.add_birth(family=first.family, birth=new_birth(), at=clock.now())

    assert Birth.objects.filter(family=first.family).count() == 2


def test_add_birth_refuses_the_same_delivery_twice(vallees: scope.Scope) -> None:
    first = register()

    with pytest.raises(BusinessError, match="déjà inscrite"):
        births.add_birth(family=first.family, birth=new_birth(), at=clock.now())

    assert Birth.objects.count() == 1


def discharge(birth: Birth, **changes: Any) -> Any:
    values = {
        "discharged_at": birth.at + timedelta(hours=80),
        "kind": "STANDARD",
        "has_medical_agreement": False,
        "decided_by": "Dr Lefort",
        "by": factories.who("elise"),
        "at": clock.now(),
    }
    return births.record_discharge(birth=birth, **(values | changes))


def test_discharge_is_corrected_in_its_one_row(vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    discharge(birth)

    corrected = discharge(birth, kind="EARLY", discharged_at=birth.at + timedelta(hours=50))

    assert corrected.kind == "EARLY"
    assert corrected.at == birth.at + timedelta(hours=50)


def test_discharge_before_birth_is_refused(vallees: scope.Scope) -> None:
    birth = factories.make_birth()

    with pytest.raises(BusinessError, match="précède la naissance"):
        discharge(birth, discharged_at=birth.at - timedelta(seconds=1))


def test_ultra_early_discharge_needs_the_medical_agreement(vallees: scope.Scope) -> None:
    birth = factories.make_birth()

    with pytest.raises(BusinessError) as refusal:
        discharge(birth, kind="ULTRA_EARLY", discharged_at=birth.at + timedelta(hours=10))

    assert refusal.value.field == "has_medical_agreement"
