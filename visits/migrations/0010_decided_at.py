"""When a visit was decided: the questionnaire follows a third visit only if it came before the second (A09)."""

from django.db import migrations, models

# Territory by territory: the policies hold for the owner too. The trigger has kept the instant of each insert.
FILL = """
do $$
declare t uuid;
begin
  perform set_config('copa.actor', 'service:migration', true);
  for t in select id from territories_territory loop
    perform set_config('copa.territory', t::text, true);
    update visits_visit v
      set decided_at = e.happened_at
      from territories_historyevent e
      where e.table_name = 'visits_visit' and e.row_id = v.id and e.operation = 'insert' and v.kind = 'V3';
  end loop;
  perform set_config('copa.territory', '', true);
  perform set_config('copa.actor', '', true);
end $$
"""


class Migration(migrations.Migration):
    dependencies = [("visits", "0009_joint_third_visit")]

    operations = [
        migrations.AddField("visit", "decided_at", models.DateTimeField("décidée le", null=True)),
        migrations.AlterField(
            "visit",
            "motive",
            models.CharField(
                blank=True,
                choices=[
                    ("VULNERABILITY", "Vulnérabilité repérée"),
                    ("PARENTS_REQUEST", "À la demande des parents"),
                    ("PROGRAMME", "Prévue par le programme"),
                ],
                db_default="",
                max_length=16,
                verbose_name="motif de la troisième visite",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
