"""Who answers for an auxiliary (A18), and whom a member of the PMI stands for (A39)."""

import pytest
from django.db import IntegrityError, transaction

from copa.kernel import scope
from territories.models import Member
from tests.cast import VALLEES, Person, inside

URL = f"/t/{VALLEES}/members/"


def kept(person: Person) -> Member:
    with scope.opened(inside(VALLEES)):
        return Member.objects.get(pk=person.member.pk)


def test_both_supervisions_are_written_and_shown(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)
    typed = {"supervisor": cast["farid"].member.public_id, "nurse": cast["gaelle"].member.public_id}

    response = client.post(f"{URL}{cast['amal'].member.public_id}/supervision/", typed)

    assert response.status_code == 302
    assert (kept(cast["amal"]).supervisor_id, kept(cast["amal"]).nurse_id) == (
        cast["farid"].member.pk,
        cast["gaelle"].member.pk,
    )
    page = client.get(URL, {"role": "ap"}).content.decode().replace("\u00a0", " ")
    assert f"responsable : {cast['farid'].user.get_full_name()}" in page
    assert f"encadrée par {cast['gaelle'].user.get_full_name()}" in page
    again = client.get(f"{URL}{cast['amal'].member.public_id}/supervision/").content.decode()
    assert again.count(" selected") == 2


@pytest.mark.parametrize(
    ("field", "who"), [("supervisor", "gaelle"), ("supervisor", "bea"), ("nurse", "bea"), ("supervisor", "emma")]
)
def test_somebody_who_cannot_answer_for_her_is_refused(client, cast: dict[str, Person], field: str, who: str) -> None:
    client.force_login(cast["elise"].user)

    response = client.post(f"{URL}{cast['amal'].member.public_id}/supervision/", {field: cast[who].member.public_id})

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert kept(cast["amal"]).supervisor_id is None


def test_nobody_but_an_auxiliary_is_supervised(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)

    assert client.get(f"{URL}{cast['gaelle'].member.public_id}/supervision/").status_code == 403
    with scope.opened(inside(VALLEES)), pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=cast["gaelle"].member.pk).update(nurse=cast["gina"].member)


def test_representative_is_not_called_a_doctor(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["jeanne"].user)

    client.post(f"{URL}{cast['nora'].member.public_id}/represents/", {"represents": "Dr Lucie Marchand"})

    page = client.get(URL, {"role": "pmi_doctor"}).content.decode()
    assert "Représentante du médecin de PMI" in page
    assert "pour Dr Lucie Marchand" in page
    client.force_login(cast["nora"].user)
    assert "Représentante du médecin de PMI" in client.get(f"/t/{VALLEES}/").content.decode()
    client.force_login(cast["jeanne"].user)
    client.post(f"{URL}{cast['nora'].member.public_id}/represents/", {"represents": ""})
    assert kept(cast["nora"]).get_role_display() == "Médecin de PMI"


def test_member_of_another_territory_is_unknown(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)

    assert client.get(f"{URL}{cast['dora'].member.public_id}/supervision/").status_code == 404
