-- The roles of the platform. Run it as a superuser, connected to the platform's own database; it can be run again.
-- The embedded PostgreSQL runs this same file at every start. Passwords are set apart: see docs/operations.md.

do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      -- what pages, worker and beat may do; row-level security holds it
      ('copa_runtime', 'nologin nocreatedb'),
      -- the login of web, worker and beat
      ('copa_app', 'login nocreatedb'),
      -- owns the tables and migrates; creates the databases of the tests
      ('copa_owner', 'login createdb'),
      -- reads every row, for pg_dump only
      ('copa_backup', 'login nocreatedb')
    ) as roles (name, abilities)
  loop
    if not exists (select from pg_roles where rolname = wanted.name) then
      execute format('create role %I', wanted.name);
    end if;
    execute format('alter role %I %s nosuperuser nocreaterole noreplication nobypassrls', wanted.name, wanted.abilities);
  end loop;
  alter role copa_backup bypassrls;
  grant copa_runtime to copa_app, copa_owner;
  grant pg_read_all_data to copa_backup;

  execute format('alter database %I owner to copa_owner', current_database());
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to copa_runtime, copa_backup', current_database());
end $$;
