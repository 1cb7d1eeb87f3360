"""Visits that a death had cancelled before a visit said when: undone, the mistake finds them again."""

from django.db import migrations

from copa.kernel import batches

# The silence cancels at the instant at which the pathway stops; at the door, a visit is said not made at the instant at
# which the death is noted, on its day or after.
FELL = """
update visits_visit v set fell_at = case v.state
    when 'cancelled' then p.closed_at
    else (select min(d.noted_at) from pathways_death d
      where d.birth_id = p.birth_id and d.undone_at is null
      and (d.noted_at at time zone %(zone)s)::date >= (v.planned_at at time zone %(zone)s)::date) end
  from pathways_pathway p
  where p.id = v.pathway_id and v.fell_at is null and v.not_done_reason = 'BEREAVEMENT'
  and (v.state = 'not_done' or (v.state = 'cancelled' and p.state = 'bereaved'))
  and v.id between %(first)s and %(last)s
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("visits", "0016_fell_at"), ("pathways", "0075_who_follows_the_child")]

    operations = [batches.fill("visits_visit", FELL, actor="migration:fell_at_before")]
