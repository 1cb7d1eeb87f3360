"""Fills the words of the families already there; the names in one column are no longer needed."""

from django.db import migrations

# Territory by territory: the policies hold for the owner too. As `pathways.rules.name_words` writes them.
FILL = r"""
do $$
declare t uuid;
begin
  for t in select id from territories_territory loop
    perform set_config('copa.territory', t::text, true);
    insert into pathways_familyword (territory_id, family_id, word)
      select distinct t, family_id, left(word, 80)
      from (
        select family_id, concat_ws(' ', birth_name, used_name, first_names) as names from pathways_mother
        union all select family_id, concat_ws(' ', first_names, name) from pathways_coparent
        union all select family_id, first_name from pathways_child
      ) as named,
      regexp_split_to_table(
        lower(regexp_replace(normalize(names, NFKD), '[\u0300-\u036f]', '', 'g')), '[^[:alnum:]]+'
      ) as word
      where word <> ''
      on conflict do nothing;
  end loop;
  perform set_config('copa.territory', '', true);
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("pathways", "0005_family_words")]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="family", name="family_search"),
        migrations.RemoveField(model_name="family", name="search"),
    ]
