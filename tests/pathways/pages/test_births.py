"""Births in the browser: who gets which page, what is refused and kept, what a list costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from copa.kernel import clock, scope
from pathways.actions.births import discharge_token
from pathways.models import Birth, Child, CoParent, Death, Discharge, Family, Mother, ProgrammeRules, Proposal
from pathways.reads.births import BirthStep, birth_page
from pathways.reads.facts import family_facts
from territories.models import AccessLog
from tests import factories
from tests.cast import LAGON, Person, inside
from tests.guards import GuardedClient
from tests.pathways.addresses import address
from tests.queries import count


def local(at: Any) -> str:
    """An instant as the device's picker sends it."""
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def elise(client: GuardedClient, cast: dict[str, Person]) -> GuardedClient:
    client.force_login(cast["elise"].user)
    return client


@pytest.fixture
def typed(vallees: scope.Scope) -> dict[str, str]:
    """What a midwife types for an ordinary birth."""
    return {
        "birth_name": "Haddad",
        "used_name": "Lemoine",
        "first_names": "Samira",
        "birth_on": "1994-05-17",
        "phone": "01 99 00 31 07",
        "email": "",
        "at": local(clock.now() - timedelta(hours=10)),
        "maternity": str(factories.structure().public_id),
        "mode": "VAGINAL",
        "parity": "FIRST",
        "term_weeks": "39",
        "child1_first_name": "Inès",
        "child1_sex": "female",
        "child1_weight": "3210",
        "coparent1_first_names": "Julien",
        "coparent1_name": "Lemoine",
        "address": "6 rue des Tanneurs",
        "commune": "ligny le haut",
        "access_hint": "Portail vert",
    }


# ---- A new birth ----------------------------------------------------------------------------------------------
def test_birth_is_registered_and_leads_to_the_proposal(elise: GuardedClient, typed: dict[str, str]) -> None:
    response = elise.post(address("birth_new"), typed)

    birth = Birth.objects.get()
    assert response.status_code == 302
    assert response.url == address("proposal", birth.public_id)
    assert Mother.objects.get().phone == "+33199003107"
    assert Family.objects.get().commune == factories.commune("Ligny-le-Haut")
    assert CoParent.objects.get().first_names == "Julien"
    assert Child.objects.get().birth_weight_g == 3210


def test_twins_are_two_children_of_one_birth(elise: GuardedClient, typed: dict[str, str]) -> None:
    elise.post(address("birth_new"), typed | {"child2_sex": "male", "child2_first_name": "Adam"})

    assert list(Child.objects.order_by("rank").values_list("rank", "first_name")) == [(1, "Inès"), (2, "Adam")]
    assert Birth.objects.count() == 1


REFUSED = {
    "future birth": ({"at": "2099-01-01T10:00"}, "at", "futur"),
    "first year": ({"at": "0001-01-01T10:00"}, "at", "l’année"),
    "last year": ({"at": "9999-12-31T23:30"}, "at", "l’année"),
    "mother of the first year": ({"birth_on": "0001-05-17"}, "birth_on", "l’année"),
    "no hour": ({"at": "hier"}, "at", "un jour et une heure"),
    "mother too young": ({"birth_on": "2020-05-17"}, "birth_on", "âge calculé"),
    "mother not born": ({"birth_on": "2099-05-17"}, "birth_on", "dans le futur"),
    "phone of Réunion": ({"phone": "0692 00 12 34"}, "phone", "n’existe pas ici"),
    "phone too short": ({"phone": "01 99 00 31"}, "phone", "n’existe pas ici"),
    "unknown commune": ({"commune": "Saint-Éloi-du-Lagon"}, "commune", "hors du territoire"),
    "commune of the other territory by code": ({"commune": "97401"}, "commune", "pas une commune du territoire"),
    "forged maternity": ({"maternity": "00000000-0000-4000-8000-000000000000"}, "maternity", "choix valide"),
    "no sex": ({"child1_sex": ""}, "child1_sex", "obligatoire"),
    "invisible name": ({"birth_name": "\u200b\u202e"}, "birth_name", "obligatoire"),
    "name of digits": ({"first_names": "12345"}, "first_names", "avec des lettres"),
    "name of signs": ({"used_name": "!!!"}, "used_name", "avec des lettres"),
    "child without a letter": ({"child1_first_name": "..."}, "child1_first_name", "avec des lettres"),
    "birth before CoPa": ({"at": "1900-01-01T10:00"}, "at", "2021"),
    "begun twin": ({"child2_first_name": "Adam"}, "child2_sex", "Indiquez le sexe"),
    "begun co-parent": ({"coparent2_first_names": "Alix"}, "coparent2_name", "co-parent"),
    "weight in kilograms": ({"child1_weight": "3"}, "child1_weight", "Entre 400 et 6 500 g."),
    "term": ({"term_weeks": "50"}, "term_weeks", "43"),
}


