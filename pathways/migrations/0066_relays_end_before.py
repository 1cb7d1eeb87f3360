"""Relays made before end with the sixth birthday, or with the overlap after an outcome that ended the follow-up."""

from django.db import migrations

# Territory by territory: the policies hold for the owner too. A child of 29 February is six on 1 March.
ENDS = """
do $$
declare t record;
begin
  perform set_config('copa.actor', 'migration:relays_end_before', true);
  for t in select id, time_zone from territories_territory loop
    perform set_config('copa.territory', t.id::text, true);
    update pathways_pmirelay r set ends_at = ((least(
        (b.day + interval '6 years')::date + case when to_char(b.day, 'MMDD') = '0229' then 1 else 0 end,
        case when r.outcome in ('ended', 'declines', 'moved')
          then (r.outcome_at at time zone t.time_zone)::date + v.relay_overlap_days end
      ) + 1)::timestamp at time zone t.time_zone)
      from pathways_pathway p
      join pathways_birth b on b.id = p.birth_id
      join pathways_programmerules v on v.id = p.rules_id
      where p.id = r.pathway_id and r.ends_at is null;
  end loop;
  perform set_config('copa.territory', '', true);
  perform set_config('copa.actor', '', true);
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("pathways", "0065_relay_ends")]

    operations = [migrations.RunSQL(ENDS, migrations.RunSQL.noop)]
