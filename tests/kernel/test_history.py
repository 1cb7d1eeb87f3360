"""History is written by triggers: nobody forgets it, forges it, skips it or changes it."""

import pytest
from django.db import DatabaseError, connection, transaction

from copa.kernel import scope
from pathways.models import Family
from territories.models import AccessLog, HistoryEvent
from tests import factories
from tests.cast import VALLEES, Person, inside


def events(family: Family) -> list[HistoryEvent]:
    rows = HistoryEvent.objects.filter(table_name="pathways_family", row_id=family.pk)
    return list(rows.order_by("pk"))


def test_insert_update_and_bulk_update_each_leave_an_event(vallees: scope.Scope) -> None:
    family = factories.make_family(address="1 rue des Tanneurs")
    Family.objects.filter(pk=family.pk).update(address="2 rue des Tanneurs")

    with connection.cursor() as cursor:
        cursor.execute("update pathways_family set address = %s where id = %s", ["3 rue", family.pk])

    first, second, third = events(family)
    assert (first.operation, first.actor) == ("insert", "test")
    assert (second.before["address"], second.after["address"]) == ("1 rue des Tanneurs", "2 rue des Tanneurs")
    assert set(third.after) == {"address"}


def test_update_that_changes_nothing_leaves_nothing(vallees: scope.Scope) -> None:
    family = factories.make_family()

    Family.objects.filter(pk=family.pk).update(reference=family.reference)

    assert len(events(family)) == 1


def test_write_without_an_actor_is_refused(cast: dict[str, Person]) -> None:
    nobody = scope.Scope(actor="", territory_id=inside(VALLEES).territory_id)

    with pytest.raises(DatabaseError, match="no actor in scope"), scope.opened(nobody):
        factories.make_family()


@pytest.mark.parametrize(
    "attack",
    [
        "insert into territories_historyevent (territory_id, table_name, row_id, operation, actor, reason, happened_at,"
        " before, after) select id, 'pathways_family', 1, 'update', 'user:1', '', now(), '{}', '{}'"
        " from territories_territory limit 1",
        "update territories_historyevent set actor = 'user:999'",
        "delete from territories_historyevent",
        "alter table pathways_family disable trigger copa_history",
        "drop trigger copa_history on pathways_family",
        "set session_replication_role = replica",
        "create or replace function copa_write_history() returns trigger language plpgsql"
        " as $$ begin return null; end $$",
        "update territories_accesslog set user_id = 1",
        "delete from territories_accesslog",
        "alter table pathways_family disable row level security",
        "create table public.historyevent (id int)",
    ],
)
def test_runtime_role_cannot_forge_or_skip(vallees: scope.Scope, attack: str) -> None:
    factories.make_family()

    refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_temporary_table_cannot_stand_in_for_the_history(vallees: scope.Scope) -> None:
    with connection.cursor() as cursor:
        cursor.execute("create temporary table territories_historyevent (like public.territories_historyevent)")
        cursor.execute("set local search_path = pg_temp, public")
        family = factories.make_family()
        cursor.execute("set local search_path to default")
        cursor.execute(
            "select count(*) from public.territories_historyevent where table_name = 'pathways_family' and row_id = %s",
            [family.pk],
        )
        [count] = cursor.fetchone()
        cursor.execute("drop table pg_temp.territories_historyevent")

    assert count == 1


def test_opening_a_family_file_leaves_a_line_and_so_does_a_refusal(client, cast: dict[str, Person]) -> None:
    with scope.opened(inside(VALLEES)):
        pathway = factories.make_pathway(ap=cast["amal"].member)
        url = f"/t/{VALLEES}/families/{pathway.family.public_id}/"
    client.force_login(cast["elise"].user)
    client.get(url)
    client.force_login(cast["bea"].user)
    client.get(url)
    client.force_login(cast["dora"].user)
    client.get(url)

    with scope.opened(inside(VALLEES)):
        lines = AccessLog.objects.order_by("pk").values_list("user__first_name", "family_id", "is_refused")
        found = list(lines)

    assert found == [
        ("Elise", pathway.family_id, False),
        ("Bea", pathway.family_id, True),
        ("Dora", None, True),
    ]


def test_sensitive_tables_all_have_their_trigger(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_trigger t join pg_class c on c.oid = t.tgrelid where tgname = 'copa_history'"
        )
        watched = {name for (name,) in cursor.fetchall()}
        cursor.execute(
            "select tablename from pg_tables where schemaname = 'public' and (tablename like 'pathways\\_%' "
            "or tablename like 'visits\\_%') and tablename not in ('pathways_programmerules', 'visits_reportform', "
            # Words of names that have their own history.
            "'pathways_familyword', "
            # Reference data, loaded by command.
            "'pathways_calendarrule', 'pathways_gridtemplate', 'pathways_gridfactor', "
            # A list of births is let go of after a day: its history would keep the names. The log of a link is a log.
            "'pathways_importfile', 'pathways_linkevent')"
        )
        sensitive = {name for (name,) in cursor.fetchall()}

    assert sensitive | {"territories_member", "billing_chargeableline"} <= watched
