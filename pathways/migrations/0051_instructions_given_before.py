"""Signs taken before a name could stand alone were taken with their instruction, by the same hand."""

from django.db import migrations

# Territory by territory: the policies hold for the owner too.
SAID = """
do $$
declare t uuid;
begin
  perform set_config('copa.actor', 'migration:instructions_given_before', true);
  for t in select id from territories_territory loop
    perform set_config('copa.territory', t::text, true);
    update pathways_alert set instructed_at = acknowledged_at, instructed_by_id = acknowledged_by_id
      where acknowledged_at is not null and kind in ('child_sign', 'mother_sign', 'protected');
  end loop;
  perform set_config('copa.territory', '', true);
  perform set_config('copa.actor', '', true);
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("pathways", "0050_alert_taken_by_name_alone")]

    operations = [migrations.RunSQL(SAID, migrations.RunSQL.noop)]
