"""Files left open by withdrawals of everything noted before close with this migration, as they would have then."""

from django.db import migrations

# Territory by territory: the policies hold for the owner too. A family followed again keeps what is open now.
CLOSED = """
do $$
declare t uuid;
begin
  perform set_config('copa.actor', 'migration:files_closed_before', true);
  for t in select id from territories_territory loop
    perform set_config('copa.territory', t::text, true);
    update pathways_withdrawal w set files_closed_at = now()
      from pathways_pathway p
      join pathways_consent c on c.id = p.consent_id
      where p.id = w.pathway_id and w.undone_at is null and w.files_closed_at is null
        and p.state = 'withdrawn' and not c.keeps_space
        and not exists (
          select 1 from pathways_pathway other
          where other.family_id = w.family_id and other.state in ('active', 'suspended', 'no_news')
        )
        and exists (
          select 1 from pathways_familygrant g
          where g.content_object_id = w.family_id and g.revoked_at is null and g.expires_at > now()
            and g.granted_at <= w.noted_at
        );
    update pathways_familygrant g set revoked_at = now()
      from pathways_withdrawal w
      where g.content_object_id = w.family_id and w.files_closed_at = now()
        and g.revoked_at is null and g.expires_at > now() and g.granted_at <= w.noted_at;
  end loop;
  perform set_config('copa.territory', '', true);
  perform set_config('copa.actor', '', true);
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("pathways", "0073_withdrawal_closes_files")]

    operations = [migrations.RunSQL(CLOSED, migrations.RunSQL.noop)]