def test_mother_born_in_the_future_is_told_with_the_other_fields(elise: GuardedClient, typed: dict[str, str]) -> None:
    response = elise.post(address("birth_new"), typed | {"birth_on": "2090-05-17", "child1_weight": "3"})

    assert {"birth_on", "child1_weight"} <= set(response.context["form"].errors)


def test_future_birth_is_told_with_the_other_fields(elise: GuardedClient, typed: dict[str, str]) -> None:
    response = elise.post(address("birth_new"), typed | {"at": "2099-01-01T10:00", "used_name": "", "birth_name": ""})

    assert {"at", "birth_name"} <= set(response.context["form"].errors)


@pytest.mark.parametrize("case", REFUSED)
def test_bad_birth_is_refused_beside_its_field(elise: GuardedClient, typed: dict[str, str], case: str) -> None:
    changes, field, sentence = REFUSED[case]

    response = elise.post(address("birth_new"), typed | changes)

    assert response.status_code == 422
    assert any(sentence in error for error in response.context["form"].errors[field])
    assert not Family.objects.exists()
    page = response.content.decode()
    assert 'value="Portail vert"' in page
    assert sentence in page


def test_same_phone_is_accepted_in_reunion(client: GuardedClient, cast: dict[str, Person], db: None) -> None:
    with scope.opened(inside(LAGON)):
        client.force_login(cast["emma"].user)
        typed = {
            "birth_name": "Payet",
            "first_names": "Lou",
            "birth_on": "1994-05-17",
            "phone": "0692 00 12 34",
            "at": local(clock.now() - timedelta(hours=10)),
            "maternity": str(factories.structure().public_id),
            "mode": "VAGINAL",
            "parity": "FIRST",
            "child1_sex": "male",
        }

        response = client.post(address("birth_new", slug=LAGON), typed)

        assert response.status_code == 302
        assert Mother.objects.get().phone == "+262692001234"


def test_hour_that_comes_twice_is_taken_and_the_one_that_does_not_exist_refused(
    elise: GuardedClient, typed: dict[str, str]
) -> None:
    refused = elise.post(address("birth_new"), typed | {"at": "2026-03-29T02:30"})
    taken = elise.post(address("birth_new"), typed | {"at": "2026-10-25T02:30"})

    assert "n’existe pas" in refused.context["form"].errors["at"][0]
    assert taken.status_code == 302
    # The first of the two: still summer time, UTC+2.
    assert Birth.objects.get().at.isoformat() == "2026-10-25T00:30:00+00:00"


def test_duplicate_is_shown_and_stored_only_after_the_tick(elise: GuardedClient, typed: dict[str, str]) -> None:
    elise.post(address("birth_new"), typed)

    asked = elise.post(address("birth_new"), typed | {"email": "samira@familles.example"})

    page = asked.content.decode()
    assert asked.status_code == 422
    assert "Est-ce une famille déjà connue" in page
    assert Family.objects.get().reference in page
    assert 'value="samira@familles.example"' in page
    assert Family.objects.count() == 1
    stored = elise.post(address("birth_new"), typed | {"is_other_family": "on"})
    assert stored.status_code == 302
    assert Family.objects.count() == 2


