"""The people she names at her inclusion join her circle; the story says who came and who left."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from copa.kernel import scope
from pathways.actions.families import change_recipients
from pathways.actions.stops import withdraw_pathway
from pathways.enums import PathwayState
from pathways.models import CareCircleMember, FamilyGrant, InclusionAnswers, Pathway
from pathways.reads.story import told
from tests import factories
from tests.pathways.actions.steps import accepted_birth
from tests.pathways.addresses import address
from tests.pathways.pages.test_inclusion import adhesion


def _include(as_: Any, birth: Any, **changes: Any) -> Any:
    return as_("amal").post(address("inclusion", birth.public_id), adhesion(**changes))


@pytest.mark.parametrize(("answer", "is_open"), [("YES", True), ("NO", False), ("LATER", False)])
def test_midwife_of_the_platform_joins_and_gets_the_file_with_her_yes_only(
    as_: Any, vallees: scope.Scope, answer: str, *, is_open: bool
) -> None:
    birth, ines = accepted_birth(), factories.who("ines")

    _include(as_, birth, known_LIBERAL_MIDWIFE=f"member:{ines.public_id}", recipient_LIBERAL_MIDWIFE=answer)

    assert CareCircleMember.objects.get().member == ines
    assert FamilyGrant.objects.filter(user=ines.user).exists() is is_open


@pytest.mark.parametrize("work", ["GENERAL_PRACTITIONER", "PAEDIATRICIAN"])
@pytest.mark.parametrize(("answer", "opened"), [("YES", 1), ("NO", 0), ("LATER", 0)])
def test_doctor_of_the_platform_joins_and_gets_the_file_as_such_with_her_yes_only(
    as_: Any, vallees: scope.Scope, work: str, answer: str, opened: int
) -> None:
    birth, marc = accepted_birth(), factories.who("marc")

    _include(as_, birth, **{f"known_{work}": f"member:{marc.public_id}", f"recipient_{work}": answer})

    grants = FamilyGrant.objects.filter(user=marc.user).values_list("reason", "recipient")
    assert list(grants) == [("FOLLOWS", work)] * opened


def test_agreements_circle_and_file_say_alike_what_reaches_whom(as_: Any, vallees: scope.Scope) -> None:
    birth, marc, ines = accepted_birth(), factories.who("marc"), factories.who("ines")
    named = {
        "known_GENERAL_PRACTITIONER": f"member:{marc.public_id}",
        "known_LIBERAL_MIDWIFE": f"member:{ines.public_id}",
    }
    _include(as_, birth, known_PAEDIATRICIAN="none", **named)
    family = birth.family

    agreements = as_("elise").get(address("recipients", family.public_id)).content.decode()
    circle = as_("elise").get(address("circle", family.public_id)).content.decode()
    file = as_("elise").get(f"/t/vallees/families/{family.public_id}/").content.decode()

    # The midwife, the doctor, the PMI: nobody is known for the child, nor as a psychologist.
    assert "3\u00a0personnes reçoivent ce qui est écrit" in agreements
    assert agreements.count("D’accord, mais rien ne part") == 2
    assert "Rien sur la plateforme" not in circle
    assert "Médecin traitant, reçoit les comptes rendus, dossier ouvert jusqu’au" in file
    assert "Accord donné, mais personne à qui l’envoyer" in file


def test_doctor_without_the_file_is_said_to_receive_nothing_everywhere(as_: Any, vallees: scope.Scope) -> None:
    family = factories.make_pathway().family
    factories.make_agreement(family, "GENERAL_PRACTITIONER")
    factories.make_circle_member(family, member=factories.who("marc"), role="GENERAL_PRACTITIONER")

    agreements = as_("elise").get(address("recipients", family.public_id)).content.decode()
    circle = as_("elise").get(address("circle", family.public_id)).content.decode()
    file = as_("elise").get(f"/t/vallees/families/{family.public_id}/").content.decode()

    assert "(le dossier ne lui est pas ouvert)" in agreements
    assert "Rien\u00a0: le dossier ne lui est pas ouvert" in circle
    assert "Médecin traitant, ne reçoit rien\u00a0: le dossier ne lui est pas ouvert" in file


def test_doctor_of_the_directory_joins_with_his_line(as_: Any, vallees: scope.Scope) -> None:
    birth, doctor = accepted_birth(), factories.make_entry("GP", name="Dr Simon")

    _include(as_, birth, known_GENERAL_PRACTITIONER=f"entry:{doctor.public_id}")
    page = as_("amal").get(address("circle", birth.family.public_id)).content.decode()

    person = CareCircleMember.objects.get()
    assert (person.entry, person.name, person.phone) == (doctor, "Dr Simon", doctor.phone)
    assert "sans identifiant" not in page


def test_doctor_typed_by_hand_joins_and_is_flagged(as_: Any, vallees: scope.Scope) -> None:
    birth = accepted_birth()

    _include(
        as_, birth, known_PAEDIATRICIAN="typed", name_PAEDIATRICIAN="Dr Anselme", phone_PAEDIATRICIAN="01 99 00 44 12"
    )
    page = as_("amal").get(address("circle", birth.family.public_id)).content.decode()

    assert CareCircleMember.objects.get().phone == "+33199004412"
    assert "sans identifiant" in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"phone_GENERAL_PRACTITIONER": "01 99 00 44 12"}, "name_GENERAL_PRACTITIONER"),
        ({"known_GENERAL_PRACTITIONER": "entry:00000000-0000-0000-0000-000000000000"}, "known_GENERAL_PRACTITIONER"),
        ({"name_PAEDIATRICIAN": "12"}, "name_PAEDIATRICIAN"),
        ({"known_PAEDIATRICIAN": ""}, "known_PAEDIATRICIAN"),
        ({"known_PAEDIATRICIAN": "typed"}, "name_PAEDIATRICIAN"),
        ({"known_PAEDIATRICIAN": "none", "name_PAEDIATRICIAN": "Dr Anselme"}, "name_PAEDIATRICIAN"),
        ({"phone_LIBERAL_MIDWIFE": "12", "name_LIBERAL_MIDWIFE": "Nadia Simon"}, "phone_LIBERAL_MIDWIFE"),
    ],
)
def test_bad_newcomer_is_refused_and_nothing_is_half_stored(
    as_: Any, vallees: scope.Scope, typed: dict[str, str], field: str
) -> None:
    birth = accepted_birth()

    response = _include(as_, birth, **typed)

    assert field in response.context["form"].errors
    assert not CareCircleMember.objects.exists()


def test_service_of_another_commune_or_ended_is_not_offered(as_: Any, vallees: scope.Scope) -> None:
    birth = accepted_birth()
    factories.make_entry("GP", name="Dr Loin", communes=["99999"])
    factories.make_entry("GP", name="Dr Parti", valid_from="2019-01-01", valid_to="2020-01-01")
    factories.make_entry("GP", name="Dr Simon")

    page = as_("amal").get(address("inclusion", birth.public_id)).content.decode()

    assert [name in page for name in ("Dr Loin", "Dr Parti", "Dr Simon")] == [False, False, True]


def test_nobody_named_adds_nobody(as_: Any, vallees: scope.Scope) -> None:
    _include(as_, accepted_birth())

    assert not CareCircleMember.objects.exists()


def test_same_person_is_not_added_twice_to_one_circle(as_: Any, vallees: scope.Scope) -> None:
    birth, doctor = accepted_birth(), factories.make_entry("GP")
    factories.make_circle_member(birth.family, entry=doctor, name=doctor.name)

    _include(as_, birth, known_GENERAL_PRACTITIONER=f"entry:{doctor.public_id}")

    assert CareCircleMember.objects.count() == 1


def test_story_tells_who_came_and_who_left_to_those_who_see_the_circle(vallees: scope.Scope) -> None:
    family, elise = factories.make_pathway(ap=factories.who("amal")).family, factories.who("elise")
    person = factories.make_circle_member(family)
    CareCircleMember.objects.filter(pk=person.pk).update(
        until=timezone.localdate(), end_reason="REPLACED", ended_by=elise, ended_at=timezone.now()
    )

    assert _said(family, "amal") == {"Dr Simon rejoint le cercle", "Dr Simon quitte le cercle"}
    assert _said(family, "ines") == set()


def _said(family: Any, name: str) -> set[str]:
    return {event.title for event in told(family, factories.who(name)) if "cercle" in event.title}


# ---- [found], and the midwife of the PMI ----------------------------------------------------------------------
def test_each_of_the_three_is_kept_as_it_was_found(as_: Any, vallees: scope.Scope) -> None:
    birth, doctor = accepted_birth(), factories.make_entry("GP", name="Dr Simon")

    _include(
        as_,
        birth,
        known_LIBERAL_MIDWIFE="typed",
        name_LIBERAL_MIDWIFE="Nadia Simon",
        known_GENERAL_PRACTITIONER=f"entry:{doctor.public_id}",
        known_PAEDIATRICIAN="none",
    )

    kept = InclusionAnswers.objects.get()
    assert (kept.midwife_found, kept.doctor_found, kept.child_doctor_found) == ("FREE_TEXT", "DIRECTORY", "NONE")


def test_midwife_of_the_pmi_joins_as_such(as_: Any, vallees: scope.Scope) -> None:
    birth, centre = accepted_birth(), factories.make_entry("PMI_CENTRE", name="PMI de Ligny, sages-femmes")

    _include(as_, birth, known_LIBERAL_MIDWIFE=f"entry:{centre.public_id}")

    person = CareCircleMember.objects.get()
    assert (person.role, person.entry) == ("PMI_MIDWIFE", centre)


def test_no_doctor_for_the_child_proposes_the_need_until_it_is_noted(as_: Any, vallees: scope.Scope) -> None:
    birth = accepted_birth()
    _include(as_, birth, known_PAEDIATRICIAN="none")
    page, new = address("needs", birth.family.public_id), address("need_new", birth.family.public_id)

    proposed = as_("amal").get(page).content.decode()
    form = as_("amal").get(f"{new}?code=NO_CHILD_DOCTOR&about=CHILD").context["form"]
    as_("amal").post(new, {"code": "NO_CHILD_DOCTOR", "about": "CHILD", "words": ""})

    assert f"{new}?code=NO_CHILD_DOCTOR" in proposed
    assert (form["code"].value(), form["about"].value()) == ("NO_CHILD_DOCTOR", "CHILD")
    assert f"{new}?code=NO_CHILD_DOCTOR" not in as_("amal").get(page).content.decode()


def test_need_is_not_proposed_to_those_who_note_none_nor_when_a_doctor_came_since(
    as_: Any, vallees: scope.Scope
) -> None:
    birth = accepted_birth()
    _include(as_, birth, known_PAEDIATRICIAN="none")
    page = address("needs", birth.family.public_id)

    assert "code=NO_CHILD_DOCTOR" not in as_("olga").get(page).content.decode()
    factories.make_circle_member(birth.family, entry=factories.make_entry("GP"), role="PAEDIATRICIAN")
    assert "code=NO_CHILD_DOCTOR" not in as_("amal").get(page).content.decode()


@pytest.mark.parametrize(("answer", "opened"), [("YES", 1), ("NO", 0), ("", 0)])
def test_whoever_joins_by_the_page_after_her_yes_gets_the_file(
    as_: Any, vallees: scope.Scope, answer: str, opened: int
) -> None:
    pathway, marc = factories.make_pathway(), factories.who("marc")
    if answer:
        factories.make_agreement(pathway.family, "PAEDIATRICIAN", answer)
    joins = {"work": "PAEDIATRICIAN", "member": f"member:{marc.public_id}", "since": timezone.localdate().isoformat()}

    as_("elise").post(address("circle_join", pathway.family.public_id), joins)

    assert CareCircleMember.objects.get().member == marc
    assert FamilyGrant.objects.filter(user=marc.user, recipient="PAEDIATRICIAN").count() == opened


def test_file_that_ran_out_is_the_teams_to_open_again(as_: Any, vallees: scope.Scope) -> None:
    birth, marc = accepted_birth(), factories.who("marc")
    _include(as_, birth, known_PAEDIATRICIAN=f"member:{marc.public_id}", recipient_PAEDIATRICIAN="YES")
    FamilyGrant.objects.update(expires_at=timezone.now() - timedelta(days=1))
    ended = FamilyGrant.objects.get().expires_at

    change_recipients(
        family=birth.family, agreements={"PSYCHOLOGIST": "NO"}, by=factories.who("elise"), at=timezone.now()
    )

    assert FamilyGrant.objects.get().expires_at == ended


def test_nobody_gets_the_file_once_the_follow_up_is_over(as_: Any, vallees: scope.Scope) -> None:
    closed = {"state": PathwayState.CLOSED, "closed_at": timezone.now(), "closing_reason": "COMPLETE"}
    pathway = factories.make_pathway(**closed)
    factories.make_circle_member(pathway.family, member=factories.who("marc"), role="PAEDIATRICIAN")

    change_recipients(
        family=pathway.family, agreements={"PAEDIATRICIAN": "YES"}, by=factories.who("elise"), at=timezone.now()
    )

    assert not FamilyGrant.objects.exists()


def test_file_opens_again_to_her_midwife_when_the_mother_comes_back(as_: Any, vallees: scope.Scope) -> None:
    birth, ines = accepted_birth(), factories.who("ines")
    _include(as_, birth, known_LIBERAL_MIDWIFE=f"member:{ines.public_id}", recipient_LIBERAL_MIDWIFE="YES")
    withdraw_pathway(pathway=Pathway.objects.get(), by=factories.who("elise"), at=timezone.now())
    closed = FamilyGrant.objects.running(timezone.now()).exists()

    _include(as_, birth, known_LIBERAL_MIDWIFE=f"member:{ines.public_id}", recipient_LIBERAL_MIDWIFE="YES")

    assert not closed
    assert Pathway.objects.count() == 2
    assert FamilyGrant.objects.running(timezone.now()).get().user == ines.user
