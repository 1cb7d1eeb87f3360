"""Signs that were taken before an alert could be closed are closed by whoever took them."""

from django.db import migrations

# Signs taken before there was a closing are not to be closed one by one. Territory by territory: the policies hold
# for the owner too.
CLOSE = """
do $$
declare t uuid;
begin
  perform set_config('copa.actor', 'migration:alert_ladder', true);
  for t in select id from territories_territory loop
    perform set_config('copa.territory', t::text, true);
    update pathways_alert set closed_at = acknowledged_at, closed_by_id = acknowledged_by_id
      where acknowledged_at is not null and kind in ('child_sign', 'mother_sign', 'protected');
  end loop;
  perform set_config('copa.territory', '', true);
  perform set_config('copa.actor', '', true);
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("pathways", "0017_alert_ladder")]

    operations = [migrations.RunSQL(CLOSE, migrations.RunSQL.noop)]
