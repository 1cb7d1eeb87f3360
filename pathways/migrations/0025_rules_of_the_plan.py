"""A version says all that its plan needs: visits at most, their motives, the questionnaire, the ultra-early days."""

from django.db import migrations, models

# R163: v1 adds up to two visits; R046, R058, A09, R054: v2.
FILL = """
update pathways_programmerules set
  max_visits = 5, extra_motives = '["COMPLEX", "VULNERABILITY"]'::jsonb
  where code = 'v1';
update pathways_programmerules set
  max_visits = 3, extra_motives = '["VULNERABILITY", "PARENTS_REQUEST"]'::jsonb,
  epds_visit = 'V2', epds_moves_to_third = true, ultra_early_days_after = 1
  where code = 'v2';
"""


class Migration(migrations.Migration):
    dependencies = [("pathways", "0024_transmissions")]

    operations = [
        migrations.AddField(
            "programmerules",
            "max_visits",
            models.PositiveSmallIntegerField("visites au plus", default=3),
            preserve_default=False,
        ),
        migrations.AddField(
            "programmerules", "extra_motives", models.JSONField("motifs d’une visite de plus", default=list)
        ),
        migrations.AddField(
            "programmerules",
            "ultra_early_days_after",
            models.PositiveSmallIntegerField("jours après une sortie ultra-précoce", default=0),
        ),
        migrations.AddField(
            "programmerules",
            "epds_visit",
            models.CharField("visite du questionnaire", blank=True, default="", max_length=2),
            preserve_default=False,
        ),
        migrations.AddField(
            "programmerules",
            "epds_moves_to_third",
            models.BooleanField("questionnaire reporté à la troisième visite", default=False),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
