"""A person joins: the administrator adds her, a mail leads her to her first password, then to a second factor."""

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from copa.kernel import scope
from territories.models import Member, Structure, User
from tests.cast import LAGON, VALLEES, Person, inside

ADD = f"/t/{VALLEES}/members/new/"
MEMBERS = f"/t/{VALLEES}/members/"
NEW_PASSWORD = "quatre-mots-bien-a-elle"
AT = datetime(2026, 11, 3, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


def place(name: str) -> str:
    with scope.opened(inside(VALLEES)):
        return str(Structure.objects.get(name=name).public_id)


def typed(**changed: str) -> dict[str, str]:
    """What Jeanne types to add an auxiliary of Saint-Rémi."""
    return {
        "email": "Rose.Petit@copa.example",
        "first_name": "Rose",
        "last_name": "Petit",
        "role": "ap",
        "structure": place("Maternité Saint-Rémi"),
        "starts_on": "2026-11-03",
        "ends_on": "",
    } | changed


def link() -> str:
    """The path of the link in the last mail; "" without one."""
    found = re.search(r"http://[^/\s]+(/accounts/password/\S+)", mail.outbox[-1].body)
    return found.group(1) if found else ""


def test_added_person_chooses_her_password_and_works(client: Any, cast: dict[str, Person], settings: Any) -> None:
    client.force_login(cast["jeanne"].user)
    response = client.post(ADD, typed())
    client.logout()

    form = client.get(link(), follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    client.post("/accounts/login/", {"login": "rose.petit@copa.example", "password": NEW_PASSWORD})

    assert response.url == MEMBERS
    assert [message.to for message in mail.outbox[:1]] == [["rose.petit@copa.example"]]
    assert client.get(f"/t/{VALLEES}/day/").status_code == 200
    settings.COPA_TWO_FACTORS_REQUIRED = True
    assert client.get(f"/t/{VALLEES}/day/").url == reverse("mfa_index")
    client.post(reverse("account_reauthenticate"), {"password": NEW_PASSWORD})
    assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_link_of_the_invitation_serves_once(client: Any, cast: dict[str, Person]) -> None:
    client.force_login(cast["jeanne"].user)
    client.post(ADD, typed())
    invitation = link()
    client.logout()
    form = client.get(invitation, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})

    page = client.get(invitation, follow=True).content.decode()

    assert "Ce lien ne sert plus" in page


def test_person_of_another_territory_keeps_her_account(client: Any, cast: dict[str, Person]) -> None:
    client.force_login(cast["jeanne"].user)

    client.post(ADD, typed(email="dora@copa.example"))

    with scope.opened(inside(VALLEES)):
        assert Member.objects.get(user=cast["dora"].user).role == "ap"
    assert User.objects.get(email="dora@copa.example").first_name == "Dora"
    assert [message.to for message in mail.outbox] == [["dora@copa.example"]]
    assert link() == ""
    client.force_login(cast["dora"].user)
    assert {client.get(f"/t/{slug}/day/").status_code for slug in (VALLEES, LAGON)} == {200}


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"email": "bea@copa.example"}, "email", "Cette personne a déjà un rôle sur ce territoire"),
        ({"email": "rose"}, "email", "Cette adresse est incomplète"),
        ({"structure": ""}, "structure", "Ce rôle s’exerce dans une structure"),
        ({"role": "pmi_staff"}, "structure", "choisissez une structure de type PMI"),
        ({"role": "sorciere"}, "role", "Choisissez un rôle de la liste."),
        ({"starts_on": "2026-11-02"}, "starts_on", "Choisissez aujourd’hui ou un jour à venir."),
        ({"ends_on": "2026-11-02"}, "ends_on", "La fin des droits précède leur début."),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(
    client: Any, cast: dict[str, Person], changed: dict[str, str], field: str, sentence: str
) -> None:
    client.force_login(cast["jeanne"].user)

    response = client.post(ADD, typed(**changed))

    form = response.context["form"]
    assert response.status_code == 422
    assert list(form.errors) == [field]
    assert sentence in response.content.decode()
    assert mail.outbox == []
    assert not User.objects.filter(first_name="Rose").exists()


def test_structure_of_another_territory_is_not_a_choice(client: Any, cast: dict[str, Person]) -> None:
    client.force_login(cast["jeanne"].user)
    with scope.opened(inside(LAGON)):
        elsewhere = str(Structure.objects.order_by("pk").first().public_id)

    response = client.post(ADD, typed(structure=elsewhere))

    assert response.context["form"].errors["structure"] == ["Choisissez une structure de la liste."]


def test_person_whose_rights_ended_may_come_back(client: Any, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        Member.objects.filter(user=cast["bea"].user).update(ends_on=date(2026, 11, 2))
    client.force_login(cast["jeanne"].user)

    response = client.post(ADD, typed(email="bea@copa.example"))

    assert response.status_code == 302
    client.force_login(cast["bea"].user)
    assert client.get(f"/t/{VALLEES}/day/").status_code == 200


def test_invitation_is_sent_again_until_she_has_come(client: Any, cast: dict[str, Person], clock: Any) -> None:
    client.force_login(cast["jeanne"].user)
    client.post(ADD, typed())
    with scope.opened(inside(VALLEES)):
        rose = Member.objects.get(user__email="rose.petit@copa.example")
    again = f"{MEMBERS}{rose.public_id}/invite/"

    at_once = client.post(again, follow=True).content.decode()
    clock.shift(60)
    client.post(again)
    mails = len(mail.outbox)
    rose.user.set_password(NEW_PASSWORD)
    rose.user.save(update_fields=["password"])
    clock.shift(60)
    afterwards = client.post(again, follow=True).content.decode()

    assert "Attendez une minute" in at_once
    assert mails == 2
    assert link() != ""
    assert "Elle a déjà choisi son mot de passe" in afterwards
    assert len(mail.outbox) == 2


def test_list_says_who_has_not_come_yet(client: Any, cast: dict[str, Person]) -> None:
    client.force_login(cast["jeanne"].user)
    before = client.get(MEMBERS).content.decode()
    client.post(ADD, typed())
    after = client.get(MEMBERS).content.decode()

    assert "invitation en attente" not in before
    assert after.count("invitation en attente") == after.count("Inviter de nouveau") == 1
