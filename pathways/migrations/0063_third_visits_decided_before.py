"""Third visits decided before are to be made too: the last word of the team stands (R057)."""

from django.db import migrations

# Territory by territory: the policies hold for the owner too.
DECIDED = """
do $$
declare t uuid;
begin
  perform set_config('copa.actor', 'migration:third_visit_decided', true);
  for t in select id from territories_territory loop
    perform set_config('copa.territory', t::text, true);
    update pathways_pathway p set is_third_decided = true
      where (
        select s.is_accepted from pathways_suggestion s
        where s.pathway_id = p.id and s.kind = 'third_visit' and s.decided_at is not null
        order by s.decided_at desc, s.id desc limit 1
      );
  end loop;
  perform set_config('copa.territory', '', true);
  perform set_config('copa.actor', '', true);
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("pathways", "0062_third_visit_decided")]

    operations = [migrations.RunSQL(DECIDED, migrations.RunSQL.noop)]
