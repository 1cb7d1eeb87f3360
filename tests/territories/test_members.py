"""People of a territory: who they are, what they may do, and the end of their rights."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from copa.kernel import scope
from territories.models import HistoryEvent, Member, Structure, User
from tests import queries
from tests.cast import LAGON, VALLEES, Person, inside

URL = f"/t/{VALLEES}/members/"


def end(client, person: Person, day: str, **ticked: str):
    return client.post(f"{URL}{person.member.public_id}/end/", {"last_day": day, **ticked})


def test_rights_end_with_the_chosen_day(client, cast: dict[str, Person]) -> None:
    with time_machine.travel(datetime(2026, 11, 3, 9, tzinfo=UTC), tick=False) as clock:
        client.force_login(cast["jeanne"].user)
        response = end(client, cast["bea"], "2026-11-04")
        clock.move_to(datetime(2026, 11, 4, 22, 59, tzinfo=UTC))
        client.force_login(cast["bea"].user)
        last_minute = client.get(f"/t/{VALLEES}/day/").status_code
        clock.move_to(datetime(2026, 11, 4, 23, 0, tzinfo=UTC))
        client.force_login(cast["bea"].user)
        next_day = client.get(f"/t/{VALLEES}/day/").status_code

    assert response.url == URL
    assert (last_minute, next_day) == (200, 404)


def test_end_in_the_past_is_refused_and_changes_nothing(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["jeanne"].user)

    response = end(client, cast["bea"], "2026-01-05")

    with scope.opened(inside(VALLEES)):
        assert Member.objects.get(pk=cast["bea"].member.pk).ends_on is None
    assert response.status_code == 422
    assert "Choisissez aujourd’hui ou un jour à venir." in response.content.decode()


def test_nobody_ends_her_own_rights(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["jeanne"].user)

    assert end(client, cast["jeanne"], "2030-01-05").status_code == 403


def test_member_of_another_territory_is_unknown(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["jeanne"].user)

    assert end(client, cast["dora"], "2030-01-05").status_code == 404


def test_ending_rights_is_in_the_history(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["jeanne"].user)
    end(client, cast["bea"], "2030-01-05")

    with scope.opened(inside(VALLEES)):
        event = HistoryEvent.objects.filter(table_name="territories_member").latest("pk")

    assert event.actor == f"user:{cast['jeanne'].user.pk}"
    assert event.after["ends_on"] == "2030-01-05"


def ends_on(person: Person) -> date | None:
    with scope.opened(inside(VALLEES)):
        return Member.objects.get(pk=person.member.pk).ends_on


@pytest.mark.parametrize("who", ["elise", "nora"])
def test_last_of_the_binome_ends_only_when_confirmed(client, cast: dict[str, Person], who: str) -> None:
    client.force_login(cast["jeanne"].user)

    asked = end(client, cast[who], "2030-01-05")
    unchanged = ends_on(cast[who])
    confirmed = end(client, cast[who], "2030-01-05", leaves_alone="on")

    assert asked.status_code == 422
    assert "le binôme pilote serait incomplet" in asked.content.decode()
    assert "pmi" not in asked.context["form"].errors["leaves_alone"][0]
    assert 'name="leaves_alone"' in asked.content.decode()
    assert unchanged is None
    assert (confirmed.status_code, ends_on(cast[who])) == (302, date(2030, 1, 5))


def test_one_of_two_coordinators_ends_without_a_question(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        user = User.objects.create_user("seconde@copa.example", first_name="S", last_name="Martin")
        second = Member.objects.create(user=user, role="coordinator", starts_on="2026-01-01", ends_on="2030-01-05")
    client.force_login(cast["jeanne"].user)

    on_the_same_day = end(client, cast["elise"], "2030-01-05").status_code
    a_day_before = end(client, cast["elise"], "2030-01-04").status_code

    assert second.ends_on == "2030-01-05"
    assert (on_the_same_day, a_day_before) == (422, 302)


def test_end_of_rights_is_corrected_then_undone(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["jeanne"].user)
    end(client, cast["bea"], "2030-01-05")
    page = client.get(f"{URL}{cast['bea'].member.public_id}/end/").content.decode()
    end(client, cast["bea"], "2030-02-05")
    corrected = ends_on(cast["bea"])

    response = client.post(f"{URL}{cast['bea'].member.public_id}/give-back/")

    assert 'value="2030-01-05"' in page
    assert corrected == date(2030, 2, 5)
    assert (response.url, ends_on(cast["bea"])) == (URL, None)


def test_rights_are_not_given_back_beside_another_role(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        Member.objects.filter(pk=cast["bea"].member.pk).update(ends_on="2026-01-05")
        Member.objects.create(user=cast["bea"].user, role="liberal_midwife", starts_on="2026-02-01")
    client.force_login(cast["jeanne"].user)

    page = client.post(f"{URL}{cast['bea'].member.public_id}/give-back/", follow=True).content.decode()

    assert "Cette personne a déjà un rôle sur ce territoire" in page
    assert ends_on(cast["bea"]) == date(2026, 1, 5)


def test_those_whose_rights_ended_are_listed_apart(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        Member.objects.filter(pk=cast["bea"].member.pk).update(ends_on="2026-01-05")
    client.force_login(cast["jeanne"].user)

    now = client.get(URL).content.decode()
    former = client.get(URL, {"anciens": "oui"}).content.decode()

    assert ("bea@copa.example" in now, "amal@copa.example" in now) == (False, True)
    assert ("bea@copa.example" in former, "amal@copa.example" in former) == (True, False)
    assert "finis le" in former


def test_filter_shows_one_role(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)

    page = client.get(URL, {"role": "pmi_staff"}).content.decode()

    assert "gaelle@copa.example" in page
    assert "amal@copa.example" not in page


def test_rights_page_prints_the_grid(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["olga"].user)

    page = client.get(f"/t/{VALLEES}/rights/").content.decode()

    assert "Ouvrir le dossier d’une famille" in page
    assert "Auxiliaire de puériculture" in page


def test_members_page_asks_the_same_number_of_queries(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["jeanne"].user)
    few = queries.count(client, URL)
    with scope.opened(inside(VALLEES)):
        place = Structure.objects.order_by("pk").first()
        for number in range(9):
            user = User.objects.create_user(f"ap{number}@copa.example", first_name="A", last_name=f"P{number}")
            Member.objects.create(user=user, role="ap", structure=place, starts_on="2026-01-01")

    many = queries.count(client, URL)

    assert many == few


@pytest.mark.parametrize("page", ["0", "-1", "deux", "9" * 30, "9" * 5000])
def test_page_that_does_not_exist_shows_the_nearest_one(client, cast: dict[str, Person], page: str) -> None:
    client.force_login(cast["jeanne"].user)

    response = client.get(URL, {"page": page})

    assert response.status_code == 200
    assert "amal@copa.example" in response.content.decode()


def test_only_those_whose_rights_may_end_have_the_link(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["jeanne"].user)
    for_administrator = client.get(URL).content.decode()
    client.force_login(cast["olga"].user)
    for_pilot = client.get(URL).content.decode()

    assert f"{cast['bea'].member.public_id}/end/" in for_administrator
    assert f"{cast['jeanne'].member.public_id}/end/" not in for_administrator
    assert "/end/" not in for_pilot


def test_other_territory_shows_its_own_people(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["emma"].user)

    response = client.get(f"/t/{LAGON}/members/")

    assert "dora@copa.example" in response.content.decode()
    assert "amal@copa.example" not in response.content.decode()
