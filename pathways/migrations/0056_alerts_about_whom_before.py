"""Alerts raised before say whose sign they are: their code names it, and the sheet names the co-parent."""

from django.db import migrations

# Territory by territory: the policies hold for the owner too.
ABOUT = """
do $$
declare t uuid;
begin
  perform set_config('copa.actor', 'migration:alerts_about_whom_before', true);
  for t in select id from territories_territory loop
    perform set_config('copa.territory', t::text, true);
    update pathways_alert a set about = case
      when split_part(code, ':', 2) like 'CHILD\\_%' or kind = 'child_sign' then 'child'
      when split_part(code, ':', 2) like 'HOME\\_COPARENT%' then 'coparent'
      when split_part(code, ':', 2) = 'EPDS_ITEM10' and exists (
        select 1 from pathways_epdsscreening s
        left join pathways_epdscorrection c on c.screening_id = s.id
        where s.family_id = a.family_id and s.person = 'coparent'
          and a.subject_id in (s.source_id, s.public_id, c.public_id)
      ) then 'coparent'
      when split_part(code, ':', 2) like 'MOTHER\\_%' or split_part(code, ':', 2) = 'EPDS_ITEM10'
        or kind = 'mother_sign' then 'mother'
      else 'home' end
      where kind in ('child_sign', 'mother_sign', 'protected');
  end loop;
  perform set_config('copa.territory', '', true);
  perform set_config('copa.actor', '', true);
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("pathways", "0055_alert_about_somebody")]

    operations = [migrations.RunSQL(ABOUT, migrations.RunSQL.noop)]