def test_shown_duplicate_is_a_reading_of_its_file(elise: GuardedClient, typed: dict[str, str]) -> None:
    elise.post(address("birth_new"), typed)

    elise.post(address("birth_new"), typed)

    assert AccessLog.objects.filter(family_id=Family.objects.get().pk, what="pathways.register_birth").exists()


def test_duplicate_of_another_service_says_only_whom_to_call(
    client: GuardedClient, cast: dict[str, Person], typed: dict[str, str]
) -> None:
    montreval = factories.structure("Maternité Montreval")
    known = factories.make_family(name="Haddad", first_names="Samira", maternity=montreval)
    factories.make_birth(known)
    client.force_login(cast["farid"].user)

    response = client.post(address("birth_new"), typed)

    page = response.content.decode()
    assert response.status_code == 422
    assert "déjà connue d’un autre service" in page
    assert known.reference not in page
    assert str(known.public_id) not in page


def test_birth_joins_the_family_that_is_the_same(elise: GuardedClient, typed: dict[str, str]) -> None:
    elise.post(address("birth_new"), typed | {"at": local(clock.now() - timedelta(days=500)), "is_old_confirmed": "on"})
    family = Family.objects.get()

    response = elise.post(address("birth_new"), typed | {"family": str(family.public_id)})

    assert response.status_code == 302
    assert Birth.objects.filter(family=family).count() == 2
    assert Family.objects.count() == 1


def test_birth_does_not_join_a_family_of_another_service(
    client: GuardedClient, cast: dict[str, Person], typed: dict[str, str]
) -> None:
    known = factories.make_family(maternity=factories.structure("Maternité Montreval"))
    client.force_login(cast["farid"].user)

    response = client.post(address("birth_new"), typed | {"family": str(known.public_id)})

    assert response.status_code == 422
    assert not Birth.objects.exists()


@pytest.mark.parametrize("forged", ["unrelated", "00000000-0000-4000-8000-000000000000", "x"])
def test_birth_joins_no_family_that_was_not_compared(elise: GuardedClient, typed: dict[str, str], forged: str) -> None:
    unrelated = factories.make_family(mother={"birth_on": "1980-01-01", "phone": ""}, coparents=0)
    family = str(unrelated.public_id) if forged == "unrelated" else forged

    response = elise.post(address("birth_new"), typed | {"family": family})

    page = response.content.decode()
    assert response.status_code == 422
    assert "ne ressemble pas" in page
    assert 'value="Portail vert"' in page
    assert not Birth.objects.exists()


def test_birth_long_past_is_asked_about_then_stored(elise: GuardedClient, typed: dict[str, str]) -> None:
    old = typed | {"at": local(clock.now() - timedelta(days=200))}

    asked = elise.post(address("birth_new"), old)

    assert "plus de 90 jours" in asked.context["form"].errors["is_old_confirmed"][0]
    assert 'name="is_old_confirmed"' in asked.content.decode()
    assert elise.post(address("birth_new"), old | {"is_old_confirmed": "on"}).status_code == 302


def test_invisible_characters_of_a_name_are_not_stored(elise: GuardedClient, typed: dict[str, str]) -> None:
    elise.post(
        address("birth_new"), typed | {"birth_name": "\u202eHad\u200bdad\u2069", "first_names": "Samira\u00a0 Aïda"}
    )

    mother = Mother.objects.get()
    assert (mother.birth_name, mother.first_names) == ("Haddad", "Samira Aïda")


def test_referring_team_registers_for_its_own_maternity_alone(
    client: GuardedClient, cast: dict[str, Person], typed: dict[str, str]
) -> None:
    client.force_login(cast["fanny"].user)

    response = client.post(address("birth_new"), typed)

    assert response.status_code == 422
    assert "maternity" in response.context["form"].errors


