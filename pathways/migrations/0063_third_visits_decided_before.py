"""Third visits decided before are to be made too: the last word of the team stands (R057)."""

from django.db import migrations

from copa.kernel import batches

# A meeting decides too, also where nothing had suggested it; what it answers then has the same moment and the same word.
DECIDED = """
update pathways_pathway p set is_third_decided = told.is_yes
  from (
    select distinct on (pathway_id) pathway_id, is_yes
      from (
        select s.pathway_id, s.decided_at as at, s.id, s.is_accepted as is_yes
          from pathways_suggestion s
          where s.kind = 'third_visit' and s.decided_at is not null
            and s.pathway_id between %(first)s and %(last)s
        union all
        select i.pathway_id, m.closed_at, d.id, d.kind = 'THIRD_VISIT'
          from pathways_decision d
          join pathways_meetingitem i on i.id = d.item_id
          join pathways_staffmeeting m on m.id = i.meeting_id
          where d.kind in ('THIRD_VISIT', 'NO_THIRD_VISIT') and m.closed_at is not null
            and i.pathway_id between %(first)s and %(last)s
      ) words
      order by pathway_id, at desc, id desc
  ) told
  where p.id = told.pathway_id and p.is_third_decided <> told.is_yes
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("pathways", "0062_third_visit_decided")]

    operations = [batches.fill("pathways_pathway", DECIDED, actor="migration:third_visit_decided")]
