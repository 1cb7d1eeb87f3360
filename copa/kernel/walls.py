"""Migration operations that build the second wall: row-level security, composite keys, history triggers, privileges.

Each helper returns a reversible `RunSQL`. They live beside the tables in the same migration, so that no table with a
territory exists for one commit without its policy (a test walks all models).
"""

from collections.abc import Iterable

from django.db import migrations

RUNTIME_ROLE = "copa_runtime"
# `nullif`: after its first transaction a connection keeps an empty string, not NULL (stack.md 11.3).
IN_TERRITORY = "territory_id = nullif(current_setting('copa.territory', true), '')::uuid"
IS_ME = "user_id = nullif(current_setting('copa.user', true), '')::bigint"
IN_REGION = (
    "(region_code = nullif(current_setting('copa.region', true), '') or current_setting('copa.region', true) = '*')"
)


def runtime_role() -> migrations.RunSQL:
    """The group role of web, worker and beat, made when the owner may make it (deploy/roles.sql does it otherwise)."""
    return migrations.RunSQL(
        f"""
        do $$ begin
          if not exists (select from pg_roles where rolname = '{RUNTIME_ROLE}') then
            create role {RUNTIME_ROLE} nologin nosuperuser nobypassrls;
          end if;
        end $$
        """,
        migrations.RunSQL.noop,
    )


def wall(table: str, *, also_readable: str = "") -> migrations.RunSQL:
    """Row-level security, enabled and forced: only the territory in scope is read or written.

    `also_readable` is a further SQL condition for reading only, never for writing.
    """
    readable = f"{IN_TERRITORY} or {also_readable}" if also_readable else IN_TERRITORY
    return migrations.RunSQL(
        [
            f"alter table {table} enable row level security",
            f"alter table {table} force row level security",
            f"create policy territory_read on {table} for select using ({readable})",
            f"create policy territory_insert on {table} for insert with check ({IN_TERRITORY})",
            f"create policy territory_update on {table} for update using ({IN_TERRITORY}) with check ({IN_TERRITORY})",
            f"create policy territory_delete on {table} for delete using ({IN_TERRITORY})",
        ],
        [
            *(f"drop policy territory_{verb} on {table}" for verb in ("read", "insert", "update", "delete")),
            f"alter table {table} no force row level security",
            f"alter table {table} disable row level security",
        ],
    )


def own_wall(table: str, *, read: str, insert: str, update: str) -> migrations.RunSQL:
    """Row-level security, enabled and forced, for a table that is no territory's: three conditions in SQL of its own.

    Nothing is ever deleted from it.
    """
    return migrations.RunSQL(
        [
            f"alter table {table} enable row level security",
            f"alter table {table} force row level security",
            f"create policy own_read on {table} for select using ({read})",
            f"create policy own_insert on {table} for insert with check ({insert})",
            f"create policy own_update on {table} for update using ({update}) with check ({update})",
        ],
        [
            *(f"drop policy own_{verb} on {table}" for verb in ("read", "insert", "update")),
            f"alter table {table} no force row level security",
            f"alter table {table} disable row level security",
        ],
    )


def pointable(table: str) -> migrations.RunSQL:
    """Let composite foreign keys point at (id, territory_id) of this table.

    The territory comes first in the index: the same one cuts the pages of lists ordered by key, which would otherwise
    walk through the rows of every other territory.
    """
    return migrations.RunSQL(
        f"alter table {table} add constraint {table}_id_territory unique (territory_id, id)",
        f"alter table {table} drop constraint {table}_id_territory",
    )


def same_territory(table: str, column: str, target: str) -> migrations.RunSQL:
    """No row points into another territory: foreign-key checks alone do not pass through row-level security."""
    name = f"{table}_{column}_same_territory"[:63]
    return migrations.RunSQL(
        f"alter table {table} add constraint {name} foreign key ({column}, territory_id) "
        f"references {target} (id, territory_id)",
        f"alter table {table} drop constraint {name}",
    )


