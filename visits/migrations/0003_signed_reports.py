"""Room for what a draft cannot read yet, and a signed report that nothing changes."""

from django.db import migrations, models

# Only the owner may disable a trigger; the runtime role of web and worker cannot, whatever it is told.
SIGNED_NEVER_CHANGES = """
create function copa_signed_never_changes() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if old.state = 'signed' then
    raise exception 'a signed report never changes: write an addendum'
      using errcode = 'integrity_constraint_violation', constraint = 'report_signed_never_changes';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;

create function copa_sealed_never_changes() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
begin
  if exists (select from visits_report where id = old.report_id and state = 'signed') then
    raise exception 'the sealed part of a signed report never changes'
      using errcode = 'integrity_constraint_violation', constraint = 'report_signed_never_changes';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;

create trigger copa_signed_never_changes before update or delete on visits_report
  for each row execute function copa_signed_never_changes();
create trigger copa_sealed_never_changes before update or delete on visits_sealedanswers
  for each row execute function copa_sealed_never_changes();
"""
UNDO = """
drop trigger copa_signed_never_changes on visits_report;
drop trigger copa_sealed_never_changes on visits_sealedanswers;
drop function copa_signed_never_changes();
drop function copa_sealed_never_changes();
"""


class Migration(migrations.Migration):
    dependencies = [("visits", "0002_walls")]

    operations = [
        migrations.AddField("report", "typed", models.JSONField(default=dict, verbose_name="saisies à reprendre")),
        migrations.AddField(
            "sealedanswers", "typed", models.JSONField(default=dict, verbose_name="saisies à reprendre")
        ),
        migrations.AddField(
            "sealedanswers", "first_answers", models.JSONField(default=dict, verbose_name="premières valeurs")
        ),
        migrations.AddConstraint(
            "report",
            models.CheckConstraint(
                condition=models.Q(("state", "draft"), ("typed", {}), _connector="OR"), name="report_signed_is_read"
            ),
        ),
        # The history of the sealed part says that these columns changed, never their values.
        migrations.RunSQL(
            "drop trigger copa_history on visits_sealedanswers; "
            "create trigger copa_history after insert or update or delete on visits_sealedanswers "
            "for each row execute function copa_write_history('answers', 'typed', 'first_answers')",
            "drop trigger copa_history on visits_sealedanswers; "
            "create trigger copa_history after insert or update or delete on visits_sealedanswers "
            "for each row execute function copa_write_history('answers')",
        ),
        migrations.RunSQL(SIGNED_NEVER_CHANGES, UNDO),
    ]
