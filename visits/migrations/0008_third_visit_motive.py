"""A third visit says why it is made."""

from django.db import migrations, models

# Territory by territory: the policies hold for the owner too. What the report before it asked for, else the parents.
FILL = """
do $$
declare t uuid;
begin
  perform set_config('copa.actor', 'service:migration', true);
  for t in select id from territories_territory loop
    perform set_config('copa.territory', t::text, true);
    update visits_visit v
      set motive = case when exists (
        select from visits_report r join visits_visit b on b.id = r.visit_id
        where b.pathway_id = v.pathway_id and r.answers ->> 'v3.ask' = 'VULNERABILITY'
      ) then 'VULNERABILITY' else 'PARENTS_REQUEST' end
      where v.kind = 'V3';
  end loop;
  perform set_config('copa.territory', '', true);
  perform set_config('copa.actor', '', true);
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("visits", "0007_no_report_owed")]

    operations = [
        migrations.AddField(
            "visit",
            "motive",
            models.CharField(
                blank=True,
                choices=[
                    ("VULNERABILITY", "Vulnérabilité repérée"),
                    ("PARENTS_REQUEST", "À la demande des parents"),
                ],
                db_default="",
                max_length=16,
                verbose_name="motif de la troisième visite",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "visit",
            models.CheckConstraint(
                condition=(models.Q(kind="V3") & ~models.Q(motive="")) | (~models.Q(kind="V3") & models.Q(motive="")),
                name="visit_third_has_motive",
                violation_error_message="La visite 3 demande un motif.",
            ),
        ),
    ]
