"""Groups and workshops (R226): who keeps and reads them, their dates, what is cancelled, what may be printed."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction

from copa.kernel import scope
from copa.kernel.errors import BusinessError
from territories.actions import events as actions
from territories.enums import Rhythm
from territories.models import GroupEvent, GroupEventDate, HistoryEvent
from territories.reads.events import Asked, age_words, coming
from territories.rules import repeated_days
from tests import factories, queries
from tests.cast import LAGON, VALLEES, Person, inside
from tests.races import behind

URL = f"/t/{VALLEES}/directory/events/"
# A Tuesday, 10 h at Saint-Rémi.
AT = datetime(2026, 11, 3, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _november() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def typed(**changes: object) -> dict[str, object]:
    """A group as the form sends it."""
    values: dict[str, object] = {
        "kind": "group",
        "name": "Café des parents",
        "commune": "55001",
        "address": "2 rue des Lilas",
        "audiences": ["M", "C"],
        "registration": "free",
        "visibility": "PUB",
        "wheelchair": "unknown",
        "day": "2026-11-05",
        "starts": "14:00",
        "ends": "16:00",
        "rhythm": "once",
    }
    return values | changes


def occasions(**changes: Any) -> actions.Occasions:
    values = {"day": date(2026, 11, 5), "starts": time(14), "ends": time(16), "rhythm": Rhythm.ONCE, "until": None}
    return actions.Occasions(**values | changes)


def refused(act: Any, **given: Any) -> str:
    with pytest.raises(BusinessError) as refusal:
        act(**given)
    return refusal.value.code


def names(**asked: Any) -> list[str]:
    return [line.name for line in coming(factories.who("amal"), Asked(**asked), AT, "1")]


@pytest.mark.parametrize(
    ("first", "rhythm", "until", "days"),
    [
        (date(2026, 11, 5), Rhythm.ONCE, date(2026, 12, 31), ["5/11"]),
        (date(2026, 11, 5), Rhythm.WEEKLY, date(2026, 11, 19), ["5/11", "12/11", "19/11"]),
        (date(2026, 11, 5), Rhythm.WEEKLY, date(2026, 11, 18), ["5/11", "12/11"]),
        (date(2026, 11, 5), Rhythm.FORTNIGHTLY, date(2026, 12, 3), ["5/11", "19/11", "3/12"]),
        # The first Saturday of each month, then the last where a month has no fifth.
        (date(2026, 11, 7), Rhythm.MONTHLY, date(2027, 2, 6), ["7/11", "5/12", "2/1", "6/2"]),
        (date(2026, 10, 31), Rhythm.MONTHLY, date(2027, 1, 30), ["31/10", "28/11", "26/12", "30/1"]),
    ],
)
def test_dates_of_a_rhythm(first: date, rhythm: str, until: date, days: list[str]) -> None:
    assert [f"{day.day}/{day.month}" for day in repeated_days(first, rhythm, until)] == days


def test_hour_on_the_wall_stays_when_the_clocks_change(vallees: scope.Scope) -> None:
    with time_machine.travel(datetime(2026, 10, 20, 9, tzinfo=UTC), tick=False):
        event = factories.make_event(days=())
        weekly = occasions(day=date(2026, 10, 22), rhythm=Rhythm.WEEKLY, until=date(2026, 10, 29))
        actions.add_dates(event=event, occasions=weekly, by=factories.who("elise"), at=datetime.now(UTC))

    starts = [one.starts_at for one in GroupEventDate.objects.order_by("starts_at")]

    assert starts == [datetime(2026, 10, 22, 12, tzinfo=UTC), datetime(2026, 10, 29, 13, tzinfo=UTC)]


def test_coordinator_adds_a_weekly_group_that_everybody_reads(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)

    response = client.post(f"{URL}new/", typed(rhythm="weekly", until="2026-12-03"))

    assert response.status_code == 302
    for name in ("amal", "gaelle", "ines", "marc", "jeanne"):
        client.force_login(cast[name].user)
        page = client.get(URL).content.decode()
        assert "Café des parents" in page
        assert "et 2\u00a0autres dates" in page
        assert "new/" not in page or name == "jeanne"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"commune": ""}, "entry", "Choisissez qui l’organise, ou écrivez la commune et l’adresse."),
        ({"address": ""}, "entry", "Choisissez qui l’organise, ou écrivez la commune et l’adresse."),
        ({"audiences": []}, "audiences", "Choisissez pour qui il est."),
        ({"child_age_from": "12", "child_age_to": "3"}, "child_age_to", "L’âge le plus grand vient après"),
        ({"child_age_to": "217"}, "child_age_to", "Dix-huit ans au plus"),
        ({"registration": "phone"}, "phone", "Indiquez le numéro où l’on s’inscrit."),
        ({"registration": "link"}, "link", "Indiquez l’adresse de la page où l’on s’inscrit."),
        ({"registration": "required"}, "phone", "Indiquez un numéro ou une page où l’on s’inscrit."),
        ({"theme": "VIOLENCE_SEALED"}, "theme", "Choisissez dans la liste."),
        ({"visibility": "ARC"}, "visibility", "Sélectionnez un choix valide"),
        ({"day": "2026-11-02"}, "day", "Ce jour est passé"),
        ({"day": "2027-11-05"}, "day", "Un an d’avance au plus."),
        ({"ends": "14:00"}, "ends", "L’heure de fin vient après celle du début."),
        ({"rhythm": "weekly"}, "until", "Dites jusqu’à quel jour il revient."),
        ({"rhythm": "weekly", "until": "2026-11-04"}, "until", "Ce jour précède la première date."),
        ({"rhythm": "weekly", "until": "2027-11-05"}, "until", "vous ajouterez la suite"),
    ],
)
def test_refusal_stands_beside_its_field_and_stores_nothing(
    client, cast: dict[str, Person], changes: dict[str, object], field: str, words: str
) -> None:
    client.force_login(cast["elise"].user)

    response = client.post(f"{URL}new/", typed(**changes))

    page = response.content.decode()
    assert response.status_code == 422
    assert words in " ".join(str(one) for one in response.context["form"].errors[field])
    assert 'value="Café des parents"' in page
    with scope.opened(inside(VALLEES)):
        assert (GroupEvent.objects.count(), GroupEventDate.objects.count()) == (0, 0)


@pytest.mark.parametrize(("months", "is_told"), [(2, False), (3, True), (12, True), (13, False)])
def test_age_of_the_child_holds_both_ends(vallees: scope.Scope, months: int, is_told: bool) -> None:
    factories.make_event(name="Bébés", child_age_from=3, child_age_to=12)
    factories.make_event(name="Tous", days=(8,))

    assert names(age=months) == (["Bébés", "Tous"] if is_told else ["Tous"])


def test_list_is_filtered_by_kind_theme_public_and_commune(vallees: scope.Scope) -> None:
    here, elsewhere = (factories.make_entry(communes=[code]) for code in ("55001", "55002"))
    factories.make_event(name="Jumeaux", days=(1,), theme="MULTIPLES", kind="workshop")
    factories.make_event(name="Du service d’ici", days=(2,), entry=here, audiences=["F"])
    factories.make_event(name="Du service d’ailleurs", days=(3,), entry=elsewhere)

    assert names() == ["Jumeaux", "Du service d’ici", "Du service d’ailleurs"]
    assert names(theme="MULTIPLES") == names(kind="workshop") == ["Jumeaux"]
    assert names(audience="F") == ["Du service d’ici"]
    assert names(commune=factories.commune().code) == ["Jumeaux", "Du service d’ici"]


def test_unknown_filters_are_no_filter(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_event(name="Café")
    client.force_login(cast["amal"].user)

    page = client.get(URL, {"type": "x", "theme": "MIND_SEALED", "age": "-1", "public": "Z", "page": "z"})

    assert "Café" in page.content.decode()


def test_event_leaves_the_coming_ones_when_its_last_date_is_over(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        factories.make_event(name="Café", days=(0,), hour=8)  # 8 h to 10 h, and it is 10 h
        factories.make_event(name="Portage", days=(0,), hour=9)
    client.force_login(cast["amal"].user)

    ahead, over = (client.get(URL, query).content.decode() for query in ({}, {"quand": "passes"}))

    assert ("Café" in ahead, "Portage" in ahead) == (False, True)
    assert ("Café" in over, "Portage" in over) == (True, False)


def test_cancelled_date_stays_with_its_reason(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        event = factories.make_event(days=(7, 14))
        first = GroupEventDate.objects.filter(event=event).earliest("starts_at")
    client.force_login(cast["elise"].user)

    empty = client.post(f"{URL}dates/{first.public_id}/cancel/", {"reason": " "})
    done = client.post(f"{URL}dates/{first.public_id}/cancel/", {"reason": "Salle prise"})
    again = client.post(f"{URL}dates/{first.public_id}/cancel/", {"reason": "Salle prise"})

    assert (empty.status_code, done.status_code, again.status_code) == (422, 302, 422)
    client.force_login(cast["amal"].user)
    page = client.get(URL).content.decode()
    assert page.count("annulé</span>") == 1
    assert "Salle prise" in page
    with scope.opened(inside(VALLEES)):
        assert GroupEventDate.objects.count() == 2
        assert HistoryEvent.objects.filter(table_name="territories_groupeventdate", operation="update").count() == 1


def test_cancelled_event_cancels_what_was_to_come_and_keeps_what_was_held(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        event = factories.make_event(days=(-7, 7, 14))
    client.force_login(cast["elise"].user)

    client.post(f"{URL}{event.public_id}/cancel/", {"reason": "L’association s’arrête"})

    page = client.get(f"{URL}{event.public_id}/").content.decode()
    assert page.count("annulé</span>") == 2
    assert "1\u00a0date passée" in page
    assert client.post(f"{URL}{event.public_id}/dates/", typed()).status_code == 422
    assert client.post(f"{URL}{event.public_id}/edit/", typed(name="Autre")).status_code == 422
    with scope.opened(inside(VALLEES)):
        assert GroupEvent.objects.get().name == event.name


def test_nothing_over_is_cancelled(vallees: scope.Scope) -> None:
    event = factories.make_event(days=(-7,))
    told = {"reason": "Salle prise", "by": factories.who("elise"), "at": AT}

    assert refused(actions.cancel_event, event=event, **told) == "all_over"
    assert refused(actions.cancel_date, occasion=GroupEventDate.objects.get(), **told) == "date_over"


def test_same_date_twice_is_refused_unless_the_first_was_cancelled(vallees: scope.Scope) -> None:
    event, elise = factories.make_event(days=(2,)), factories.who("elise")
    more = {"event": event, "by": elise, "at": AT}
    weekly = occasions(rhythm=Rhythm.WEEKLY, until=date(2026, 11, 19))

    assert refused(actions.add_dates, occasions=weekly, **more) == "event_date_once"
    assert GroupEventDate.objects.count() == 1
    actions.cancel_date(occasion=GroupEventDate.objects.get(), reason="Salle prise", by=elise, at=AT)

    assert actions.add_dates(occasions=weekly, **more) == 3


def test_dates_added_while_it_is_cancelled_are_refused(committed: None) -> None:
    with scope.opened(inside(VALLEES)):
        event, elise = factories.make_event(), factories.who("elise")

    answers = behind(
        lambda: actions.cancel_event(event=event, reason="Salle prise", by=elise, at=AT),
        lambda: actions.add_dates(event=event, occasions=occasions(), by=elise, at=AT),
    )

    assert answers == ["done", "event_cancelled"]


def test_secret_place_holds_nothing_that_others_read(client, cast: dict[str, Person]) -> None:
    """R003."""
    with scope.opened(inside(VALLEES)):
        secret = factories.make_entry("VIOLENCE_SUPPORT", name="Le Refuge")
        hidden = factories.make_event(name="Groupe caché", entry=secret)
    client.force_login(cast["elise"].user)
    assert client.post(f"{URL}new/", typed(entry=str(secret.public_id))).status_code == 422
    assert "Groupe caché" not in client.get(URL).content.decode()
    assert "Groupe caché" not in client.get(f"{URL}print/").content.decode()

    client.force_login(cast["jeanne"].user)
    assert client.get(f"{URL}{hidden.public_id}/").status_code == 404


def test_printed_sheet_holds_what_may_be_given_to_a_family(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        event = factories.make_event(name="Café", days=(7, 14, 120))
        factories.make_event(name="Entre nous", visibility="PRO")
        told = {"cancelled_at": AT, "cancelled_by": factories.who("elise"), "cancel_reason": "Animatrice absente"}
        first = GroupEventDate.objects.filter(event=event).earliest("starts_at")
        GroupEventDate.objects.filter(pk=first.pk).update(**told)
    client.force_login(cast["elise"].user)

    page = client.get(f"{URL}print/").content.decode()

    assert (page.count("Café"), page.count("à 16\u00a0h")) == (1, 2)
    assert page.count("annulé</span>") == 1
    assert ("Entre nous" in page, "Animatrice absente" in page) == (False, False)


def test_service_that_has_ended_stays_the_organiser_when_a_word_is_corrected(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        ended = factories.make_entry(valid_to=date(2026, 10, 1))
        event = factories.make_event(entry=ended, address="")
    client.force_login(cast["elise"].user)

    page = client.get(f"{URL}{event.public_id}/edit/").content.decode()
    kept = typed(entry=str(ended.public_id), commune="", address="", name="Autre nom")
    client.post(f"{URL}{event.public_id}/edit/", kept)

    assert f'value="{ended.public_id}" selected' in page
    with scope.opened(inside(VALLEES)):
        found = GroupEvent.objects.get()
    assert (found.name, found.entry_id) == ("Autre nom", ended.pk)


def test_page_of_a_service_tells_what_it_organises(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        entry = factories.make_entry()
        factories.make_event(name="Café", entry=entry)
        factories.make_event(name="Passé", entry=entry, days=(-3,))
    client.force_login(cast["amal"].user)

    page = client.get(f"/t/{VALLEES}/directory/{entry.public_id}/").content.decode()

    assert ("Café" in page, "Passé" in page) == (True, False)


def test_one_event_and_ten_cost_the_same(client, cast: dict[str, Person]) -> None:
    client.force_login(cast["elise"].user)
    with scope.opened(inside(VALLEES)):
        first = factories.make_event()
    pages = (URL, f"{URL}print/", f"{URL}{first.public_id}/")
    one = [queries.count(client, page) for page in pages]
    with scope.opened(inside(VALLEES)):
        for _ in range(9):
            factories.make_event(days=(3, 10), entry=factories.make_entry())
        starts = [AT + timedelta(days=day) for day in range(20, 30)]
        GroupEventDate.objects.bulk_create(
            GroupEventDate(event=first, starts_at=start, ends_at=start + timedelta(hours=1)) for start in starts
        )

    assert [queries.count(client, page) for page in pages] == one


def test_event_of_another_territory_is_neither_seen_nor_pointed_at(cast: dict[str, Person]) -> None:
    with scope.opened(inside(LAGON)):
        there = factories.make_event(written_by=factories.who("dora"))
    with scope.opened(inside(VALLEES)):
        assert (GroupEvent.unscoped.count(), GroupEventDate.unscoped.count()) == (0, 0)
        date_here = GroupEventDate(event=there, starts_at=AT, ends_at=AT + timedelta(hours=1))
        with pytest.raises(DatabaseError), transaction.atomic():
            date_here.save()


def test_ages_in_words() -> None:
    found = [age_words(None, None), age_words(3, None), age_words(None, 6), age_words(0, 72), age_words(3, 12)]

    said = ["", "enfant dès 3 mois", "enfant jusqu’à 6 mois", "enfant jusqu’à 6 ans", "enfant de 3 mois à 12 mois"]
    assert [words.replace("\u00a0", " ") for words in found] == said