def history_function(event_table: str) -> migrations.RunSQL:
    """The trigger function that writes history: as its owner, with the actor of the scope, never without one.

    Values are the columns that changed. Columns named in the trigger's arguments are recorded as changed, not copied.
    """
    return migrations.RunSQL(
        f"""
        create function copa_write_history() returns trigger
        language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
        declare
          actor text := nullif(current_setting('copa.actor', true), '');
          old_row jsonb := case when tg_op = 'INSERT' then '{{}}'::jsonb else to_jsonb(old) end;
          new_row jsonb := case when tg_op = 'DELETE' then '{{}}'::jsonb else to_jsonb(new) end;
          before jsonb;
          after jsonb;
          kept jsonb := case when tg_op = 'DELETE' then old_row else new_row end;
        begin
          if actor is null then
            raise exception 'history: no actor in scope for %', tg_table_name using errcode = 'insufficient_privilege';
          end if;
          select jsonb_object_agg(key, case when key = any(tg_argv) then '"…"'::jsonb else value end) into before
            from jsonb_each(old_row) where new_row -> key is distinct from value;
          select jsonb_object_agg(key, case when key = any(tg_argv) then '"…"'::jsonb else value end) into after
            from jsonb_each(new_row) where old_row -> key is distinct from value;
          if tg_op = 'UPDATE' and before is null and after is null then
            return null;
          end if;
          insert into public.{event_table}
            (territory_id, table_name, row_id, operation, actor, reason, happened_at, before, after)
          values (
            (kept ->> 'territory_id')::uuid, tg_table_name, (kept ->> 'id')::bigint, lower(tg_op), actor,
            coalesce(current_setting('copa.reason', true), ''), clock_timestamp(),
            coalesce(before, '{{}}'::jsonb), coalesce(after, '{{}}'::jsonb)
          );
          return null;
        end $$;
        revoke all on function copa_write_history() from public;
        """,  # noqa: S608 - the name of our own table
        "drop function copa_write_history()",
    )


def history(table: str, *, hidden: Iterable[str] = ()) -> migrations.RunSQL:
    """Each insert, update and delete of the table leaves an event, bulk and raw SQL included.

    `hidden` columns are recorded as changed without their values (large or sealed content).
    """
    arguments = ", ".join(f"'{name}'" for name in hidden)
    return migrations.RunSQL(
        f"create trigger copa_history after insert or update or delete on {table} "
        f"for each row execute function copa_write_history({arguments})",
        f"drop trigger copa_history on {table}",
    )


def frozen(table: str) -> migrations.RunSQL:
    """No row of the table is changed or deleted, whoever asks: the owner too, whom no privilege stops."""
    return migrations.RunSQL(
        f"""
        create or replace function copa_refuse_change() returns trigger language plpgsql as $$
        begin
          raise exception '%: its rows never change', tg_table_name using errcode = 'insufficient_privilege';
        end $$;
        create trigger copa_frozen before update or delete on {table}
          for each row execute function copa_refuse_change();
        """,
        f"drop trigger copa_frozen on {table}",
    )


def grants(append_only: Iterable[str], read_only: Iterable[str]) -> str:
    """SQL that gives the runtime role what it needs and no more; run after every migrate, as the owner.

    `append_only` tables lose UPDATE and DELETE, `read_only` ones INSERT too. TRUNCATE is never granted: it ignores
    row-level security.
    """
    lines = [
        f"grant usage on schema public to {RUNTIME_ROLE}",
        f"grant select, insert, update, delete on all tables in schema public to {RUNTIME_ROLE}",
        f"grant usage, select on all sequences in schema public to {RUNTIME_ROLE}",
        *(f"revoke update, delete on {table} from {RUNTIME_ROLE}" for table in append_only),
        *(f"revoke insert, update, delete on {table} from {RUNTIME_ROLE}" for table in read_only),
        f"revoke insert, update, delete on django_migrations from {RUNTIME_ROLE}",
    ]
    return ";\n".join(lines)