# ---- The list -----------------------------------------------------------------------------------------------
def test_list_shows_each_birth_at_its_step(elise: GuardedClient, vallees: scope.Scope) -> None:
    factories.make_birth(factories.make_family(name="Aproposer"))
    factories.make_birth(factories.make_family(name="Silence"), is_silent=True)
    factories.make_birth(factories.make_family(name="Passe"), days_ago=22)
    factories.make_proposal(factories.make_birth(factories.make_family(name="Pense")), answer="PENDING")
    factories.make_proposal(factories.make_birth(factories.make_family(name="Accepte")))
    factories.make_proposal(factories.make_birth(factories.make_family(name="Refuse")), answer="NO")
    factories.make_pathway(factories.make_birth(factories.make_family(name="Incluse")))

    def names(step: str) -> list[str]:
        page = elise.get(address("births"), {"etat": step} if step else {}).context["page"]
        return sorted(row.name for row in page.rows)

    assert names("") == ["Aproposer"]
    assert names("reponse") == ["Pense"]
    assert names("a-inclure") == ["Accepte"]
    assert names("incluses") == ["Incluse"]
    assert names("refus") == ["Refuse"]
    assert len(names("toutes")) == 7
    chips = elise.get(address("births")).context["steps"]
    assert [chip.count for chip in chips] == [1, 1, 1, 1, 1, 0, 7]


def test_list_counts_and_filters_by_maternity(elise: GuardedClient, vallees: scope.Scope) -> None:
    montreval = factories.structure("Maternité Montreval")
    factories.make_birth()
    factories.make_birth(factories.make_family(maternity=montreval))

    whole = elise.get(address("births"))
    part = elise.get(address("births"), {"maternite": str(montreval.public_id)})

    assert whole.context["waiting"] == 2
    assert [row.maternity for row in part.context["page"].rows] == ["Maternité Montreval"]
    assert part.context["waiting"] == 1


def test_filters_that_make_no_sense_fall_back(elise: GuardedClient, vallees: scope.Scope) -> None:
    factories.make_birth()

    response = elise.get(address("births"), {"etat": "x", "maternite": "x", "apres": "x", "avant": "1-x"})

    assert len(response.context["page"].rows) == 1


def test_list_turns_its_pages_by_key(elise: GuardedClient, vallees: scope.Scope) -> None:
    at = clock.now() - timedelta(days=3)
    family = factories.make_family()
    # The same instant for all of them: only the key tells them apart.
    for _ in range(60):
        factories.make_birth(family, at=at, children=0)
    seen = []
    url = address("births") + "?etat=toutes"
    for _ in range(3):
        response = elise.get(url)
        seen += [row.public_id for row in response.context["page"].rows]
        last, url = response, address("births") + response.context["links"].next
    back = elise.get(address("births") + last.context["links"].previous)

    assert len(seen) == len(set(seen)) == 60
    assert [row.public_id for row in back.context["page"].rows] == seen[25:50]
    assert last.context["links"].next == ""
    assert last.context["links"].total == 60


def test_empty_list_says_what_will_appear(elise: GuardedClient, vallees: scope.Scope) -> None:
    for step in ("", "reponse", "a-inclure", "incluses", "refus", "toutes"):
        response = elise.get(address("births"), {"etat": step} if step else {})
        assert b'class="card empty"' in response.content


def test_list_of_births_costs_the_same_for_ten(elise: GuardedClient, vallees: scope.Scope) -> None:
    def more() -> None:
        birth = factories.make_birth(children=2)
        factories.make_discharge(birth)
        factories.make_pathway(birth, ap=factories.who("amal"))

    more()
    one = count(elise, address("births"), etat="toutes")
    for _ in range(9):
        more()

    assert count(elise, address("births"), etat="toutes") == one


