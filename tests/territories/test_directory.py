"""The directory: its reference data, who reads and keeps it, what leaves it by its dates."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from copa.kernel import scope
from territories import directory
from territories.catalogue import NEEDS, TYPES, EntryClass, EntryMode, NeedCategory, types_for
from territories.models import DirectoryEntry, HistoryEvent
from tests import factories, queries
from tests.cast import VALLEES, Person, inside

URL = f"/t/{VALLEES}/directory/"
NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)


def typed(**changes: object) -> dict[str, object]:
    """A resource as the form sends it."""
    values: dict[str, object] = {
        "type": "LAEP",
        "name": "La Maison bleue",
        "phone": "01 99 00 12 48",
        "cost": "free",
        "capacity_now": "open",
        "wheelchair": "unknown",
        "accepts_without_cover": "unknown",
        "visibility": "PUB",
        "valid_from": "2026-01-05",
        "source": "Appel du service",
    }
    return values | changes


def test_nine_named_resources_are_types() -> None:
    """The six of R109 and the nine resources of R052, all types of their own."""
    assert set(TYPES) >= {
        "PSYCHOLOGIST", "PERINATAL_PSYCHIATRY", "TISF", "HOME_HELP", "LAEP", "NURSE", "SOCIAL_WORKER", "REHAB",
        "DIETITIAN", "ADDICTION",
    }  # fmt: skip


def test_every_need_served_by_a_type_exists() -> None:
    assert {need for kind in TYPES.values() for need in kind.needs} - set(NEEDS) == set()


def test_every_need_finds_a_type_that_takes_families() -> None:
    # A milk donor and the rest alike: a need nobody could be oriented for would stay open for ever.
    assert [code for code in NEEDS if not types_for(code)] == []


def test_class_and_mode_of_the_types_that_decide_what_counts() -> None:
    assert TYPES["PSYCHOLOGIST"].entry_class == EntryClass.EXTENDED
    assert TYPES["GP"].entry_class == EntryClass.HEALTH
    assert TYPES["TISF"].entry_class == EntryClass.SOCIAL
    assert TYPES["HELPLINE"].entry_class == EntryClass.INFORMATION
    assert TYPES["LAEP"].entry_mode == EntryMode.SELF
    assert (TYPES["VIOLENCE_SUPPORT"].is_secret, TYPES["LAEP"].is_secret) == (True, False)


def test_sealed_needs_are_those_of_the_compartment() -> None:
    sealed = {need.code for need in NEEDS.values() if need.is_sealed}

    assert sealed == {"VIOLENCE_SEALED", "MIND_SEALED", "CHILD_PROTECTION_SEALED", "JUSTICE_SEALED"}
    assert {NEEDS[code].category for code in sealed} == {NeedCategory.SEALED}


def test_coordinator_adds_a_resource_that_everybody_finds(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)

    response = client.post(f"{URL}new/", typed())

    assert response.status_code == 302
    client.force_login(cast["amal"].user)
    page = client.get(URL, {"q": "maison BLEUE"}).content.decode()
    assert "La Maison bleue" in page
    assert "La Maison bleue" not in client.get(URL, {"q": "rouge"}).content.decode()


def test_resource_nobody_can_reach_is_refused_beside_its_field(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)

    response = client.post(f"{URL}new/", typed(phone=""))

    assert response.status_code == 422
    assert "Indiquez au moins un moyen de joindre ce service." in response.content.decode()
    with scope.opened(inside(VALLEES)):
        assert not DirectoryEntry.objects.exists()


def test_same_resource_twice_is_refused(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)
    client.post(f"{URL}new/", typed())

    assert client.post(f"{URL}new/", typed()).status_code == 422


def test_secret_place_is_read_by_the_referring_team_alone(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        secret = factories.make_entry("VIOLENCE_SUPPORT", name="Le Refuge", address="12 rue Cachée")

    read = {}
    for name in ("elise", "farid", "nora", "amal", "gaelle", "ines", "jeanne", "olga", "marc"):
        client.force_login(cast[name].user)
        listed = "Le Refuge" in client.get(URL).content.decode()
        read[name] = (client.get(f"{URL}{secret.public_id}/").status_code, listed)

    assert {name for name, seen in read.items() if seen == (200, True)} == {"elise", "farid", "nora"}
    assert {seen for name, seen in read.items() if name not in {"elise", "farid", "nora"}} == {(404, False)}


def test_secret_place_is_on_no_map(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_entry("VIOLENCE_SUPPORT", name="Le Refuge")
        factories.make_entry("LAEP", name="La Maison bleue")
    client.force_login(cast["elise"].user)

    page = client.get(f"{URL}map/").content.decode()

    assert "La Maison bleue" in page
    assert "Le Refuge" not in page


def test_secret_place_is_never_public(vallees: scope.Scope) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_entry("VIOLENCE_SUPPORT", visibility="PUB")


def test_administrator_cannot_write_a_secret_place(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["jeanne"].user)

    assert client.post(f"{URL}new/", typed(type="VIOLENCE_SUPPORT")).status_code == 422


def test_ended_programme_leaves_the_list_by_its_dates_and_stays_readable(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        ended = factories.make_entry("PROGRAMME_HOME", name="Visites longues", valid_to=date(2026, 11, 4))

    def shows(day: int, **query: str) -> bool:
        with time_machine.travel(datetime(2026, 11, day, 9, tzinfo=UTC), tick=False):
            client.force_login(cast["amal"].user)
            return "Visites longues" in client.get(URL, query).content.decode()

    assert (shows(4), shows(5), shows(5, etat="archives")) == (True, False, True)
    client.force_login(cast["amal"].user)
    assert "Ce service est archivé" in client.get(f"{URL}{ended.public_id}/").content.decode()


@pytest.mark.parametrize(("days", "is_old"), [(364, False), (365, False), (366, True)])
def test_entry_unchecked_for_a_year_is_to_review(client, cast: dict[str, Person], days: int, is_old: bool) -> None:
    with time_machine.travel(NOW, tick=False):
        with scope.opened(inside(VALLEES)):
            factories.make_entry(name="La Maison bleue", reviewed_on=NOW.date() - timedelta(days=days))
        client.force_login(cast["elise"].user)
        page = client.get(URL, {"etat": "a-verifier"}).content.decode()

    assert ("La Maison bleue" in page) is is_old


def test_checking_an_entry_takes_it_off_the_shelf_and_says_who(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        old = factories.make_entry(reviewed_on=date(2024, 1, 1))
    client.force_login(cast["jeanne"].user)

    client.post(f"{URL}{old.public_id}/review/")

    with scope.opened(inside(VALLEES)):
        now = DirectoryEntry.objects.get(pk=old.pk)
        assert now.reviewed_by_id == cast["jeanne"].member.pk
        assert now.reviewed_on > date(2024, 1, 1)
        assert HistoryEvent.objects.filter(table_name="territories_directoryentry", operation="update").exists()


def test_filters_by_need_and_commune(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_entry("LAEP", name="Ici", communes=["55001"])
        factories.make_entry("LAEP", name="Ailleurs", communes=["55002"])
        factories.make_entry("LAEP", name="Partout")
        factories.make_entry("TISF", name="Travailleuse")
    client.force_login(cast["elise"].user)

    page = client.get(URL, {"besoin": "PARENTING", "commune": "55001"}).content.decode()

    assert [name in page for name in ("Ici", "Ailleurs<", "Partout", "Travailleuse")] == [True, False, True, False]


def test_pass_is_found_as_a_type(client, cast: dict[str, Person]) -> None:
    """R011: the filter « PASS » answers by place."""
    with scope.opened(inside(VALLEES)):
        factories.make_entry("PASS", name="PASS de Saint-Rémi")
        factories.make_entry("LAEP", name="La Maison bleue")
    client.force_login(cast["elise"].user)

    page = client.get(URL, {"type": "PASS"}).content.decode()

    assert ("PASS de Saint-Rémi" in page, "La Maison bleue" in page) == (True, False)


# FINESS, RPPS and SIRET of nobody, with a right key.
RIGHT = {"finess": "010000016", "rpps": "01234567897", "siret": "73282932000074"}


@pytest.mark.parametrize("name", ["finess", "rpps", "siret"])
def test_identifier_with_a_wrong_key_is_refused_beside_its_field(client, cast: dict[str, Person], name: str) -> None:
    client.force_login(cast["elise"].user)
    right = RIGHT[name]
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)

    page = client.post(f"{URL}new/", typed(**{name: wrong}))

    assert page.status_code == 422
    assert f"Ce {name.upper()} est faux" in page.content.decode()
    assert client.post(f"{URL}new/", typed(**{name: f" {right[:3]} {right[3:]} "})).status_code == 302
    with scope.opened(inside(VALLEES)):
        assert getattr(DirectoryEntry.objects.get(), name) == right


def test_what_nobody_asked_is_not_a_no(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)

    client.post(f"{URL}new/", typed(quiet_room="yes", parking_disabled="no"))

    with scope.opened(inside(VALLEES)):
        entry = DirectoryEntry.objects.get()
    page = client.get(f"{URL}{entry.public_id}/").content.decode()
    assert (entry.sign_language, entry.minors_alone, entry.ask_by) == ("unknown", "unknown", "unknown")
    for label, words in (("Accès adapté", "pièce calme"), ("Pas adapté", "stationnement adapté")):
        assert f"<dt>{label}</dt><dd>{words}</dd>" in page
    assert "Pas encore demandé" in page
    assert "langue des signes" in page


def test_what_a_page_says_comes_back_into_the_form(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)
    told = typed(audiences=["M", "C"], child_age_max="36", mssante="pmi@mssante.example", in_group="on", **RIGHT)
    client.post(f"{URL}new/", told)
    with scope.opened(inside(VALLEES)):
        entry = DirectoryEntry.objects.get()

    page = client.get(f"{URL}{entry.public_id}/edit/").content.decode()

    assert entry.audiences == ["M", "C"]
    assert all(f'value="{value}"' in page for value in (*RIGHT.values(), "36", "pmi@mssante.example"))
    assert page.count(" checked") == 3


@pytest.mark.parametrize(("changed", "kept"), [("open", "full"), ("waiting", "waiting")])
def test_answer_of_the_service_is_not_undone_by_a_page_opened_before(
    client, cast: dict[str, Person], changed: str, kept: str
) -> None:
    client.force_login(cast["elise"].user)
    client.post(f"{URL}new/", typed(capacity_now="open"))
    with scope.opened(inside(VALLEES)):
        entry = DirectoryEntry.objects.get()
        page = client.get(f"{URL}{entry.public_id}/edit/").content.decode()
        assert 'name="seen_capacity" value="open"' in page
    with scope.opened(inside(VALLEES)):
        DirectoryEntry.objects.update(capacity_now="full")

    sent = typed(capacity_now=changed, seen_capacity="open", name="Un autre nom")
    assert client.post(f"{URL}{entry.public_id}/edit/", sent).status_code == 302

    with scope.opened(inside(VALLEES)):
        entry.refresh_from_db()
    assert (entry.name, entry.capacity_now) == ("Un autre nom", kept)


def test_maternity_questions_are_for_a_maternity(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)

    refused = client.post(f"{URL}new/", typed(has_pass="yes"))

    assert refused.status_code == 422
    assert "Cela ne se demande qu’à une maternité" in refused.content.decode()
    assert client.post(f"{URL}new/", typed(type="MATERNITY", has_pass="yes")).status_code == 302


def test_filters_by_audience_access_and_places(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_entry("LAEP", name="Alpha", wheelchair="yes", capacity_now="open")
        factories.make_entry("LAEP", name="Bravo", audiences=["M"], sign_language="yes", capacity_now="waiting")
        factories.make_entry("TISF", name="Tango", capacity_now="full")
        factories.make_entry("PASS", name="Papa")
    client.force_login(cast["amal"].user)

    def found(**query: str) -> str:
        page = client.get(URL, query).content.decode()
        return "".join(name[0] for name in ("Alpha", "Bravo", "Papa", "Tango") if f">{name}</a>" in page)

    # Of the usual publics of its type, unless others were ticked.
    assert [found(public=letter) for letter in "MFB"] == ["BP", "AT", "AP"]
    assert [found(acces=one) for one in ("fauteuil", "signes", "falc")] == ["A", "B", ""]
    assert [found(places=one) for one in ("libres", "attente")] == ["A", "AB"]
    assert found(public="M", places="attente") == "B"
    assert found(public="Z", acces="rien", places="x") == "ABPT"


def test_archive_before_the_beginning_is_refused(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        entry = factories.make_entry(valid_from=date(2026, 5, 1))
    client.force_login(cast["elise"].user)

    assert client.post(f"{URL}{entry.public_id}/archive/", {"last_day": "2026-04-30"}).status_code == 422
    assert client.post(f"{URL}{entry.public_id}/archive/", {"last_day": "2026-05-01"}).status_code == 302


def test_one_row_and_ten_rows_cost_the_same(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)
    with scope.opened(inside(VALLEES)):
        factories.make_entry(communes=["55001"])
    one = queries.count(client, URL)
    with scope.opened(inside(VALLEES)):
        for _ in range(9):
            factories.make_entry(communes=["55001", "55002"])

    assert queries.count(client, URL) == one


@pytest.mark.parametrize(("day", "number"), [(date(2026, 11, 3), 3), (date(2026, 11, 4), 2), (date(2024, 1, 1), 0)])
def test_parenting_devices_of_a_day_are_counted(vallees: scope.Scope, day: date, number: int) -> None:
    """N5, R143: social or health, feeling a parent or being alone, in service that day."""
    opened = {"valid_from": date(2025, 1, 6)}
    factories.make_entry("LAEP", **opened)
    factories.make_entry("PMI_CENTRE", **opened)
    factories.make_entry("PARENT_GROUP", valid_to=date(2026, 11, 3), **opened)
    for other in ("PSYCHOLOGIST", "HELPLINE", "FOOD_AID"):
        factories.make_entry(other, **opened)

    assert directory.parenting_devices(day) == number
