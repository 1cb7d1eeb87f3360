"""The second wall: what PostgreSQL itself refuses, attacked from every side the application has."""

from uuid import UUID

import pytest
from celery import shared_task
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from copa.kernel import scope
from copa.kernel.jobs import SteppedTask, TerritoryTask
from copa.kernel.scope import NoTerritory
from pathways.actions import births
from pathways.models import Family
from territories.models import Structure, Territory
from tests import factories
from tests.cast import LAGON, VALLEES, Person, inside


def tables_with_territory() -> list[str]:
    """Every table of ours that carries a territory."""
    models = apps.get_models(include_auto_created=True)
    return sorted(
        model._meta.db_table
        for model in models
        if any(f.name == "territory" and f.related_model is Territory for f in model._meta.get_fields() if f.concrete)
    )


def sql(text: str, *values: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return list(cursor.fetchall()) if cursor.description else []


@pytest.fixture
def two_families(cast: dict[str, Person]) -> tuple[Family, Family]:
    """One family in each territory."""
    with scope.opened(inside(VALLEES)):
        here = factories.make_family()
    with scope.opened(inside(LAGON)):
        there = factories.make_family()
    return here, there


def test_runtime_role_is_neither_superuser_nor_bypassing_nor_owner(db: None) -> None:
    [(name, is_superuser, is_bypassing)] = sql(
        "select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user"
    )

    owners = sql("select distinct tableowner from pg_tables where schemaname = 'public'")

    assert (is_superuser, is_bypassing) == (False, False)
    assert (name,) not in owners


def test_every_territory_table_has_forced_policies(db: None) -> None:
    walled = {
        name
        for name, enabled, forced in sql(
            "select relname, relrowsecurity, relforcerowsecurity from pg_class where relkind = 'r'"
        )
        if enabled and forced
    }
    verbs: dict[str, set[str]] = {}
    for table, command in sql("select tablename, cmd from pg_policies"):
        verbs.setdefault(str(table), set()).add(str(command))

    expected = set(tables_with_territory())
    assert expected
    assert expected <= walled
    assert {t for t in expected if verbs.get(t) != {"SELECT", "INSERT", "UPDATE", "DELETE"}} == set()


def test_every_link_between_territory_tables_is_composite(db: None) -> None:
    territory_tables = set(tables_with_territory())
    composite = {
        (str(table), str(column))
        for table, column in sql(
            """
            select r.relname, a.attname from pg_constraint c
            join pg_class r on r.oid = c.conrelid
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
            where c.contype = 'f' and array_length(c.conkey, 1) = 2 and a.attname <> 'territory_id'
            """
        )
    }

    missing = [
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        if model._meta.db_table in territory_tables
        for field in model._meta.concrete_fields
        if field.is_relation
        and field.related_model._meta.db_table in territory_tables
        and (model._meta.db_table, field.column) not in composite
    ]

    assert missing == []


def test_raw_sql_sees_only_the_territory_in_scope(two_families: tuple[Family, Family]) -> None:
    here, there = two_families

    with scope.opened(inside(VALLEES)):
        seen = {pk for (pk,) in sql("select id from pathways_family")}

    assert here.pk in seen
    assert there.pk not in seen


@pytest.mark.parametrize("table", ["pathways_family", "pathways_mother", "territories_structure"])
def test_raw_sql_without_scope_sees_nothing(two_families: tuple[Family, Family], table: str) -> None:
    assert sql(f"select count(*) from {table}") == [(0,)]


def test_raw_update_and_delete_do_not_reach_another_territory(two_families: tuple[Family, Family]) -> None:
    _, there = two_families

    with scope.opened(inside(VALLEES)), connection.cursor() as cursor:
        cursor.execute("update pathways_family set address = 'volée' where id = %s", [there.pk])
        updated = cursor.rowcount
        cursor.execute("delete from pathways_family where id = %s", [there.pk])
        deleted = cursor.rowcount

    assert (updated, deleted) == (0, 0)


def test_insert_for_another_territory_is_refused(cast: dict[str, Person]) -> None:
    lagon = Territory.objects.get(slug=LAGON)

    with (
        scope.opened(inside(VALLEES)),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        Structure.unscoped.create(territory=lagon, name="Intruse", kind="pmi")


def test_insert_without_scope_is_refused(cast: dict[str, Person]) -> None:
    vallees = Territory.objects.get(slug=VALLEES)

    with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        Structure.unscoped.create(territory=vallees, name="Sans cadre", kind="pmi")


def test_row_cannot_point_into_another_territory(two_families: tuple[Family, Family]) -> None:
    _, there = two_families

    with (
        scope.opened(inside(VALLEES)),
        pytest.raises(DatabaseError, match="same_territory"),
        transaction.atomic(),
    ):
        factories.make_birth(family=there)


def test_default_manager_raises_without_territory(db: None) -> None:
    with pytest.raises(NoTerritory):
        Family.objects.count()


def test_bypassed_manager_meets_the_second_wall(two_families: tuple[Family, Family]) -> None:
    here, _ = two_families

    with scope.opened(inside(VALLEES)):
        inside_pks = set(Family.unscoped.values_list("pk", flat=True))

    assert inside_pks == {here.pk}
    assert Family.unscoped.count() == 0


@shared_task(base=TerritoryTask, name="tests.count_families")
def count_families(territory_id: str) -> list[int]:
    """What a task sees when it forgets every filter."""
    return sorted(Family.unscoped.values_list("pk", flat=True))


def test_task_sees_only_its_territory(two_families: tuple[Family, Family]) -> None:
    here, there = two_families

    seen_here = count_families(str(here.territory_id))
    seen_there = count_families(str(there.territory_id))

    assert seen_here == [here.pk]
    assert seen_there == [there.pk]


@shared_task(base=SteppedTask, bind=True, name="tests.draw_references")
def draw_references(self: SteppedTask, territory_id: str) -> str:
    """What a task numbers a family with."""
    with self.step(territory_id):
        return births.new_reference()


def test_family_of_a_task_bears_the_letters_of_its_territory(two_families: tuple[Family, Family]) -> None:
    here, there = two_families

    assert draw_references(str(here.territory_id)).startswith("VA-")
    assert draw_references(str(there.territory_id)).startswith("LA-")


def test_task_without_territory_does_not_run(two_families: tuple[Family, Family]) -> None:
    with pytest.raises(TypeError):
        count_families()


def test_admin_shows_no_family_even_to_a_superuser(client, two_families: tuple[Family, Family]) -> None:
    here, _ = two_families
    from territories.models import User

    support = User.objects.create_superuser("support@copa.example", "x", first_name="S", last_name="T")
    client.force_login(support)

    listing = client.get(reverse("admin:pathways_family_changelist"))
    detail = client.get(reverse("admin:pathways_family_change", args=[here.pk]))

    assert listing.status_code == 200
    assert here.reference not in listing.content.decode()
    assert detail.status_code in {302, 404}


def test_connection_reused_by_another_territory_does_not_keep_the_scope(
    client, cast: dict[str, Person], two_families: tuple[Family, Family]
) -> None:
    here, there = two_families
    pid = sql("select pg_backend_pid()")
    client.force_login(cast["elise"].user)
    first = client.get(f"/t/{VALLEES}/families/").content.decode()
    client.force_login(cast["emma"].user)
    second = client.get(f"/t/{LAGON}/families/").content.decode()

    after = sql("select current_setting('copa.territory', true), count(*) from pathways_family")

    assert sql("select pg_backend_pid()") == pid
    assert str(here.public_id) in first
    assert str(there.public_id) not in first
    assert str(there.public_id) in second
    assert str(here.public_id) not in second
    assert after == [("", 0)]


def test_failed_request_leaves_no_scope_on_its_connection(two_families: tuple[Family, Family]) -> None:
    class BoomError(Exception):
        pass

    with pytest.raises(BoomError), scope.opened(inside(VALLEES)):
        raise BoomError

    assert sql("select count(*) from pathways_family") == [(0,)]


def test_settings_end_with_the_transaction_of_their_scope(committed: None) -> None:
    with scope.opened(scope.NOBODY), scope.entered(inside(VALLEES)):
        within = sql("select current_setting('copa.territory', true)")

    after = sql("select current_setting('copa.territory', true), count(*) from territories_structure")

    assert within != [("",)]
    assert after == [("", 0)]


def test_scope_entered_ends_with_the_one_it_was_entered_from(vallees: scope.Scope) -> None:
    lagon = inside(LAGON)

    with scope.opened(scope.NOBODY), scope.entered(lagon):
        within = scope.current()

    assert within == lagon
    assert scope.current() == vallees
    assert sql("select current_setting('copa.territory', true)") == [(str(vallees.territory_id),)]


def test_scope_outside_a_transaction_is_refused(committed: None) -> None:
    with pytest.raises(AssertionError, match="lives in a transaction"), scope.entered(scope.Scope(actor="test")):
        pytest.fail("the settings are already gone")


def test_region_scope_reads_figures_and_nothing_else(
    cast: dict[str, Person], two_families: tuple[Family, Family]
) -> None:
    with scope.opened(scope.Scope(actor="ars", user_id=cast["hugo"].user.pk, region_code="44")):
        counts = {table: sql(f"select count(*) from {table}")[0][0] for table in tables_with_territory()}

    assert {table for table, count in counts.items() if count} <= {"reporting_figure"}


def test_nobody_can_truncate(db: None) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        sql("truncate pathways_family cascade")


def test_scope_given_a_forged_territory_shows_nothing(two_families: tuple[Family, Family]) -> None:
    forged = scope.Scope(actor="test", territory_id=UUID("00000000-0000-4000-8000-000000000000"))

    with scope.opened(forged):
        assert Family.objects.count() == 0
