"""The information each mother was given with her adhesion becomes a row of its own."""

from django.db import migrations

# Territory by territory: the policies hold for the owner too, and history wants to know who writes.
FILL = """
do $$
declare t uuid;
begin
  perform set_config('copa.actor', 'migration:pathways.0028', true);
  for t in select id from territories_territory loop
    perform set_config('copa.territory', t::text, true);
    insert into pathways_informationnotice (public_id, territory_id, family_id, version, form, given_at, given_by_id)
      select gen_random_uuid(), t, family_id, notice_version, 'GIVEN', at, collected_by_id from pathways_consent;
  end loop;
  perform set_config('copa.territory', '', true);
  perform set_config('copa.actor', '', true);
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("pathways", "0027_consent_doors")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
