"""The file left behind closes with the very answer that takes the family over, before any job has run (A38)."""

from django.db import migrations

ANSWER = "pathways_transferanswer"

# The one writing across the wall: one column of one family, whose territory has offered it and waits for this answer.
# The settings come back before the insert ends; a failure undoes both with the transaction.
CLOSE = """
create function copa_close_moved_file() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  here text := current_setting('copa.territory', true);
  origin uuid;
  moved bigint;
begin
  select territory_id, family_id into origin, moved from public.pathways_familytransfer
    where public_id = new.transfer and territory_id = new.from_territory_id
      and to_territory_id = new.territory_id and state = 'waiting';
  if found then
    perform set_config('copa.territory', origin::text, true);
    update public.pathways_family set moved_at = new.answered_at where id = moved and moved_at is null;
    perform set_config('copa.territory', here, true);
  end if;
  return null;
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("pathways", "0043_early_interview")]

    operations = [
        migrations.RunSQL(CLOSE, "drop function copa_close_moved_file()"),
        migrations.RunSQL(
            f"create trigger copa_close_moved_file after insert on {ANSWER} "
            "for each row when (new.is_accepted) execute function copa_close_moved_file()",
            f"drop trigger copa_close_moved_file on {ANSWER}",
        ),
    ]
