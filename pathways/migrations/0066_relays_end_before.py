"""Relays made before end with the sixth birthday, or with the overlap after an outcome that ended the follow-up."""

from django.db import migrations

from copa.kernel import batches

# A child of 29 February is six on 1 March.
ENDS = """
update pathways_pmirelay r set ends_at = ((least(
    (b.day + interval '6 years')::date + case when to_char(b.day, 'MMDD') = '0229' then 1 else 0 end,
    case when r.outcome in ('ended', 'declines', 'moved')
      then (r.outcome_at at time zone %(zone)s)::date + v.relay_overlap_days end
  ) + 1)::timestamp at time zone %(zone)s)
  from pathways_pathway p
  join pathways_birth b on b.id = p.birth_id
  join pathways_programmerules v on v.id = p.rules_id
  where p.id = r.pathway_id and r.ends_at is null and r.id between %(first)s and %(last)s
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("pathways", "0065_relay_ends")]

    operations = [batches.fill("pathways_pmirelay", ENDS, actor="migration:relays_end_before")]