def test_auxiliary_lists_her_families_and_the_unassigned_of_her_maternity(
    client: GuardedClient, cast: dict[str, Person], vallees: scope.Scope
) -> None:
    factories.make_birth(factories.make_family(name="Chambre"))
    factories.make_pathway(factories.make_birth(factories.make_family(name="Mienne")), ap=factories.who("amal"))
    factories.make_pathway(factories.make_birth(factories.make_family(name="Voisine")), ap=factories.who("bea"))
    montreval = factories.structure("Maternité Montreval")
    factories.make_birth(factories.make_family(name="Ailleurs", maternity=montreval))
    client.force_login(cast["amal"].user)

    page = client.get(address("births"), {"etat": "toutes"}).context["page"]

    assert sorted(row.name for row in page.rows) == ["Chambre", "Mienne"]


# ---- Discharge ----------------------------------------------------------------------------------------------
def leave(client: GuardedClient, birth: Birth, typed: dict[str, str]) -> Any:
    return client.post(address("discharge", birth.public_id), {"token": discharge_token(birth)} | typed)


def test_ultra_early_discharge_is_not_undone_by_a_page_opened_before_it(
    elise: GuardedClient, vallees: scope.Scope
) -> None:
    birth = factories.make_birth(days_ago=6)
    typed = {"decided_by": "Dr Lefort", "token": discharge_token(birth)}
    early = {"discharged_at": local(birth.at + timedelta(hours=10)), "kind": "ULTRA_EARLY"}
    late = {"discharged_at": local(birth.at + timedelta(hours=80)), "kind": "STANDARD"}
    leave(elise, birth, typed | early | {"has_medical_agreement": "on"})

    response = leave(elise, birth, typed | late)

    assert (response.status_code, Discharge.objects.get().kind) == (422, "ULTRA_EARLY")
    assert "avec l’accord médical" in response.content.decode()
    assert response.context["form"]["kind"].value() == "STANDARD"
    assert leave(elise, birth, typed | late | {"token": response.context["token"]}).status_code == 302
    assert Discharge.objects.get().kind == "STANDARD"


def test_discharge_too_far_is_told_before_its_kind(elise: GuardedClient, vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    far = local(clock.now() + timedelta(days=200))

    response = leave(elise, birth, {"discharged_at": far, "decided_by": "Dr Lefort", "kind": "STANDARD"})

    assert list(response.context["form"].errors) == ["discharged_at"]


def test_discharge_is_noted_with_its_check(elise: GuardedClient, vallees: scope.Scope) -> None:
    birth = factories.make_birth(days_ago=6)
    typed = {"discharged_at": local(birth.at + timedelta(hours=80)), "decided_by": "Dr Lefort", "kind": "STANDARD"}

    response = leave(elise, birth, typed)

    assert response.status_code == 302
    assert Discharge.objects.get().kind == "STANDARD"


def test_hours_of_ultra_early_are_those_of_the_version_of_the_birth(elise: GuardedClient, vallees: scope.Scope) -> None:
    birth = factories.make_birth(days_ago=6)
    typed = {"discharged_at": local(birth.at + timedelta(hours=30)), "decided_by": "Dr Lefort", "kind": "STANDARD"}

    now = leave(elise, birth, typed)
    # Another version, from the day of this birth on: what was published keeps its hours.
    ProgrammeRules.objects.filter(code="v2").update(valid_to=birth.day - timedelta(days=1))
    row = ProgrammeRules.objects.get(code="v2")
    row.pk, row.code, row.valid_from, row.valid_to, row.up_max_hours = None, "v3", birth.day, None, 36
    row.save()
    then = leave(elise, birth, typed)

    assert "sortie précoce d’après les heures" in now.context["form"].errors["is_checked"][0]
    assert "sortie ultra-précoce d’après les heures" in then.context["form"].errors["is_checked"][0]
    assert ProgrammeRules.objects.get(code="v2").up_max_hours == 24
    assert not Discharge.objects.exists()
    leave(elise, birth, typed | {"is_checked": "on"})
    discharge = family_facts(birth.family_id, clock.now()).births[0].discharge
    assert discharge is not None
    assert (discharge.kind, discharge.computed) == ("STANDARD", "ULTRA_EARLY")


def test_discharge_that_differs_from_the_hours_is_confirmed(elise: GuardedClient, vallees: scope.Scope) -> None:
    birth = factories.make_birth(days_ago=6)
    typed = {"discharged_at": local(birth.at + timedelta(hours=50)), "decided_by": "Dr Lefort", "kind": "STANDARD"}

    asked = leave(elise, birth, typed)

    assert asked.status_code == 422
    assert "sortie précoce d’après les heures" in asked.context["form"].errors["is_checked"][0]
    assert not Discharge.objects.exists()
    assert leave(elise, birth, typed | {"is_checked": "on"}).status_code == 302
    assert Discharge.objects.get().kind == "STANDARD"


def test_discharge_before_birth_is_refused_with_what_was_typed(elise: GuardedClient, vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    typed = {"discharged_at": local(birth.at - timedelta(hours=2)), "decided_by": "Dr Lefort", "kind": "STANDARD"}

    response = leave(elise, birth, typed)

    assert response.status_code == 422
    assert "précède la naissance" in response.context["form"].errors["discharged_at"][0]
    assert b'value="Dr Lefort"' in response.content
    assert not Discharge.objects.exists()


@pytest.mark.parametrize("when", ["0001-01-01T00:30", "9999-12-31T23:30"])
def test_discharge_of_an_impossible_year_is_refused(elise: GuardedClient, vallees: scope.Scope, when: str) -> None:
    birth = factories.make_birth()
    typed = {"discharged_at": when, "decided_by": "Dr Lefort", "kind": "STANDARD"}

    checked = elise.get(address("discharge", birth.public_id), {"discharged_at": when}, headers={"HX-Request": "true"})
    sent = leave(elise, birth, typed)

    assert (checked.status_code, sent.status_code) == (200, 422)
    assert "l’année" in sent.context["form"].errors["discharged_at"][0]
    assert not Discharge.objects.exists()


def test_ultra_early_discharge_without_agreement_is_refused(elise: GuardedClient, vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    typed = {"discharged_at": local(birth.at + timedelta(hours=10)), "decided_by": "Dr Lefort", "kind": "ULTRA_EARLY"}

    response = leave(elise, birth, typed)

    assert "has_medical_agreement" in response.context["form"].errors
    assert not Discharge.objects.exists()


def test_hours_are_computed_while_typing(elise: GuardedClient, vallees: scope.Scope) -> None:
    birth = factories.make_birth()

    response = elise.get(
        address("discharge", birth.public_id),
        {"discharged_at": local(birth.at + timedelta(hours=30))},
        headers={"HX-Request": "true"},
    )

    assert b"<html" not in response.content
    assert "sortie précoce" in response.content.decode()


# ---- Proposal -----------------------------------------------------------------------------------------------
def proposal(**changes: Any) -> dict[str, Any]:
    today = timezone.localdate().isoformat()
    values = {
        "context": "STAY",
        "presenter": "HOSPITAL_MIDWIFE",
        "proposed_on": today,
        "covered": ["COPA", "SFL"],
        "support": "LEAFLET",
        "answer": "YES",
    }
    return values | changes


def test_birth_of_a_family_from_outside_is_registered_once_confirmed(
    elise: GuardedClient, typed: dict[str, str], vallees: scope.Scope
) -> None:
    outside = typed | {"commune": "Metz (57000)"}

    warned = elise.post(address("birth_new"), outside)
    assert "is_outside" in warned.context["form"].errors
    assert not Birth.objects.exists()
    elise.post(address("birth_new"), outside | {"is_outside": "on"})

    assert Family.objects.get().commune.postal_code == "57000"


def test_yes_leads_to_the_adhesion(elise: GuardedClient, vallees: scope.Scope) -> None:
    birth = factories.make_birth()

    response = elise.post(address("proposal", birth.public_id), proposal())

    assert response.url == address("inclusion", birth.public_id)
    assert Proposal.objects.get().covered == ["COPA", "SFL"]


def test_answer_is_given_later_on_the_same_page(elise: GuardedClient, vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    today = timezone.localdate().isoformat()
    elise.post(address("proposal", birth.public_id), proposal(answer="PENDING", ask_again_on=today))

    refusal = {"answer": "NO", "refusal_reasons": ["TIME", "PMI_FEAR"]}
    alone = elise.post(address("proposal", birth.public_id), refusal | {"refusal_reasons": ["TIME", "NOT_SAID"]})
    response = elise.post(address("proposal", birth.public_id), refusal)

    assert response.status_code == 302
    assert Proposal.objects.get().refusal_reasons == ["TIME", "PMI_FEAR"]
    assert "refusal_reasons" in alone.context["form"].errors
    row = birth_page(factories.who("elise"), timezone.localdate(), step=BirthStep.ALL).rows[0]
    assert row.refusal_label == "Pas le moment et\u00a0crainte de la PMI"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"answer": "PENDING"}, "ask_again_on"),
        ({"answer": "PENDING", "ask_again_on": "2020-01-01"}, "ask_again_on"),
        ({"proposed_on": "2099-01-01"}, "proposed_on"),
        ({"proposed_on": "0001-01-01"}, "proposed_on"),
        ({"proposed_on": "2020-01-01"}, "proposed_on"),
        ({"answer": "PENDING", "ask_again_on": "9999-12-31"}, "ask_again_on"),
        ({"context": "EPP"}, "proposed_on"),
        ({"covered": []}, "covered"),
        ({"answer": "PEUT-ÊTRE"}, "answer"),
    ],
)
def test_bad_proposal_is_refused_beside_its_field(
    elise: GuardedClient, vallees: scope.Scope, changes: dict[str, Any], field: str
) -> None:
    birth = factories.make_birth()

    response = elise.post(address("proposal", birth.public_id), proposal(**changes))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Proposal.objects.exists()


def test_auxiliary_notes_only_what_she_presents_during_the_stay(
    client: GuardedClient, cast: dict[str, Person], vallees: scope.Scope
) -> None:
    birth = factories.make_birth()
    client.force_login(cast["amal"].user)

    refused = client.post(address("proposal", birth.public_id), proposal(context="EPP"))
    taken = client.post(address("proposal", birth.public_id), proposal())

    assert "context" in refused.context["form"].errors
    assert taken.status_code == 302


# ---- Silence ------------------------------------------------------------------------------------------------
def test_silence_empties_the_list_and_may_be_undone(elise: GuardedClient, vallees: scope.Scope) -> None:
    birth = factories.make_birth()
    url = address("silence", birth.public_id)
    elise.get(url)

    elise.post(url, {"act": "note", "who": "mother"})

    assert elise.get(address("births")).context["waiting"] == 0
    death = Death.objects.get().public_id
    elise.post(url, {"act": "undo", "death": str(death), "reason": "Autre famille."})
    assert elise.get(address("births")).context["waiting"] == 1


# ---- Who (every person and every address: tests/test_access_table.py) ------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"), [("amal", 200), ("bea", 200), ("chloe", 404), ("fanny", 404), ("nora", 403)]
)
def test_any_auxiliary_of_the_maternity_meets_a_mother_before_one_is_named(
    client: GuardedClient, cast: dict[str, Person], vallees: scope.Scope, who: str, status: int
) -> None:
    birth = factories.make_birth()
    client.force_login(cast[who].user)

    assert client.get(address("proposal", birth.public_id)).status_code == status
